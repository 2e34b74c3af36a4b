"""The generator in integers on disk: calibrated once, in a process of its own, and found again.

It lies in the folder of the stages that it was made of, and goes with them when they are replaced.
"""

import hashlib
import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from wyoming_kokoro.engines.onnx.compiled.build_once import build_once, read_manifest
from wyoming_kokoro.engines.onnx.compiled.calibration_sentences import CalibrationSentence
from wyoming_kokoro.engines.onnx.compiled.stages import Stages
from wyoming_kokoro.engines.onnx.compiled.subprocess import run_subprocess
from wyoming_kokoro.engines.precision import Reduction
from wyoming_kokoro.errors import ModelUnavailable

log = logging.getLogger(__name__)

GENERATOR = "generator.onnx"
REQUEST = "request.json"
"""What the process is to do: scheme, modules to keep, sentences to speak."""


def log_calibration(line: str) -> None:
    """Have the log say how far a calibration is."""
    log.info("calibrating int8: %s", line)


def reduced_stages(
    stages: Stages,
    reduction: Reduction,
    sentences: Callable[[], Sequence[CalibrationSentence]],
    check_cancelled: Callable[[], None] = lambda: None,
    on_line: Callable[[str], None] = log_calibration,
) -> Stages:
    """Return `stages` with a generator in integers, calibrating it if it is not there yet, or not
    as it was written.

    `sentences` gives what is spoken for that, which takes about as long as to listen to it.
    `check_cancelled` is as for `prepared_stages`; `on_line` is told how far it is.

    Raises:
        ModelUnavailable: there are no voices to speak with, or the generator cannot be made or
            kept.
    """
    kept, scheme = sorted(set(reduction.keep)), reduction.scheme.name
    digest = hashlib.sha256("\n".join(kept).encode()).hexdigest()
    folder = stages.folder / f"{scheme}-{digest[:8]}"

    def build(draft: Path) -> None:
        request = {"scheme": scheme, "keep": kept, "sentences": _plain(sentences())}
        (draft / REQUEST).write_text(json.dumps(request), encoding="utf-8")
        _calibrate(stages, draft, check_cancelled, on_line)
        (draft / REQUEST).unlink()

    try:
        build_once(folder, read_manifest, build, stages.folder.parent, check_cancelled)
    except OSError as error:
        raise ModelUnavailable(
            f"int8 cannot be kept in {folder.parent} ({error.strerror}): free some space, or use "
            "--precision fp32"
        ) from error
    log.info("the generator works in int8 (%s)", scheme)
    return replace(stages, instead={"generator": folder / GENERATOR}, precision="int8")


def _plain(sentences: Sequence[CalibrationSentence]) -> list[dict[str, list[float]]]:
    """Return the sentences as JSON has them."""
    if not sentences:
        raise ModelUnavailable(
            "there is no voice on this machine that could speak while int8 is calibrated: fetch "
            "some with `wyoming-kokoro download`, or use --precision fp32"
        )
    return [{"ids": list(spoken.ids), "style": spoken.style.tolist()} for spoken in sentences]


def _calibrate(
    stages: Stages, draft: Path, check_cancelled: Callable[[], None], on_line: Callable[[str], None]
) -> None:
    """Have a process of its own do what the request in `draft` asks for."""
    log.info("calibrating int8 for this machine")
    begin = time.monotonic()
    trouble = run_subprocess(
        "wyoming_kokoro.engines.onnx.quantize",
        [str(path.absolute()) for path in (stages.folder, draft)],
        check_cancelled,
        on_line,
    )
    if trouble:
        raise ModelUnavailable(
            f"int8 could not be calibrated ({trouble}); use --precision fp32 meanwhile"
        )
    log.info("calibrated int8 in %.1f s", time.monotonic() - begin)
