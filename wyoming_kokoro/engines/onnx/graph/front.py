"""Stage 3, the features held for each token's duration, pitch, energy and style in: what the
generator makes sound of.
"""

from collections.abc import Mapping
from typing import Any

from wyoming_kokoro.engines.kokoro.weights import Weights
from wyoming_kokoro.engines.onnx.graph.builder import Graph, Value
from wyoming_kokoro.engines.onnx.graph.layers import concat, normed_conv, style_block

_WIDTH = 1024
_TEXT_WIDTH = 64
"""Channels of the decoder's blocks, and of the features beside them: fixed in kokoro's code."""

_BLOCKS = 4


def front_stage(architecture: Mapping[str, Any], weights: Weights) -> Graph:
    """Return the stage: `features` (512, frames), `pitch` and `energy` (2 * frames,), and the
    timbre half of the style, (1, 128).

    It makes `hidden` (512, 2 * frames).
    """
    width, style_size = architecture["hidden_dim"], architecture["style_dim"]
    outputs = architecture["istftnet"]["upsample_initial_channel"]
    decoder = weights.within("decoder")
    graph = Graph("front")
    features = graph.op(
        "Unsqueeze", graph.input("features", width, "frames"), graph.constant([0, 2])
    )
    curves = [
        _curve(graph, decoder.within(part), graph.input(name, "steps"))
        for name, part in (("pitch", "F0_conv"), ("energy", "N_conv"))
    ]
    style = graph.input("style", 1, style_size)
    x = concat(graph, [features, *curves])
    x = style_block(graph, decoder.within("encode"), x, style, (width + 2, _WIDTH), style_size)
    text = normed_conv(graph, decoder.within("asr_res.0"), features, (_TEXT_WIDTH, width, 1))
    for block in range(_BLOCKS):
        last = block == _BLOCKS - 1
        x = concat(graph, [x, text, *curves])
        shape = (_WIDTH + _TEXT_WIDTH + 2, outputs if last else _WIDTH)
        part = decoder.within("decode", block)
        x = style_block(graph, part, x, style, shape, style_size, upsample=last)
    hidden = graph.op("Squeeze", x, graph.constant([0, 2]))
    graph.output(hidden, "hidden", outputs, "steps")
    return graph


def _curve(graph: Graph, weights: Weights, curve: Value) -> Value:
    """Return a curve, (2 * frames,), as a channel with one value a frame."""
    signal = graph.op("Unsqueeze", curve, graph.constant([0, 1, 2]))
    return normed_conv(graph, weights, signal, (1, 1, 3), stride=2)
