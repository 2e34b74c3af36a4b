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
    """Return `(values - zero) * scale`, of the shape of `values`; `turn` exchanges the last two
    axes: of small numbers, which takes less time than of large ones."""
    shown = values.swapaxes(-1, -2) if turn else values
    made = shown.astype(np.float32, order="C")
    if zero is not None and zero.any():
        made -= _beside(zero, turn)
    made *= _beside(scale, turn)
    return made


def _beside(factors: Constant, turn: bool) -> Floats:
    """Return scales or zero points as they belong beside values that are turned, or are not."""
    floats = as_float(factors)
    return np.atleast_2d(floats).swapaxes(-1, -2) if turn and floats.ndim else floats


def turned(recipe: Recipe) -> Floats:
    """Return a matrix with its axes exchanged."""
    return recipe().T


def permuted(recipe: Recipe, axes: tuple[int, ...] | None) -> Floats:
    """Return a weight with its axes in this order, by default the reverse one."""
    return recipe().transpose(axes)


def of_direction(recipe: Recipe, way: int) -> Floats:
    """Return what belongs to one direction of an LSTM, of both one after the other."""
    values: Floats = recipe()[way]
    return values


def gates_in_order(recipe: Recipe) -> Floats:
    """Return an LSTM's weights, of one direction, in the order of torch's gates.

    ONNX keeps input, output, forget, cell; torch input, forget, cell, output.
    """
    gates = np.split(recipe(), 4)
    return np.concatenate([gates[place] for place in (0, 2, 3, 1)])


def one_bias(recipe: Recipe, way: int, half: int) -> Floats:
    """Return an LSTM's biases in one direction, of the inputs or of the states: ONNX has them one
    after the other."""
    return gates_in_order(lambda: np.split(recipe()[way], 2)[half])
