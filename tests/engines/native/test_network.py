"""The native network under an engine: parts of a sentence, in any order, are the whole."""

import dataclasses
import gc
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("kokoro", reason="synthetic checkpoints take their shapes from kokoro")

from tests.support.process import is_mapped
from tests.support.reference import random_style, sentence
from wyoming_kokoro.engines.base import DUE
from wyoming_kokoro.engines.kokoro.engine import KokoroEngine
from wyoming_kokoro.engines.kokoro.facts import facts_of
from wyoming_kokoro.engines.kokoro.plan import Floats, KokoroPlan
from wyoming_kokoro.engines.kokoro.weights import Weights
from wyoming_kokoro.engines.native.generator import GeneratorStream, NativeGenerator
from wyoming_kokoro.engines.native.library import INT16, NativeLibrary
from wyoming_kokoro.engines.native.network import FINER, STEP_FRAMES, NativeNetwork
from wyoming_kokoro.engines.precision import Native
from wyoming_kokoro.errors import SynthesisFailed
from wyoming_kokoro.models.checkpoint import read_checkpoint
from wyoming_kokoro.speech import Pcm

Make = Callable[..., KokoroEngine]


@pytest.fixture(scope="module")
def make(
    library: NativeLibrary,
    architecture: dict[str, Any],
    weights: Weights,
) -> Make:
    """Call with numbers and ranges; get a native engine."""

    def made(precision: Native = "fp32", ranges: Floats | None = None) -> KokoroEngine:
        network = NativeNetwork(library, architecture, lambda: weights, 2, precision, ranges)
        return KokoroEngine(facts_of(architecture, weights), network)

    return made


@pytest.fixture(scope="module")
def floats(make: Make) -> Iterator[KokoroEngine]:
    engine = make()
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def plan(floats: KokoroEngine) -> KokoroPlan:
    """A sentence, and the statistics that it has by itself."""
    plan = floats.plan(sentence(10), random_style(), 1.0, seed=3)
    assert plan.frames > 40
    return dataclasses.replace(plan, statistics=floats.observe(plan).statistics)


@pytest.fixture(scope="module", params=["fp32", "int16", "int8"])
def engine(
    request: pytest.FixtureRequest, make: Make, floats: KokoroEngine, plan: KokoroPlan
) -> Iterator[KokoroEngine]:
    engine = make(request.param, floats.observe(plan).ranges)
    yield engine
    engine.close()


def test_of_a_checkpoint_nothing_is_mapped_once_it_is_packed(
    library: NativeLibrary,
    architecture: dict[str, Any],
    checkpoints: Callable[[str, bool], Path],
    tmp_path: Path,
    no_collection: None,
) -> None:
    path = Path(shutil.copy(checkpoints("v1.0", True), tmp_path))
    mapped = []

    def read() -> Weights:
        mapped.append(is_mapped(path))
        return Weights(read_checkpoint(path))

    network = NativeNetwork(library, architecture, read, 1)
    assert mapped == [False] * 4, "each part is read when the one before has been given back"
    assert not is_mapped(path)
    network.close()


def anew(plan: KokoroPlan) -> KokoroPlan:
    """The same, of which nothing was voiced yet."""
    return dataclasses.replace(plan)


def spans(plan: KokoroPlan, cuts: Sequence[int]) -> list[range]:
    return [range(start, stop) for start, stop in pairwise([0, *cuts, plan.frames])]


def joined(engine: KokoroEngine, plan: KokoroPlan, cuts: Sequence[int]) -> Pcm:
    return np.concatenate([engine.voice(plan, span) for span in spans(plan, cuts)])


