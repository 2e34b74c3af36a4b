"""The staged engine against kokoro's own forward pass, on checkpoints in the released layouts."""

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support import synthetic
from tests.support.places import SHARED_DIR
from wyoming_kokoro.check.measures import log_mel_distance
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.engines.torch.engine import TorchEngine
from wyoming_kokoro.errors import SynthesisFailed
from wyoming_kokoro.speech import STYLE_SIZE, US_ENGLISH, Plan, Style, Tokens

torch = pytest.importorskip("torch", reason="the extra torch is not installed")
pytest.importorskip("kokoro", reason="the extra torch is not installed")

from tests.support.reference import (  # noqa: E402 - it needs kokoro
    Floats,
    forward,
    random_style,
    reference_model,
    sentence,
)

pytestmark = pytest.mark.torch

SHARED = SHARED_DIR
TOLERANCE = 1e-5


@dataclass(frozen=True)
class Model:
    """A checkpoint's engine and, from the same file, kokoro's model."""

    engine: TorchEngine
    reference: Any


Load = Callable[[str, bool], Model]


@pytest.fixture(scope="module")
def load(checkpoints: Callable[[str, bool], Path]) -> Iterator[Load]:
    loaded: dict[tuple[str, bool], Model] = {}

    def load(version: str, small: bool) -> Model:
        if (version, small) not in loaded:
            path = checkpoints(version, small)
            engine = TorchEngine(path, synthetic.architecture(version, small), "cpu", threads=1)
            loaded[version, small] = Model(engine, reference_model(path, version, small))
        return loaded[version, small]

    yield load
    for model in loaded.values():
        model.engine.close()


@pytest.fixture(scope="module")
def model(load: Load) -> Model:
    """One for the tests in which the version does not matter."""
    return load("v1.1-zh", True)


@pytest.fixture(scope="module")
def engine(model: Model) -> TorchEngine:
    return model.engine


def speak(engine: Engine, plan: Plan) -> Floats:
    return engine.voice(plan, range(plan.frames))


def assert_equal_in_every_stage(model: Model, tokens: Tokens, style: Style, speed: float) -> None:
    expected = forward(model.reference, tokens, style, speed, seed=5)
    plan = model.engine.plan(tokens, style, speed, seed=5)
    assert np.array_equal(plan.durations, expected.durations)
    assert plan.frames == expected.durations.sum()
    for stage in ("curve", "energy", "features", "source"):
        made, wanted = getattr(plan, stage), getattr(expected, stage)
        np.testing.assert_allclose(made, wanted, TOLERANCE, TOLERANCE, err_msg=stage)
    np.testing.assert_allclose(speak(model.engine, plan), expected.audio, TOLERANCE, TOLERANCE)


@pytest.mark.parametrize(
    ("version", "small", "length", "speed"),
    [
        ("v1.0", False, 1, 1.0),
        ("v1.0", False, 2, 2.0),
        ("v1.0", False, 17, 0.5),
        ("v1.0", False, 60, 1.3),
        ("v1.1-zh", True, 5, 0.8),
        # So fast that each token lasts its one frame: much length in little time.
        ("v1.1-zh", True, 250, 5.0),
        ("v0.19", True, 30, 1.0),
    ],
)
def test_every_stage_and_the_audio_are_those_of_kokoros_own_forward_pass(
    load: Load, version: str, small: bool, length: int, speed: float
) -> None:
    model = load(version, small)
    assert_equal_in_every_stage(model, sentence(length), random_style(length), speed)


@pytest.mark.parametrize("name", ["af_heart", "bm_george"])
def test_the_same_holds_for_the_styles_of_real_voices(model: Model, name: str) -> None:
    path = SHARED / "voices" / "v1.0" / f"{name}.pt"
    if not path.exists():
        pytest.skip("no real voice packs at ../shared/voices")
    row = torch.load(path, weights_only=True)[19, 0].numpy()
    assert_equal_in_every_stage(model, sentence(8), Style(row, US_ENGLISH, female=True), 1.0)


def test_a_plan_is_numpy_of_the_promised_shapes(engine: TorchEngine) -> None:
    plan = engine.plan(sentence(12), random_style(), 1.0, seed=0)
    shapes = {
        "durations": (14,),
        "f0": (2 * plan.frames,),
        "energy": (2 * plan.frames,),
        "curve": (2 * plan.frames,),
        "features": (512, plan.frames),
        "source": (22, 120 * plan.frames + 1),
        "style": (256,),
    }
    for name, shape in shapes.items():
        array = getattr(plan, name)
        assert type(array) is np.ndarray
        assert array.shape == shape
        assert array.dtype == (np.int64 if name == "durations" else np.float32)
    assert speak(engine, plan).dtype == np.float32


def test_the_plans_pitch_is_the_predicted_one_where_voiced_and_zero_elsewhere(
    engine: TorchEngine,
) -> None:
    plan = engine.plan(sentence(60), random_style(), 0.7, seed=0)
    assert 0 < (plan.f0 == 0).sum() < len(plan.f0)
    assert np.array_equal(plan.f0, np.where(plan.curve > 10, plan.curve, 0))


def test_a_sentence_is_voiced_whole_and_its_spans_are_cut_out_of_it(model: Model) -> None:
    """The model takes AdaIN's statistics from what it is run on."""
    plan = model.engine.plan(sentence(12), random_style(), 0.8, seed=9)
    assert not plan.divisible
    spans = [range(5), range(5, 15), range(15, plan.frames)]
    parts = [model.engine.voice(plan, span) for span in spans]
    assert [len(part) for part in parts] == [600 * len(span) for span in spans]
    assert np.array_equal(np.concatenate(parts), speak(model.engine, plan))


