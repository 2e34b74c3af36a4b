from typing import Any

import numpy as np
import pytest

from wyoming_kokoro.engines.kokoro.plan import KokoroPlan, voiced_pitch
from wyoming_kokoro.speech import US_ENGLISH, Phonemes, Tokens

FRAMES = 100


@pytest.fixture
def plan() -> KokoroPlan:
    """A plan in which every value tells the frame it belongs to."""

    def frames(steps: int, extra: int = 0) -> Any:
        return (np.arange(steps * FRAMES + extra) / steps).astype(np.float32)

    return KokoroPlan(
        tokens=Tokens((), Phonemes("", "", US_ENGLISH)),
        frames=FRAMES,
        durations=np.array([10, 80, 10]),
        f0=frames(2),
        energy=frames(2),
        curve=frames(2),
        features=np.tile(frames(1), (512, 1)),
        source=np.tile(frames(120, extra=1), (22, 1)),
        style=np.arange(256, dtype=np.float32),
    )


def test_a_window_is_the_span_with_the_context_that_the_decoder_reads(plan: KokoroPlan) -> None:
    window = plan.window(range(30, 70))
    features, curve, energy = plan.front_inputs(window.front)
    assert features[0].tolist() == list(range(15, 85))
    assert (curve[0], curve[-1]) == (15, 84.5)
    assert (energy[0], energy[-1]) == (15, 84.5)
    source = plan.source_of(window.generator)
    assert (source[0, 0], source[0, -1]) == (25, 75)
    assert plan.timbre.tolist() == list(range(128))


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        (range(100), 0, 100),
        (range(4, 50), 0, 65),
        (range(50, 93), 35, 100),
        (range(99, 100), 40, 100),
    ],
)
def test_a_window_ends_where_the_sentence_ends(
    plan: KokoroPlan, span: range, first: int, last: int
) -> None:
    frames = plan.window(span).front
    features, curve, energy = plan.front_inputs(frames)
    assert features[0].tolist() == list(range(first, last))
    assert curve.shape == energy.shape == (2 * (last - first),)
    assert plan.source_of(frames).shape == (22, 120 * (last - first) + 1)


@pytest.mark.parametrize("span", [range(40, 60), range(100), range(3, 4), range(95, 100)])
def test_what_is_cut_out_of_a_window_is_the_spans_samples_alone(
    plan: KokoroPlan, span: range
) -> None:
    window = plan.window(span)
    decoded = np.repeat(plan.front_inputs(window.generator)[0][0], 600)
    samples = window.cut(decoded)
    assert samples.tolist() == np.repeat(list(span), 600).tolist()
    assert not np.shares_memory(samples, decoded)


@pytest.mark.parametrize(
    "span", [range(0), range(-1, 5), range(90, 101), range(5, 3), range(0, 10, 2)]
)
def test_a_range_that_is_no_span_of_the_sentence_is_refused(plan: KokoroPlan, span: range) -> None:
    with pytest.raises(ValueError, match="no span of a sentence of 100 frames"):
        plan.window(span)


@pytest.mark.parametrize("span", [range(40, 60), range(100), range(3, 4), range(95, 100)])
def test_the_generator_reads_the_columns_of_its_own_frames(plan: KokoroPlan, span: range) -> None:
    window = plan.window(span)
    _, curve, _ = plan.front_inputs(window.front)
    begin, end = window.kept
    assert curve[begin:end].tolist() == plan.front_inputs(window.generator)[1].tolist()


def test_pitch_of_ten_hertz_or_less_is_unvoiced() -> None:
    curve = np.array([-80, 0, 10, 10.5, 220], np.float32)
    assert voiced_pitch(curve).tolist() == [0, 0, 0, 10.5, 220]
