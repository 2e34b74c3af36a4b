"""A checkpoint's `config.json` comes in, its vocabulary and the network's dimensions come out."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wyoming_kokoro.errors import BadModelFile
from wyoming_kokoro.models import catalog

_BLOCKS = {
    "istftnet": (
        "gen_istft_hop_size",
        "gen_istft_n_fft",
        "resblock_dilation_sizes",
        "resblock_kernel_sizes",
        "upsample_initial_channel",
        "upsample_kernel_sizes",
        "upsample_rates",
    ),
    "plbert": (
        "hidden_size",
        "intermediate_size",
        "max_position_embeddings",
        "num_attention_heads",
        "num_hidden_layers",
    ),
}
"""Keys within a block of `config.json` that the network is built from."""

_NUMBERS = (
    "hidden_dim",
    "max_dur",
    "n_layer",
    "n_mels",
    "n_token",
    "style_dim",
    "text_encoder_kernel_size",
)
"""The same, outside of blocks."""


def read_config(path: Path) -> tuple[dict[str, int], dict[str, Any]]:
    """Read a `config.json` in the hub's format: the token of each symbol, and everything else.

    One with neither `vocab` nor `plbert` is v0.19's; these two, and what else it leaves out, are
    taken from that version.

    Raises:
        BadModelFile: it cannot be read, or lacks something the network is built from.
    """
    config = _read_object(path)
    if "vocab" not in config and "plbert" not in config:
        config = {
            **catalog.architecture("v0.19"),
            "vocab": dict(catalog.vocabulary("v0.19")),
            **config,
        }
    _check_numbers(path, config, _NUMBERS)
    for block, keys in _BLOCKS.items():
        inner = config.get(block)
        if not isinstance(inner, dict):
            raise BadModelFile(f"{path} lacks {block!r}; {_REMEDY}")
        missing = [key for key in keys if key not in inner]
        if missing:
            raise BadModelFile(f"{path} lacks {missing[0]!r} in {block!r}; {_REMEDY}")
    return _vocabulary(path, config), {k: v for k, v in config.items() if k != "vocab"}


EMBEDDED = "kokoro_config"
"""Metadata of ONNX files in which exporters keep `config.json`."""

_TOKENS = 178
"""Size of every released vocabulary's table (`n_token`)."""


def read_vocabulary(path: Path) -> dict[str, int]:
    """Read no more of a `config.json` than the token of each symbol.

    Raises:
        BadModelFile: it cannot be read, or is without.
    """
    return _vocabulary(path, {"n_token": _TOKENS, **_read_object(path)})


def embedded_vocabulary(path: Path, metadata: Mapping[str, str]) -> dict[str, int] | None:
    """Return the token of each symbol by the metadata of an ONNX file, None if they do not tell.

    Raises:
        BadModelFile: what they tell is wrong.
    """
    if EMBEDDED not in metadata:
        return None
    try:
        config = json.loads(metadata[EMBEDDED])
        return _vocabulary(path, {"n_token": _TOKENS, **config})
    except (ValueError, RecursionError, TypeError) as error:
        raise BadModelFile(f"{path}: its metadata {EMBEDDED} is no configuration") from error


_REMEDY = "use the config.json that belongs to the checkpoint"


def _read_object(path: Path) -> dict[str, Any]:
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadModelFile(f"{path} cannot be read: {error.strerror}; {_REMEDY}") from error
    except (ValueError, RecursionError) as error:
        raise BadModelFile(f"{path} is not JSON: {error}; {_REMEDY}") from error
    if not isinstance(config, dict):
        raise BadModelFile(f"{path} is not a JSON object; {_REMEDY}")
    return config


def _check_numbers(path: Path, config: Mapping[str, Any], keys: tuple[str, ...]) -> None:
    for key in keys:
        if key not in config:
            raise BadModelFile(f"{path} lacks {key!r}; {_REMEDY}")
        if type(config[key]) is not int or config[key] < 1:
            raise BadModelFile(f"{path}: {key!r} is {config[key]!r}, not a count; {_REMEDY}")


def _vocabulary(path: Path, config: Mapping[str, Any]) -> dict[str, int]:
    vocabulary = config.get("vocab")
    if not isinstance(vocabulary, dict) or not vocabulary:
        raise BadModelFile(f"{path} lacks 'vocab'; {_REMEDY}")
    for symbol, token in vocabulary.items():
        if len(symbol) != 1 or type(token) is not int or not 0 <= token < config["n_token"]:
            raise BadModelFile(
                f"{path}: 'vocab' gives {symbol!r} the token {token!r}; symbols are single "
                f"characters and tokens count from 0 to {config['n_token'] - 1}; {_REMEDY}"
            )
    return vocabulary
