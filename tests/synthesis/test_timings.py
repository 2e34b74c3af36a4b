"""When words are heard."""

import numpy as np
import pytest

from wyoming_kokoro.speech import US_ENGLISH, Phonemes, Plan, Tokens
from wyoming_kokoro.synthesis.timings import WordTiming, word_timings


def plan_of(text: str, symbols: str, *durations: int) -> Plan:
    frames = sum(durations)
    nothing = np.zeros(2 * frames, np.float32)
    tokens = Tokens((1,) * len(symbols), Phonemes(symbols, text, US_ENGLISH), symbols)
    return Plan(tokens, frames, np.array(durations, np.int64), nothing, nothing)


def test_words_share_the_spaces_between_them() -> None:
    plan = plan_of("a bc", "x yz", 20, 8, 4, 6, 6, 20)
    assert word_timings(plan, range(plan.frames)) == [
        WordTiming("a", 0.5, 0.75),
        WordTiming("bc", 0.75, 1.1),
    ]


def test_times_count_from_the_first_frame_that_is_heard() -> None:
    plan = plan_of("a", "x", 20, 8, 20)
    [word] = word_timings(plan, range(16, 40))
    assert (word.start, word.end) == pytest.approx((0.1, 0.3))


def test_words_that_are_read_as_another_number_of_words_are_named_by_their_phonemes() -> None:
    plan = plan_of("21", "x yz", 20, 8, 4, 6, 6, 20)
    assert [word.word for word in word_timings(plan, range(plan.frames))] == ["x", "yz"]


def test_a_plan_without_durations_has_no_timings() -> None:
    plan = plan_of("a", "x", 20, 8, 20)
    bare = Plan(plan.tokens, plan.frames, np.array([], np.int64), plan.f0, plan.energy)
    assert word_timings(bare, range(plan.frames)) == []
