"""Loudness by ITU-R BS.1770-4, against what the standard says and a meter of others."""

import numpy as np
import pytest

from wyoming_kokoro.audio import gain_for
from wyoming_kokoro.audio.loudness import SILENT_LUFS, loudness
from wyoming_kokoro.speech import SAMPLE_RATE, Pcm


def tone(seconds: float, hertz: float = 997, decibels: float = 0) -> Pcm:
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (gain_for(decibels) * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def babble(seed: int) -> Pcm:
    """Noise of all frequencies up to 10 kHz, fainter the higher, in bursts of many levels, with
    pauses: 4 s."""
    random = np.random.default_rng(seed)
    spectrum = np.fft.rfft(random.normal(0, 1, 4 * SAMPLE_RATE))
    hertz = np.fft.rfftfreq(4 * SAMPLE_RATE, 1 / SAMPLE_RATE)
    noise = np.fft.irfft(spectrum * (hertz < 10_000) * 50 / np.maximum(hertz, 50))
    syllables = np.repeat(random.choice([0, 0.1, 0.3, 1, 2], 40), len(noise) // 40)
    return np.asarray(noise * syllables, np.float32)


def test_a_sine_of_997_hz_at_full_scale_has_minus_3_01() -> None:
    assert loudness(tone(5)) == pytest.approx(-3.01, abs=0.01)


@pytest.mark.parametrize("decibels", [-20, -36, -60])
def test_loudness_goes_with_the_level(decibels: float) -> None:
    assert loudness(tone(5, decibels=decibels)) == pytest.approx(-3.01 + decibels, abs=0.01)


def test_pauses_do_not_count() -> None:
    speech = np.concatenate([tone(3, decibels=-23), np.zeros(5 * SAMPLE_RATE, np.float32)])
    assert loudness(speech) == pytest.approx(-26, abs=0.3)
    # EBU Tech 3341, case 3: what is 10 LU below the rest and fainter does not count.
    parts = [tone(5, 1000, -36), tone(20, 1000, -23), tone(5, 1000, -36)]
    assert loudness(np.concatenate(parts)) == pytest.approx(-26.0, abs=0.1)


@pytest.mark.parametrize("samples", [0, 1, 9599, SAMPLE_RATE])
def test_silence_and_what_is_shorter_than_a_block_have_the_least_there_is(samples: int) -> None:
    assert loudness(np.zeros(samples, np.float32)) == SILENT_LUFS


@pytest.mark.parametrize("seed", range(5))
def test_another_meter_finds_the_same(seed: int) -> None:
    pyloudnorm = pytest.importorskip("pyloudnorm", reason="pyloudnorm is not installed")
    soxr = pytest.importorskip("soxr")
    pcm = babble(seed)
    # Its filters are those of the standard at 48 kHz only.
    meter = pyloudnorm.Meter(48_000, filter_class="DeMan")
    theirs = meter.integrated_loudness(soxr.resample(pcm.astype(np.float64), 24_000, 48_000))
    assert loudness(pcm) == pytest.approx(theirs, abs=0.02)
