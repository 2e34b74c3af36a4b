"""Peaks are brought below full scale, and nothing else changes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wyoming_kokoro.audio.limiter import AHEAD_SAMPLES, CEILING, HOLD_SAMPLES, Limiter
from wyoming_kokoro.speech import SAMPLE_RATE, Pcm

AROUND = 2 * AHEAD_SAMPLES + HOLD_SAMPLES
"""Samples from a peak on, and before it, in which the gain may be down."""


def tone(seconds: float, amplitude: float, hertz: float = 150) -> Pcm:
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (amplitude * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def limited(pcm: Pcm) -> Pcm:
    return Limiter().limited(pcm, last=True)


def test_what_is_not_too_loud_is_not_changed() -> None:
    pcm = tone(1, CEILING)
    assert np.array_equal(limited(pcm), pcm)


@pytest.mark.parametrize("amplitude", [1.0, 1.5, 4.0])
def test_nothing_comes_out_above_the_ceiling(amplitude: float) -> None:
    noise = np.random.default_rng(0).normal(0, amplitude / 2, SAMPLE_RATE).astype(np.float32)
    for pcm in (tone(1, amplitude), noise):
        out = limited(pcm)
        assert len(out) == len(pcm)
        assert np.abs(out).max() <= CEILING + 1e-6


def test_only_what_is_around_a_peak_is_made_fainter() -> None:
    pcm = tone(1, 0.5)
    pcm[12_000] = 1.2
    out = limited(pcm)
    assert abs(out[12_000]) == pytest.approx(CEILING, abs=1e-6)
    assert np.array_equal(out[: 12_000 - AHEAD_SAMPLES - 1], pcm[: 12_000 - AHEAD_SAMPLES - 1])
    assert np.array_equal(out[12_000 + AROUND :], pcm[12_000 + AROUND :])


def test_the_gain_never_jumps() -> None:
    pcm = np.concatenate([tone(0.5, 0.5), tone(0.5, 3.0), tone(0.5, 0.5)])
    heard = np.abs(pcm) > 0.05
    gain = limited(pcm)[heard] / pcm[heard]
    assert np.abs(np.diff(gain)).max() < 0.1
    assert gain.min() == pytest.approx(CEILING / 3, rel=0.01)


def test_a_steady_voice_that_is_too_loud_is_not_bent() -> None:
    out = limited(tone(1, 2.0))[4800:-4800]
    spectrum = np.abs(np.fft.rfft(out * np.hanning(len(out))))
    hertz = np.fft.rfftfreq(len(out), 1 / SAMPLE_RATE)
    distortion = np.sqrt(np.sum(spectrum[hertz > 200] ** 2) / np.sum(spectrum**2))
    assert distortion < 10 ** (-60 / 20)


def test_no_more_than_5_ms_are_kept_back() -> None:
    assert len(Limiter().limited(tone(1, 0.5))) == SAMPLE_RATE - AHEAD_SAMPLES


@given(st.lists(st.integers(0, 4800), max_size=8), st.sampled_from([0.5, 1.0, 3.0]))
@settings(max_examples=50, deadline=None)
def test_what_comes_out_does_not_depend_on_how_it_is_cut_into_pieces(
    cuts: list[int], amplitude: float
) -> None:
    noise = np.random.default_rng(1).normal(0, 0.3, 4800).astype(np.float32)
    noise[2000:2400] *= amplitude
    limiter, pieces = Limiter(), np.split(noise, sorted(cuts))
    out = [limiter.limited(piece) for piece in pieces]
    out.append(limiter.limited(noise[:0], last=True))
    assert np.concatenate(out) == pytest.approx(limited(noise), abs=1e-7)
