"""The prosody in the native library: the encoding of a whole sentence, held for each token's
duration, and a style come in, curves of pitch and energy go out.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.engines.kokoro.weights import Weights
from wyoming_kokoro.engines.native.library import FLOAT, NativeLibrary
from wyoming_kokoro.engines.native.structures import ProsodyStructure
from wyoming_kokoro.engines.native.whole import (
    Block,
    WholePart,
    block_styling,
    block_weights,
    lstm_weights,
)
from wyoming_kokoro.errors import SynthesisFailed

_CURVES = ("F0", "N")
"""Pitch and energy."""

_DOUBLING = 1
"""Which of a curve's blocks doubles the rate: fixed in kokoro's code; see `graph/prosody.py`."""


class NativeProsody(WholePart):
    """A checkpoint's prosody in the library; `weights` are those of the whole checkpoint, and
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
        predictor = weights.within("predictor")
        width, style_size = architecture["hidden_dim"], architecture["style_dim"]
        self._features = width + style_size
        curves = [list(_blocks(predictor.within(curve), width)) for curve in _CURVES]
        super().__init__(
            library,
            "prosody",
            ProsodyStructure(self._features, width),
            _values(predictor, self._features, width, curves),
            block_styling([block for blocks in curves for block in blocks], style_size),
            precision,
            instructions,
        )

    def run(
        self, encoding: Floats, style: Floats, *, threads: int = 1, due: float = 0.0
    ) -> tuple[Floats, Floats]:
        """Return pitch in hertz and energy, (2 * frames,) both, of a whole sentence.

        `encoding` is (frames, 640), `style` is the prosody half of a style, (128,).

        Raises:
            SynthesisFailed: no memory is left, or the encoding is of another width.
        """
        if encoding.shape != (len(encoding), self._features):
            raise SynthesisFailed("the encoding is not that of this network")
        curves = np.empty((len(_CURVES), 2 * len(encoding)), np.float32)
        rows = np.ascontiguousarray(encoding, np.float32)
        self._make(rows, style, curves, threads, due)
        return curves[0], curves[1]


def _blocks(curve: Weights, width: int) -> Iterator[Block]:
    half = width // 2
    for number, (inputs, outputs) in enumerate(((width, width), (width, half), (half, half))):
        yield curve.within(number), inputs, outputs


def _values(
    predictor: Weights, features: int, width: int, curves: list[list[Block]]
) -> Iterator[Floats]:
    """Yield all weights in the order of `src/prosody.cpp`."""
    yield from lstm_weights(predictor.within("shared"), features, width // 2)
    for name, blocks in zip(_CURVES, curves, strict=True):
        for number, (part, inputs, outputs) in enumerate(blocks):
            yield from block_weights(part, inputs, outputs, doubles=number == _DOUBLING)
        last = predictor.within(f"{name}_proj")
        yield last.take("weight", 1, width // 2, 1)
        yield last.take("bias", 1)
