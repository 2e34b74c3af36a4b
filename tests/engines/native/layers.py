"""One layer of the native library by itself, with seeded weights."""

import ctypes
from dataclasses import dataclass

import numpy as np

from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.engines.native.library import FLOAT, NativeLibrary, check
from wyoming_kokoro.engines.native.structures import LayerStructure


@dataclass(frozen=True)
class Layer:
    inputs: int
    outputs: int
    taps: int
    dilation: int

    @property
    def weights(self) -> Floats:
        count = (self.inputs * self.taps + 1) * self.outputs
        random = np.random.default_rng(1)
        return random.standard_normal(count, np.float32) * np.float32(0.1)

    @property
    def ranges(self) -> Floats:
        return np.random.default_rng(2).uniform(1, 5, self.inputs).astype(np.float32)

    @property
    def styling(self) -> Floats:
        return np.random.default_rng(3).uniform(-2, 2, (2, self.inputs)).astype(np.float32)

    def input(self, rows: int) -> Floats:
        return np.random.default_rng(4).standard_normal((rows, self.inputs), np.float32) * 2

    def add(self, rows: int) -> Floats:
        return np.random.default_rng(5).standard_normal((rows, self.outputs), np.float32)


def run(
    library: NativeLibrary,
    layer: Layer,
    rows: int,
    *,
    instructions: str | None = None,
    precision: int = FLOAT,
    threads: int = 1,
) -> Floats:
    """Return the rows that a layer makes of its input, (rows, outputs)."""
    weights, ranges, styling = layer.weights, layer.ranges, layer.styling
    structure = LayerStructure(
        instructions.encode() if instructions else None,
        precision,
        layer.inputs,
        layer.outputs,
        layer.taps,
        layer.dilation,
        weights.ctypes.data,
        ranges.ctypes.data,
        styling.ctypes.data,
        threads,
        1,
    )
    output = np.empty((rows, layer.outputs), np.float32)
    code = library.functions.wk_layer_run(
        ctypes.byref(structure), layer.input(rows), rows, layer.add(rows), output, None
    )
    check(code)
    return output
