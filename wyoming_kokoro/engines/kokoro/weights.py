"""Weights by name, each held against the shape that the architecture gives it."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.errors import BadModelFile


class Weights:
    """The weights of a module and of the modules within it."""

    def __init__(self, values: Mapping[str, Floats], path: str = "") -> None:
        self._values = values
        self.path = path

    def within(self, *names: str | int) -> "Weights":
        """Return the weights of a module within: `within("decode", 0)` is `decode.0`."""
        return Weights(self._values, self._name(".".join(map(str, names))))

    def take(self, name: str, *shape: int) -> Floats:
        """Return the weight `name`.

        Raises:
            BadModelFile: it is missing, has another shape, or is not finite.
        """
        full_name = self._name(name)
        values = self._values.get(full_name)
        if values is None:
            raise BadModelFile(f"the checkpoint has no {full_name}; {_REMEDY}")
        if values.shape != shape:
            raise BadModelFile(
                f"the checkpoint's {full_name} has shape {values.shape} instead of {shape}; "
                f"{_REMEDY}"
            )
        if not np.isfinite(values).all():
            raise BadModelFile(f"the checkpoint's {full_name} is not finite; {_REMEDY}")
        return values

    def take_or(self, default: float, name: str, *shape: int) -> Floats:
        """Return the weight `name` where the checkpoint has it, else one full of `default`."""
        if self._name(name) in self._values:
            return self.take(name, *shape)
        return np.full(shape, default, np.float32)

    def take_normed(self, *shape: int) -> Floats:
        """Return `weight`, where a checkpoint does not have it so, from its direction `weight_v`
        and its length `weight_g`.

        That is torch.nn.utils.weight_norm over axis 0 (Salimans and Kingma, 2016).
        """
        if self._name("weight") in self._values:
            return self.take("weight", *shape)
        direction = self.take("weight_v", *shape)
        length = self.take("weight_g", shape[0], *[1] * (len(shape) - 1))
        normed = np.empty(shape, np.float32)
        rows = max(1, _AT_ONCE * shape[0] // max(1, direction.size))
        for first in range(0, shape[0], rows):
            some = slice(first, first + rows)
            factors = length[some] / self._lengths(direction[some])
            np.multiply(direction[some], factors, out=normed[some], casting="same_kind")
        return normed

    def _lengths(self, directions: Floats) -> npt.NDArray[np.float64]:
        axes = tuple(range(1, directions.ndim))
        lengths = np.sqrt(np.square(directions, dtype=np.float64).sum(axes, keepdims=True))
        if not lengths.all():
            raise BadModelFile(f"the checkpoint's {self._name('weight_v')} is zero; {_REMEDY}")
        return np.asarray(lengths, np.float64)

    def _name(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name


_REMEDY = "use the config.json that belongs to the checkpoint, or fetch both again"

_AT_ONCE = 1 << 16
"""Values that are normed at once: in float64 they fit into the cache."""
