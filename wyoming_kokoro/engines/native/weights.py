"""A checkpoint's generator as the native library reads it: weights and architecture come in, their
parts in float32, one after another, and a shape go out.

The library knows one kind of convolution. So the transposed ones come as convolutions of two taps
that make all columns between two at once, the inverse transform as one of four taps, and what
divides or normalizes weights is done here, as in `graph/generator.py`.
"""

import ctypes
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.engines.kokoro.places import SOURCE_DILATIONS, SOURCE_KERNELS, NormPlace
from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.engines.kokoro.transform import inverse_basis
from wyoming_kokoro.engines.kokoro.weights import Weights
from wyoming_kokoro.engines.native.library import Read, check
from wyoming_kokoro.errors import ModelUnavailable, SynthesisFailed

_RISES = 2
_BLOCKS = 3
_STEPS = 3
"""What the library is written for; every released version is so."""

_POST_KERNEL = 7
"""Fixed in kokoro's code; see `graph/generator.py`."""

_PART = 16
"""Where the second half of a row of the spectrum begins, for the library's vectors."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What the library's `wk_shape` holds, in its order."""

    channels: int
    source_channels: int
    size: int
    hop: int
    rates: tuple[int, ...]
    source_kernels: tuple[int, ...]
    source_block_kernels: tuple[int, ...]
    source_dilations: tuple[int, ...]
    kernels: tuple[int, ...]
    dilations: tuple[tuple[int, ...], ...]
    post_kernel: int

    def numbers(self) -> npt.NDArray[np.int32]:
        """Return them as they lie in memory."""
        lists = self.rates, self.source_kernels, self.source_block_kernels, self.source_dilations
        several = [
            number for values in (*lists, self.kernels, *self.dilations) for number in values
        ]
        head = self.channels, self.source_channels, self.size, self.hop
        return np.array([*head, *several, self.post_kernel], np.int32)


def generator_shape(architecture: Mapping[str, Any]) -> Shape:
    """Return the shape of the generator of `architecture`, a checkpoint's `config.json`.

    Raises:
        ModelUnavailable: the library is not written for such a network.
    """
    settings = architecture["istftnet"]
    rates, kernels = settings["upsample_rates"], settings["resblock_kernel_sizes"]
    dilations = settings["resblock_dilation_sizes"]
    size, hop = settings["gen_istft_n_fft"], settings["gen_istft_hop_size"]
    fits = (
        len(rates) == _RISES
        and len(kernels) == _BLOCKS
        and all(len(spread) == _STEPS for spread in dilations)
        and settings["upsample_kernel_sizes"] == [2 * rate for rate in rates]
        and size == 4 * hop
        and size // 2 + 1 <= _PART
    )
    if not fits:
        raise ModelUnavailable(
            "the native generator is not written for the architecture of this checkpoint"
        )
    return Shape(
        channels=settings["upsample_initial_channel"],
        source_channels=size + 2,
        size=size,
        hop=hop,
        rates=tuple(rates),
        source_kernels=(2 * rates[1], 1),
        source_block_kernels=SOURCE_KERNELS,
        source_dilations=SOURCE_DILATIONS,
        kernels=tuple(kernels),
        dilations=tuple(map(tuple, dilations)),
        post_kernel=_POST_KERNEL,
    )


class WeightReader:
    """What the library reads `parts` with, one after another: each is made when it is wanted, so
    that no more than one layer is in memory."""

    def __init__(self, parts: Iterator[Floats]) -> None:
        self._parts = _Parts(parts)
        self.function = Read(self._parts.read)
        """`wk_read`; nothing else keeps it alive."""

    def check(self, code: int) -> None:
        """Return if the library, which returned `code`, has read all of the weights.

        Raises:
            SynthesisFailed: it has not, or failed otherwise.
            Exception: a part could not be made: what went wrong there.
        """
        if self._parts.error:
            raise self._parts.error
        check(code)
        if self._parts.more:
            raise SynthesisFailed("the native library has another network: not all weights fit in")


class _Parts:
    """What is left of the weights. It does not know of the function that reads it, so that both end
    with their reader, and what is mapped of the checkpoint too."""

    def __init__(self, parts: Iterator[Floats]) -> None:
        self._parts = parts
        self._part = np.zeros(0, np.float32)
        self.error: Exception | None = None

    @property
    def more(self) -> bool:
        """Whether anything is left."""
        return len(self._part) > 0 or next(self._parts, None) is not None

    def read(self, _: int | None, to: int, count: int) -> int:
        """Fill the memory at `to` with the next values; see `wk_read`."""
        try:
            self._copy(np.ctypeslib.as_array((ctypes.c_float * count).from_address(to)))
        except StopIteration:
            return 1
        except Exception as error:  # it cannot pass through the library: `check` raises it
            self.error = error
            return 1
        return 0

    def _copy(self, to: Floats) -> None:
        while len(to):
            if not len(self._part):
                self._part = np.ascontiguousarray(next(self._parts), np.float32).reshape(-1)
            length = min(len(to), len(self._part))
            to[:length] = self._part[:length]
            to, self._part = to[length:], self._part[length:]


