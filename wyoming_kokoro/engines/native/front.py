"""The decoder's front in the native library: features, pitch, energy and a style of a whole
sentence come in, the generator's hidden columns go out.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.engines.kokoro.weights import Weights
from wyoming_kokoro.engines.native.library import FLOAT, NativeLibrary
from wyoming_kokoro.engines.native.structures import FrontStructure
from wyoming_kokoro.engines.native.whole import WholePart, block_styling, block_weights
from wyoming_kokoro.errors import SynthesisFailed

_WIDTH = 1024
_TEXT_WIDTH = 64
_BLOCKS = 4
"""Fixed in kokoro's code; see `graph/front.py`."""

_CURVES = 2
"""Pitch and energy."""


class NativeFront(WholePart):
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
        super().__init__(
            library,
            "front",
            FrontStructure(self._width, _WIDTH, _TEXT_WIDTH, self._outputs),
            _values(decoder, self._width, blocks),
            block_styling(blocks, architecture["style_dim"]),
            precision,
            instructions,
        )

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
        hidden = np.empty((2 * frames, self._outputs), np.float32)
        self._make(rows, style, hidden, threads, due)
        return hidden


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
    for number, (part, inputs, outputs) in enumerate(blocks):
        yield from block_weights(part, inputs, outputs, doubles=number == _BLOCKS)


def _curve(part: Weights) -> tuple[Floats, Floats]:
    """Return kernel and bias of a curve's convolution: copies, for whoever keeps a part of a mapped
    file keeps all of it in memory."""
    return part.take_normed(1, 1, 3).flatten(), part.take("bias", 1).copy()


def _halved(curve: Floats, kernel: Floats, bias: Floats) -> Floats:
    """Return a curve at half its rate: a convolution of kernel 3 and stride 2."""
    padded = np.pad(curve, 1)
    taps = np.stack([padded[:-2:2], padded[1:-1:2], padded[2::2]])
    return np.asarray(kernel @ taps + bias, np.float32)
