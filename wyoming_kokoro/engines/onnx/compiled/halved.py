"""The decoder in float16 on disk: converted once, in a process of its own, and found again.

It lies in the folder of the stages that it was made of, and goes with them when they are replaced.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from wyoming_kokoro.engines.onnx.compiled.build_once import build_once, read_manifest
from wyoming_kokoro.engines.onnx.compiled.stages import StageName, Stages
from wyoming_kokoro.engines.onnx.compiled.subprocess import run_subprocess
from wyoming_kokoro.errors import ModelUnavailable

log = logging.getLogger(__name__)

HALVED: tuple[StageName, ...] = ("front", "generator")


def halved_stages(stages: Stages, check_cancelled: Callable[[], None] = lambda: None) -> Stages:
    """Return `stages` with the decoder in float16, converting it if it is not there yet, or not as
    it was written.

    `check_cancelled` is as for `prepared_stages`.

    Raises:
        ModelUnavailable: it cannot be converted or kept.
    """
    folder = stages.folder / "fp16"
    try:
        build_once(
            folder,
            read_manifest,
            lambda draft: _convert(stages, draft, check_cancelled),
            stages.folder.parent,
            check_cancelled,
        )
    except OSError as error:
        raise ModelUnavailable(
            f"fp16 cannot be kept in {stages.folder} ({error.strerror}): free some space, or use "
            "--precision fp32"
        ) from error
    instead = {name: folder / f"{name}.onnx" for name in HALVED}
    return replace(stages, instead=instead, precision="fp16")


def _convert(stages: Stages, folder: Path, check_cancelled: Callable[[], None]) -> None:
    """Convert to `folder` in a process of its own."""
    log.info("converting the decoder to fp16")
    begin = time.monotonic()
    paths = [str(path.absolute()) for path in (stages.folder, folder)]
    trouble = run_subprocess(
        "wyoming_kokoro.engines.onnx.compiled.float16", paths, check_cancelled, log.info
    )
    if trouble:
        raise ModelUnavailable(
            f"the decoder could not be converted to fp16 ({trouble}): use --precision fp32"
        )
    log.info("converted the decoder to fp16 in %.1f s", time.monotonic() - begin)
