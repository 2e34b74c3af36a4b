"""Windows hold their span, its context, and enough speech."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wyoming_kokoro.engines.kokoro.windows import (
    FRONT_CONTEXT,
    GENERATOR_CONTEXT,
    STATISTICS_FRAMES,
    window_around,
)

CONTENT = range(18, 186)
FRAMES = 200


def test_a_long_span_has_its_context_and_no_more() -> None:
    found = window_around(range(50, 110), CONTENT, FRAMES)
    assert found.generator == range(45, 115)
    assert found.front == range(35, 125)


def test_a_short_span_looks_ahead_for_a_second_of_speech() -> None:
    assert window_around(range(50, 60), CONTENT, FRAMES).generator == range(45, 85)


def test_a_short_last_span_looks_back() -> None:
    assert window_around(range(180, 200), CONTENT, FRAMES).generator == range(146, 200)


def test_padding_is_not_speech() -> None:
    assert window_around(range(20), CONTENT, FRAMES).generator == range(58)


def test_the_whole_sentence_is_its_own_window() -> None:
    found = window_around(range(FRAMES), CONTENT, FRAMES)
    assert found.front == found.generator == range(FRAMES)


@given(data=st.data())
def test_every_window_of_every_sentence(data: st.DataObject) -> None:
    lead, length, tail = (data.draw(st.integers(1, most)) for most in (30, 300, 30))
    frames, content = lead + length + tail, range(lead, lead + length)
    start = data.draw(st.integers(0, frames - 1))
    span = range(start, data.draw(st.integers(start + 1, frames)))
    found = window_around(span, content, frames)
    inner, outer = found.generator, found.front
    assert inner.start == max(0, inner.start) <= max(0, span.start - GENERATOR_CONTEXT)
    assert inner.stop >= min(frames, span.stop + GENERATOR_CONTEXT)
    assert outer.start == max(0, inner.start - FRONT_CONTEXT)
    assert outer.stop == min(frames, inner.stop + FRONT_CONTEXT)
    speech = min(inner.stop, content.stop) - max(inner.start, content.start)
    assert speech >= min(STATISTICS_FRAMES, length)


@pytest.mark.parametrize("span", [range(25), range(40, 93), range(100, 160), range(290, 300)])
def test_lengths_are_multiples_of_a_step_by_real_frames_alone(span: range) -> None:
    """A GPU meets few lengths, and AdaIN's statistics meet no padding."""
    plain, stepped = (window_around(span, range(18, 286), 300, step) for step in (1, 20))
    assert len(stepped.generator) % 20 == 0
    assert 0 <= len(stepped.generator) - len(plain.generator) < 20
    assert set(plain.generator) <= set(stepped.generator) <= set(range(300))
    assert set(stepped.generator) <= set(stepped.front)


def test_a_sentence_shorter_than_the_step_is_run_whole() -> None:
    assert window_around(range(7), range(2, 5), 7, 20).generator == range(7)
