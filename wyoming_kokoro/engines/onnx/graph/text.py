"""Stage 1, tokens and style in: how long each token lasts, and what later stages read of it.

ALBERT (Lan et al., 2019) reads the tokens; the duration encoder, by style, makes the encoding
that durations, pitch and energy come from; the text encoder makes the decoder's features.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from wyoming_kokoro.engines.kokoro.weights import Weights
from wyoming_kokoro.engines.onnx.graph.builder import Graph, Value
from wyoming_kokoro.engines.onnx.graph.layers import (
    NORM_EPSILON,
    concat,
    leaky_relu,
    linear,
    lstm,
    normed_conv,
    styled,
    to_channels,
    to_rows,
)

_ALBERT_EPSILON = 1e-12
_ALBERT_EMBEDDING = 128
"""ALBERT's sizes that configurations leave at the defaults of its paper."""


def text_stage(architecture: Mapping[str, Any], weights: Weights) -> Graph:
    """Return the stage: `ids` (tokens,) int64 and the prosody half of a style, (1, 128).

    It makes `encoding` (tokens, 640), `durations` (tokens,) in frames at speed 1 and before
    rounding, and `features` (512, tokens).
    """
    width, style_size = architecture["hidden_dim"], architecture["style_dim"]
    graph = Graph("text")
    ids = graph.input("ids", "tokens", dtype=np.int64)
    style = graph.input("style", 1, style_size)
    meaning = _albert(graph, weights.within("bert"), ids, architecture)
    hidden_size = architecture["plbert"]["hidden_size"]
    meaning = linear(graph, weights.within("bert_encoder"), meaning, hidden_size, width)
    predictor = weights.within("predictor")
    encoding = _duration_encoder(
        graph, predictor.within("text_encoder"), meaning, style, architecture
    )
    durations = _durations(graph, predictor, encoding, architecture)
    features = _text_encoder(graph, weights.within("text_encoder"), ids, architecture)
    graph.output(encoding, "encoding", "tokens", width + style_size)
    graph.output(durations, "durations", "tokens")
    graph.output(features, "features", width, "tokens")
    return graph


def _albert(graph: Graph, weights: Weights, ids: Value, architecture: Mapping[str, Any]) -> Value:
    """Return ALBERT's last hidden states: (tokens, hidden_size)."""
    settings = architecture["plbert"]
    x = _embeddings(graph, weights.within("embeddings"), ids, architecture)
    encoder = weights.within("encoder")
    mapping = encoder.within("embedding_hidden_mapping_in")
    x = linear(graph, mapping, x, _ALBERT_EMBEDDING, settings["hidden_size"])
    layer = encoder.within("albert_layer_groups.0.albert_layers.0")
    for _ in range(settings["num_hidden_layers"]):
        x = _albert_layer(graph, layer, x, settings)
    return x


def _embeddings(
    graph: Graph, weights: Weights, ids: Value, architecture: Mapping[str, Any]
) -> Value:
    positions = architecture["plbert"]["max_position_embeddings"]
    words = weights.take("word_embeddings.weight", architecture["n_token"], _ALBERT_EMBEDDING)
    places = weights.take("position_embeddings.weight", positions, _ALBERT_EMBEDDING)
    types = weights.take("token_type_embeddings.weight", 2, _ALBERT_EMBEDDING)
    of_ids = graph.op("Gather", graph.constant(words, f"{weights.path}.words"), ids)
    of_places = graph.op(
        "Slice",
        graph.constant(places + types[0], f"{weights.path}.places"),
        graph.constant([0]),
        graph.op("Shape", ids),
    )
    total = graph.op("Add", of_ids, of_places)
    return _layer_norm(graph, weights.within("LayerNorm"), total, _ALBERT_EMBEDDING)


def _layer_norm(graph: Graph, weights: Weights, x: Value, size: int) -> Value:
    return graph.op(
        "LayerNormalization",
        x,
        graph.constant(weights.take("weight", size), f"{weights.path}.weight"),
        graph.constant(weights.take("bias", size), f"{weights.path}.bias"),
        epsilon=_ALBERT_EPSILON,
    )


def _albert_layer(graph: Graph, weights: Weights, x: Value, settings: Mapping[str, Any]) -> Value:
    size, inner = settings["hidden_size"], settings["intermediate_size"]
    attended = _attention(graph, weights.within("attention"), x, settings)
    x = graph.op("Add", x, attended)
    x = _layer_norm(graph, weights.within("attention.LayerNorm"), x, size)
    y = linear(graph, weights.within("ffn"), x, size, inner)
    y = graph.op("Gelu", y, approximate="tanh")
    y = linear(graph, weights.within("ffn_output"), y, inner, size)
    return _layer_norm(graph, weights.within("full_layer_layer_norm"), graph.op("Add", y, x), size)


