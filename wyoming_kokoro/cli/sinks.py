"""Where `say` sends its sound: 16-bit PCM in, a WAV file, a WAV stream or a loudspeaker out."""

import contextlib
import errno
import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO, Protocol

from wyoming_kokoro.errors import ConfigurationError

_UNKNOWN_LENGTH = 0xFFFFFFFF

_PLAYERS = (
    ("aplay", "-q -t raw -f S16_LE -r {rate} -c {channels} -"),
    ("paplay", "--raw --format=s16le --rate={rate} --channels={channels}"),
    ("play", "-q -t raw -e signed -b 16 -r {rate} -c {channels} -"),
    ("ffplay", "-loglevel error -nodisp -autoexit -f s16le -ar {rate} -ac {channels} -"),
)
"""Programs that play raw sound from standard input, and their arguments."""


_REMEDIES = {
    errno.ENOENT: "its folder does not exist; create it or choose another",
    errno.EACCES: "this user may not; choose another folder",
    errno.EISDIR: "it is a folder; give the name of a file in it",
    errno.ENOSPC: "no room is left there; choose another folder",
}


class Sink(Protocol):
    """Takes the format once, then samples until it is closed or abandoned.

    Where a method cannot do its work, it raises ConfigurationError with the reason.
    """

    def begin(self, rate: int, channels: int) -> None:
        """Take 16-bit samples of this rate and number of channels from now on."""

    def write(self, pcm: bytes) -> None:
        """Take samples; may wait until there is room for them."""

    def close(self) -> None:
        """Finish; a loudspeaker plays to its end first."""

    def abandon(self) -> None:
        """Finish after a failure: no file remains that is not complete. Raises nothing."""


@contextlib.contextmanager
def open_sink(output: str | None) -> Iterator[Sink]:
    """Open a file, standard output (`-`), or the loudspeaker (None).

    A file appears under its name when it is complete; one that was there is replaced then.

    Raises:
        ConfigurationError: the file cannot be written, or there is no program that plays sound.
    """
    sink = _sink_for(output)
    try:
        yield sink
    except BaseException:
        sink.abandon()
        raise
    sink.close()


def _sink_for(output: str | None) -> Sink:
    if output is None:
        return _Loudspeaker()
    if output == "-":
        return _WavStream(standard_output(), output)
    path = Path(output)
    with _naming(output):
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if path.exists() and not path.is_file():  # a pipe, or a device
            return _WavStream(path.open("wb", buffering=0), output)
        return _WavFile(path, output)


def standard_output() -> BinaryIO:
    """Return standard output as it takes bytes.

    Raises:
        ConfigurationError: it is closed.
    """
    if sys.stdout is None:  # as `>&-` makes it, whatever the type says
        raise ConfigurationError("standard output is closed: give it a file or a pipe")
    return sys.stdout.buffer


@contextlib.contextmanager
def _naming(output: str) -> Iterator[None]:
    """Turn what the system refuses into an error with a remedy; a reader that has gone is none."""
    try:
        yield
    except BrokenPipeError:
        raise
    except (OSError, RuntimeError, ValueError) as error:  # the latter two of links in a circle, NUL
        code = error.errno or 0 if isinstance(error, OSError) else 0
        reason = _REMEDIES.get(code) or getattr(error, "strerror", None) or error
        raise ConfigurationError(f"--output {output} cannot be written: {reason}") from None


def _wav_header(rate: int, channels: int, size: int) -> bytes:
    """Return what a WAV file of `size` bytes of 16-bit samples begins with."""
    frame = 2 * channels
    header = struct.pack("<4sI4s", b"RIFF", min(36 + size, _UNKNOWN_LENGTH), b"WAVE")
    header += struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, rate, rate * frame, frame, 16)
    return header + struct.pack("<4sI", b"data", min(size, _UNKNOWN_LENGTH))


class _WavStream:
    """A WAV file whose length is not known when it begins, as players accept it."""

    def __init__(self, stream: IO[bytes], output: str) -> None:
        self._stream = stream
        self._output = output

    def begin(self, rate: int, channels: int) -> None:
        self.write(_wav_header(rate, channels, _UNKNOWN_LENGTH))

    def write(self, pcm: bytes) -> None:
        with _naming(self._output):
            self._stream.write(pcm)
            self._stream.flush()

    def close(self) -> None:
        if self._output != "-":
            with _naming(self._output):
                self._stream.close()

    def abandon(self) -> None:
        with contextlib.suppress(OSError):
            if self._output != "-":
                self._stream.close()


class _WavFile:
    """A WAV file, under another name beside its own until it is complete."""

    def __init__(self, path: Path, output: str) -> None:
        self._output = output
        self._path = path.resolve()  # a link stays one
        self._unfinished = self._path.with_name(f".{self._path.name}.{os.getpid()}.part")
        self._file = self._unfinished.open("wb")
        self._format = 24_000, 1  # a file without speech is a valid one all the same
        self._size = 0
        self._file.write(_wav_header(*self._format, 0))

    def begin(self, rate: int, channels: int) -> None:
        self._format = rate, channels

    def write(self, pcm: bytes) -> None:
        with _naming(self._output):
            self._file.write(pcm)
            self._size += len(pcm)

    def close(self) -> None:
        try:
            with _naming(self._output):
                self._file.seek(0)
                self._file.write(_wav_header(*self._format, self._size))
                self._file.close()
                self._unfinished.replace(self._path)
        except ConfigurationError:
            self.abandon()
            raise

    def abandon(self) -> None:
        with contextlib.suppress(OSError):
            self._unfinished.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self._file.close()


class _Loudspeaker:
    def __init__(self) -> None:
        found = ((path, args) for name, args in _PLAYERS if (path := shutil.which(name)))
        self._program, self._arguments = next(found, ("", ""))
        if not self._program:
            names = ", ".join(name for name, _ in _PLAYERS)
            raise ConfigurationError(
                f"there is no program that plays sound ({names}): install one, "
                "such as alsa-utils for aplay, or write a file with --output FILE.wav"
            )
        self._player: subprocess.Popen[bytes] | None = None

    def begin(self, rate: int, channels: int) -> None:
        arguments = self._arguments.format(rate=rate, channels=channels).split()
        self._player = subprocess.Popen(  # noqa: S603 one of _PLAYERS, with numbers put in
            [self._program, *arguments], stdin=subprocess.PIPE
        )

    def write(self, pcm: bytes) -> None:
        if self._player and self._player.stdin:
            try:
                self._player.stdin.write(pcm)
                self._player.stdin.flush()
            except BrokenPipeError:
                raise ConfigurationError(
                    f"{self._program} ended early: is there a sound device? "
                    "Write a file with --output FILE.wav instead"
                ) from None

    def close(self) -> None:
        if self._player:
            with contextlib.suppress(BrokenPipeError):
                self._player.communicate()

    def abandon(self) -> None:
        self.close()
