"""The generator in integers on disk: calibrated once, in a process of its own, and found again.

It lies in the folder of the stages that it was made of, and goes with them when they are replaced.
"""

import hashlib
import json
import logging
import os
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from wyoming_kokoro.engines.graph.child import run_child
from wyoming_kokoro.engines.graph.rehearsal import Spoken
from wyoming_kokoro.engines.graph.stages import MANIFEST, Stages, is_whole
from wyoming_kokoro.engines.precision import Reduction
from wyoming_kokoro.errors import ModelUnavailable
from wyoming_kokoro.models.lock import exclusive

log = logging.getLogger(__name__)

GENERATOR = "generator.onnx"
REQUEST = "request.json"
"""What the child process is to do: scheme, modules to keep, sentences to speak."""

_DRAFT = "draft-"
"""Before the number of the process whose child fills the folder; it may have been killed."""


def reduced_stages(
    stages: Stages,
    reduction: Reduction,
    sentences: Callable[[], Sequence[Spoken]],
    waiting: Callable[[], None] = lambda: None,
    told: Callable[[str], None] = lambda line: log.info("calibrating int8: %s", line),
) -> Stages:
    """Return `stages` with a generator in integers, calibrating it if it is not there yet, or not
    as it was written.

    `sentences` gives what is spoken for that, which takes about as long as to listen to it.
    `waiting` is as for `prepared_stages`; `told` hears how far it is.

    Raises:
        ModelUnavailable: there are no voices to speak with, or the generator cannot be made or
            kept.
    """
    kept, scheme = sorted(set(reduction.keep)), reduction.scheme.name
    digest = hashlib.sha256("\n".join(kept).encode()).hexdigest()
    folder = stages.folder / f"{scheme}-{digest[:8]}"
    if not _is_there(folder):
        with exclusive(stages.folder.parent, waiting):
            if not _is_there(folder):
                request = {"scheme": scheme, "keep": kept, "sentences": _plain(sentences())}
                _make(stages, folder, json.dumps(request), waiting, told)
    log.info("the generator works in int8 (%s)", scheme)
    return replace(stages, instead={"generator": folder / GENERATOR}, precision="int8")


def _plain(sentences: Sequence[Spoken]) -> list[dict[str, list[float]]]:
    """Return the sentences as JSON has them."""
    if not sentences:
        raise ModelUnavailable(
            "there is no voice on this machine that could speak while int8 is calibrated: fetch "
            "some with `wyoming-kokoro download`, or use --precision fp32"
        )
    return [{"ids": list(spoken.ids), "style": spoken.style.tolist()} for spoken in sentences]


def _is_there(folder: Path) -> bool:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return is_whole(folder, manifest)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return False


def _make(
    stages: Stages,
    folder: Path,
    request: str,
    waiting: Callable[[], None],
    told: Callable[[str], None],
) -> None:
    """Fill `folder` with what a child process makes of `request`."""
    log.info("calibrating int8 (%s) for this machine", folder.name)
    begin = time.monotonic()
    draft = folder.with_name(f"{_DRAFT}{os.getpid()}")
    try:
        for left in folder.parent.glob(f"{_DRAFT}*"):
            shutil.rmtree(left, ignore_errors=True)
        draft.mkdir()
        (draft / REQUEST).write_text(request, encoding="utf-8")
        _run(stages, draft, waiting, told)
        (draft / REQUEST).unlink()
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
    except OSError as error:
        raise ModelUnavailable(
            f"int8 cannot be kept in {folder.parent} ({error.strerror}): free some space, or use "
            "--precision fp32"
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    log.info("calibrated int8 in %.1f s", time.monotonic() - begin)


def _run(
    stages: Stages, draft: Path, waiting: Callable[[], None], told: Callable[[str], None]
) -> None:
    trouble = run_child(
        "wyoming_kokoro.engines.graph.quantize",
        [str(path.absolute()) for path in (stages.folder, draft)],
        waiting,
        told,
    )
    if trouble:
        raise ModelUnavailable(
            f"int8 could not be calibrated ({trouble}); use --precision fp32 meanwhile"
        )
