"""The native prosody against the ONNX stage."""

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.engines.kokoro.weights import Weights
from wyoming_kokoro.engines.native.library import FLOAT, INT8, INT16, NativeLibrary, Read
from wyoming_kokoro.engines.native.prosody import NativeProsody
from wyoming_kokoro.engines.native.structures import FrontStructure, ProsodyStructure
from wyoming_kokoro.engines.onnx.compiled.stages import Stages
from wyoming_kokoro.engines.onnx.sessions import OnnxSession, Runtime
from wyoming_kokoro.errors import SynthesisFailed

BAD_ARGUMENT, UNSUPPORTED = 1, 4


@pytest.fixture(scope="module")
def prosody(
    library: NativeLibrary, architecture: dict[str, Any], weights: Weights
) -> Iterator[NativeProsody]:
    made = NativeProsody(library, architecture, weights)
    yield made
    made.close()


@pytest.fixture(scope="module")
def onnx_prosody(stages: Callable[[str, bool], Stages]) -> OnnxSession:
    return Runtime(threads=1).load(stages("v1.0", True).path("prosody"), "")


def inputs(frames: int) -> tuple[Floats, Floats]:
    """An encoding and a style."""
    random = np.random.default_rng(5)
    encoding, style = (random.standard_normal(s, np.float32) for s in ((frames, 640), (128,)))
    return encoding, style * np.float32(0.2)


def relative_error(made: Floats, expected: Floats) -> float:
    return float(np.abs(made - expected).max() / np.abs(expected).max())


# Of two or three values, deviations are so small that rounding alone makes another result.
@pytest.mark.parametrize(("frames", "tolerance"), [(1, 1e-3), (8, 1e-4), (61, 1e-4)])
def test_it_gives_what_the_onnx_stage_gives(
    prosody: NativeProsody, onnx_prosody: OnnxSession, frames: int, tolerance: float
) -> None:
    encoding, style = inputs(frames)
    expected = onnx_prosody.run(encoding=encoding, style=style[None])
    for made, wanted in zip(prosody.run(encoding, style), expected, strict=True):
        assert made.shape == (2 * frames,)
        assert relative_error(made, wanted) < tolerance


def test_integers_come_near_floats(
    library: NativeLibrary, architecture: dict[str, Any], weights: Weights, prosody: NativeProsody
) -> None:
    integers = NativeProsody(library, architecture, weights, precision=INT16)
    for made, expected in zip(integers.run(*inputs(60)), prosody.run(*inputs(60)), strict=True):
        assert 0 < relative_error(made, expected) < 1e-2
    integers.close()


def test_threads_change_nothing(prosody: NativeProsody) -> None:
    one = np.stack(prosody.run(*inputs(60)))
    assert np.array_equal(np.stack(prosody.run(*inputs(60), threads=3)), one)


@pytest.mark.parametrize("precision", [FLOAT, INT16], ids=["float", "int16"])
def test_every_instruction_set_gives_the_same_bits(
    library: NativeLibrary, architecture: dict[str, Any], weights: Weights, precision: int
) -> None:
    made = {}
    for name in library.instructions:
        prosody = NativeProsody(
            library, architecture, weights, precision=precision, instructions=name
        )
        made[name] = np.stack(prosody.run(*inputs(2))).tobytes()
        prosody.close()
    assert set(made.values()) == {made["scalar"]}


def test_an_encoding_of_another_width_is_refused(prosody: NativeProsody) -> None:
    encoding, style = inputs(5)
    with pytest.raises(SynthesisFailed, match="not that of this network"):
        prosody.run(encoding[:, 1:], style)


@pytest.mark.parametrize(
    ("part", "shape"),
    [("front", FrontStructure(512, 1024, 64, 512)), ("prosody", ProsodyStructure(640, 512))],
)
def test_what_cannot_be_is_refused_before_a_weight_is_read(
    library: NativeLibrary, part: str, shape: ctypes.Structure
) -> None:
    opened, read = getattr(library.functions, f"wk_{part}_open"), Read(lambda *_: 1)
    handle, values = ctypes.c_void_p(), np.zeros(8, np.float32)
    made = ctypes.byref(handle)
    for width in (0, -64, 8, 4096 + 64):
        narrow = type(shape).from_buffer_copy(shape)
        narrow.width = width
        assert opened(ctypes.byref(narrow), read, None, FLOAT, None, made) == UNSUPPORTED
    for precision in (-1, INT8, 3):
        code = opened(ctypes.byref(shape), read, None, precision, None, made)
        assert code == BAD_ARGUMENT
    assert opened(None, read, None, FLOAT, None, made) == BAD_ARGUMENT
    assert opened(ctypes.byref(shape), read, None, FLOAT, None, None) == BAD_ARGUMENT
    assert opened(ctypes.byref(shape), read, None, FLOAT, b"mmx", made) == UNSUPPORTED
    # Without weights nothing is made.
    assert opened(ctypes.byref(shape), read, None, FLOAT, None, made) == BAD_ARGUMENT
    assert not handle.value
    run = getattr(library.functions, f"wk_{part}_run")
    assert run(None, values, 1, values, 1, 0.0, values) == BAD_ARGUMENT


@pytest.mark.parametrize(
    ("frames", "threads", "missing"),
    [(0, 1, None), (-1, 1, None), (2**24 + 1, 1, None), (1, 0, None), (1, 257, None)]
    + [(1, 1, place) for place in (1, 3, 6)],
)
def test_a_call_with_bad_arguments_is_refused(
    prosody: NativeProsody, frames: int, threads: int, missing: int | None
) -> None:
    values = np.zeros(2 * 4608, np.float32)
    arguments = [prosody._handle, values, frames, values, threads, 0.0, values]
    if missing is not None:
        arguments[missing] = None
    assert prosody._call("run")(*arguments) == BAD_ARGUMENT


def test_no_frames_are_refused(prosody: NativeProsody) -> None:
    with pytest.raises(SynthesisFailed, match="argument"):
        prosody.run(*inputs(0))
