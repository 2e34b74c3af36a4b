"""The native text stage against the ONNX stage."""

import ctypes
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support import synthetic
from wyoming_kokoro.engines.kokoro.network import Ids
from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.engines.kokoro.weights import Weights
from wyoming_kokoro.engines.native.library import FLOAT, INT8, INT16, NativeLibrary, Read
from wyoming_kokoro.engines.native.structures import TextCallStructure
from wyoming_kokoro.engines.native.text import NativeText, text_shape
from wyoming_kokoro.engines.onnx.compiled.stages import Stages
from wyoming_kokoro.engines.onnx.sessions import OnnxSession, Runtime
from wyoming_kokoro.errors import ModelUnavailable, SynthesisFailed
from wyoming_kokoro.models.checkpoint import read_checkpoint

BAD_ARGUMENT, UNSUPPORTED = 1, 4

LONGEST = 512
"""Tokens, with the padding at both ends."""


@pytest.fixture(scope="module")
def text(
    library: NativeLibrary, architecture: dict[str, Any], weights: Weights
) -> Iterator[NativeText]:
    made = NativeText(library, architecture, weights)
    yield made
    made.close()


@pytest.fixture(scope="module")
def onnx_text(stages: Callable[[str, bool], Stages]) -> OnnxSession:
    return Runtime(threads=1).load(stages("v1.0", True).path("text"), "")


def inputs(tokens: int) -> tuple[Ids, Floats]:
    """Tokens and a style."""
    random = np.random.default_rng(5)
    ids = random.integers(0, 178, tokens)
    return ids, random.standard_normal(128, np.float32) * np.float32(0.2)


def relative_errors(made: tuple[Floats, ...], expected: list[Floats]) -> list[float]:
    assert [values.shape for values in made] == [values.shape for values in expected]
    pairs = zip(made, expected, strict=True)
    return [float(np.abs(one - other).max() / np.abs(other).max()) for one, other in pairs]


@pytest.mark.parametrize("tokens", [1, 2, 17, 60, LONGEST])
def test_it_gives_what_the_onnx_stage_gives(
    text: NativeText, onnx_text: OnnxSession, tokens: int
) -> None:
    ids, style = inputs(tokens)
    expected = onnx_text.run(ids=ids, style=style[None])
    assert max(relative_errors(text.run(ids, style, threads=2), expected)) < 1e-4


@pytest.mark.parametrize("version", ["v0.19", "v1.1-zh"])
def test_it_reads_every_version(
    library: NativeLibrary,
    checkpoints: Callable[[str, bool], Path],
    stages: Callable[[str, bool], Stages],
    version: str,
) -> None:
    weights = Weights(read_checkpoint(checkpoints(version, True)))
    text = NativeText(library, synthetic.architecture(version, True), weights)
    session = Runtime(threads=1).load(stages(version, True).path("text"), "")
    ids, style = inputs(20)
    expected = session.run(ids=ids, style=style[None])
    assert max(relative_errors(text.run(ids, style), expected)) < 1e-4
    text.close()


def test_integers_change_features_alone(
    library: NativeLibrary, architecture: dict[str, Any], weights: Weights, text: NativeText
) -> None:
    integers = NativeText(library, architecture, weights, precision=INT16)
    made, expected = integers.run(*inputs(60)), text.run(*inputs(60))
    assert np.array_equal(made[0], expected[0])
    assert np.array_equal(made[1], expected[1])
    assert 0 < relative_errors(made, list(expected))[2] < 1e-2
    integers.close()


def test_threads_change_nothing(text: NativeText) -> None:
    several = text.run(*inputs(60), threads=3)
    for one, other in zip(text.run(*inputs(60)), several, strict=True):
        assert np.array_equal(one, other)


def test_every_instruction_set_gives_the_same_bits(
    library: NativeLibrary, architecture: dict[str, Any], weights: Weights
) -> None:
    made = {}
    for name in library.instructions:
        text = NativeText(library, architecture, weights, instructions=name)
        made[name] = b"".join(values.tobytes() for values in text.run(*inputs(9)))
        text.close()
    assert set(made.values()) == {made["scalar"]}


