"""Sound in, a file out that any player knows: as long as it is, with chapters where its kind has
them. The same sound gives the same bytes.

The encoders are FFmpeg's, through PyAV.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from wyoming_kokoro.speech import SAMPLE_RATE

if TYPE_CHECKING:
    import av

SPOKEN_BY = "Spoken by Kokoro-82M"
"""In every file that has room for words. FFmpeg writes the chapters of an Ogg file only where there
is something else as well."""

MILLISECOND = Fraction(1, 1000)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file."""

    container: str
    """FFmpeg's name of it; `s16le` for samples as they are."""
    codec: str
    bit_rate: int = 0
    has_chapters: bool = False
    options: Mapping[str, str] = field(default_factory=dict)


KINDS = {
    # FFmpeg writes sizes of chapters as no reader of ID3v2.4 takes them: from titles of 96 bytes on
    # chapters would be lost.
    "mp3": Kind("mp3", "libmp3lame", 96_000, True, {"id3v2_version": "3"}),
    "opus": Kind("ogg", "libopus", 64_000, has_chapters=True),
    "aac": Kind("adts", "aac", 96_000),
    "flac": Kind("flac", "flac"),
    "wav": Kind("wav", "pcm_s16le"),
    "pcm": Kind("s16le", "pcm_s16le"),
    "m4b": Kind("ipod", "aac", 96_000, True, {"movflags": "+faststart"}),
}
"""Those of `job.MEDIA_TYPES`."""


def write(
    path: Path,
    kind: Kind,
    pieces: Iterable[bytes],
    chapters: Sequence[Mapping[str, Any]],
    title: str = "",
) -> None:
    """Write a file of 16-bit mono samples at 24 kHz; `chapters` have `title`, `start` and `end` in
    seconds, and are left out where the kind of file has none."""
    import av

    # Without it, FFmpeg puts a random number or the time of day into some containers.
    options = {"fflags": "+bitexact", **kind.options}
    with av.open(str(path), "w", format=kind.container, options=options) as container:
        added = container.add_stream(kind.codec, rate=SAMPLE_RATE, layout="mono")
        stream = cast("av.AudioStream", added)
        if kind.bit_rate:
            stream.bit_rate = kind.bit_rate
        container.metadata["comment"] = SPOKEN_BY
        if title:
            container.metadata["title"] = title
        if kind.has_chapters and chapters:
            container.set_chapters(
                [
                    {
                        "id": number,
                        "start": round(chapter["start"] * 1000),
                        "end": round(chapter["end"] * 1000),
                        "time_base": MILLISECOND,
                        "metadata": {"title": chapter["title"]},
                    }
                    for number, chapter in enumerate(chapters)
                ]
            )
        at = 0
        for pcm in pieces:
            if not pcm:
                continue
            samples = np.frombuffer(pcm, "<i2").reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = (
                SAMPLE_RATE,
                at,
                Fraction(1, SAMPLE_RATE),
            )
            at += samples.shape[1]
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