def test_the_same_seed_gives_the_same_bytes_whatever_else_draws_from_torch(
    engine: TorchEngine,
) -> None:
    spoken = []
    for global_seed in (1, 2):
        torch.manual_seed(global_seed)
        plan = engine.plan(sentence(6), random_style(), 1.0, seed=3)
        spoken.append(speak(engine, plan).tobytes() + plan.source.tobytes())
    assert spoken[0] == spoken[1]


def test_another_seed_changes_the_noise_and_nothing_before_it(engine: TorchEngine) -> None:
    one, other = (engine.plan(sentence(6), random_style(), 1.0, seed) for seed in (3, 4))
    assert np.array_equal(one.features, other.features)
    assert np.array_equal(one.curve, other.curve)
    assert not np.array_equal(one.source, other.source)
    assert not np.array_equal(speak(engine, one), speak(engine, other))


def test_the_order_in_which_spans_are_voiced_does_not_matter(engine: TorchEngine) -> None:
    plan = engine.plan(sentence(5), random_style(), 1.0, seed=0)
    head, tail = range(9), range(9, plan.frames)
    forwards = [engine.voice(plan, span) for span in (head, tail)]
    backwards = [engine.voice(plan, span) for span in (tail, head)]
    assert np.array_equal(forwards[0], backwards[1])
    assert np.array_equal(forwards[1], backwards[0])


def test_too_many_tokens_are_refused_with_the_number_that_fits(engine: TorchEngine) -> None:
    with pytest.raises(SynthesisFailed, match=r"511 tokens .* at most 510"):
        engine.plan(sentence(511), random_style(), 1.0, seed=0)


@pytest.mark.parametrize("stranger", [-1, 178])
def test_a_token_that_the_model_does_not_have_is_named(engine: TorchEngine, stranger: int) -> None:
    tokens = dataclasses.replace(sentence(1), ids=(5, stranger))
    with pytest.raises(SynthesisFailed, match=rf"no number {stranger}: .* another model version"):
        engine.plan(tokens, random_style(), 1.0, seed=0)


def test_a_style_of_another_shape_is_refused(engine: TorchEngine) -> None:
    style = dataclasses.replace(random_style(), vector=np.zeros((1, STYLE_SIZE), np.float32))
    with pytest.raises(SynthesisFailed, match=r"\(1, 256\) instead of \(256,\)"):
        engine.plan(sentence(3), style, 1.0, seed=0)


def test_a_damaged_style_fails_before_it_becomes_sound(engine: TorchEngine) -> None:
    style = dataclasses.replace(random_style(), vector=np.full(STYLE_SIZE, np.nan, np.float32))
    with pytest.raises(SynthesisFailed, match="durations is not finite"):
        engine.plan(sentence(3), style, 1.0, seed=0)


def test_sound_that_is_not_finite_is_never_returned(engine: TorchEngine) -> None:
    plan = engine.plan(sentence(3), random_style(), 1.0, seed=0)
    broken = dataclasses.replace(plan, features=plan.features * np.float32(np.inf))
    with pytest.raises(SynthesisFailed, match="audio is not finite"):
        speak(engine, broken)


def test_a_failure_inside_torch_is_told_as_one_of_synthesis(engine: TorchEngine) -> None:
    plan = engine.plan(sentence(3), random_style(), 1.0, seed=0)
    torn = dataclasses.replace(plan, energy=plan.energy[:-2])
    with pytest.raises(SynthesisFailed, match=r"torch failed at voicing \d+ frames: "):
        speak(engine, torn)


def test_the_engine_says_what_it_is_and_where_it_runs(engine: TorchEngine) -> None:
    assert (engine.name, engine.reads, engine.device) == ("torch", "tokens", "cpu")
    assert torch.get_num_threads() == 1


@pytest.fixture(scope="module")
def in_bf16(checkpoints: Callable[[str, bool], Path]) -> Iterator[TorchEngine]:
    """On the processor, where nobody who starts the program can have it."""
    path, architecture = checkpoints("v1.1-zh", True), synthetic.architecture("v1.1-zh", True)
    engine = TorchEngine(path, architecture, "cpu", threads=1, half="bf16")
    yield engine
    engine.close()


def test_in_bf16_a_plan_is_exactly_that_of_fp32(engine: TorchEngine, in_bf16: TorchEngine) -> None:
    assert (engine.precision, in_bf16.precision) == ("fp32", "bf16")
    full, half = (one.plan(sentence(12), random_style(), 1.0, seed=3) for one in (engine, in_bf16))
    for stage in ("durations", "curve", "energy", "features", "source"):
        assert np.array_equal(getattr(half, stage), getattr(full, stage)), stage


def test_bf16_sounds_the_same_far_below_what_another_noise_changes(
    engine: TorchEngine, in_bf16: TorchEngine
) -> None:
    plan, other = (engine.plan(sentence(5), random_style(), 1.0, seed) for seed in (3, 4))
    truth, half = speak(engine, plan), speak(in_bf16, plan)
    floor = log_mel_distance(speak(engine, other), truth)
    assert 0 < log_mel_distance(half, truth) < 0.2 < 0.2 * floor


def test_warming_up_takes_any_vocabulary_and_leaves_the_engine_usable(engine: TorchEngine) -> None:
    engine.warm_up()
    assert np.abs(speak(engine, engine.plan(sentence(3), random_style(), 1.0, seed=0))).max() > 0.01
