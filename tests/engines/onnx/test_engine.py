"""The default engine: seeded, voiced in spans that join to the whole, and honest about failure."""

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("kokoro", reason="the extra torch is not installed")

from tests.support.made_up import made_up_table
from tests.support.reference import forward, random_style, reference_model, sentence
from tests.support.teacher import learn, listen, relative_error
from wyoming_kokoro.engines.kokoro.learning import StatisticsPredictor
from wyoming_kokoro.engines.kokoro.plan import KokoroPlan
from wyoming_kokoro.engines.onnx.compiled.stages import Stages
from wyoming_kokoro.engines.onnx.decoder import OnnxDecoder
from wyoming_kokoro.engines.onnx.engine import WHOLE_FRAMES, OnnxEngine
from wyoming_kokoro.engines.onnx.sessions import Runtime
from wyoming_kokoro.errors import ModelUnavailable, SynthesisFailed
from wyoming_kokoro.speech import US_ENGLISH, Pcm, Phonemes, Plan, Style, Tokens

pytestmark = pytest.mark.torch

MODEL = "v1.1-zh", True
FULL_MODEL = "v1.0", False

CHANNELS = 9216

TOKENS = 28
"""Of the sentence that most tests make: 60 frames and more."""


@pytest.fixture(scope="module")
def engine(stages: Callable[[str, bool], Stages]) -> Iterator[OnnxEngine]:
    engine = OnnxEngine(stages(*MODEL), Runtime(threads=1))
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def reference(checkpoints: Callable[[str, bool], Path]) -> Any:
    return reference_model(checkpoints(*MODEL), *MODEL)


@pytest.fixture(scope="module")
def plan(engine: OnnxEngine) -> KokoroPlan:
    return engine.plan(sentence(TOKENS), random_style(), 1.0, seed=3)


def whole(engine: OnnxEngine, plan: Plan) -> Pcm:
    return engine.voice(plan, range(plan.frames))


def cut(frames: int, cuts: Sequence[int]) -> list[range]:
    return [range(start, stop) for start, stop in pairwise([0, *cuts, frames])]


@pytest.mark.parametrize("speed", [0.5, 0.8, 1.0, 1.25, 2.0])
def test_durations_are_those_of_the_reference(
    engine: OnnxEngine, reference: Any, speed: float
) -> None:
    tokens, style = sentence(40, int(10 * speed)), random_style(int(10 * speed))
    spans = learn(reference, tokens, style, speed).spans / np.float32(speed)
    wanted = np.maximum(np.rint(spans), 1)
    decided = np.abs(spans % 1 - 0.5) > 1e-4
    found = engine.plan(tokens, style, speed, seed=0).durations
    assert np.array_equal(found[decided], wanted[decided])


def test_a_plan_has_what_the_reference_hands_to_its_generator(
    engine: OnnxEngine, reference: Any
) -> None:
    wanted = listen(reference, sentence(25), random_style())
    found = engine.plan(sentence(25), random_style(), 1.0, seed=0)
    assert relative_error(found.hidden, wanted.hidden) < 1e-4
    assert relative_error(found.f0, np.where(wanted.pitch > 10, wanted.pitch, 0)) < 1e-4
    assert relative_error(found.energy, wanted.energy) < 1e-4
    assert found.source(range(3, 8)).shape == (22, 120 * 5 + 1)


def test_the_voice_is_that_of_the_reference_given_its_source(
    engine: OnnxEngine, reference: Any
) -> None:
    wanted = listen(reference, sentence(25), random_style())
    found = engine.plan(sentence(25), random_style(), 1.0, seed=0)
    taught = dataclasses.replace(
        found,
        source=lambda frames: wanted.source[:, 120 * frames.start : 120 * frames.stop + 1],
    )
    assert relative_error(whole(engine, taught), wanted.audio) < 1e-4


def test_the_sound_is_as_near_to_the_reference_as_it_is_to_itself(
    engine: OnnxEngine, reference: Any
) -> None:
    """Samples cannot agree: the phase of the reference is a sum in float32, times 300."""
    tokens, style = sentence(12), random_style()
    theirs, again = (forward(reference, tokens, style, 1.0, seed).audio for seed in (1, 2))
    ours = whole(engine, engine.plan(tokens, style, 1.0, seed=1))
    assert log_spectral_distance(ours, theirs) < 1.2 * log_spectral_distance(again, theirs)


