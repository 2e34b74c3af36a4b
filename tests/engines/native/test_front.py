"""The native front against the ONNX stage."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.engines.kokoro.weights import Weights
from wyoming_kokoro.engines.native.front import NativeFront
from wyoming_kokoro.engines.native.library import FLOAT, INT16, NativeLibrary
from wyoming_kokoro.engines.onnx.compiled.stages import Stages
from wyoming_kokoro.engines.onnx.sessions import OnnxSession, Runtime
from wyoming_kokoro.errors import BadModelFile, SynthesisFailed


@pytest.fixture(scope="module")
def front(
    library: NativeLibrary, architecture: dict[str, Any], weights: Weights
) -> Iterator[NativeFront]:
    made = NativeFront(library, architecture, weights)
    yield made
    made.close()


@pytest.fixture(scope="module")
def integers(
    library: NativeLibrary, architecture: dict[str, Any], weights: Weights
) -> Iterator[NativeFront]:
    made = NativeFront(library, architecture, weights, precision=INT16)
    yield made
    made.close()


@pytest.fixture(scope="module")
def onnx_front(stages: Callable[[str, bool], Stages]) -> OnnxSession:
    return Runtime(threads=1).load(stages("v1.0", True).path("front"), "")


def inputs(frames: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Features, pitch, energy and a style."""
    random = np.random.default_rng(5)
    shapes = ((512, frames), (2 * frames,), (2 * frames,), (128,))
    features, pitch, energy, style = (random.standard_normal(s, np.float32) for s in shapes)
    return features, 120 + 40 * pitch, energy, style * np.float32(0.2)


# Of two or three frames, deviations are so small that rounding alone makes another result.
@pytest.mark.parametrize("frames", [1, 8, 30])
def test_it_gives_what_the_onnx_stage_gives(
    front: NativeFront, onnx_front: OnnxSession, frames: int
) -> None:
    features, pitch, energy, style = inputs(frames)
    (expected,) = onnx_front.run(features=features, pitch=pitch, energy=energy, style=style[None])
    made = front.run(features, pitch, energy, style)
    assert made.shape == (2 * frames, 512)
    np.testing.assert_allclose(made, expected.T, atol=1e-4, rtol=1e-4)


def test_integers_come_near_floats(front: NativeFront, integers: NativeFront) -> None:
    made, expected = integers.run(*inputs(60)), front.run(*inputs(60))
    error = np.sqrt(np.square(made - expected).mean()) / expected.std()
    assert 0 < error < 1e-2


def test_threads_change_nothing(front: NativeFront) -> None:
    one = front.run(*inputs(60))
    assert front.run(*inputs(60), threads=3).tobytes() == one.tobytes()


@pytest.mark.parametrize("precision", [FLOAT, INT16], ids=["float", "int16"])
def test_every_instruction_set_gives_the_same_bits(
    library: NativeLibrary, architecture: dict[str, Any], weights: Weights, precision: int
) -> None:
    made = {}
    for name in library.instructions:
        front = NativeFront(library, architecture, weights, precision=precision, instructions=name)
        made[name] = front.run(*inputs(2)).tobytes()
        front.close()
    assert set(made.values()) == {made["scalar"]}


def test_curves_of_another_length_are_refused(front: NativeFront) -> None:
    features, pitch, energy, style = inputs(5)
    with pytest.raises(SynthesisFailed, match="belong together"):
        front.run(features, pitch[1:], energy, style)


def test_a_front_that_was_closed_says_so(
    library: NativeLibrary, architecture: dict[str, Any], weights: Weights
) -> None:
    closed = NativeFront(library, architecture, weights)
    closed.close()
    closed.close()
    with pytest.raises(SynthesisFailed, match="closed"):
        closed.run(*inputs(2))


def test_weights_that_do_not_belong_to_the_network_are_refused(
    library: NativeLibrary, architecture: dict[str, Any], weights: Weights
) -> None:
    narrow = {**architecture, "istftnet": {**architecture["istftnet"]}}
    narrow["istftnet"]["upsample_initial_channel"] = 256
    with pytest.raises(BadModelFile, match="shape"):
        NativeFront(library, narrow, weights)
