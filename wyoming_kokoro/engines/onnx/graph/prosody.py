"""Stage 2, the encoding held for each token's duration and the style in: pitch and energy."""

from collections.abc import Mapping
from typing import Any

from wyoming_kokoro.engines.kokoro.weights import Weights
from wyoming_kokoro.engines.onnx.graph.builder import Graph, Value
from wyoming_kokoro.engines.onnx.graph.layers import conv, lstm, style_block, to_channels


def prosody_stage(architecture: Mapping[str, Any], weights: Weights) -> Graph:
    """Return the stage: `encoding` (frames, 640) and the prosody half of a style, (1, 128).

    It makes `pitch` in hertz and `energy`, both (2 * frames,).
    """
    width, style_size = architecture["hidden_dim"], architecture["style_dim"]
    predictor = weights.within("predictor")
    graph = Graph("prosody")
    encoding = graph.input("encoding", "frames", width + style_size)
    style = graph.input("style", 1, style_size)
    shared = lstm(graph, predictor.within("shared"), encoding, width + style_size, width // 2)
    signal = to_channels(graph, shared)
    for part, name in (("F0", "pitch"), ("N", "energy")):
        curve = _curve(graph, predictor, part, signal, style, width, style_size)
        graph.output(curve, name, "steps")
    return graph


def _curve(
    graph: Graph,
    weights: Weights,
    part: str,
    x: Value,
    style: Value,
    width: int,
    style_size: int,
) -> Value:
    """Return one curve, (2 * frames,): three styled blocks, the second doubling the time."""
    half = width // 2
    blocks = weights.within(part)
    x = style_block(graph, blocks.within(0), x, style, (width, width), style_size)
    x = style_block(graph, blocks.within(1), x, style, (width, half), style_size, upsample=True)
    x = style_block(graph, blocks.within(2), x, style, (half, half), style_size)
    last = weights.within(f"{part}_proj")
    x = conv(graph, last.path, x, last.take("weight", 1, half, 1), last.take("bias", 1))
    return graph.op("Reshape", x, graph.constant([-1]))