def log_spectral_distance(one: Pcm, other: Pcm) -> float:
    """Mean difference in decibels of short-time spectra in 24 bands."""
    spectra = []
    for samples in (one, other):
        columns = np.lib.stride_tricks.sliding_window_view(samples, 1024)[::256]
        power = np.square(np.abs(np.fft.rfft(columns * np.hanning(1024), axis=1))[:, :480])
        spectra.append(10 * np.log10(power.reshape(len(power), 24, 20).mean(2) + 1e-8))
    return float(np.abs(spectra[0] - spectra[1]).mean())


def test_the_same_request_gives_the_same_bytes(engine: OnnxEngine, plan: KokoroPlan) -> None:
    again = engine.plan(sentence(TOKENS), random_style(), 1.0, seed=3)
    assert np.array_equal(whole(engine, again), whole(engine, plan))


def test_another_seed_gives_another_noise(engine: OnnxEngine, plan: KokoroPlan) -> None:
    other = engine.plan(sentence(TOKENS), random_style(), 1.0, seed=4)
    assert np.array_equal(other.hidden, plan.hidden)
    frames = range(plan.frames)
    assert not np.array_equal(other.source(frames), plan.source(frames))


@pytest.mark.parametrize("cuts", [[], [1], [30], [20, 50], [7, 8, 40, 41, 60]])
def test_spans_sum_to_the_whole_in_samples(
    engine: OnnxEngine, plan: KokoroPlan, cuts: list[int]
) -> None:
    spans = cut(plan.frames, cuts)
    voiced = [engine.voice(plan, span) for span in spans]
    assert [len(samples) for samples in voiced] == [600 * len(span) for span in spans]
    assert all(samples.dtype == np.float32 for samples in voiced)


def test_with_given_statistics_the_spans_are_the_whole(
    stages: Callable[[str, bool], Stages],
) -> None:
    """No window is too small, and what is observed of the whole is what it was normalized by."""
    engine = OnnxEngine(stages(*FULL_MODEL), Runtime(threads=1))
    plan = engine.plan(sentence(70), random_style(), 1.0, seed=0)
    made = engine.observe(plan)
    wanted = made.samples
    assert np.array_equal(whole(engine, plan), wanted)
    given = dataclasses.replace(plan, statistics=made.statistics)
    for cuts in ([30, 55, 58], [11, 47]):
        joined = np.concatenate([engine.voice(given, span) for span in cut(plan.frames, cuts)])
        assert relative_error(joined, wanted) < 1e-5
    engine.close()


def test_all_frames_are_normalized_by_their_own_statistics(
    engine: OnnxEngine, plan: KokoroPlan
) -> None:
    wrong = dataclasses.replace(plan, statistics=np.full((2, CHANNELS), 2, np.float32))
    assert np.array_equal(whole(engine, wrong), whole(engine, plan))
    part, wrong_part = (engine.voice(one, range(20)) for one in (plan, wrong))
    assert not np.array_equal(part, wrong_part)


def test_a_voice_is_taught_by_its_first_sentences_and_divided_from_then_on(
    stages: Callable[[str, bool], Stages], tmp_path: Path
) -> None:
    built = stages(*MODEL)
    table = made_up_table(built.channels)
    engine = OnnxEngine(built, Runtime(threads=1), StatisticsPredictor(table, tmp_path))
    style = dataclasses.replace(random_style(), voice="a-voice")
    plan = engine.plan(sentence(45), style, 1.0, seed=0)
    assert not plan.divisible
    statistics = engine.observe(plan).statistics
    whole(engine, plan)
    again = engine.plan(sentence(45), style, 1.0, seed=0)
    assert again.divisible
    assert again.statistics is not None
    np.testing.assert_allclose(again.statistics, statistics, rtol=1e-3, atol=1e-4)
    engine.close()


