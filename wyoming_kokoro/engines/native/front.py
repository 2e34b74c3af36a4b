"""The decoder's front in the native library: features, pitch, energy and a style of a whole
sentence come in, the generator's hidden columns go out.
"""

import ctypes
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.engines.native.library import (
    FLOAT,
    FrontStructure,
    NativeLibrary,
    check,
    forced_instructions,
)
from wyoming_kokoro.engines.native.weights import WeightReader, style_scaling
from wyoming_kokoro.engines.onnx.graph.weights import Weights
from wyoming_kokoro.errors import SynthesisFailed

_WIDTH = 1024
_TEXT_WIDTH = 64
_BLOCKS = 4
"""Fixed in kokoro's code; see `graph/front.py`."""

_CURVES = 2
"""Pitch and energy."""


class NativeFront:
    """A checkpoint's front in the library; `weights` are those of the whole checkpoint, and
    `precision`, `FLOAT` or `INT16`, is what it computes in.

    Raises:
        BadModelFile: a weight is missing, has another shape, or is not finite.
        SynthesisFailed: the library refuses.
    """

    def __init__(
        self,
        library: NativeLibrary,
        architecture: Mapping[str, Any],
        weights: Weights,
        *,
        precision: int = FLOAT,
        instructions: str | None = None,
    ) -> None:
        decoder = weights.within("decoder")
        self._width = architecture["hidden_dim"]
        self._outputs = architecture["istftnet"]["upsample_initial_channel"]
        self._curves = [_curve(decoder.within(part)) for part in ("F0_conv", "N_conv")]
        blocks = list(_blocks(decoder, self._width, self._outputs))
        parts = [
            style_scaling(part.within(norm), architecture["style_dim"], channels, _ones(channels))
            for part, inputs, outputs in blocks
            for norm, channels in (("norm1", inputs), ("norm2", outputs))
        ]
        matrices, offsets = zip(*parts, strict=True)
        self._matrix = np.concatenate(matrices, axis=1)
        self._offset = np.concatenate(offsets, axis=1)
        reader = WeightReader(_values(decoder, self._width, blocks))
        name = instructions or forced_instructions(library)
        shape = FrontStructure(self._width, _WIDTH, _TEXT_WIDTH, self._outputs)
        handle = ctypes.c_void_p()
        self._functions = library.functions
        code = self._functions.wk_front_open(
            ctypes.byref(shape),
            reader.function,
            None,
            precision,
            name.encode() if name else None,
            ctypes.byref(handle),
        )
        self._running = 0
        self._changed = threading.Condition()
        self._handle: ctypes.c_void_p | None = None if code else handle
        reader.check(code)

    def run(
        self,
        features: Floats,
        pitch: Floats,
        energy: Floats,
        style: Floats,
        *,
        threads: int = 1,
        due: float = 0.0,
    ) -> Floats:
        """Return the hidden columns, (2 * frames, 512), of a whole sentence.

        `features` is (512, frames), `pitch` and `energy` are (2 * frames,), `style` is the timbre
        half of a style, (128,).

        Raises:
            SynthesisFailed: no memory is left, or the shapes do not belong together.
        """
        frames = features.shape[1]
        if features.shape != (self._width, frames) or {pitch.shape, energy.shape} != {
            (2 * frames,)
        }:
            raise SynthesisFailed("features, pitch and energy do not belong together")
        rows = np.empty((frames, self._width + _CURVES), np.float32)
        rows[:, : self._width] = features.T
        for column, curve in enumerate((pitch, energy)):
            rows[:, self._width + column] = _halved(curve, *self._curves[column])
        styling = np.ascontiguousarray(self._matrix @ style + self._offset, np.float32)
        hidden = np.empty((2 * frames, self._outputs), np.float32)
        with self._in_use() as handle:
            run = self._functions.wk_front_run
            check(run(handle, rows, frames, styling, threads, due, hidden))
        return hidden

    def close(self) -> None:
        """Give back the memory, once no call is running."""
        with self._changed:
            self._changed.wait_for(lambda: not self._running)
            if self._handle is not None:
                check(self._functions.wk_front_close(self._handle))
                self._handle = None

    @contextmanager
    def _in_use(self) -> Iterator[ctypes.c_void_p]:
        """Keep it from being closed for a while."""
        with self._changed:
            if self._handle is None:
                raise SynthesisFailed("the native front has been closed")
            handle, self._running = self._handle, self._running + 1
        try:
            yield handle
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def __del__(self) -> None:
        if getattr(self, "_handle", None) is not None:
            self.close()


def _blocks(decoder: Weights, width: int, outputs: int) -> Iterator[tuple[Weights, int, int]]:
    """Yield the residual blocks with their inputs and outputs."""
    yield decoder.within("encode"), width + _CURVES, _WIDTH
    for number in range(_BLOCKS):
        last = number == _BLOCKS - 1
        inputs = _WIDTH + _TEXT_WIDTH + _CURVES
        yield decoder.within("decode", number), inputs, outputs if last else _WIDTH


def _values(
    decoder: Weights, width: int, blocks: list[tuple[Weights, int, int]]
) -> Iterator[Floats]:
    """Yield all weights in the order of `src/front.cpp`."""
    text = decoder.within("asr_res.0")
    kernel = text.take_normed(_TEXT_WIDTH, width, 1)
    yield np.pad(kernel, ((0, 0), (0, _CURVES), (0, 0)))
    yield text.take("bias", _TEXT_WIDTH)
    for part, inputs, outputs in blocks:
        for name, read in (("conv1", inputs), ("conv2", outputs)):
            conv = part.within(name)
            yield conv.take_normed(outputs, read, 3)
            yield conv.take("bias", outputs)
        yield part.within("conv1x1").take_normed(outputs, inputs, 1)
        yield 0 * _ones(outputs)
    last, inputs, _ = blocks[-1]
    pool = last.within("pool")
    yield pool.take_normed(inputs, 1, 3)
    yield pool.take("bias", inputs)


def _curve(part: Weights) -> tuple[Floats, Floats]:
    """Return kernel and bias of a curve's convolution: copies, for whoever keeps a part of a mapped
    file keeps all of it in memory."""
    return part.take_normed(1, 1, 3).flatten(), part.take("bias", 1).copy()


def _halved(curve: Floats, kernel: Floats, bias: Floats) -> Floats:
    """Return a curve at half its rate: a convolution of kernel 3 and stride 2."""
    padded = np.pad(curve, 1)
    taps = np.stack([padded[:-2:2], padded[1:-1:2], padded[2::2]])
    return np.asarray(kernel @ taps + bias, np.float32)


def _ones(channels: int) -> Floats:
    return np.ones(channels, np.float32)
