"""Constants of an ONNX file come in, weights as torch keeps them go out: float32, dequantized."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.models.onnx_file import Constant

Floats = npt.NDArray[np.float32]

Recipe = Callable[[], Floats]
"""Makes a weight of constants, when it is wanted."""


def column(values: Constant, axes: int) -> Constant:
    """Return one value a row, for weights of so many axes."""
    return values.reshape(-1, *[1] * (axes - 1))


def like(scale: Constant, zero: Constant | None) -> Constant | None:
    """Return zero points in the shape of their scales; one may serve all."""
    return zero.reshape(scale.shape) if zero is not None and zero.size == scale.size else zero


def as_float(values: Constant) -> Floats:
    """Return the values as float32: a view where they are."""
    return values.astype(np.float32, copy=False)


def dequantized(
    values: Constant, scale: Constant, zero: Constant | None, *, turn: bool = False
) -> Floats:
    """Return `(values - zero) * scale`, of the shape of `values`; `turn` exchanges its axes."""
    made = values.astype(np.float32)
    if zero is not None and zero.any():
        made -= zero.astype(np.float32)
    made *= scale.astype(np.float32)
    return made.T if turn else made


def dequantized_gates(values: Constant, scale: Constant, zero: Constant | None) -> Floats:
    """Return an LSTM's weights, (directions, 4 * hidden, inputs), of those of ONNX Runtime's
    DynamicQuantizeLSTM, which has the last two axes exchanged."""
    return dequantized(values, scale, zero).transpose(0, 2, 1)


def turned(recipe: Recipe) -> Floats:
    """Return a matrix with its axes exchanged."""
    return recipe().T


def permuted(recipe: Recipe, axes: tuple[int, ...] | None) -> Floats:
    """Return a weight with its axes in this order, by default the reverse one."""
    return recipe().transpose(axes)


def one_direction(recipe: Recipe, way: int) -> Floats:
    """Return an LSTM's weights in one direction, in the order of torch's gates.

    ONNX keeps input, output, forget, cell; torch input, forget, cell, output.
    """
    gates = np.split(recipe()[way], 4)
    return np.concatenate([gates[place] for place in (0, 2, 3, 1)])


def one_bias(recipe: Recipe, way: int, half: int) -> Floats:
    """Return an LSTM's biases in one direction, of the inputs or of the states: ONNX has them one
    after the other."""
    return one_direction(lambda: np.split(recipe(), 2, axis=1)[half], way)
