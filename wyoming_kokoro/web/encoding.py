"""Pieces of PCM in, the same in a format that players know out, while it is still being made.

The encoders are FFmpeg's, through PyAV. What is known only at the end (the length of a file) is
never written: a stream says that it has none.
"""

import io
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol, cast

import av
import numpy as np

from wyoming_kokoro.speech import SAMPLE_RATE

_UNKNOWN_LENGTH = 0xFFFFFFFF
"""As players take it; one of 0 is taken for an empty file by some."""

_SAMPLE_BYTES = 2


class Encoder(Protocol):
    """Encodes one speech."""

    def encode(self, pcm: bytes) -> bytes:
        """Return what can be sent after these 16-bit samples; it may be nothing."""

    def finish(self) -> bytes:
        """Return the rest."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format that can be asked for."""

    content_type: str

    container: str = ""
    """FFmpeg's name of it; none for samples as they are."""

    codec: str = ""
    bit_rate: int = 0
    options: Mapping[str, str] = field(default_factory=dict)
    header: bool = False
    """Whether samples are sent as a WAV file."""

    def encoder(self) -> Encoder:
        """Return what encodes one speech."""
        return _Coded(self) if self.container else _Plain(_wav_header() if self.header else b"")


FORMATS = {
    # Without a Xing header, which would tell a length, and iOS believes it.
    "mp3": Format(
        "audio/mpeg", "mp3", "libmp3lame", 96_000, {"write_xing": "0", "id3v2_version": "0"}
    ),
    "opus": Format("audio/ogg; codecs=opus", "ogg", "libopus", 64_000, {"page_duration": "20000"}),
    "aac": Format("audio/aac", "adts", "aac", 96_000),
    "flac": Format("audio/flac", "flac", "flac"),
    "wav": Format("audio/wav", header=True),
    "pcm": Format("audio/pcm"),
}


def warm_up() -> None:
    """Encode something in every format, so that the first request does not load the encoders."""
    for wanted in FORMATS.values():
        encoder = wanted.encoder()
        encoder.encode(bytes(2 * SAMPLE_RATE // 10))
        encoder.finish()


class _Plain:
    """The samples themselves, after a header."""

    def __init__(self, header: bytes) -> None:
        self._header = header

    def encode(self, pcm: bytes) -> bytes:
        header, self._header = self._header, b""
        return header + pcm

    def finish(self) -> bytes:
        return self.encode(b"")


def _wav_header() -> bytes:
    """Return the header of a WAV file of unknown length: 16 bits, mono."""
    rate, width = SAMPLE_RATE, _SAMPLE_BYTES
    form = struct.pack("<4sI4s", b"RIFF", _UNKNOWN_LENGTH, b"WAVE")
    kind = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, rate * width, width, 8 * width)
    return form + kind + struct.pack("<4sI", b"data", _UNKNOWN_LENGTH)


class _Outbox(io.RawIOBase):
    """A file that can only be written to, and is emptied in between."""

    def __init__(self) -> None:
        super().__init__()
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:  # noqa: ANN401 whatever has bytes
        self._written += data
        return len(data)

    def take(self) -> bytes:
        taken = bytes(self._written)
        self._written.clear()
        return taken


class _Coded:
    """An encoder and a container of FFmpeg."""

    def __init__(self, wanted: Format) -> None:
        self._outbox = _Outbox()
        options = {**wanted.options, "flush_packets": "1"}
        self._container = av.open(self._outbox, "w", format=wanted.container, options=options)
        stream = self._container.add_stream(wanted.codec, rate=SAMPLE_RATE, layout="mono")
        self._stream = cast(av.AudioStream, stream)
        if wanted.bit_rate:
            self._stream.bit_rate = wanted.bit_rate
        self._samples = 0

    def encode(self, pcm: bytes) -> bytes:
        samples = np.frombuffer(pcm, np.int16)[None]
        if samples.size:
            frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
            frame.sample_rate = SAMPLE_RATE
            frame.time_base = Fraction(1, SAMPLE_RATE)
            frame.pts = self._samples
            self._samples += samples.size
            self._container.mux(self._stream.encode(frame))
        return self._outbox.take()

    def finish(self) -> bytes:
        self._container.mux(self._stream.encode(None))
        self._container.close()
        return self._outbox.take()
