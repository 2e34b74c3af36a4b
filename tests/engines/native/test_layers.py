"""One layer at a time: against numpy, and every instruction set against the reference."""

import numpy as np
import numpy.typing as npt
import pytest

from tests.engines.native.layers import Layer, run
from wyoming_kokoro.engines.native.library import FLOAT, INT8, INT16, NativeLibrary

PRECISIONS = {"float": FLOAT, "int8": INT8, "int16": INT16}
LIMITS = {INT8: 127, INT16: 4095}

SHAPES = [
    Layer(32, 32, 3, 1),
    Layer(64, 64, 7, 3),
    Layer(128, 128, 11, 5),
    Layer(48, 22, 3, 2),
    Layer(16, 5, 1, 1),
]
"""The generator's kernels and dilations, and widths that fill no panel."""

ROWS = [1, 2, 3, 5, 7, 11, 12, 13, 25, 50]
"""Around the tiles of all instruction sets."""

Doubles = npt.NDArray[np.float64]


def weight_steps(weights: Doubles, precision: int) -> Doubles:
    """Return what weights, (outputs, inputs, taps), are rounded to multiples of: 8 bits a row, or
    as many as keep the sums of 16 bits below 2^31."""
    largest = np.abs(weights).max(axis=(1, 2), keepdims=True)
    if precision == INT8:
        return np.asarray(largest / 127)
    sums = np.abs(weights).sum(axis=(1, 2), keepdims=True) / largest
    room = (2**31 - 1) / LIMITS[INT16] - weights[0].size / 2
    return np.asarray(largest / np.floor(np.minimum(32767, room / sums)))


def expected(layer: Layer, rows: int, precision: int) -> Doubles:
    """Return what the layer makes, in float64, with the rounding that integers have."""
    kernel = layer.weights[: -layer.outputs].reshape(layer.outputs, layer.inputs, layer.taps)
    bias, (scale, shift) = layer.weights[-layer.outputs :], layer.styling
    u = layer.input(rows).astype(np.float64) * scale + shift
    read: Doubles = u + np.sin(u) ** 2
    weights = kernel.astype(np.float64)
    if precision != FLOAT:
        limit, ranges = LIMITS[precision], layer.ranges.astype(np.float64)
        read = np.clip(np.rint(read * limit / ranges), -limit, limit) * ranges / limit
        folded = weights * ranges[:, None]
        step = weight_steps(folded, precision)
        weights = np.rint(folded / step) * step / ranges[:, None]
    reach = (layer.taps - 1) * layer.dilation // 2
    padded = np.pad(read, ((reach, reach), (0, 0)))
    made: Doubles = layer.add(rows).astype(np.float64) + bias
    for tap in range(layer.taps):
        made += padded[tap * layer.dilation :][:rows] @ weights[:, :, tap].T
    return made


@pytest.mark.parametrize("precision", PRECISIONS.values(), ids=PRECISIONS)
@pytest.mark.parametrize("layer", SHAPES, ids=str)
def test_the_reference_is_right(library: NativeLibrary, layer: Layer, precision: int) -> None:
    made = run(library, layer, 20, instructions="scalar", precision=precision)
    # A value that lies between two codes may fall to either: one step of one input and weight.
    tolerance = 1e-4 if precision == FLOAT else 2e-2
    np.testing.assert_allclose(made, expected(layer, 20, precision), atol=tolerance, rtol=1e-4)


@pytest.mark.parametrize("precision", PRECISIONS.values(), ids=PRECISIONS)
@pytest.mark.parametrize("layer", SHAPES, ids=str)
def test_every_instruction_set_gives_the_bits_of_the_reference(
    library: NativeLibrary, layer: Layer, precision: int
) -> None:
    for rows in ROWS:
        reference = run(library, layer, rows, instructions="scalar", precision=precision)
        for instructions in library.instructions[:-1]:
            made = run(library, layer, rows, instructions=instructions, precision=precision)
            assert made.tobytes() == reference.tobytes(), (instructions, rows)


@pytest.mark.parametrize("precision", PRECISIONS.values(), ids=PRECISIONS)
def test_threads_change_nothing_in_a_layer(library: NativeLibrary, precision: int) -> None:
    layer = Layer(64, 64, 7, 3)
    one = run(library, layer, 400, precision=precision)
    for threads in (2, 3, 8):
        more = run(library, layer, 400, precision=precision, threads=threads)
        assert more.tobytes() == one.tobytes()
