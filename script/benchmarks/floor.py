"""The floor: the arithmetic of a sentence, and the same amount of it where nothing else is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

SIDE = 1024
"""Of the matrices that are multiplied: large enough that nothing but arithmetic takes time."""

SENTENCE_FILE = "arithmetic.npy"
"""Of the folder of weights: the GFLOP of the sentence, and its seconds of audio."""


def gflop_of_matrices(count: int, side: int = SIDE) -> float:
    """Return the arithmetic of so many products of two square matrices."""
    return count * 2 * side**3 / 1e9


class Matrices:
    """A subject that multiplies matrices instead of speaking, as much as the sentence takes."""

    def __init__(self, folder: Path, _threads: int) -> None:
        """Numpy has been told the threads when this process was started."""
        gflop, self._seconds = np.load(folder / SENTENCE_FILE)
        self._count = round(gflop / gflop_of_matrices(1))
        self._left, self._right, self._product = np.ones((3, SIDE, SIDE), np.float32)

    def first(self, _phonemes: str) -> tuple[float, float]:
        """Speak nothing."""
        return 0.0, 0.0

    def whole(self, _phonemes: str) -> float:
        """Do the arithmetic; return the seconds of audio that it would have made."""
        for _ in range(self._count):
            np.matmul(self._left, self._right, out=self._product)
        return float(self._seconds)


@contextmanager
def counted(model: Any) -> Iterator[list[float]]:
    """Return a list that grows by the floating point operations of each layer that is run: those
    of convolutions, linear layers and LSTMs, which are all but a hundredth."""
    found: list[float] = []
    hooks = [
        module.register_forward_hook(
            lambda module, inputs, output: found.append(_operations(module, inputs[0], output))
        )
        for module in model.modules()
        if type(module).__name__ in ("Conv1d", "ConvTranspose1d", "Linear", "LSTM")
    ]
    try:
        yield found
    finally:
        for hook in hooks:
            hook.remove()


def _operations(layer: Any, given: Any, made: Any) -> float:
    """Return two for each multiplication, which an addition goes with."""
    kind = type(layer).__name__
    if kind == "LSTM":
        steps = getattr(given, "data", given).numel() / layer.input_size  # packed, or as they are
        weights = sum(weight.numel() for weight in layer.parameters() if weight.ndim == 2)
        return 2.0 * float(steps) * float(weights)
    times = given.numel() if kind == "ConvTranspose1d" else made.numel()
    return 2.0 * float(times) * float(layer.weight[0].numel())


def count_sentence(folder: Path, phonemes: str) -> tuple[float, float]:
    """Return the GFLOP of a sentence, as the reference makes it, and its seconds of audio; keep
    both for `Matrices`."""
    from script.benchmarks.subjects import Reference

    reference = Reference(folder, 2)
    with counted(reference.model) as operations:
        seconds = reference.whole(phonemes)
    gflop = sum(operations) / 1e9
    np.save(folder / SENTENCE_FILE, np.array([gflop, seconds]))
    return gflop, seconds