@pytest.mark.parametrize("known", [True, False])
def test_a_long_sentence_of_an_unknown_voice_is_never_made_at_once(
    known: bool, stages: Callable[[str, bool], Stages], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sends a new blend and a long text does not take gigabytes."""
    built, made = stages(*MODEL), list[range]()
    table = made_up_table(built.channels) if known else None
    engine = OnnxEngine(built, Runtime(threads=1), StatisticsPredictor(table))
    generate = OnnxDecoder._generate

    def noted(decoder: OnnxDecoder, plan: KokoroPlan, frames: range, given: Any) -> Any:
        made.append(frames)
        return generate(decoder, plan, frames, given)

    monkeypatch.setattr(OnnxDecoder, "_generate", noted)
    style = dataclasses.replace(random_style(), voice="a-blend")
    plan = engine.plan(sentence(200), style, 0.5, seed=0)
    assert plan.frames > 2 * WHOLE_FRAMES
    assert plan.divisible
    engine.voice(plan, range(60))
    assert max(map(len, made)) <= WHOLE_FRAMES
    assert engine._predictor.wants("a-blend", plan.frames)
    short = engine.plan(sentence(5), style, 1.0, seed=0)
    assert short.frames < WHOLE_FRAMES
    assert not short.divisible, "a part of a sentence teaches nothing"
    engine.close()


def test_too_many_tokens_are_refused(engine: OnnxEngine) -> None:
    with pytest.raises(SynthesisFailed, match="511 tokens are too many"):
        engine.plan(sentence(511), random_style(), 1.0, seed=0)


def test_the_longest_sentence_and_the_empty_one_are_planned(engine: OnnxEngine) -> None:
    assert len(engine.plan(sentence(510), random_style(), 2.0, seed=0).durations) == 512
    assert len(engine.plan(sentence(0), random_style(), 1.0, seed=0).durations) == 2


@pytest.mark.parametrize("stranger", [-1, 178])
def test_a_token_of_another_model_is_refused(engine: OnnxEngine, stranger: int) -> None:
    tokens = Tokens((1, stranger), Phonemes("", "", US_ENGLISH))
    with pytest.raises(SynthesisFailed, match=rf"no number {stranger}: .* another model version"):
        engine.plan(tokens, random_style(), 1.0, seed=0)


def test_a_style_of_another_shape_is_refused(engine: OnnxEngine) -> None:
    style = Style(np.zeros((1, 256), np.float32), US_ENGLISH, female=True)
    with pytest.raises(SynthesisFailed, match=r"shape \(1, 256\) instead of \(256,\)"):
        engine.plan(sentence(3), style, 1.0, seed=0)


def test_what_is_not_finite_is_never_sound(engine: OnnxEngine, plan: KokoroPlan) -> None:
    spoiled = Style(np.full(256, np.nan, np.float32), US_ENGLISH, female=True)
    with pytest.raises(SynthesisFailed, match="pitch is not finite"):
        engine.plan(sentence(3), spoiled, 1.0, seed=0)
    silent = dataclasses.replace(plan, hidden=np.full_like(plan.hidden, np.nan))
    with pytest.raises(SynthesisFailed, match="audio is not finite"):
        whole(engine, silent)


@pytest.mark.parametrize("span", [range(0), range(5, 5), range(0, 10, 2), range(-1, 4)])
def test_what_is_no_span_of_the_sentence_is_a_mistake(
    engine: OnnxEngine, plan: KokoroPlan, span: range
) -> None:
    with pytest.raises(ValueError, match="no span"):
        engine.voice(plan, span)


def test_a_plan_of_another_engine_is_a_mistake(engine: OnnxEngine) -> None:
    curve = np.ones(2, np.float32)
    with pytest.raises(TypeError, match="made no Plan"):
        engine.voice(Plan(sentence(1), 1, np.ones(3, np.int64), curve, curve), range(1))


def test_it_tells_what_it_is(engine: OnnxEngine) -> None:
    assert (engine.name, engine.device, engine.reads) == ("onnx", "cpu", "tokens")


def test_warming_up_needs_nothing_but_the_stages(engine: OnnxEngine) -> None:
    engine.warm_up()


def test_stages_that_do_not_load_are_named_with_the_remedy(
    stages: Callable[[str, bool], Stages], tmp_path: Path
) -> None:
    (tmp_path / "text.onnx").write_bytes(b"\xff" * 99)
    with pytest.raises(ModelUnavailable, match=r"text\.onnx does not load .* delete"):
        OnnxEngine(dataclasses.replace(stages(*MODEL), folder=tmp_path), Runtime(threads=1))
