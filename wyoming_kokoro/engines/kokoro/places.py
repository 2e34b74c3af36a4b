"""Where the generator normalizes: the architecture in, each AdaIN's name and channels out.

One array has the statistics of all of them, one after another, in the order of `norm_places`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

SOURCE_KERNELS = (7, 11)
SOURCE_DILATIONS = (1, 3, 5)
"""Of the source's residual blocks, below the last rate and at it: fixed in kokoro's code."""


@dataclass(frozen=True, slots=True)
class NormPlace:
    """An AdaIN of the generator."""

    path: str
    """Its module, as `decoder.generator.resblocks.0.adain1.2`."""

    channels: range
    """Its channels among those of all places."""

    @property
    def of_source(self) -> bool:
        """Whether it is in one of the source's blocks."""
        return ".noise_res." in self.path


def norm_places(architecture: Mapping[str, Any]) -> tuple[NormPlace, ...]:
    """Return the places in order: the source's blocks, then those of the signal; within a block
    the first and the second AdaIN of each dilation. `architecture` is a model's `config.json`.

    Kokoro has 48, with 9,216 channels in all.
    """
    sizes = dict(_sizes(architecture["istftnet"]))
    ends = accumulate(sizes.values())
    return tuple(
        NormPlace(path, range(end - size, end))
        for (path, size), end in zip(sizes.items(), ends, strict=True)
    )


def _sizes(settings: Mapping[str, Any]) -> list[tuple[str, int]]:
    rises, kernels = len(settings["upsample_rates"]), len(settings["resblock_kernel_sizes"])
    first, dilations = settings["upsample_initial_channel"], settings["resblock_dilation_sizes"]
    blocks = [("noise_res", rise, rise, len(SOURCE_DILATIONS)) for rise in range(rises)]
    blocks += [
        ("resblocks", rise * kernels + index, rise, len(dilations[index]))
        for rise in range(rises)
        for index in range(kernels)
    ]
    return [
        (f"decoder.generator.{block}.{number}.adain{half}.{index}", first >> (rise + 1))
        for block, number, rise, steps in blocks
        for index in range(steps)
        for half in (1, 2)
    ]
