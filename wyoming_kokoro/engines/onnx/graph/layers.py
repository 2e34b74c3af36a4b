"""The layers that Kokoro's stages share, as operators of a graph.

Sequences of tokens or frames are rows, (time, channels); what convolutions work on is
(1, channels, 1, time): runtimes have their fastest kernels for images, and an image of height
1 is a signal.
"""

from collections.abc import Sequence

import numpy as np

from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.engines.kokoro.weights import Weights
from wyoming_kokoro.engines.onnx.graph.builder import Graph, Value

NORM_EPSILON = 1e-5
"""Of every normalization outside of ALBERT: torch's default."""


def linear(graph: Graph, weights: Weights, x: Value, inputs: int, outputs: int) -> Value:
    """Return `x @ weight.T + bias` for rows `x`."""
    weight = weights.take("weight", outputs, inputs)
    bias = weights.take("bias", outputs)
    return matmul(graph, weights.path, x, weight, bias)


def matmul(graph: Graph, path: str, x: Value, weight: Floats, bias: Floats) -> Value:
    """Return `x @ weight.T + bias` for rows `x`, its weights named after `path`."""
    return graph.op(
        "Gemm",
        x,
        graph.constant(weight, f"{path}.weight"),
        graph.constant(bias, f"{path}.bias"),
        transB=1,
    )


def lstm(graph: Graph, weights: Weights, x: Value, inputs: int, hidden: int) -> Value:
    """Return a bidirectional LSTM over rows `x`: (time, 2 * hidden), forward then backward."""
    name = weights.path
    kernel = _gates(weights, "weight_ih_l0", hidden, inputs)
    recurrence = _gates(weights, "weight_hh_l0", hidden, hidden)
    bias = np.concatenate(
        [_gates(weights, "bias_ih_l0", hidden), _gates(weights, "bias_hh_l0", hidden)], axis=1
    )
    sequence = graph.op("Unsqueeze", x, graph.constant([1]))
    states = graph.op(
        "LSTM",
        sequence,
        graph.constant(kernel, f"{name}.kernel"),
        graph.constant(recurrence, f"{name}.recurrence"),
        graph.constant(bias, f"{name}.bias"),
        name=name,
        direction="bidirectional",
        hidden_size=hidden,
    )
    return graph.op("Reshape", states, graph.constant([0, -1]))  # (time, 2, 1, hidden)


def _gates(weights: Weights, name: str, hidden: int, *columns: int) -> Floats:
    """Return both directions' weights, (2, 4 * hidden, ...), in the order of ONNX's gates.

    torch keeps input, forget, cell, output; ONNX wants input, output, forget, cell.
    """
    directions = []
    for suffix in ("", "_reverse"):
        gates = weights.take(name + suffix, 4 * hidden, *columns)
        directions.append(np.concatenate([np.split(gates, 4)[i] for i in (0, 3, 1, 2)]))
    return np.stack(directions)


def to_channels(graph: Graph, rows: Value) -> Value:
    """Turn (time, channels) to (1, channels, 1, time)."""
    columns = graph.op("Transpose", rows, perm=[1, 0])
    return graph.op("Unsqueeze", columns, graph.constant([0, 2]))


def to_rows(graph: Graph, signal: Value) -> Value:
    """Turn (1, channels, 1, time) to (time, channels)."""
    columns = graph.op("Squeeze", signal, graph.constant([0, 2]))
    return graph.op("Transpose", columns, perm=[1, 0])


def conv(
    graph: Graph,
    path: str,
    x: Value,
    weight: Floats,
    bias: Floats | None,
    *,
    stride: int = 1,
    dilation: int = 1,
    padding: int | None = None,
) -> Value:
    """Convolve `x` with `weight`, (outputs, inputs, kernel).

    `padding` on both sides is by default what keeps the length.
    """
    if padding is None:
        padding = dilation * (weight.shape[2] - 1) // 2
    inputs = [x, graph.constant(weight[:, :, None], f"{path}.weight")]
    if bias is not None:
        inputs.append(graph.constant(bias, f"{path}.bias"))
    return graph.op(
        "Conv",
        *inputs,
        name=path,
        kernel_shape=[1, weight.shape[2]],
        strides=[1, stride],
        dilations=[1, dilation],
        pads=[0, padding, 0, padding],
    )


def normed_conv(
    graph: Graph, weights: Weights, x: Value, shape: tuple[int, int, int], *, stride: int = 1
) -> Value:
    """Convolve with weights of `shape` (outputs, inputs, kernel) that are kept weight-normed."""
    weight, bias = weights.take_normed(*shape), weights.take("bias", shape[0])
    return conv(graph, weights.path, x, weight, bias, stride=stride)


