"""Sound files: as long as the sound, with chapters, the same for the same."""

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from wyoming_kokoro.job import MEDIA_TYPES
from wyoming_kokoro.jobs.container import KINDS, write

SECONDS = 3.0
TONE = (8000 * np.sin(np.arange(24_000 * SECONDS) / 20)).astype("<i2").tobytes()
PIECES = [TONE[:20_000], b"", TONE[20_000:]]
CHAPTERS = [
    {"title": "Bits & pieces", "start": 0.0, "end": 1.25},
    {"title": "Größe", "start": 1.25, "end": 2.0},
    {"title": "as long as titles may be ".ljust(200, "e"), "start": 2.0, "end": SECONDS},
]


def written(folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"book.{name}"
    write(path, KINDS[name], PIECES, CHAPTERS, "A book")
    return path


def test_each_kind_that_can_be_asked_for_can_be_made() -> None:
    assert set(KINDS) == set(MEDIA_TYPES)


@pytest.mark.parametrize("name", KINDS)
def test_a_file_is_as_long_as_its_sound_and_has_its_chapters(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name)
    kind, rate = ("s16le", {"sample_rate": "24000"}) if name == "pcm" else (None, {})
    with av.open(str(path), "r", format=kind, options=rate) as container:
        chapters = container.chapters()
        told = {**container.metadata, **container.streams[0].metadata}
        a_second = container.streams.audio[0].rate
        samples = sum(frame.samples for frame in container.decode(audio=0))
    assert samples / a_second == pytest.approx(SECONDS, abs=0.1)
    starts = [float(chapter["start"] * (chapter["time_base"] or 0)) for chapter in chapters]
    if KINDS[name].has_chapters:
        assert told["title"] == "A book"
        assert [one["metadata"]["title"] for one in chapters] == [c["title"] for c in CHAPTERS]
        assert starts == pytest.approx([0.0, 1.25, 2.0], abs=0.01)
    else:
        assert not chapters


@pytest.mark.parametrize("name", ["mp3", "m4b", "opus", "flac", "wav"])
def test_a_file_tells_players_to_leave_out_what_the_encoder_puts_before_the_sound(
    tmp_path: Path, name: str
) -> None:
    with av.open(str(written(tmp_path, name))) as container:
        frame = next(container.decode(audio=0))
        sound = np.abs(frame.to_ndarray()[0].astype(np.float64))
    begins = np.argmax(sound > sound.max() / 10) / frame.sample_rate
    assert begins < 0.005


@pytest.mark.parametrize("name", KINDS)
def test_the_same_sound_gives_the_same_bytes(tmp_path: Path, name: str) -> None:
    files = [written(tmp_path / str(number), name).read_bytes() for number in range(3)]
    assert all(one == other for one, other in pairwise(files))