def test_any_division_gives_the_same_samples_bit_for_bit(
    engine: KokoroEngine, plan: KokoroPlan
) -> None:
    wanted = joined(engine, anew(plan), [plan.frames // 2])
    for cuts in ([1, plan.frames - 1], [3, 4, 5, 17], [10, 20, 30]):
        assert np.array_equal(joined(engine, anew(plan), cuts), wanted), cuts


def test_parts_in_any_order_are_the_same_samples(engine: KokoroEngine, plan: KokoroPlan) -> None:
    wanted = joined(engine, anew(plan), [plan.frames // 2])
    parts = anew(plan)
    for span in (range(20, 31), range(3, 9), range(9, 12), range(31, plan.frames), range(7, 8)):
        made = engine.voice(parts, span)
        assert np.array_equal(made, wanted[600 * span.start : 600 * span.stop]), span


def test_from_left_to_right_nothing_is_made_twice(
    floats: KokoroEngine, plan: KokoroPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[NativeGenerator] = []
    stream = NativeGenerator.stream

    def noted(generator: NativeGenerator, *arguments: Any) -> Any:
        begun.append(generator)
        return stream(generator, *arguments)

    monkeypatch.setattr(NativeGenerator, "stream", noted)
    joined(floats, anew(plan), [8, 16, 30])
    assert len(begun) == 1


def test_the_library_is_given_no_more_than_half_a_second_at_once(
    floats: KokoroEngine, plan: KokoroPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[int] = []
    push = GeneratorStream.push

    def noted(stream: GeneratorStream, hidden: Floats, *arguments: Any, **more: Any) -> Any:
        given.append(len(hidden))
        return push(stream, hidden, *arguments, **more)

    monkeypatch.setattr(GeneratorStream, "push", noted)
    joined(floats, anew(plan), [3])
    assert sum(given) == 2 * plan.frames
    assert max(given) <= 2 * STEP_FRAMES < 2 * plan.frames


def test_int8_keeps_the_sources_largest_values_and_is_finer_where_that_is_heard(
    make: Make, floats: KokoroEngine, plan: KokoroPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[dict[str, Any]] = []
    init = NativeGenerator.__init__

    def noted(generator: NativeGenerator, *arguments: Any, **more: Any) -> None:
        given.append(more)
        init(generator, *arguments, **more)

    monkeypatch.setattr(NativeGenerator, "__init__", noted)
    seen = floats.observe(plan).ranges
    assert seen is not None
    engine = make("int8", seen)
    decoder: Any = engine._network
    [told] = given
    factors = {
        place.path: told["ranges"][place.channels.start] / seen[place.channels.start]
        for place in decoder._generator.places
    }
    engine.close()
    finer = {
        path for path, number in zip(factors, told["precisions"], strict=True) if number == INT16
    }
    assert finer == set(FINER)
    assert factors["decoder.generator.noise_res.1.adain2.2"] == pytest.approx(1.2)
    assert factors["decoder.generator.resblocks.0.adain1.0"] == pytest.approx(0.7)


def test_a_plan_that_is_dropped_takes_its_stream_with_it(
    floats: KokoroEngine, plan: KokoroPlan
) -> None:
    decoder: Any = floats._network
    dropped = anew(plan)
    floats.voice(dropped, range(10))
    assert len(decoder._voicings) == len(decoder._generator._streams) == 1
    del dropped
    gc.collect()
    assert len(decoder._voicings) == len(decoder._generator._streams) == 0


def test_a_sentence_that_was_made_to_its_end_keeps_no_memory(
    floats: KokoroEngine, plan: KokoroPlan
) -> None:
    decoder: Any = floats._network
    done = anew(plan)
    joined(floats, done, [12])
    assert len(decoder._voicings) == 0


def test_calls_at_once_give_the_samples_that_each_gives_alone(
    engine: KokoroEngine, plan: KokoroPlan
) -> None:
    wanted = joined(engine, anew(plan), [plan.frames // 2])
    cuts = [[5, 18, 33], [9, 11], [24]]
    meet = threading.Barrier(len(cuts))

    def speak(number: int) -> Pcm:
        DUE.set(float(number))
        meet.wait(60)
        return joined(engine, anew(plan), cuts[number])

    with ThreadPoolExecutor(len(cuts)) as threads:
        together = list(threads.map(speak, range(len(cuts))))
    for made in together:
        assert np.array_equal(made, wanted)


def test_one_plan_may_be_voiced_by_two_at_once(floats: KokoroEngine, plan: KokoroPlan) -> None:
    wanted = joined(floats, anew(plan), [plan.frames // 2])
    shared, meet = anew(plan), threading.Barrier(2)

    def speak(_: int) -> Pcm:
        meet.wait(60)
        return joined(floats, shared, [7, 21])

    with ThreadPoolExecutor(2) as threads:
        assert all(np.array_equal(made, wanted) for made in threads.map(speak, range(2)))


def test_ranges_are_watched_in_floats_alone(engine: KokoroEngine, plan: KokoroPlan) -> None:
    ranges = engine.observe(plan).ranges
    assert (ranges is None) == (engine.precision != "fp32")


def test_closing_frees_sentences_on_their_way(make: Make, plan: KokoroPlan) -> None:
    engine, begun = make(), anew(plan)
    engine.voice(begun, range(10))
    decoder: Any = engine._network
    engine.close()
    with pytest.raises(SynthesisFailed, match="closed"):
        decoder.part(begun, range(10, 20))


def test_what_is_not_finite_is_never_sound(engine: KokoroEngine, plan: KokoroPlan) -> None:
    spoiled = dataclasses.replace(plan, hidden=np.full_like(plan.hidden, np.nan))
    for span in (range(plan.frames), range(5)):
        with pytest.raises(SynthesisFailed, match="not finite"):
            engine.voice(spoiled, span)


@pytest.mark.parametrize("span", [range(0), range(5, 5), range(0, 10, 2), range(-1, 4)])
def test_what_is_no_span_of_the_sentence_is_a_mistake(
    floats: KokoroEngine, plan: KokoroPlan, span: range
) -> None:
    with pytest.raises(ValueError, match="no span"):
        floats.voice(plan, span)
