"""Files and zip archives opened with suspicion: a path comes in, bytes within a limit go out."""

import io
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from wyoming_kokoro.errors import BadVoiceFile

ZIP_MAGIC = b"PK\x03\x04"

MAX_MEMBERS = 1024
"""Files in an archive; the largest released one holds 103 voices."""

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,  # zipfile meets a method or a version that it does not know
    OSError,
    OverflowError,
    RuntimeError,  # zipfile meets an encrypted member
    ValueError,
)
"""What `zipfile` is seen to raise on archives that are damaged or made to deceive."""


class BoundedFile(io.FileIO):
    """A regular file that gives at most `limit` bytes at a time.

    `zipfile` reads the whole list of members at once, as long as the archive says it is.
    """

    def __init__(self, path: Path, limit: int) -> None:
        super().__init__(str(path), opener=_open_without_waiting)
        self._limit = limit
        if not stat.S_ISREG(os.fstat(self.fileno()).st_mode):
            self.close()
            raise BadVoiceFile("it is no regular file")

    @property
    def size(self) -> int:
        """Bytes in the file."""
        return os.fstat(self.fileno()).st_size

    def read(self, size: int | None = -1, /) -> bytes:
        """Read `size` bytes, or what is left of them.

        Raises:
            BadVoiceFile: `size`, or what is left, is more than the limit.
        """
        if size is None or size < 0:
            size = max(0, self.size - self.tell())
        if size > self._limit:
            raise BadVoiceFile(f"it has {size:,} bytes where {self._limit:,} are allowed")
        return super().read(size) or b""


def _open_without_waiting(path: str, flags: int) -> int:
    """Open `path`, but no link, and without waiting for the other end of a pipe."""
    return os.open(path, flags | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Turn whatever goes wrong inside into a BadVoiceFile that names the file."""
    try:
        yield
    except BadVoiceFile as error:
        raise BadVoiceFile(f"voice file {path.name}: {error}") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadVoiceFile(f"voice file {path.name}: it cannot be read: {reason}") from error


@contextmanager
def open_zip(file: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """Open the archive in `file`; damage met inside is told as BadVoiceFile."""
    try:
        with zipfile.ZipFile(file) as archive:
            if len(archive.infolist()) > MAX_MEMBERS:
                raise BadVoiceFile(f"it is an archive of more than {MAX_MEMBERS} files")
            yield archive
    except _DAMAGE as error:
        raise BadVoiceFile("it is a damaged or incomplete zip archive; copy it again") from error


def read_member(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """Return the bytes of one member; no other member is read.

    Raises:
        BadVoiceFile: it is absent, damaged, or would unpack to more than `limit` bytes.
    """
    try:
        info = archive.getinfo(name)
    except KeyError as error:
        raise BadVoiceFile(f"it has no {name[:80]!r} inside") from error
    if info.file_size > limit:
        raise BadVoiceFile(f"{name[:80]!r} inside would unpack to {info.file_size:,} bytes")
    # The other methods of a zip unpack without regard to how much was asked for.
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise BadVoiceFile(f"{name[:80]!r} inside is compressed in an unusual way")
    with archive.open(info) as member:
        data = member.read(info.file_size)
    if len(data) != info.file_size:
        raise BadVoiceFile(f"{name[:80]!r} inside is incomplete")
    return data