def conv_transpose(
    graph: Graph,
    weights: Weights,
    x: Value,
    shape: tuple[int, int, int],
    *,
    stride: int,
    padding: int,
    output_padding: int = 0,
    groups: int = 1,
) -> Value:
    """Convolve transposed with weights of `shape` (inputs, outputs of a group, kernel)."""
    weight = weights.take_normed(*shape)[:, :, None]
    bias = weights.take("bias", groups * shape[1])
    return graph.op(
        "ConvTranspose",
        x,
        graph.constant(weight, f"{weights.path}.weight"),
        graph.constant(bias, f"{weights.path}.bias"),
        name=weights.path,
        kernel_shape=[1, shape[2]],
        strides=[1, stride],
        pads=[0, padding, 0, padding],
        output_padding=[0, output_padding],
        group=groups,
    )


def leaky_relu(graph: Graph, x: Value, slope: float) -> Value:
    """Return `x` where it is positive, `slope * x` elsewhere."""
    return graph.op("LeakyRelu", x, alpha=slope)


def styled(
    graph: Graph, weights: Weights, style: Value, style_size: int, channels: int, gain: Floats
) -> tuple[Value, Value]:
    """Return what a `style`, (1, style_size), makes of a normalized signal: scale and shift.

    Both are (channels,) and multiplied with `gain`, (channels,). The norm's own scale and
    shift, where a checkpoint has them, and the 1 of `1 + gamma` are folded in.
    """
    weight = weights.take("fc.weight", 2 * channels, style_size)
    bias = weights.take("fc.bias", 2 * channels)
    scale = weights.take_or(1, "norm.weight", channels) * gain
    shift = weights.take_or(0, "norm.bias", channels) * gain
    gamma, one_and_gamma, beta, beta_bias = (
        weight[:channels],
        1 + bias[:channels],
        weight[channels:],
        bias[channels:],
    )
    styling = matmul(
        graph,
        f"{weights.path}.fc",
        style,
        np.concatenate([gamma * scale[:, None], beta * gain[:, None] + gamma * shift[:, None]]),
        np.concatenate([one_and_gamma * scale, beta_bias * gain + one_and_gamma * shift]),
    )
    styling = graph.op("Reshape", styling, graph.constant([-1]))
    first, second = graph.split("Split", styling, outputs=2, axis=0, num_outputs=2)
    return first, second


def adain(
    graph: Graph, weights: Weights, x: Value, style: Value, channels: int, style_size: int
) -> Value:
    """Normalize each channel over time, then scale and shift it as the style says: adaptive
    instance normalization (Huang and Belongie, 2017)."""
    scale, shift = styled(
        graph, weights, style, style_size, channels, np.ones(channels, np.float32)
    )
    return instance_norm(graph, weights.path, x, scale, shift)


def instance_norm(graph: Graph, name: str, x: Value, scale: Value, shift: Value) -> Value:
    """Normalize each channel over time, then scale and shift it, (channels,) each."""
    return graph.op("InstanceNormalization", x, scale, shift, name=name, epsilon=NORM_EPSILON)


def style_block(
    graph: Graph,
    weights: Weights,
    x: Value,
    style: Value,
    shape: tuple[int, int],
    style_size: int,
    *,
    upsample: bool = False,
) -> Value:
    """Return a residual block styled twice, of `shape` (inputs, outputs); `AdainResBlk1d` there.

    `upsample` doubles the time.
    """
    inputs, outputs = shape
    y = adain(graph, weights.within("norm1"), x, style, inputs, style_size)
    y = leaky_relu(graph, y, 0.2)
    if upsample:
        pool = weights.within("pool")
        y = conv_transpose(
            graph, pool, y, (inputs, 1, 3), stride=2, padding=1, output_padding=1, groups=inputs
        )
    y = normed_conv(graph, weights.within("conv1"), y, (outputs, inputs, 3))
    y = adain(graph, weights.within("norm2"), y, style, outputs, style_size)
    y = leaky_relu(graph, y, 0.2)
    y = normed_conv(graph, weights.within("conv2"), y, (outputs, outputs, 3))
    shortcut = _shortcut(graph, weights.within("conv1x1"), x, shape, upsample)
    return graph.op("Mul", graph.op("Add", y, shortcut), graph.constant(np.float32(0.5**0.5)))


def _shortcut(
    graph: Graph, weights: Weights, x: Value, shape: tuple[int, int], upsample: bool
) -> Value:
    """Return `x` as the block's result is added to it: each value twice, the channels mixed.

    The order does not matter; mixed first, there is half to mix.
    """
    inputs, outputs = shape
    if inputs != outputs:
        x = conv(graph, weights.path, x, weights.take_normed(outputs, inputs, 1), None)
    if not upsample:
        return x
    scales = graph.constant(np.array([1, 1, 1, 2], np.float32))
    return graph.op(
        "Resize",
        x,
        "",
        scales,
        mode="nearest",
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
    )


def concat(graph: Graph, values: Sequence[Value]) -> Value:
    """Put signals' channels, or rows' columns, side by side."""
    return graph.op("Concat", *values, axis=1)
