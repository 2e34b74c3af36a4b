"""Spoken sentences on disk: what decides the sound of one comes in, its samples go out if the same
was spoken before.

A file is a sentence: a header, then samples in 16 bits. It appears whole or not at all, and one
that was damaged since is told by its checksum. The files together are bounded; what was not heard
for longest goes first. None of them holds text, and none is named after it.
"""

import hashlib
import logging
import os
import re
import struct
import threading
import time
import zlib
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np

from wyoming_kokoro import __version__
from wyoming_kokoro.audio import FULL_SCALE, to_int16
from wyoming_kokoro.speech import Pcm

log = logging.getLogger(__name__)

MEGABYTE = 1_000_000

_HEADER = struct.Struct("<4sI")
"""A mark, and the CRC-32 of the samples."""

_MARK = b"WKP1"

_NAME = re.compile("[0-9a-f]{64}")
"""Of a file; what else lies in the folder is left alone."""

_DRAFT_SECONDS = 60.0
"""After which what another process began to write is taken for left behind."""


class PhraseCache:
    """Keeps spoken sentences. All calls may read and write files, in any thread."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        """Keep at most `most_bytes` in `folder`, which need not exist."""
        self._folder = folder
        self._most = most_bytes
        self._lock = threading.Lock()
        self._sizes: OrderedDict[str, int] | None = None
        """Of the files, by name, those heard last at the end; None before they were looked for."""
        self._troubled = False

    def get(self, phrase: Hashable) -> "Pcm | None":
        """Return the samples, float32, (samples,), that were kept of `phrase`, None if none were.
        Its `repr` tells all that decides its sound."""
        name = _name(phrase)
        with self._lock:
            if name not in self._listed():
                return None
            try:
                content = (self._folder / name).read_bytes()
            except OSError:  # somebody has emptied the folder
                self._listed().pop(name)
                return None
            if (samples := _samples(content)) is None:
                self._remove(name)
                return None
            self._listed().move_to_end(name)
        with suppress(OSError):  # only the order of a later start depends on it
            os.utime(self._folder / name)
        return samples.astype(np.float32) / np.float32(FULL_SCALE)

    def keep(self, phrase: Hashable, pcm: Pcm) -> None:
        """Keep the samples of `phrase`, float32, (samples,). A full or read-only disk keeps none,
        and a line of log tells that."""
        samples = to_int16(pcm)
        content = _HEADER.pack(_MARK, zlib.crc32(samples)) + samples
        name = _name(phrase)
        with self._lock:
            if not samples or len(content) > self._most or name in self._listed():
                return
            self._make_room(len(content))
            if self._write(name, content):
                self._listed()[name] = len(content)

    def _listed(self) -> OrderedDict[str, int]:
        """Return what lies in the folder; it is looked at once."""
        if self._sizes is None:
            files = sorted(self._files())
            kept = [(name, size) for _, name, size in files if _NAME.fullmatch(name)]
            self._sizes = OrderedDict(kept)
            for written, name, _ in files:
                if name.endswith(".tmp") and written < time.time() - _DRAFT_SECONDS:
                    self._remove(name)
            self._make_room(0)
        return self._sizes

    def _files(self) -> Iterator[tuple[float, str, int]]:
        """Yield when each file was heard last, its name and its size."""
        with suppress(OSError), os.scandir(self._folder) as entries:
            for entry in entries:
                with suppress(OSError):  # gone meanwhile
                    status = entry.stat()
                    yield status.st_mtime, entry.name, status.st_size

    def _make_room(self, size: int) -> None:
        """Remove what was not heard for longest, until `size` bytes more may be kept."""
        listed = self._listed()
        total = sum(listed.values())
        while listed and total + size > self._most:
            name = next(iter(listed))
            total -= listed[name]
            self._remove(name)

    def _remove(self, name: str) -> None:
        self._listed().pop(name, None)
        with suppress(OSError):
            (self._folder / name).unlink()

    def _write(self, name: str, content: bytes) -> bool:
        draft = self._folder / f"{name}.{os.getpid()}.tmp"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(content)
            draft.replace(self._folder / name)
        except OSError as error:
            if not self._troubled:
                log.warning("what is spoken cannot be kept in %s: %s", self._folder, error.strerror)
            self._troubled = True
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            return False
        self._troubled = False
        return True


def _name(phrase: Hashable) -> str:
    """Return the name of the file of a phrase."""
    return hashlib.sha256(repr((__version__, phrase)).encode()).hexdigest()


def _samples(content: bytes) -> np.ndarray[tuple[int], np.dtype[np.int16]] | None:
    """Return the samples in a file; None of one that is damaged."""
    if len(content) < _HEADER.size:
        return None
    mark, checksum = _HEADER.unpack_from(content)
    samples = content[_HEADER.size :]
    if mark != _MARK or len(samples) % 2 or zlib.crc32(samples) != checksum:
        return None
    return np.frombuffer(samples, "<i2")
