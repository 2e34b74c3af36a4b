"""Measures, on sounds whose figures are known."""

import numpy as np
import pytest

from wyoming_kokoro.check.measures import (
    Silence,
    level,
    level_change,
    level_steps,
    log_mel_distance,
    silence,
)
from wyoming_kokoro.speech import SAMPLE_RATE, Pcm

SECOND = SAMPLE_RATE


def tone(seconds: float, amplitude: float = 0.5, hertz: float = 200) -> Pcm:
    time = np.arange(round(seconds * SECOND)) / SECOND
    return (amplitude * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def hiss(seconds: float, amplitude: float = 0.1, seed: int = 0) -> Pcm:
    random = np.random.default_rng(seed)
    return amplitude * random.standard_normal(round(seconds * SECOND), np.float32)


def gain(decibels: float) -> np.float32:
    return np.float32(10 ** (decibels / 20))


def test_a_sine_at_full_scale_has_a_level_of_minus_3_db() -> None:
    assert level(tone(1, 1.0)) == pytest.approx(-3.01, abs=0.01)
    assert level(tone(1, 0.1)) == pytest.approx(-23.01, abs=0.01)


@pytest.mark.parametrize("decibels", [-6, 0, 1.5])
def test_a_change_of_the_level_has_its_sign(decibels: float) -> None:
    assert level_change(hiss(1) * gain(decibels), hiss(1)) == pytest.approx(decibels, abs=0.01)


def test_nothing_has_a_level_too() -> None:
    assert level(np.zeros(100, np.float32)) == pytest.approx(-120)
    assert level(np.zeros(0, np.float32)) == pytest.approx(-120)


def test_silence_is_measured_before_within_and_after() -> None:
    nothing = np.zeros(SECOND, np.float32)
    spoken = np.concatenate([nothing, tone(1), nothing, nothing, tone(1), nothing])
    found = silence(spoken)
    assert (found.before, found.within, found.after) == pytest.approx((1 / 6, 1 / 3, 1 / 6))


def test_faint_noise_is_silence_and_sound_is_not() -> None:
    spoken = np.concatenate([hiss(1, 0.001), tone(1)])
    assert silence(spoken).before == pytest.approx(0.5, abs=0.01)
    assert silence(tone(1)) == Silence(0, 0, 0)
    assert silence(np.zeros(SECOND, np.float32)) == Silence(1, 0, 0)


def test_equal_sounds_have_no_distance() -> None:
    assert log_mel_distance(hiss(1), hiss(1)) == 0


@pytest.mark.parametrize("decibels", [-6, -1, 0.5, 3])
def test_the_distance_of_a_louder_or_fainter_copy_is_its_gain(decibels: float) -> None:
    assert log_mel_distance(hiss(1) * gain(decibels), hiss(1)) == pytest.approx(abs(decibels), 0.01)


def test_the_distance_grows_with_noise_and_with_what_is_missing() -> None:
    whole = hiss(1) + tone(1)
    noisy = [log_mel_distance(whole + hiss(1, loud, 1), whole) for loud in (0.001, 0.01, 0.1)]
    assert noisy == sorted(noisy)
    assert noisy[0] > 0
    assert log_mel_distance(np.zeros_like(whole), whole) > noisy[-1]


def test_what_nobody_hears_makes_no_distance() -> None:
    whole = np.concatenate([tone(1), np.zeros(SECOND, np.float32)])
    assert log_mel_distance(whole + hiss(2, 1e-7), whole) < 0.01


def test_a_distance_has_its_place_in_pitch() -> None:
    """A band carries what is near it, so a tone moved by an octave is far from what it was."""
    low, near, octave = tone(1, hertz=1000), tone(1, hertz=1005), tone(1, hertz=2000)
    assert log_mel_distance(near, low) < 2 < log_mel_distance(octave, low)


@pytest.mark.parametrize("decibels", [-6, 0, 1.5, 3])
def test_a_step_of_the_level_is_found_where_breaths_are_joined(decibels: float) -> None:
    whole = hiss(3)
    joined = whole.copy()
    joined[SECOND:] *= gain(decibels)
    steps = level_steps(joined, whole, [SECOND, 2 * SECOND])
    assert steps == [pytest.approx(abs(decibels), abs=0.02), pytest.approx(0, abs=0.02)]


def test_the_levels_of_the_sentence_itself_are_no_steps() -> None:
    whole = np.concatenate([hiss(1, 0.2), hiss(1, 0.02)])
    assert level_steps(whole * gain(-4), whole, [SECOND]) == [pytest.approx(0, abs=0.05)]


def test_what_is_faint_in_a_pause_is_no_step() -> None:
    whole = np.concatenate([hiss(1), hiss(1, 0.0001)])
    joined = np.concatenate([hiss(1), hiss(1, 0.001)])
    assert level_steps(joined, whole, [SECOND])[0] < 0.5
