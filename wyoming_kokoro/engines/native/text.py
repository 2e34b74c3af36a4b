"""What is read of a text in the native library: tokens and a style come in; an encoding, durations
and the decoder's features go out.
"""

import ctypes
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from wyoming_kokoro.engines.kokoro.network import Ids
from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.engines.kokoro.weights import Weights
from wyoming_kokoro.engines.native.library import FLOAT, NativeLibrary, check
from wyoming_kokoro.engines.native.structures import TextCallStructure, TextStructure
from wyoming_kokoro.engines.native.weights import style_scaling
from wyoming_kokoro.engines.native.whole import WholePart, lstm_weights
from wyoming_kokoro.errors import ModelUnavailable

_ALBERT_EMBEDDING = 128
"""Configurations leave it at the default of ALBERT's paper."""

_HEAD = 4
"""What the width of a head of attention is a multiple of."""


class NativeText(WholePart):
    """A checkpoint's text stage in the library; `weights` are those of the whole checkpoint, and
    `precision`, `FLOAT` or `INT16`, is what it computes in where durations do not depend on it.

    Raises:
        BadModelFile: a weight is missing, has another shape, or is not finite.
        SynthesisFailed: the library refuses.
    """

    def __init__(
        self,
        library: NativeLibrary,
        architecture: Mapping[str, Any],
        weights: Weights,
        *,
        precision: int = FLOAT,
        instructions: str | None = None,
    ) -> None:
        self._width, self._style = architecture["hidden_dim"], architecture["style_dim"]
        super().__init__(
            library,
            "text",
            text_shape(architecture),
            _values(weights, architecture),
            _layer_styling(weights.within("predictor.text_encoder"), architecture),
            precision,
            instructions,
        )

    def run(
        self, ids: Ids, style: Floats, *, threads: int = 1, due: float = 0.0
    ) -> tuple[Floats, Floats, Floats]:
        """Return the encoding (tokens, 640), the frames of each token at speed 1 and before
        rounding (tokens,), and the decoder's features (512, tokens).

        `ids` are the tokens, `style` is the prosody half of a style, (128,).

        Raises:
            SynthesisFailed: no memory is left, or a token is none of this network.
        """
        tokens = np.ascontiguousarray(ids, np.int32)
        half, styling = np.ascontiguousarray(style, np.float32), self._styling(style)
        encoding = np.empty((len(tokens), self._width + self._style), np.float32)
        durations = np.empty(len(tokens), np.float32)
        features = np.empty((len(tokens), self._width), np.float32)
        read = (array.ctypes.data for array in (half, styling))
        made = (array.ctypes.data for array in (encoding, durations, features))
        call = TextCallStructure(tokens.ctypes.data, len(tokens), *read, threads, due, *made)
        with self._in_use() as handle:
            check(self._call("run")(handle, ctypes.byref(call)))
        return encoding, durations, features.T


def text_shape(architecture: Mapping[str, Any]) -> TextStructure:
    """Return the shape of the text stage of `architecture`, a checkpoint's `config.json`.

    Raises:
        ModelUnavailable: the library is not written for such a network.
    """
    albert = architecture["plbert"]
    if albert["hidden_size"] % (_HEAD * albert["num_attention_heads"]):
        raise ModelUnavailable(
            "the native text stage is not written for the architecture of this checkpoint"
        )
    return TextStructure(
        architecture["n_token"],
        albert["max_position_embeddings"],
        _ALBERT_EMBEDDING,
        albert["hidden_size"],
        albert["intermediate_size"],
        albert["num_attention_heads"],
        albert["num_hidden_layers"],
        architecture["hidden_dim"],
        architecture["style_dim"],
        architecture["n_layer"],
        architecture["text_encoder_kernel_size"],
        architecture["max_dur"],
    )


def _layer_styling(part: Weights, architecture: Mapping[str, Any]) -> tuple[Floats, Floats]:
    """Return what makes scales and shifts of the encoding's layers of a style."""
    width, ones = architecture["hidden_dim"], np.ones(architecture["hidden_dim"], np.float32)
    parts = [
        style_scaling(part.within("lstms", 2 * layer + 1), architecture["style_dim"], width, ones)
        for layer in range(architecture["n_layer"])
    ]
    matrices, offsets = zip(*parts, strict=True)
    return np.concatenate(matrices, axis=1), np.concatenate(offsets, axis=1)


def _values(weights: Weights, architecture: Mapping[str, Any]) -> Iterator[Floats]:
    """Yield all weights in the order of `src/text.cpp`."""
    width, layers = architecture["hidden_dim"], range(architecture["n_layer"])
    told, half = width + architecture["style_dim"], width // 2
    yield from _albert(weights.within("bert"), architecture)
    hidden = architecture["plbert"]["hidden_size"]
    yield from _linear(weights.within("bert_encoder"), hidden, width)
    predictor = weights.within("predictor")
    for layer in layers:
        yield from lstm_weights(predictor.within("text_encoder.lstms", 2 * layer), told, half)
    yield from lstm_weights(predictor.within("lstm"), told, half)
    chances = predictor.within("duration_proj.linear_layer")
    yield from _linear(chances, width, architecture["max_dur"])
    encoder, kernel = weights.within("text_encoder"), architecture["text_encoder_kernel_size"]
    yield encoder.take("embedding.weight", architecture["n_token"], width)
    for layer in layers:
        convolution, norm = encoder.within("cnn", layer, 0), encoder.within("cnn", layer, 1)
        yield convolution.take_normed(width, width, kernel)
        yield convolution.take("bias", width)
        yield norm.take("gamma", width)
        yield norm.take("beta", width)
    yield from lstm_weights(encoder.within("lstm"), width, half)


def _albert(part: Weights, architecture: Mapping[str, Any]) -> Iterator[Floats]:
    settings = architecture["plbert"]
    size, inner = settings["hidden_size"], settings["intermediate_size"]
    embeddings, encoder = part.within("embeddings"), part.within("encoder")
    positions = settings["max_position_embeddings"]
    types = embeddings.take("token_type_embeddings.weight", 2, _ALBERT_EMBEDDING)
    places = embeddings.take("position_embeddings.weight", positions, _ALBERT_EMBEDDING)
    yield embeddings.take("word_embeddings.weight", architecture["n_token"], _ALBERT_EMBEDDING)
    yield places + types[0]
    yield from _norm(embeddings.within("LayerNorm"), _ALBERT_EMBEDDING)
    yield from _linear(encoder.within("embedding_hidden_mapping_in"), _ALBERT_EMBEDDING, size)
    layer = encoder.within("albert_layer_groups.0.albert_layers.0")
    attention = layer.within("attention")
    asking = [attention.within(name) for name in ("query", "key", "value")]
    for one in asking:
        yield one.take("weight", size, size)
    for one in asking:
        yield one.take("bias", size)
    yield from _linear(attention.within("dense"), size, size)
    yield from _norm(attention.within("LayerNorm"), size)
    yield from _linear(layer.within("ffn"), size, inner)
    yield from _linear(layer.within("ffn_output"), inner, size)
    yield from _norm(layer.within("full_layer_layer_norm"), size)


def _linear(part: Weights, inputs: int, outputs: int) -> Iterator[Floats]:
    yield part.take("weight", outputs, inputs)
    yield part.take("bias", outputs)


def _norm(part: Weights, channels: int) -> Iterator[Floats]:
    yield part.take("weight", channels)
    yield part.take("bias", channels)
