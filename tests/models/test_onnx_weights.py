"""What is read out of exports, against the checkpoints that they were made of."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from tests.support.exports import save
from tests.support.process import is_mapped
from wyoming_kokoro.errors import BadModelFile
from wyoming_kokoro.models.checkpoint import StateDict, read_checkpoint
from wyoming_kokoro.models.onnx_weights import read_onnx_weights

UNUSED = {"bert.pooler.weight", "bert.pooler.bias"}

Exports = Callable[[str], Path]
Constants = dict[str, npt.NDArray[Any]]


@pytest.mark.slow
@pytest.mark.parametrize("family", ["kmodel", "encoder-decoder"])
def test_an_export_has_the_weights_of_the_checkpoint_it_was_made_of(
    family: str, exports: Exports, checkpoints: Callable[[str, bool], Path]
) -> None:
    made, released = read_checkpoint(exports(family)), folded(checkpoints("v1.0", True))
    assert set(released) - set(made) == UNUSED
    for name in set(released) - UNUSED:
        np.testing.assert_allclose(made[name], released[name], rtol=2e-6, atol=1e-7, err_msg=name)
    norms = [made[name] for name in made if name not in released]
    assert all(np.ptp(values) == 0 for values in norms), "AdaIN's inner norms are 1 and 0"


@pytest.mark.slow
def test_one_in_8_bits_has_them_to_half_a_step(
    exports: Exports, checkpoints: Callable[[str, bool], Path], tmp_path: Path
) -> None:
    path = quantized(exports("encoder-decoder"), tmp_path / "int8.onnx")
    made, released = read_checkpoint(path), folded(checkpoints("v1.0", True))
    assert set(released) - set(made) == UNUSED
    inexact = 0
    for name in set(released) - UNUSED:
        step = np.abs(released[name]).max() / 127
        difference = np.abs(made[name] - released[name]).max()
        assert difference < 0.51 * step, name
        inexact += bool(difference > 0.1 * step)
    assert inexact > 150, "what multiplies was in 8 bits"


def quantized(path: Path, out: Path) -> Path:
    """Have ONNX Runtime turn the weights into 8 bits, as the starter's were."""
    quantization = pytest.importorskip("onnxruntime.quantization")
    quantization.quantize_dynamic(path, out, weight_type=quantization.QuantType.QInt8)
    return out


def folded(checkpoint: Path) -> dict[str, npt.NDArray[np.float32]]:
    """Return the weights of a checkpoint, directions and lengths multiplied."""
    weights = read_checkpoint(checkpoint)
    return {
        name.removesuffix("_v"): _folded(weights, name)
        for name in weights
        if not name.endswith("_g")
    }


def _folded(weights: StateDict, name: str) -> npt.NDArray[np.float32]:
    if not name.endswith("_v"):
        return weights[name]
    direction, length = weights[name].astype(np.float64), weights[f"{name[:-2]}_g"]
    axes = tuple(range(1, direction.ndim))
    norm = np.sqrt((direction**2).sum(axes, keepdims=True))
    made: npt.NDArray[np.float32] = (direction * length / norm).astype(np.float32)
    return made


def graph_of(path: Path, nodes: list[Any], constants: Mapping[str, npt.NDArray[Any]]) -> Path:
    """Write a graph of these nodes, which need not run."""
    value = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])
    kept = [numpy_helper.from_array(array, name) for name, array in constants.items()]
    return save(helper.make_graph(nodes, "parts", [value], [value], kept), path, None)


WEIGHT = np.arange(6, dtype=np.float32).reshape(2, 3)


def test_a_file_is_mapped_no_longer_than_somebody_has_its_weights(
    tmp_path: Path, no_collection: None
) -> None:
    node = helper.make_node("Gemm", ["x", "any", "b"], ["y"], name="/F0.0/norm1/fc/Gemm")
    path = tmp_path / "let-go.onnx"
    found = read_onnx_weights(graph_of(path, [node], {"any": WEIGHT, "b": np.ones(3, np.float32)}))
    assert is_mapped(path)
    del found
    assert not is_mapped(path)


@pytest.mark.parametrize("turned", [0, 1])
def test_a_matrix_is_told_from_its_transpose(turned: int, tmp_path: Path) -> None:
    node = helper.make_node(
        "Gemm", ["x", "any", "b"], ["y"], name="/F0.0/norm1/fc/Gemm", transB=turned
    )
    kept: Constants = {"any": WEIGHT if turned else WEIGHT.T, "b": np.ones(2, np.float32)}
    found = read_onnx_weights(graph_of(tmp_path / "gemm.onnx", [node], kept))
    assert set(found) == {"predictor.F0.0.norm1.fc.weight", "predictor.F0.0.norm1.fc.bias"}
    assert np.array_equal(found["predictor.F0.0.norm1.fc.weight"], WEIGHT)


