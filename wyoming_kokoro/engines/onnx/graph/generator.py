"""Stage 4, the front's output, the spectrum of the harmonic source and the style in: sound.

iSTFTNet (Kaneko et al., 2022): transposed convolutions raise the rate twice, each time joined by
the source and smoothed by residual blocks; the last rate is that of a short-time spectrum, which
the inverse transform turns to samples. Takes a batch of spans of equal length.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from wyoming_kokoro.engines.onnx.graph.builder import Graph, Value
from wyoming_kokoro.engines.onnx.graph.layers import (
    adain,
    conv,
    conv_transpose,
    leaky_relu,
    normed_conv,
)
from wyoming_kokoro.engines.onnx.graph.transform import inverse_transform
from wyoming_kokoro.engines.onnx.graph.weights import Weights

_SOURCE_DILATIONS = (1, 3, 5)
_SOURCE_KERNELS = (7, 11)
"""Of the source's residual blocks, below the last rate and at it: fixed in kokoro's code."""

_POST_KERNEL = 7


def generator_stage(architecture: Mapping[str, Any], weights: Weights) -> Graph:
    """Return the stage: `hidden` (batch, 512, 2 * frames), `source` (batch, 22, 120 * frames + 1)
    and the timbre half of each style, (batch, 128).

    It makes `waveform` (batch, 600 * frames).
    """
    settings, style_size = architecture["istftnet"], architecture["style_dim"]
    size, hop = settings["gen_istft_n_fft"], settings["gen_istft_hop_size"]
    channels = settings["upsample_initial_channel"]
    generator = weights.within("decoder.generator")
    graph = Graph("generator")
    height = graph.constant([2])
    x = graph.op("Unsqueeze", graph.input("hidden", "batch", channels, "steps"), height)
    source = graph.op("Unsqueeze", graph.input("source", "batch", size + 2, "columns"), height)
    style = graph.input("style", "batch", style_size)
    rises = len(settings["upsample_rates"])
    signals = [
        _source_signal(graph, generator, source, style, rise, architecture) for rise in range(rises)
    ]
    for rise, signal in enumerate(signals):
        x = leaky_relu(graph, x, 0.1)
        x = _raise_rate(graph, generator, x, rise, settings)
        x = graph.op("Add", x, signal)
        _end_pieces(graph, [x], channels >> (rise + 1))
        x = _smooth(graph, generator, x, style, rise, architecture)
    x = leaky_relu(graph, x, 0.01)
    shape = (size + 2, channels >> rises, _POST_KERNEL)
    spectrum = normed_conv(graph, generator.within("conv_post"), x, shape)
    waveform = inverse_transform(graph, spectrum, size, hop)
    graph.output(waveform, "waveform", "batch", "samples")
    return graph


def _raise_rate(
    graph: Graph, weights: Weights, x: Value, rise: int, settings: Mapping[str, Any]
) -> Value:
    """Raise the rate of `x` and halve its channels; at the last rate, one column goes in front.

    The column is a reflection, and makes the length that of a centered spectrum.
    """
    rate, kernel = settings["upsample_rates"][rise], settings["upsample_kernel_sizes"][rise]
    channels = settings["upsample_initial_channel"] >> rise
    x = conv_transpose(
        graph,
        weights.within("ups", rise),
        x,
        (channels, channels // 2, kernel),
        stride=rate,
        padding=(kernel - rate) // 2,
    )
    if rise < len(settings["upsample_rates"]) - 1:
        return x
    return graph.op("Pad", x, graph.constant([0, 0, 0, 1, 0, 0, 0, 0]), mode="reflect")


def _source_signal(
    graph: Graph,
    weights: Weights,
    source: Value,
    style: Value,
    rise: int,
    architecture: Mapping[str, Any],
) -> Value:
    """Return the source's part at this rate, as many columns and channels as the signal has."""
    settings = architecture["istftnet"]
    channels = settings["upsample_initial_channel"] >> (rise + 1)
    rate = math.prod(settings["upsample_rates"][rise + 1 :])
    last = rise == len(settings["upsample_rates"]) - 1
    kernel = 1 if last else 2 * rate
    part = weights.within("noise_convs", rise)
    x = conv(
        graph,
        part.path,
        source,
        part.take("weight", channels, settings["gen_istft_n_fft"] + 2, kernel),
        part.take("bias", channels),
        stride=rate,
        padding=0 if last else (rate + 1) // 2,
    )
    block = weights.within("noise_res", rise)
    shape = (channels, _SOURCE_KERNELS[last])
    steps = _residual_block(
        graph, block, x, style, shape, _SOURCE_DILATIONS, architecture["style_dim"]
    )
    _end_pieces(graph, steps, channels)
    return steps[-1]


