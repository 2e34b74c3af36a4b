"""What the native library is fed with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support import synthetic
from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.engines.kokoro.weights import Weights
from wyoming_kokoro.engines.native.generator import NativeGenerator
from wyoming_kokoro.engines.native.library import FLOAT, INT8, INT16, NativeLibrary
from wyoming_kokoro.engines.onnx.compiled.stages import Stages
from wyoming_kokoro.engines.onnx.sessions import OnnxSession, Runtime
from wyoming_kokoro.models.checkpoint import read_checkpoint

FRAMES = 9
"""Of the sentence that most tests make: more than the generator looks ahead."""


@dataclass(frozen=True)
class Sentence:
    """What a generator reads. Time comes first."""

    hidden: Floats
    source: Floats
    style: Floats


@pytest.fixture(scope="session")
def sentence() -> Callable[[int], Sentence]:
    """Call with a number of frames; get the beginning of the same signals."""

    def made(frames: int) -> Sentence:
        random = np.random.default_rng(3)
        style = synthetic.pack(1, random)[0, 0, :128]
        hidden = random.standard_normal((2 * 600, 512)).astype(np.float32)[: 2 * frames]
        source = random.standard_normal((120 * 600 + 1, 22)).astype(np.float32) * np.float32(0.2)
        return Sentence(hidden, source[: 120 * frames + 1], style)

    return made


@pytest.fixture(scope="session")
def weights(checkpoints: Callable[[str, bool], Path]) -> Weights:
    """Those of a small checkpoint: all kernels of the residual blocks are 3."""
    return Weights(read_checkpoint(checkpoints("v1.0", True)))


@pytest.fixture(scope="session")
def architecture() -> dict[str, Any]:
    return synthetic.architecture("v1.0", small=True)


@pytest.fixture(scope="session")
def generator(
    library: NativeLibrary, architecture: dict[str, Any], weights: Weights
) -> NativeGenerator:
    """The small checkpoint's, in floats."""
    return NativeGenerator(library, architecture, weights)


@pytest.fixture(scope="session")
def onnx_generator(stages: Callable[[str, bool], Stages]) -> OnnxSession:
    """The small checkpoint's, on ONNX Runtime."""
    return Runtime(threads=1).load(stages("v1.0", True).path("generator"), "")


@pytest.fixture(scope="session")
def nine(sentence: Callable[[int], Sentence]) -> Sentence:
    """What most tests make."""
    return sentence(FRAMES)


@pytest.fixture(scope="session")
def own(generator: NativeGenerator, nine: Sentence) -> tuple[Floats, Floats, Floats]:
    """Samples of the sentence, its own statistics, and the ranges of its channels."""
    with generator.stream(nine.style) as stream:
        samples = stream.push(nine.hidden, nine.source, last=True)
        return samples, stream.statistics(), stream.ranges()


@pytest.fixture(scope="module", params=[FLOAT, INT8, INT16], ids=["float", "int8", "int16"])
def any_precision(
    request: pytest.FixtureRequest,
    library: NativeLibrary,
    architecture: dict[str, Any],
    weights: Weights,
    own: tuple[Floats, Floats, Floats],
) -> Iterator[NativeGenerator]:
    """The small checkpoint's, in floats, then in integers."""
    ranges = np.maximum(own[2], 1e-3)
    made = NativeGenerator(library, architecture, weights, ranges=ranges, precisions=request.param)
    yield made
    made.close()
