"""Folders that are filled once, by a child process, and found again: each appears whole or not at
all.
"""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from wyoming_kokoro.engines.onnx.compiled.stages import MANIFEST, is_whole
from wyoming_kokoro.models.lock import exclusive

_DRAFT = "draft-"
"""Before the number of the process whose child fills the folder; it may have been killed."""


def keep(folder: Path, fill: Callable[[Path], None], waiting: Callable[[], None]) -> None:
    """Have `fill` fill `folder`, unless it is there as it was written.

    `fill` is given an empty folder, where it leaves a manifest with proofs of all other files, as
    `build` makes them. Two processes that start at once fill it once; `waiting` is called now and
    then while another does, and may raise.

    Raises:
        OSError: the folder cannot be written.
    """
    if _is_there(folder):
        return
    with exclusive(folder.parent.parent, waiting):
        if not _is_there(folder):
            _fill(folder, fill)


def _is_there(folder: Path) -> bool:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return is_whole(folder, manifest)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return False


def _fill(folder: Path, fill: Callable[[Path], None]) -> None:
    draft = folder.with_name(f"{_DRAFT}{os.getpid()}")
    try:
        for left in folder.parent.glob(f"{_DRAFT}*"):
            shutil.rmtree(left, ignore_errors=True)
        draft.mkdir(parents=True)
        fill(draft)
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
