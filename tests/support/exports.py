"""Tiny graphs with the inputs and outputs that exports of Kokoro have in the wild."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FRAMES_A_TOKEN = 2

FLOAT, INT32, INT64 = TensorProto.FLOAT, TensorProto.INT32, TensorProto.INT64


def write_export(
    path: Path,
    *,
    ids: tuple[str, int] = ("input_ids", INT64),
    style: Sequence[int] = (1, 256),
    speed: tuple[int, Sequence[int]] = (FLOAT, (1,)),
    durations: bool = True,
    lie: int = 0,
    metadata: dict[str, Any] | None = None,
) -> Path:
    """Write a graph that says each token for two frames at the level of its number, times the
    style's first value, over the speed.

    `durations` are an output as well, and `lie` is added to them. The types of ids and speed
    are ONNX's, `style` is a shape, `metadata` what `kokoro_config` holds.
    """
    name, kind = ids
    samples = 600 * FRAMES_A_TOKEN
    node = helper.make_node
    nodes = [
        node("Cast", [name], ["levels"], to=FLOAT),
        node("Reshape", ["levels", "column"], ["columns"]),
        node("Reshape", ["style", "flat"], ["styles"]),
        node("Gather", ["styles", "first"], ["loudness"]),
        node("Mul", ["columns", "loudness"], ["loud"]),
        node("Cast", ["speed"], ["fast"], to=FLOAT),
        node("Reshape", ["fast", "flat"], ["rate"]),
        node("Div", ["loud", "rate"], ["scaled"]),
        node("Mul", ["scaled", "ones"], ["spread"]),
        node("Reshape", ["spread", "flat"], ["waveform"]),
        node("Cast", [name], ["numbers"], to=INT64),
        node("Reshape", ["numbers", "flat"], ["each"]),
        node("Mul", ["each", "nought"], ["noughts"]),
        node("Add", ["noughts", "frames"], ["duration"]),
    ]
    constants = {
        "column": np.array([-1, 1]),
        "flat": np.array([-1]),
        "first": np.array([0]),
        "ones": np.ones((1, samples), np.float32),
        "nought": np.array([0]),
        "frames": np.array([FRAMES_A_TOKEN + lie]),
    }
    value = helper.make_tensor_value_info
    inputs = [
        value(name, kind, [1, "tokens"]),
        value("style", FLOAT, list(style)),
        value("speed", speed[0], list(speed[1])),
    ]
    outputs = [value("waveform", FLOAT, ["samples"]), value("duration", INT64, ["tokens"])]
    graph = helper.make_graph(
        nodes if durations else nodes[:10],
        "export",
        inputs,
        outputs if durations else outputs[:1],
        [numpy_helper.from_array(array, key) for key, array in constants.items()],
    )
    return save(graph, path, metadata)


def write_faulty_stft(path: Path, weights: tuple[Any, Any], *, after: str = "Sub") -> Path:
    """Write a graph that makes sound of a spectrum as `CustomSTFT` does, with these weights;
    `after` is what is done with its two parts."""
    value, node = helper.make_tensor_value_info, helper.make_node
    nodes = [
        node("ConvTranspose", ["real", "weight_backward_real"], ["a"], strides=[5]),
        node("ConvTranspose", ["imaginary", "weight_backward_imag"], ["b"], strides=[5]),
        node(after, ["a", "b"], ["difference"]),
        node("Squeeze", ["difference"], ["waveform"]),
    ]
    inputs = [value(name, FLOAT, [1, 11, "columns"]) for name in ("real", "imaginary")]
    names = ("weight_backward_real", "weight_backward_imag")
    kept = [numpy_helper.from_array(w, n) for w, n in zip(weights, names, strict=True)]
    graph = helper.make_graph(nodes, "stft", inputs, [value("waveform", FLOAT, ["n"])], kept)
    return save(graph, path, None)


def save(graph: Any, path: Path, metadata: dict[str, Any] | None) -> Path:
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    if metadata is not None:
        helper.set_model_props(model, {"kokoro_config": json.dumps(metadata)})
    onnx.save(model, str(path))
    return path
