"""The yardstick itself: error rates and pictures."""

import struct
from pathlib import Path

import numpy as np
import pytest

from tests.support.hearing import error_rate, spectrogram, write_png


@pytest.mark.parametrize(
    ("said", "heard", "language", "rate"),
    [
        ("The lamp is on.", "the lamp is on", "en", 0),
        ("The lamp is on.", "The camp is on.", "en", 1 / 4),
        ("The lamp is on.", "The lamp is", "en", 1 / 4),
        ("The lamp is on.", "The lamp is on now", "en", 1 / 4),
        ("The lamp is on.", "", "en", 1),
        ("今日は寒い。", "今日は暑い", "ja", 1 / 5),
        ("नमस्ते दुनिया", "नमस्ते दुनिया।", "hi", 0),
        ("जब आप बगीचे में थे", "جب آپ بگیچے میں تھے", "hi", 0),
        ("बड़ी घंटी बजाई", "بڑی کھنٹی بجائی", "hi", 1 / 7),
        ("Platform nine, on 21 May", "platform 9, on twenty-one may", "en", 0),
        ("Binario nove", "binario 9", "it", 0),
        ("九番線", "9番線", "ja", 0),
    ],
)
def test_the_error_rate_counts_words_or_characters(
    said: str, heard: str, language: str, rate: float
) -> None:
    assert error_rate(said, heard, language) == pytest.approx(rate)


def test_a_spectrogram_shows_a_tone_at_its_height(tmp_path: Path) -> None:
    tone = np.sin(2 * np.pi * 3000 / 24_000 * np.arange(24_000)).astype(np.float32)
    picture = spectrogram(tone)
    assert picture.shape[0] == 256
    assert 255 - int(picture[:, 50].argmax()) == 3000 * 512 // 24_000
    write_png(tmp_path / "tone.png", picture)
    size = struct.unpack(">II", (tmp_path / "tone.png").read_bytes()[16:24])
    assert size == (picture.shape[1], 256)