def test_constants_are_followed_through_what_keeps_or_turns_them(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Cast", ["half"], ["whole"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["whole"], ["turned"], perm=[1, 0]),
        helper.make_node("Identity", ["turned"], ["same"]),
        helper.make_node("MatMul", ["x", "same"], ["y"], name="/kmodel/bert_encoder/MatMul"),
        helper.make_node("Add", ["b", "y"], ["z"]),
    ]
    kept: Constants = {"half": WEIGHT.astype(np.float16), "b": np.ones(2, np.float32)}
    found = read_onnx_weights(graph_of(tmp_path / "half.onnx", nodes, kept))
    assert np.array_equal(found["bert_encoder.weight"], WEIGHT)
    assert found["bert_encoder.weight"].dtype == np.float32
    assert np.array_equal(found["bert_encoder.bias"], [1, 1])


def test_weights_that_are_dequantized_before_their_use_are_too(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("DequantizeLinear", ["w", "s", "z"], ["floats"], axis=0),
        helper.make_node("Conv", ["x", "floats"], ["y"], name="/decoder/decoder/F0_conv/Conv"),
    ]
    kept: Constants = {
        "w": np.full((2, 1, 3), 7, np.int8),
        "s": np.array([0.5, 2], np.float32),
        "z": np.array([1, 0], np.int8),
    }
    found = read_onnx_weights(graph_of(tmp_path / "qdq.onnx", nodes, kept))
    assert found["decoder.F0_conv.weight"].reshape(2, 3).tolist() == [[3] * 3, [14] * 3]


def test_the_older_form_of_a_quantized_convolution_is_known(tmp_path: Path) -> None:
    path = "/decoder/decoder/F0_conv/Conv_quant"
    node = helper.make_node
    nodes = [
        node("ConvInteger", ["x", "w", "xz", "shared_zero"], ["product"], name=path),
        node("Mul", ["xs", "shared_scale"], ["scales"]),
        node("Div", ["b", "scales"], ["divided"]),
        node("Floor", ["divided"], ["rounded"]),
        node("Cast", ["rounded"], ["integers"], to=TensorProto.INT32),
        node("Reshape", ["integers", "shape"], ["column"]),
        node("Add", ["product", "column"], ["sum"]),
        node("Cast", ["sum"], ["floats"], to=TensorProto.FLOAT),
        node("Mul", ["floats", "scales"], ["y"]),
    ]
    kept: Constants = {
        "w": np.full((2, 1, 3), 7, np.uint8),
        "shared_zero": np.array(4, np.uint8),
        "shared_scale": np.array(0.5, np.float32),
        "b": np.array([1, -1], np.float32),
    }
    found = read_onnx_weights(graph_of(tmp_path / "older.onnx", nodes, kept))
    assert np.array_equal(found["decoder.F0_conv.weight"], np.full((2, 1, 3), 1.5))
    assert np.array_equal(found["decoder.F0_conv.bias"], [1, -1])


def test_names_of_constants_say_nothing(tmp_path: Path) -> None:
    nodes = [helper.make_node("Conv", ["x", "decoder.N_conv.weight"], ["y"], name="/other/Conv")]
    kept = {"decoder.N_conv.weight": np.ones((1, 1, 3), np.float32)}
    assert not read_onnx_weights(graph_of(tmp_path / "other.onnx", nodes, kept))


def test_shapes_that_do_not_fit_one_another_are_told_of(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("DequantizeLinear", ["w", "s", "z"], ["floats"], axis=0),
        helper.make_node("Conv", ["x", "floats"], ["y"], name="/decoder/F0_conv/Conv"),
    ]
    kept: Constants = {
        "w": np.ones((2, 1, 3), np.int8),
        "s": np.ones(5, np.float32),
        "z": np.zeros(1, np.int8),
    }
    found = read_onnx_weights(graph_of(tmp_path / "bad.onnx", nodes, kept))
    with pytest.raises(BadModelFile, match=r"bad\.onnx is damaged at decoder\.F0_conv\.weight"):
        found["decoder.F0_conv.weight"]
    nodes[0] = helper.make_node("DequantizeLinear", ["w", "s", "z"], ["floats"], axis=9)
    with pytest.raises(BadModelFile, match=r"worse\.onnx is damaged at decoder\.F0_conv"):
        read_onnx_weights(graph_of(tmp_path / "worse.onnx", nodes, kept))


@pytest.mark.parametrize("op", ["LSTM", "DynamicQuantizeLSTM"])
def test_an_lstm_without_its_weights_has_none(op: str, tmp_path: Path) -> None:
    nodes = [helper.make_node(op, ["x", "", "w"], ["y"], name="/lstm/LSTM")]
    assert not read_onnx_weights(graph_of(tmp_path / "lstm.onnx", nodes, {}))


def test_what_is_no_kokoro_lacks_a_component(tmp_path: Path) -> None:
    path = tmp_path / "other.onnx"
    onnx.save(onnx.load(graph_of(path, [helper.make_node("Relu", ["x"], ["y"])], {})), str(path))
    with pytest.raises(BadModelFile, match="no component 'bert'"):
        read_checkpoint(path)
