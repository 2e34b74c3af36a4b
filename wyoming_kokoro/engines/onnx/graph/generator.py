"""Stage 4, the front's output, the spectrum of the harmonic source, the style and the statistics of
the signal in: sound.

iSTFTNet (Kaneko et al., 2022): transposed convolutions raise the rate twice, each time joined by
the source and smoothed by residual blocks; the last rate is that of a short-time spectrum, which
the inverse transform turns to samples.

Its AdaINs normalize by the signal's own mean and deviation over time, as kokoro does, or by given
ones. With given ones, what comes out for a frame depends on the few frames around it alone.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from wyoming_kokoro.engines.kokoro.places import (
    SOURCE_DILATIONS,
    SOURCE_KERNELS,
    NormPlace,
    norm_places,
)
from wyoming_kokoro.engines.kokoro.weights import Weights
from wyoming_kokoro.engines.onnx.graph.builder import Graph, Value
from wyoming_kokoro.engines.onnx.graph.layers import (
    NORM_EPSILON,
    conv,
    conv_transpose,
    instance_norm,
    leaky_relu,
    normed_conv,
    styled,
)
from wyoming_kokoro.engines.onnx.graph.transform import inverse_transform

_POST_KERNEL = 7


def generator_stage(architecture: Mapping[str, Any], weights: Weights) -> Graph:
    """Return the stage: `hidden` (512, 2 * frames), `source` (22, 120 * frames + 1), the timbre
    half of the style, (1, 128), and `statistics` (2, 9216): means and deviations of the AdaINs'
    inputs, in the order of `norm_places`.

    Where `own`, a boolean, is true, the signal's own statistics are used in their place. It makes
    `waveform` (600 * frames,) and `observed` (2, 9216), the statistics that were used.
    """
    settings = architecture["istftnet"]
    size, hop = settings["gen_istft_n_fft"], settings["gen_istft_hop_size"]
    writer = _GeneratorWriter(architecture, weights.within("decoder.generator"))
    graph, rises = writer.graph, len(settings["upsample_rates"])
    image = graph.constant([0, 2])
    hidden = graph.input("hidden", settings["upsample_initial_channel"], "steps")
    source = graph.op("Unsqueeze", graph.input("source", size + 2, "columns"), image)
    x = graph.op("Unsqueeze", hidden, image)
    for rise, signal in enumerate([writer.source_signal(source, rise) for rise in range(rises)]):
        x = graph.op("Add", writer.raise_rate(leaky_relu(graph, x, 0.1), rise), signal)
        x = writer.smooth(x, rise)
    spectrum = writer.spectrum(leaky_relu(graph, x, 0.01))
    graph.output(inverse_transform(graph, spectrum, size, hop), "waveform", "samples")
    graph.output(writer.norms.observed(), "observed", 2, writer.norms.channels)
    return graph


class _Norms:
    """The generator's AdaINs, whose statistics are given or the signal's own."""

    def __init__(self, graph: Graph, places: Sequence[NormPlace]) -> None:
        self._graph = graph
        self._places = {place.path: place.channels for place in places}
        self.channels = places[-1].channels.stop
        """Of all of them together."""
        self._given = graph.input("statistics", 2, self.channels)
        self._own = graph.input("own", dtype=np.bool_)
        self._observed: dict[str, Value] = {}

    def normalized(self, path: str, x: Value, scale: Value, shift: Value) -> Value:
        """Return `x`, (1, channels, 1, columns), normalized at the place `path`, then scaled and
        shifted, (channels,) each."""
        graph, channels = self._graph, self._places[path]
        bounds = [graph.constant([edge]) for edge in (channels.start, channels.stop)]
        given = graph.op("Slice", self._given, *bounds, graph.constant([1]))
        mean, deviation = (
            graph.op("Reshape", row, graph.constant([-1]))
            for row in graph.split("Split", given, outputs=2, axis=0, num_outputs=2)
        )
        variance = graph.op("Mul", deviation, deviation)
        inputs = (x, scale, shift, mean, variance)
        self._observed[path] = graph.either(self._own, lambda: self._measured(x), lambda: given)
        return graph.either(
            self._own,
            lambda: instance_norm(graph, path, x, scale, shift),
            lambda: graph.op("BatchNormalization", *inputs, epsilon=0.0),
        )

    def _measured(self, x: Value) -> Value:
        """Return mean and deviation over time of each channel of `x`: (2, channels).

        They are by-products of layer normalization, here of the rows of a signal, in one pass.
        """
        graph = self._graph
        ones = graph.op("Expand", graph.constant([1.0]), graph.op("Shape", x, start=3))
        _, mean, inverse = graph.split(
            "LayerNormalization", x, ones, outputs=3, axis=3, epsilon=NORM_EPSILON
        )
        both = graph.op("Concat", mean, graph.op("Reciprocal", inverse), axis=0)
        return graph.op("Reshape", both, graph.constant([2, -1]))

    def observed(self) -> Value:
        """Return what is observed at all places: (2, channels)."""
        return self._graph.op("Concat", *(self._observed[path] for path in self._places), axis=1)


class _GeneratorWriter:
    """Writes the generator's parts to a graph, from its weights."""

    def __init__(self, architecture: Mapping[str, Any], weights: Weights) -> None:
        self.graph = Graph("generator")
        self._settings: Mapping[str, Any] = architecture["istftnet"]
        self._weights = weights
        self._style_size: int = architecture["style_dim"]
        self._style = self.graph.input("style", 1, self._style_size)
        self.norms = _Norms(self.graph, norm_places(architecture))

    def raise_rate(self, x: Value, rise: int) -> Value:
        """Raise the rate of `x` and halve its channels; at the last rate, one column goes in front.

        The column is a reflection, and makes the length that of a centered spectrum.
        """
        graph, settings = self.graph, self._settings
        rate, kernel = settings["upsample_rates"][rise], settings["upsample_kernel_sizes"][rise]
        channels = self._channels(rise)
        x = conv_transpose(
            graph,
            self._weights.within("ups", rise),
            x,
            (2 * channels, channels, kernel),
            stride=rate,
            padding=(kernel - rate) // 2,
        )
        if not self._is_last(rise):
            return x
        return graph.op("Pad", x, graph.constant([0, 0, 0, 1, 0, 0, 0, 0]), mode="reflect")

    def source_signal(self, source: Value, rise: int) -> Value:
        """Return the source's part at this rate, as many columns and channels as the signal has."""
        rate = math.prod(self._settings["upsample_rates"][rise + 1 :])
        last, channels = self._is_last(rise), self._channels(rise)
        kernel = 1 if last else 2 * rate
        part = self._weights.within("noise_convs", rise)
        x = conv(
            self.graph,
            part.path,
            source,
            part.take("weight", channels, self._settings["gen_istft_n_fft"] + 2, kernel),
            part.take("bias", channels),
            stride=rate,
            padding=0 if last else (rate + 1) // 2,
        )
        block = self._weights.within("noise_res", rise)
        return self._residual_block(block, x, (channels, SOURCE_KERNELS[last]), SOURCE_DILATIONS)

    def smooth(self, x: Value, rise: int) -> Value:
        """Return the mean of residual blocks that look at `x` in windows of different lengths."""
        graph, kernels = self.graph, self._settings["resblock_kernel_sizes"]
        dilations = self._settings["resblock_dilation_sizes"]
        blocks = [
            self._weights.within("resblocks", rise * len(kernels) + index)
            for index in range(len(kernels))
        ]
        results = [
            self._residual_block(block, x, (self._channels(rise), kernel), spreads)
            for block, kernel, spreads in zip(blocks, kernels, dilations, strict=True)
        ]
        total = results[0]
        for result in results[1:]:
            total = graph.op("Add", total, result)
        return graph.op("Mul", total, graph.constant(np.float32(1 / len(kernels))))

    def spectrum(self, x: Value) -> Value:
        """Return the spectrum of the sound, as `inverse_transform` takes it."""
        channels = self._settings["upsample_initial_channel"] >> len(
            self._settings["upsample_rates"]
        )
        shape = (self._settings["gen_istft_n_fft"] + 2, channels, _POST_KERNEL)
        return normed_conv(self.graph, self._weights.within("conv_post"), x, shape)

    def _channels(self, rise: int) -> int:
        channels: int = self._settings["upsample_initial_channel"]
        return channels >> (rise + 1)

    def _is_last(self, rise: int) -> bool:
        return rise == len(self._settings["upsample_rates"]) - 1

    def _residual_block(
        self, block: Weights, x: Value, shape: tuple[int, int], dilations: Sequence[int]
    ) -> Value:
        """Return what a residual block of `shape` (channels, kernel) makes of `x`: two styled
        convolutions a dilation.

        `AdaINResBlock1` in kokoro.
        """
        for index, dilation in enumerate(dilations):
            y = x
            for half, spread in ((1, dilation), (2, 1)):
                y = self._styled_conv(block, (half, index), y, shape, spread)
            x = self.graph.op("Add", x, y)
        return x

    def _styled_conv(
        self,
        block: Weights,
        place: tuple[int, int],
        x: Value,
        shape: tuple[int, int],
        dilation: int,
    ) -> Value:
        """Return a convolution of AdaIN of `x`, made periodic by Snake (Ziyin et al., 2020).

        Snake of x is `x + sin(a * x) ** 2 / a`. With u = a * x that is `(u + sin(u) ** 2) / a`:
        AdaIN gives u, the convolution's weights divide by a, and both cost nothing.
        """
        graph, (half, index), (channels, kernel) = self.graph, place, shape
        alpha = block.take(f"alpha{half}.{index}", 1, channels, 1)
        norm, part = block.within(f"adain{half}", index), block.within(f"convs{half}", index)
        styling = styled(graph, norm, self._style, self._style_size, channels, alpha.reshape(-1))
        u = self.norms.normalized(norm.path, x, *styling)
        sine = graph.op("Sin", u)
        snake = graph.op("Add", u, graph.op("Mul", sine, sine))
        weight = part.take_normed(channels, channels, kernel) / alpha
        return conv(graph, part.path, snake, weight, part.take("bias", channels), dilation=dilation)