@pytest.mark.parametrize("stranger", [-1, 178, 2**31 - 1])
def test_a_token_that_is_none_of_the_network_is_refused(text: NativeText, stranger: int) -> None:
    ids, style = inputs(5)
    ids[3] = stranger
    with pytest.raises(SynthesisFailed, match="argument"):
        text.run(ids, style)


@pytest.mark.parametrize("tokens", [0, LONGEST + 1])
def test_no_tokens_and_too_many_are_refused(text: NativeText, tokens: int) -> None:
    with pytest.raises(SynthesisFailed, match="argument"):
        text.run(*inputs(tokens))


def test_a_style_that_is_not_finite_is_refused(text: NativeText) -> None:
    ids, style = inputs(5)
    style[7] = np.nan
    with pytest.raises(SynthesisFailed, match="argument"):
        text.run(ids, style)


def test_heads_of_another_width_are_left_to_onnx_runtime(architecture: dict[str, Any]) -> None:
    narrow = {**architecture["plbert"], "num_attention_heads": 48}
    with pytest.raises(ModelUnavailable, match="not written for the architecture"):
        text_shape({**architecture, "plbert": narrow})


def test_what_cannot_be_is_refused_before_a_weight_is_read(
    library: NativeLibrary, architecture: dict[str, Any]
) -> None:
    shape, read = text_shape(architecture), Read(lambda *_: 1)
    opened, handle = library.functions.wk_text_open, ctypes.c_void_p()
    made = ctypes.byref(handle)
    for name, *_ in shape._fields_:
        for value in (0, -1, -(2**31), 2**31 - 1):
            other = type(shape).from_buffer_copy(shape)
            setattr(other, name, value)
            assert opened(ctypes.byref(other), read, None, FLOAT, None, made) == UNSUPPORTED, name
    for precision in (-1, INT8, 3):
        assert opened(ctypes.byref(shape), read, None, precision, None, made) == BAD_ARGUMENT
    assert opened(None, read, None, FLOAT, None, made) == BAD_ARGUMENT
    assert opened(ctypes.byref(shape), read, None, FLOAT, None, None) == BAD_ARGUMENT
    assert opened(ctypes.byref(shape), read, None, FLOAT, b"mmx", made) == UNSUPPORTED
    # Without weights nothing is made.
    assert opened(ctypes.byref(shape), read, None, FLOAT, None, made) == BAD_ARGUMENT
    assert not handle.value


def test_a_call_with_bad_arguments_is_refused(text: NativeText) -> None:
    run, given, made = text._call("run"), np.zeros(4096, np.float32), np.zeros(1024, np.float32)
    read, written = given.ctypes.data, made.ctypes.data
    good = TextCallStructure(read, 1, read, read, 1, 0.0, written, written, written)
    assert run(text._handle, None) == BAD_ARGUMENT
    assert run(None, ctypes.byref(good)) == BAD_ARGUMENT
    bad: list[tuple[str, int | None]] = [
        *[(name, None) for name, kind, *_ in good._fields_ if kind is ctypes.c_void_p],
        *[("count", count) for count in (0, -1, LONGEST + 1, 2**62)],
        *[("threads", threads) for threads in (0, -1, 257)],
    ]
    for name, value in bad:
        call = TextCallStructure.from_buffer_copy(good)
        setattr(call, name, value)
        assert run(text._handle, ctypes.byref(call)) == BAD_ARGUMENT, name
    assert run(text._handle, ctypes.byref(good)) == 0


def test_a_text_that_was_closed_is_read_no_more(
    library: NativeLibrary, architecture: dict[str, Any], weights: Weights
) -> None:
    text = NativeText(library, architecture, weights)
    text.close()
    with pytest.raises(SynthesisFailed, match="closed"):
        text.run(*inputs(5))