def generator_weights(
    weights: Weights, shape: Shape, places: Sequence[NormPlace]
) -> Iterator[Floats]:
    """Yield all weights of the generator in the order of `src/network.cpp`.

    `weights` are those of a whole checkpoint, and `places` its `norm_places`.

    Raises:
        BadModelFile: one is missing, has another shape, or is not finite.
    """
    generator = weights.within("decoder.generator")
    for rise in range(_RISES):
        yield from _raising(generator.within("ups", rise), shape, rise)
        part, channels = generator.within("noise_convs", rise), shape.channels >> (rise + 1)
        yield part.take("weight", channels, shape.source_channels, shape.source_kernels[rise])
        yield part.take("bias", channels)
    for place in places:
        yield from _styled(weights, place, _kernel(place, shape))
    yield from _last(generator.within("conv_post"), shape)
    yield from _inverse(shape)


def _kernel(place: NormPlace, shape: Shape) -> int:
    *_, kind, number, _, _ = place.path.split(".")
    if kind == "noise_res":
        return shape.source_block_kernels[int(number)]
    return shape.kernels[int(number) % _BLOCKS]


def _raising(part: Weights, shape: Shape, rise: int) -> Iterator[Floats]:
    """Yield a transposed convolution as one of two taps, the column before and this one, that makes
    `rate` columns side by side.

    Its kernel is twice the rate: every column that it makes reads two.
    """
    rate, inputs = shape.rates[rise], shape.channels >> rise
    outputs = inputs // 2
    kernel = part.take_normed(inputs, outputs, 2 * rate)
    taps = kernel.reshape(inputs, outputs, 2, rate)[:, :, ::-1]
    yield taps.transpose(3, 1, 0, 2)
    yield np.tile(part.take("bias", outputs), rate)


def _styled(weights: Weights, place: NormPlace, kernel: int) -> Iterator[Floats]:
    """Yield the convolution behind an AdaIN and Snake, which divides by Snake's alpha."""
    channels, conv = len(place.channels), weights.within(place.path.replace(".adain", ".convs"))
    yield conv.take_normed(channels, channels, kernel) / _alpha(weights, place)
    yield conv.take("bias", channels)


def _alpha(weights: Weights, place: NormPlace) -> Floats:
    """Return the parameter of the Snake behind an AdaIN, (1, channels, 1)."""
    return weights.take(place.path.replace(".adain", ".alpha"), 1, len(place.channels), 1)


def _last(part: Weights, shape: Shape) -> Iterator[Floats]:
    """Yield the last convolution, whose rows of 32 hold log magnitudes and, from the 16th on, what
    the phases are sines of."""
    inputs, bins = shape.channels >> _RISES, shape.size // 2 + 1
    kernel = part.take_normed(2 * bins, inputs, shape.post_kernel)
    yield _in_rows(kernel, bins)
    yield _in_rows(part.take("bias", 2 * bins), bins)


def _inverse(shape: Shape) -> Iterator[Floats]:
    """Yield the inverse transform, as a convolution of four taps that makes `hop` samples, and what
    the squared windows add up to: inside, in the first hop, in the last. See `graph/transform.py`.
    """
    size, hop, bins = shape.size, shape.hop, shape.size // 2 + 1
    window = np.hanning(size + 1)[:-1]
    basis = _in_rows((inverse_basis(size) * window).astype(np.float32), bins)
    yield basis.reshape(2 * _PART, 4, hop)[:, ::-1].transpose(2, 0, 1)
    yield np.zeros(hop, np.float32)
    squared = np.square(window).reshape(4, hop)
    yield squared.sum(axis=0)
    yield squared[:3].sum(axis=0)
    yield squared[1:].sum(axis=0)


def _in_rows(values: Floats, bins: int) -> Floats:
    """Return `values`, (2 * bins, ...), with the second half from row 16 on and zeros between."""
    rows = np.zeros((2 * _PART, *values.shape[1:]), np.float32)
    rows[:bins], rows[_PART : _PART + bins] = values[:bins], values[bins:]
    return rows


def styling_weights(
    weights: Weights, places: Sequence[NormPlace], style_size: int
) -> tuple[Floats, Floats]:
    """Return the matrix and the offset that make of a style what the library calls its styling:
    (2, channels of all places, style_size) and (2, channels of all places).

    Scales come first, then shifts, both times Snake's alpha; see `styled` in `graph/layers.py`.
    """
    parts = [
        style_scaling(
            weights.within(place.path),
            style_size,
            len(place.channels),
            _alpha(weights, place).reshape(-1),
        )
        for place in places
    ]
    matrices, offsets = zip(*parts, strict=True)
    return np.concatenate(matrices, axis=1), np.concatenate(offsets, axis=1)


def style_scaling(
    adain: Weights, style_size: int, channels: int, gain: Floats
) -> tuple[Floats, Floats]:
    """Return what makes scales and shifts, times `gain`, of a style: a matrix (2, channels,
    style_size) and an offset (2, channels).

    The norm's own scale and shift, where a checkpoint has them, and the 1 of `1 + gamma` are
    folded in.
    """
    weight = adain.take("fc.weight", 2 * channels, style_size).reshape(2, channels, style_size)
    bias = adain.take("fc.bias", 2 * channels).reshape(2, channels)
    scale = adain.take_or(1, "norm.weight", channels) * gain
    shift = adain.take_or(0, "norm.bias", channels) * gain
    gamma, beta = weight
    matrix = np.stack([gamma * scale[:, None], beta * gain[:, None] + gamma * shift[:, None]])
    one = 1 + bias[0]
    return matrix, np.stack([one * scale, bias[1] * gain + one * shift])
