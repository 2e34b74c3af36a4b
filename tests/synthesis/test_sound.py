"""What is heard of one sentence: its breaths joined, its ends cut, its loudness right."""

import numpy as np
import pytest

from tests.synthesis.test_breaths import padded_plan
from wyoming_kokoro.audio.limiter import CEILING
from wyoming_kokoro.speech import FRAME_SAMPLES, SAMPLE_RATE, Pcm, Plan
from wyoming_kokoro.synthesis.breaths import heard, voiced_frames
from wyoming_kokoro.synthesis.sound import SentenceSound

PLAN = padded_plan(18, ("a", 40), (".", 14), 20)
WORD = slice(20 * FRAME_SAMPLES, 56 * FRAME_SAMPLES)


def made(amplitude: float) -> Pcm:
    """What an engine makes of the plan: a hum, faint noise around it."""
    pcm = np.random.default_rng(0).normal(0, 1e-4, PLAN.frames * FRAME_SAMPLES)
    pcm[WORD] = amplitude * np.sin(np.arange(WORD.stop - WORD.start) / 30)
    return pcm.astype(np.float32)


def spoken(pcm: Pcm, *cuts: int, gain: float = 1.0, plan: Plan = PLAN) -> Pcm:
    """What is heard when the sentence is voiced in breaths that end at the frames `cuts`."""
    voiced = voiced_frames(plan, 0.3)
    sound, pieces, start = SentenceSound(plan, voiced, 0.3, gain), [], voiced.start
    for cut in (*cuts, voiced.stop):
        breath = heard(pcm, range(start, cut))
        pieces.append(sound.heard(breath, last=cut == voiced.stop))
        start = cut
    return np.concatenate(pieces)


@pytest.mark.parametrize("cuts", [(40,), (25, 30, 50), (57, 60)])
def test_a_sentence_in_breaths_is_the_whole_one(cuts: tuple[int, ...]) -> None:
    assert spoken(made(0.5), *cuts) == pytest.approx(spoken(made(0.5)), abs=1e-6)


def test_only_the_word_and_the_pause_after_it_are_heard() -> None:
    seconds = (WORD.stop - WORD.start) / SAMPLE_RATE
    assert len(spoken(made(0.5))) / SAMPLE_RATE == pytest.approx(0.04 + seconds + 0.3, abs=5e-3)


@pytest.mark.parametrize("gain", [0.5, 2.0])
def test_a_gain_makes_it_so_many_times_as_loud(gain: float) -> None:
    plain, changed = spoken(made(0.3)), spoken(made(0.3), gain=gain)
    assert np.abs(changed).max() == pytest.approx(gain * np.abs(plain).max(), rel=1e-4)


def test_peaks_are_limited_across_breaths() -> None:
    out = spoken(made(0.9), 30, 45, gain=2.0)
    assert np.abs(out).max() <= CEILING + 1e-6
    assert out == pytest.approx(spoken(made(0.9), gain=2.0), abs=1e-5)


def fading(amplitude: float) -> Pcm:
    """A word whose second half is that loud."""
    pcm = made(0.5)
    pcm[(WORD.start + WORD.stop) // 2 : WORD.stop] *= amplitude / 0.5
    return pcm


def test_what_is_audible_is_judged_by_what_is_heard() -> None:
    assert len(spoken(fading(0.006))) < len(spoken(made(0.5))) - SAMPLE_RATE // 4
    assert len(spoken(fading(0.006), gain=4.0)) == pytest.approx(len(spoken(made(0.5))), abs=200)


def test_who_turns_voices_down_hears_whole_words() -> None:
    quiet = spoken(fading(0.05), gain=0.1)
    assert len(quiet) == pytest.approx(len(spoken(made(0.5))), abs=200)
