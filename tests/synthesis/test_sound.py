"""What is heard of one sentence: its breaths joined, its ends cut without a click and without a
wait, its loudness right."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.synthesis.test_breaths import padded_plan
from wyoming_kokoro.audio.limiter import CEILING
from wyoming_kokoro.speech import FRAME_SAMPLES, SAMPLE_RATE, Pcm, Plan
from wyoming_kokoro.synthesis.breaths import heard, voiced_frames
from wyoming_kokoro.synthesis.sound import (
    FADE_SAMPLES,
    FAULT_SAMPLES,
    LEAD_SAMPLES,
    LONGEST_QUIET_SAMPLES,
    Ends,
    SentenceSound,
)

AUDIBLE = 0.01
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


def sound(seconds: float, amplitude: float = 0.5) -> Pcm:
    """A voice of 120 Hz: audible from its first sample to its last."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (amplitude * np.sign(np.sin(2 * np.pi * 120 * time + 0.1))).astype(np.float32)


def hush(seconds: float) -> Pcm:
    """The faint noise of a voice that says nothing."""
    return sound(seconds, 0.002)


def said(*parts: Pcm) -> Pcm:
    return np.concatenate(parts)


def heard_of(pcm: Pcm, pause: float = 0.3, *, sound_ends: float | None = None) -> Pcm:
    """What is heard of a sentence that is made in one piece."""
    end = len(pcm) if sound_ends is None else round(sound_ends * SAMPLE_RATE)
    return Ends(pause, end).heard(pcm, last=True)


def onset(pcm: Pcm) -> float:
    return float(np.flatnonzero(np.abs(pcm) > AUDIBLE)[0]) / SAMPLE_RATE


def rest(pcm: Pcm) -> float:
    """Seconds after the last audible sample."""
    return (len(pcm) - 1 - int(np.flatnonzero(np.abs(pcm) > AUDIBLE)[-1])) / SAMPLE_RATE


def test_silence_before_the_first_sound_is_cut_to_40_ms() -> None:
    assert onset(heard_of(said(hush(0.4), sound(1), hush(0.1)))) == pytest.approx(0.04, abs=1e-3)


@pytest.mark.parametrize("pause", [0.1, 0.3, 0.5])
def test_silence_after_the_last_sound_is_cut_to_the_pause(pause: float) -> None:
    heard = heard_of(said(hush(0.1), sound(1), hush(0.8)), pause)
    assert rest(heard) == pytest.approx(pause, abs=1e-3)


def test_silence_that_is_shorter_than_the_pause_is_left_as_it_is() -> None:
    assert rest(heard_of(said(sound(1), hush(0.2)))) == pytest.approx(0.2, abs=1e-3)


def test_silence_between_two_words_is_heard_as_it_is() -> None:
    sentence = said(sound(0.5), hush(0.9), sound(0.5))
    assert heard_of(sentence)[FADE_SAMPLES:-FADE_SAMPLES] == pytest.approx(
        sentence[FADE_SAMPLES:-FADE_SAMPLES]
    )


def test_a_soft_last_sound_is_heard_whole() -> None:
    sentence = said(sound(0.5), hush(0.2), sound(0.05, 0.011), hush(0.6))
    last_sound = slice(round(0.7 * SAMPLE_RATE), round(0.75 * SAMPLE_RATE))
    assert np.array_equal(heard_of(sentence)[last_sound], sentence[last_sound])


def test_a_click_after_the_sentence_is_over_is_silenced() -> None:
    sentence = said(sound(0.5), hush(0.25), sound(0.01), hush(0.4))
    heard = heard_of(sentence, sound_ends=0.55)
    assert rest(heard) == pytest.approx(0.3, abs=1e-3)
    click = round(0.75 * SAMPLE_RATE)
    assert not heard[click - FAULT_SAMPLES :].any()
    assert np.abs(np.diff(heard[round(0.51 * SAMPLE_RATE) :])).max() < 2 * AUDIBLE


def test_a_sound_that_goes_on_after_the_plan_has_it_over_is_heard() -> None:
    sentence = said(sound(0.5), hush(0.03), sound(0.2, 0.1), hush(0.4))
    assert len(heard_of(sentence, sound_ends=0.4)) / SAMPLE_RATE == pytest.approx(1.03, abs=1e-3)


@pytest.mark.parametrize("pause", [0.0, 0.3])
def test_the_ends_are_faded_so_that_no_cut_clicks(pause: float) -> None:
    heard = heard_of(said(sound(0.2), np.full(12_000, 0.009, np.float32)), pause)
    assert heard[0] == heard[-1] == 0
    assert np.abs(heard[:FADE_SAMPLES]).max() <= 0.5
    ends = np.concatenate([heard[-FADE_SAMPLES:], [0]])
    assert np.abs(np.diff(ends)).max() < 1e-3


def test_a_sentence_that_is_loud_from_end_to_end_keeps_its_length() -> None:
    sentence = sound(1)
    heard = heard_of(sentence)
    assert len(heard) == len(sentence)
    assert heard[0] == heard[-1] == 0


def test_of_a_sentence_without_a_sound_the_pause_is_left() -> None:
    assert len(heard_of(hush(0.8))) == round(0.3 * SAMPLE_RATE)


def test_sound_is_handed_on_before_the_next_piece_comes() -> None:
    ends = Ends(0.3, 10 * SAMPLE_RATE)
    first = ends.heard(said(hush(0.3), sound(1)), last=False)
    assert len(first) == SAMPLE_RATE + LEAD_SAMPLES - FADE_SAMPLES


def test_quiet_up_to_the_pause_is_handed_on_at_once_and_more_when_something_follows() -> None:
    ends = Ends(0.3, 10 * SAMPLE_RATE)
    first = ends.heard(said(sound(1), hush(0.7)), last=False)
    assert len(first) == round(1.3 * SAMPLE_RATE) - FADE_SAMPLES
    second = ends.heard(sound(1), last=True)
    assert len(first) + len(second) == round(2.7 * SAMPLE_RATE)


def test_quiet_is_not_kept_back_for_ever() -> None:
    ends, piece = Ends(0.3, 100 * SAMPLE_RATE), hush(0.5)
    come, handed = 0, 0
    for _ in range(20):
        come += len(piece)
        handed += len(ends.heard(piece, last=False))
        assert come - handed <= LONGEST_QUIET_SAMPLES + round(0.3 * SAMPLE_RATE) + len(piece)
    assert handed > 8 * SAMPLE_RATE


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([0.0, 0.003, 0.5]), st.integers(1, 9000)), min_size=1, max_size=9
    ),
    st.lists(st.floats(0, 1), max_size=8),
    st.floats(0, 1),
    st.sampled_from([0.0, 0.1, 0.3]),
)
@example([(0.5, 1), (0.0, 1200), (0.5, 1)], [0.5], 0.0, 0.0)
def test_what_is_heard_does_not_depend_on_how_the_sentence_is_cut_into_pieces(
    parts: list[tuple[float, int]], cuts: list[float], sound_ends: float, pause: float
) -> None:
    sentence = said(*(sound(samples / SAMPLE_RATE, level) for level, samples in parts))
    end = round(sound_ends * len(sentence))
    pieces = np.split(sentence, sorted(round(cut * len(sentence)) for cut in cuts))
    whole, ends = Ends(pause, end).heard(sentence, last=True), Ends(pause, end)
    heard = [ends.heard(piece, last=False) for piece in pieces[:-1]]
    assert np.array_equal(said(*heard, ends.heard(pieces[-1], last=True)), whole)
