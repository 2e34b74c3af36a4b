"""Where sentences are cut into breaths."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wyoming_kokoro.speech import US_ENGLISH, Phonemes, Plan, Tokens
from wyoming_kokoro.synthesis.breaths import (
    is_voiced_whole,
    next_breath,
    sound_ends,
    voiced_frames,
)


def plan_of(*tokens: tuple[str, int], energy: dict[int, float] | None = None) -> Plan:
    """A plan of these symbols and durations, voiced and loud but where `energy` says otherwise."""
    symbols = "".join(symbol for symbol, _ in tokens)
    durations = np.array([5, *(frames for _, frames in tokens), 5], np.int64)
    frames = int(durations.sum())
    loudness, pitch = np.ones(2 * frames, np.float32), np.full(2 * frames, 200, np.float32)
    for frame, value in (energy or {}).items():
        loudness[2 * frame : 2 * frame + 2] = value
        pitch[2 * frame : 2 * frame + 2] = 0
    words = Tokens((1,) * len(symbols), Phonemes(symbols, "", US_ENGLISH), symbols)
    return Plan(words, frames, durations, pitch, loudness)


def breaths_of(
    plan: Plan, rtf: float = 0.4, supply: float = 60.0, *, shared: bool = False
) -> list[range]:
    voiced = range(plan.frames)
    spans: list[range] = []
    while not spans or spans[-1].stop < voiced.stop:
        start = spans[-1].stop if spans else 0
        left = supply if spans else None
        spans.append(next_breath(plan, voiced, start, rtf, left, shared=shared))
    return spans


def test_a_short_sentence_is_one_breath() -> None:
    plan = plan_of(("a", 15), (".", 15))
    assert breaths_of(plan) == [range(plan.frames)]


class Undivided(Plan):
    """A plan of a voice that is not known yet."""

    @property
    def divisible(self) -> bool:
        return False


LONG = plan_of(("a", 190))
"""Five seconds."""


@pytest.mark.parametrize(
    ("plan", "supply", "rtf", "whole"),
    [
        (plan_of(("a", 70)), 0.0, 0.4, True),  # a single breath
        (LONG, 0.0, 0.4, False),
        (LONG, 2.9, 0.4, False),
        (LONG, 3.1, 0.4, True),  # it is made in 2 s
        (LONG, 3.1, 0.0, False),  # nobody knows how long it takes
        (plan_of(("a", 220)), 60.0, 0.4, False),  # too long to keep others waiting for
    ],
)
def test_a_sentence_is_voiced_whole_where_nobody_waits_for_it(
    plan: Plan, supply: float, rtf: float, whole: bool
) -> None:
    assert is_voiced_whole(plan, range(plan.frames), supply, rtf) is whole


def test_a_sentence_that_cannot_be_divided_is_voiced_whole_whoever_waits() -> None:
    known = plan_of(("a", 300))
    undivided = Undivided(known.tokens, 310, known.durations, known.f0, known.energy)
    assert is_voiced_whole(undivided, range(310), 0.0, 0.4)


def second_of(plan: Plan) -> range:
    """The breath that begins at frame 20, of 16 to 32 frames."""
    return next_breath(plan, range(plan.frames), 20, rtf=0.0, supply=0.0)


def test_a_later_breath_ends_in_the_middle_of_the_longest_pause() -> None:
    plan = plan_of(("a", 33), (",", 2), ("b", 2), (";", 6), ("c", 200))
    assert second_of(plan) == range(20, 5 + 33 + 2 + 2 + 3)


def test_without_a_pause_the_cut_is_at_the_quietest_unvoiced_frame() -> None:
    plan = plan_of(("a", 300), energy={40: 0.5, 48: 0.2, 90: 0.0})
    assert second_of(plan) == range(20, 48)


def test_the_first_breath_is_short_and_later_ones_cost_what_the_engine_can_afford() -> None:
    plan = plan_of(("a", 2000))
    lengths = {rtf: [len(span) for span in breaths_of(plan, rtf)] for rtf in (0.05, 0.175, 0.4)}
    for first, *_ in lengths.values():
        assert 20 <= first <= 22
    for rtf, (_, *later, _) in lengths.items():
        assert all(length * rtf / 40 <= 0.6 + 1e-9 for length in later)
        assert max(later) <= 200


def test_the_first_breath_lasts_until_a_slow_machine_has_made_the_second() -> None:
    plan = plan_of(("a", 2000))
    for rtf in (0.2, 0.45, 0.96):
        first, second, *_ = breaths_of(plan, rtf, supply=0.0)
        assert len(second) * rtf <= 1.1 * len(first)
    assert len(breaths_of(plan, 9.0)[0]) <= 60


@pytest.mark.parametrize("rtf", [0.1, 0.4, 0.9])
def test_breaths_are_short_where_calls_share_the_engine(rtf: float) -> None:
    plan = plan_of(("a", 2000))
    first, *later, _ = map(len, breaths_of(plan, rtf, shared=True))
    assert 20 <= first <= len(breaths_of(plan, rtf)[0])
    assert all(length <= 20 or length * rtf / 40 <= 0.3 + 1e-9 for length in later)
    assert max(later) < max(map(len, breaths_of(plan, rtf)[1:-1]))


@pytest.mark.parametrize("rtf", [0.2, 0.4])
def test_a_later_breath_is_made_well_before_its_listener_runs_dry(rtf: float) -> None:
    plan = plan_of(("a", 2000))
    for supply in (0.5, 0.8, 1.2, 3.0):
        made = [len(span) for span in breaths_of(plan, rtf, supply)[1:-1]]
        assert all(length <= 32 or length * rtf / 40 <= 0.6 * supply for length in made)
    lengths = [max(map(len, breaths_of(plan, rtf, supply)[1:-1])) for supply in (0.5, 3.0)]
    assert lengths[0] < lengths[1], "more supply, more at once"


def test_an_engine_without_durations_is_cut_by_energy_alone() -> None:
    plan = plan_of(("a", 300), energy={41: 0.0})
    nothing = Plan(plan.tokens, plan.frames, np.array([], np.int64), plan.f0, plan.energy)
    assert second_of(nothing) == range(20, 41)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("ab ,.?"), st.integers(1, 40)), min_size=1, max_size=120),
    st.sampled_from([0.0, 0.01, 0.2, 0.5, 3.0]),
)
def test_the_breaths_are_the_whole_sentence(tokens: list[tuple[str, int]], rtf: float) -> None:
    plan = plan_of(*tokens)
    spans = breaths_of(plan, rtf)
    assert [frame for span in spans for frame in span] == list(range(plan.frames))
    assert all(16 <= len(span) <= 220 for span in spans[:-1])


def test_no_more_is_made_than_sounds_and_the_pause_after_it() -> None:
    plan = padded_plan(18, ("a", 40), (".", 14), 20)
    assert sound_ends(plan) == 58
    assert voiced_frames(plan, 0.3) == range(16, 58 + 12 + 1)
    assert voiced_frames(plan, 0.0) == range(16, 59)
    assert voiced_frames(plan, 9.0) == range(16, plan.frames)


def test_where_the_sound_begins_and_ends_its_energy_tells_not_the_durations_of_symbols() -> None:
    early = padded_plan(18, ("a", 40), (".", 14), 20, loud=(9, 10))
    assert voiced_frames(early, 0.3).start == 7
    soft = padded_plan(18, ("a", 40), (".", 14), 20, quiet=range(38, 58))
    assert sound_ends(soft) == 38


def test_where_the_energy_does_not_tell_the_sound_ends_with_the_last_symbol() -> None:
    plan = padded_plan(18, ("a", 40), (".", 14), 20)
    assert sound_ends(replace(plan, energy=np.maximum(plan.energy, 0))) == 58


def test_a_plan_without_durations_is_made_as_far_as_it_sounds() -> None:
    plan = padded_plan(18, ("a", 40), (".", 14), 20)
    unknown = replace(plan, durations=np.array([], np.int64))
    assert voiced_frames(unknown, 0.3) == range(16, 71)


@pytest.mark.parametrize("energy", [-8.0, 0.001, 3.0])
def test_a_plan_whose_energy_tells_nothing_is_made_whole(energy: float) -> None:
    plan = plan_of(("a", 30))
    level = np.full(2 * plan.frames, energy, np.float32)
    same = replace(plan, durations=np.array([], np.int64), energy=level)
    assert voiced_frames(same, 0.3) == range(plan.frames)


def padded_plan(
    before: int,
    word: tuple[str, int],
    mark: tuple[str, int],
    after: int,
    loud: Sequence[int] = (),
    quiet: Sequence[int] = (),
) -> Plan:
    """A plan of a loud word, but at the frames `quiet`, and of silence around it, but at the frames
    `loud`; with energies as the models plan them."""
    durations = np.array([before, word[1], mark[1], after], np.int64)
    frames = int(durations.sum())
    energy = np.full(2 * frames, -8, np.float32)
    for frame in {*range(before, before + word[1]), *loud} - {*quiet}:
        energy[2 * frame : 2 * frame + 2] = 5
    symbols = word[0] + mark[0]
    tokens = Tokens((1, 2), Phonemes(symbols, "", US_ENGLISH), symbols)
    return Plan(tokens, frames, durations, np.zeros(2 * frames, np.float32), energy)