def _smooth(
    graph: Graph,
    weights: Weights,
    x: Value,
    style: Value,
    rise: int,
    architecture: Mapping[str, Any],
) -> Value:
    """Return the mean of residual blocks that look at `x` in windows of different lengths."""
    settings = architecture["istftnet"]
    channels = settings["upsample_initial_channel"] >> (rise + 1)
    kernels, dilations = settings["resblock_kernel_sizes"], settings["resblock_dilation_sizes"]
    blocks = [
        _residual_block(
            graph,
            weights.within("resblocks", rise * len(kernels) + index),
            x,
            style,
            (channels, kernel),
            dilations[index],
            architecture["style_dim"],
        )
        for index, kernel in enumerate(kernels)
    ]
    for steps in zip(*reversed(blocks), strict=True):  # the widest, which takes longest, first
        _end_pieces(graph, steps, channels)
    total = blocks[0][-1]
    for block in blocks[1:]:
        total = graph.op("Add", total, block[-1])
    return graph.op("Mul", total, graph.constant(np.float32(1 / len(kernels))))


def _residual_block(
    graph: Graph,
    weights: Weights,
    x: Value,
    style: Value,
    shape: tuple[int, int],
    dilations: tuple[int, ...],
    style_size: int,
) -> list[Value]:
    """Return the steps of a residual block of `shape` (channels, kernel), the last of which is its
    result: two styled convolutions a dilation.

    `AdaINResBlock1` in kokoro.
    """
    steps = []
    for index, dilation in enumerate(dilations):
        y = x
        for half, spread in (("1", dilation), ("2", 1)):
            y = _styled_conv(graph, weights, (half, index), y, style, shape, spread, style_size)
        x = graph.op("Add", x, y)
        steps.append(x)
    return steps


def _end_pieces(graph: Graph, signals: Iterable[Value], channels: int) -> None:
    for signal in signals:
        graph.end_piece(signal, "batch", channels, 1, "columns")


def _styled_conv(
    graph: Graph,
    weights: Weights,
    place: tuple[str, int],
    x: Value,
    style: Value,
    shape: tuple[int, int],
    dilation: int,
    style_size: int,
) -> Value:
    """Return a convolution of AdaIN of `x`, made periodic by Snake (Ziyin et al., 2020).

    Snake of x is `x + sin(a * x) ** 2 / a`. With u = a * x that is `(u + sin(u) ** 2) / a`: AdaIN
    gives u, the convolution's weights divide by a, and both cost nothing.
    """
    half, index = place
    channels, kernel = shape
    alpha = weights.take(f"alpha{half}.{index}", 1, channels, 1)
    norm, part = weights.within(f"adain{half}", index), weights.within(f"convs{half}", index)
    u = adain(graph, norm, x, style, channels, style_size, gain=alpha.reshape(-1))
    sine = graph.op("Sin", u)
    snake = graph.op("Add", u, graph.op("Mul", sine, sine))
    weight = part.take_normed(channels, channels, kernel) / alpha
    return conv(graph, part.path, snake, weight, part.take("bias", channels), dilation=dilation)
