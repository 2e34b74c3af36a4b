"""Windows hold their span and its context."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wyoming_kokoro.engines.kokoro.windows import CONTEXT_FRAMES, window_around

FRAMES = 200


def test_a_span_has_its_context_and_no_more() -> None:
    assert window_around(range(50, 110), FRAMES).frames == range(45, 115)
    assert window_around(range(50, 60), FRAMES).frames == range(45, 65)


@pytest.mark.parametrize(
    ("span", "frames"),
    [
        (range(200), range(200)),
        (range(4, 50), range(55)),
        (range(50, 196), range(45, 200)),
        (range(199, 200), range(194, 200)),
    ],
)
def test_a_window_ends_where_the_sentence_ends(span: range, frames: range) -> None:
    assert window_around(span, FRAMES).frames == frames


@pytest.mark.parametrize(
    "span", [range(0), range(-1, 5), range(190, 201), range(5, 3), range(0, 10, 2)]
)
def test_a_range_that_is_no_span_of_the_sentence_is_refused(span: range) -> None:
    with pytest.raises(ValueError, match="no span of a sentence of 200 frames"):
        window_around(span, FRAMES)


@pytest.mark.parametrize("span", [range(40, 60), range(200), range(3, 4), range(195, 200)])
def test_what_is_cut_out_of_a_window_is_the_spans_samples_alone(span: range) -> None:
    window = window_around(span, FRAMES)
    decoded = np.repeat(np.array(window.frames, np.float32), 600)
    samples = window.cut(decoded)
    assert samples.tolist() == np.repeat(list(span), 600).tolist()
    assert not np.shares_memory(samples, decoded)


@given(data=st.data())
def test_every_window_of_every_sentence(data: st.DataObject) -> None:
    frames = data.draw(st.integers(1, 400))
    start = data.draw(st.integers(0, frames - 1))
    span = range(start, data.draw(st.integers(start + 1, frames)))
    step = data.draw(st.integers(1, 30))
    found = window_around(span, frames, step).frames
    assert 0 <= found.start <= max(0, span.start - CONTEXT_FRAMES)
    assert frames >= found.stop >= min(frames, span.stop + CONTEXT_FRAMES)
    assert len(found) % step == 0 or found == range(frames)


@pytest.mark.parametrize("span", [range(25), range(40, 93), range(100, 160), range(290, 300)])
def test_lengths_are_multiples_of_a_step_by_real_frames_alone(span: range) -> None:
    """A GPU meets few lengths."""
    plain, stepped = (window_around(span, 300, step).frames for step in (1, 20))
    assert len(stepped) % 20 == 0
    assert 0 <= len(stepped) - len(plain) < 20
    assert set(plain) <= set(stepped) <= set(range(300))


def test_a_sentence_shorter_than_the_step_is_run_whole() -> None:
    assert window_around(range(7), 7, 20).frames == range(7)