def _attention(graph: Graph, weights: Weights, x: Value, settings: Mapping[str, Any]) -> Value:
    """Return multi-head self-attention of rows `x`, mixed by the output layer."""
    size, heads = settings["hidden_size"], settings["num_attention_heads"]
    scale = np.float32((size // heads) ** -0.5)
    queries, keys, values = (
        linear(graph, weights.within(part), x, size, size) for part in ("query", "key", "value")
    )
    split = graph.constant([0, heads, -1])
    queries = graph.op("Transpose", graph.op("Reshape", queries, split), perm=[1, 0, 2])
    keys = graph.op("Transpose", graph.op("Reshape", keys, split), perm=[1, 2, 0])
    values = graph.op("Transpose", graph.op("Reshape", values, split), perm=[1, 0, 2])
    scores = graph.op("Mul", graph.op("MatMul", queries, keys), graph.constant(scale))
    mixed = graph.op("MatMul", graph.op("Softmax", scores, axis=-1), values)
    joined = graph.op(
        "Reshape", graph.op("Transpose", mixed, perm=[1, 0, 2]), graph.constant([0, -1])
    )
    return linear(graph, weights.within("dense"), joined, size, size)


def _duration_encoder(
    graph: Graph, weights: Weights, x: Value, style: Value, architecture: Mapping[str, Any]
) -> Value:
    """Return the encoding, (tokens, 640): layers of an LSTM, each told and normed by the style."""
    width, style_size = architecture["hidden_dim"], architecture["style_dim"]
    size = graph.op("Concat", graph.op("Shape", x, end=1), graph.constant([style_size]), axis=0)
    told = graph.op("Expand", style, size)
    x = concat(graph, [x, told])
    for layer in range(architecture["n_layer"]):
        x = lstm(graph, weights.within("lstms", 2 * layer), x, width + style_size, width // 2)
        norm = weights.within("lstms", 2 * layer + 1)
        x = concat(graph, [_styled_layer_norm(graph, norm, x, style, width, style_size), told])
    return x


def _styled_layer_norm(
    graph: Graph, weights: Weights, x: Value, style: Value, channels: int, style_size: int
) -> Value:
    """Normalize each row over its channels, then scale and shift them as the style says."""
    ones = np.ones(channels, np.float32)
    flat = graph.constant([-1])
    scale, shift = (
        graph.op("Reshape", part, flat)
        for part in styled(graph, weights, style, style_size, channels, ones)
    )
    return graph.op("LayerNormalization", x, scale, shift, epsilon=NORM_EPSILON)


def _durations(
    graph: Graph, weights: Weights, encoding: Value, architecture: Mapping[str, Any]
) -> Value:
    """Return the frames of each token: a sum of probabilities to last one frame more."""
    width, style_size = architecture["hidden_dim"], architecture["style_dim"]
    x = lstm(graph, weights.within("lstm"), encoding, width + style_size, width // 2)
    projection = weights.within("duration_proj.linear_layer")
    x = linear(graph, projection, x, width, architecture["max_dur"])
    return graph.op("ReduceSum", graph.op("Sigmoid", x), graph.constant([1]), keepdims=0)


def _text_encoder(
    graph: Graph, weights: Weights, ids: Value, architecture: Mapping[str, Any]
) -> Value:
    """Return the decoder's features, (512, tokens)."""
    width, kernel = architecture["hidden_dim"], architecture["text_encoder_kernel_size"]
    embedding = weights.take("embedding.weight", architecture["n_token"], width)
    x = graph.op("Gather", graph.constant(embedding, f"{weights.path}.embedding"), ids)
    for layer in range(architecture["n_layer"]):
        convolution, norm = weights.within("cnn", layer, 0), weights.within("cnn", layer, 1)
        x = to_channels(graph, x)
        x = to_rows(graph, normed_conv(graph, convolution, x, (width, width, kernel)))
        x = graph.op(
            "LayerNormalization",
            x,
            graph.constant(norm.take("gamma", width), f"{norm.path}.gamma"),
            graph.constant(norm.take("beta", width), f"{norm.path}.beta"),
            epsilon=NORM_EPSILON,
        )
        x = leaky_relu(graph, x, 0.2)
    x = lstm(graph, weights.within("lstm"), x, width, width // 2)
    return graph.op("Transpose", x, perm=[1, 0])
