"""Bytes of a file come in as they arrive; a whole, verified file under its final name goes out."""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from wyoming_kokoro.errors import BadModelFile, DownloadFailed
from wyoming_kokoro.models.catalog import ModelFile

_RESERVE = 32 * 1024 * 1024
"""Bytes that are left free, so that a download never takes a machine's last ones."""


class PartialFile:
    """A file on its way. What has come is kept when the connection breaks, and taken up again.

    As a context manager it opens the piece that an earlier attempt left. On leaving it keeps what
    is worth keeping: nothing of a file that proved wrong, nor on a disk that is full, which would
    otherwise stay full.
    """

    def __init__(self, final: Path, file: ModelFile) -> None:
        self.file = file
        self.size = 0
        self._final = final
        self._path = part_path(final)
        self._sha256 = hashlib.sha256()
        self._worthless = False

    def __enter__(self) -> Self:
        with self._storage():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._content = self._path.open("a+b")
            self._content.seek(0)
            while piece := self._content.read(1024 * 1024):
                self._sha256.update(piece)
                self.size += len(piece)
        if self.size > self.file.size:
            self.restart()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._content.close()
        except OSError:  # the disk is full, and there is another error to tell of it
            self._worthless = True
        if self._worthless or self.size == 0 or isinstance(error, BadModelFile):
            self._path.unlink(missing_ok=True)

    def write(self, piece: bytes) -> None:
        """Append `piece`.

        Raises:
            BadModelFile: it goes beyond the released size.
            DownloadFailed: it cannot be written.
        """
        if self.size + len(piece) > self.file.size:
            raise BadModelFile(
                f"{self.file.path} did not end after its {self.file.size} bytes: "
                "what is at the hub is not the released file; check HF_ENDPOINT"
            )
        with self._storage():
            self._content.write(piece)
        self._sha256.update(piece)
        self.size += len(piece)

    def restart(self) -> None:
        """Drop what has come so far."""
        with self._storage():
            self._content.truncate(0)
        self._sha256 = hashlib.sha256()
        self.size = 0

    @property
    def is_whole(self) -> bool:
        """Whether all bytes are here and are the released ones."""
        return self.size == self.file.size and self._sha256.hexdigest() == self.file.sha256

    def finish(self) -> None:
        """Give the file its final name, once its bytes are safely on the disk.

        Raises:
            DownloadFailed: they cannot be written.
        """
        with self._storage():
            self._content.flush()
            os.fsync(self._content.fileno())
            self._path.replace(self._final)

    @contextmanager
    def _storage(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._worthless = True
            raise storage_failure(error, self._final) from error


def part_path(final: Path) -> Path:
    """Return where a file lies before it is whole."""
    return final.with_name(f"{final.name}.part")


def storage_failure(error: OSError, path: Path) -> DownloadFailed:
    """Say what went wrong writing `path`, and what to do."""
    full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
    remedy = "free some space" if full else "make it writable"
    return DownloadFailed(
        f"{path} cannot be written: {error.strerror}; {remedy} or choose another --data-dir",
        temporary=full,
    )


def require_space(folder: Path, needed: int) -> None:
    """Return if `needed` bytes fit on the disk of `folder`.

    Raises:
        DownloadFailed: they do not.
    """
    free = shutil.disk_usage(folder).free
    if free < needed + _RESERVE:
        raise DownloadFailed(
            f"{folder} has {free / 1e6:,.0f} MB free and the download needs "
            f"{(needed + _RESERVE) / 1e6:,.0f} MB; free some space or choose another --data-dir"
        )
