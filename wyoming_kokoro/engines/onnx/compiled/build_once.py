"""Folders that are built once and found again: each appears whole or not at all. Its manifest has
proofs of all other files in it.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from wyoming_kokoro.errors import ModelUnavailable
from wyoming_kokoro.models.lock import exclusive

_MANIFEST = "stages.json"

_DRAFT = "draft-"
"""Before the number of the process that fills the folder; it may have been killed."""

_Found = TypeVar("_Found")


def build_once(
    folder: Path,
    find: Callable[[Path], _Found | None],
    build: Callable[[Path], None],
    lock_in: Path,
    check_cancelled: Callable[[], None],
) -> _Found:
    """Return what `find` finds in `folder`; where that is nothing, have `build` make it first.

    `build` is given an empty folder beside it, which takes its name when it is done. Two processes
    that start at once build once: one holds the lock in the folder `lock_in`; the other calls
    `check_cancelled` twice a second, which may raise to end it.

    Raises:
        ModelUnavailable: what was built is not there.
        DownloadFailed: the lock cannot be written.
        OSError: the folder cannot be written.
    """
    found = find(folder)
    if found is not None:
        return found
    with exclusive(lock_in, check_cancelled):
        found = find(folder)
        if found is None:
            _fill(folder, build)
            found = find(folder)
    if found is None:
        raise ModelUnavailable(f"what was written to {folder} is not what is there; check the disk")
    return found


def _fill(folder: Path, build: Callable[[Path], None]) -> None:
    draft = folder.with_name(f"{_DRAFT}{os.getpid()}")
    try:
        for left in folder.parent.glob(f"{_DRAFT}*"):
            shutil.rmtree(left, ignore_errors=True)
        draft.mkdir(parents=True)
        build(draft)
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def write_manifest(folder: Path, files: Iterable[Path], **facts: object) -> None:
    """Write the manifest of `folder`: `facts`, and what proves that `files` are as they are now."""
    manifest = {**facts, "files": {path.name: _proof(path) for path in files}}
    (folder / _MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of `folder`; None where it is missing, or a file is not as it was when
    the manifest was written."""
    try:
        manifest: dict[str, Any] = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        proofs = manifest["files"].items()
        whole = all(_is_as_written(folder / name, **proof) for name, proof in proofs)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return manifest if whole else None


def _proof(path: Path) -> dict[str, Any]:
    """Return what tells whether the file is still as it was written."""
    status = path.stat()
    return {"size": status.st_size, "mtime_ns": status.st_mtime_ns, "sha256": _sha256(path)}


def _is_as_written(path: Path, size: int, mtime_ns: int, sha256: str) -> bool:
    """Return whether the file is as it was written; it is read only if its time has changed."""
    status = path.stat()
    if status.st_size != size:
        return False
    return status.st_mtime_ns == mtime_ns or _sha256(path) == sha256


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
