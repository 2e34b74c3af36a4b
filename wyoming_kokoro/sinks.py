"""Where `say` sends its sound: 16-bit PCM in, a WAV file, a WAV stream or a loudspeaker out."""

import contextlib
import shutil
import struct
import subprocess
import sys
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from wyoming_kokoro.errors import ConfigurationError

_UNKNOWN_LENGTH = 0xFFFFFFFF

_PLAYERS = (
    ("aplay", "-q -t raw -f S16_LE -r {rate} -c {channels} -"),
    ("paplay", "--raw --format=s16le --rate={rate} --channels={channels}"),
    ("play", "-q -t raw -e signed -b 16 -r {rate} -c {channels} -"),
    ("ffplay", "-loglevel error -nodisp -autoexit -f s16le -ar {rate} -ac {channels} -"),
)
"""Programs that play raw sound from standard input, and their arguments."""


class Sink(Protocol):
    """Takes the format once, then samples until it is closed."""

    def begin(self, rate: int, channels: int) -> None:
        """Take 16-bit samples of this rate and number of channels from now on."""

    def write(self, pcm: bytes) -> None:
        """Take samples; may wait until there is room for them."""

    def close(self) -> None:
        """Finish; a loudspeaker plays to its end first."""


@contextlib.contextmanager
def open_sink(output: str | None) -> Iterator[Sink]:
    """Open a file, standard output (`-`), or the loudspeaker (None).

    Raises:
        ConfigurationError: the file cannot be written, or there is no program that plays sound.
    """
    sink: Sink
    if output is None:
        sink = _Loudspeaker()
    elif output == "-":
        sink = _WavStream(sys.stdout.buffer)
    else:
        sink = _WavFile(Path(output))
    try:
        yield sink
    finally:
        sink.close()


class _WavFile:
    def __init__(self, path: Path) -> None:
        try:
            self._file = wave.open(str(path), "wb")  # noqa: SIM115 closed by close()
        except OSError as error:
            raise ConfigurationError(
                f"--output {path} cannot be written: {error.strerror}"
            ) from None
        self.begin(24_000, 1)  # a file without speech is a valid one all the same

    def begin(self, rate: int, channels: int) -> None:
        self._file.setframerate(rate)
        self._file.setnchannels(channels)
        self._file.setsampwidth(2)

    def write(self, pcm: bytes) -> None:
        self._file.writeframes(pcm)

    def close(self) -> None:
        self._file.close()


class _WavStream:
    """A WAV file whose length is not known when it begins, as players accept it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def begin(self, rate: int, channels: int) -> None:
        frame = 2 * channels
        header = struct.pack("<4sI4s", b"RIFF", _UNKNOWN_LENGTH, b"WAVE")
        header += struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, rate, rate * frame, frame, 16)
        header += struct.pack("<4sI", b"data", _UNKNOWN_LENGTH)
        self._stream.write(header)

    def write(self, pcm: bytes) -> None:
        self._stream.write(pcm)
        self._stream.flush()

    def close(self) -> None:
        self._stream.flush()


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
