"""The decoder in float16: what becomes of it, how it sounds, and when it is made anew.

No GPU is needed: what one would round is rounded here; see `rounding`.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("kokoro", reason="synthetic checkpoints take their shapes from kokoro")

import onnx
from onnx import ModelProto, TensorProto, helper, numpy_helper, shape_inference

from tests.support.reference import Floats, random_style, sentence
from tests.support.rounding import rounded
from wyoming_kokoro.check.measures import level, log_mel_distance
from wyoming_kokoro.engines.onnx.compiled.float16 import to_float16
from wyoming_kokoro.engines.onnx.compiled.halved import HALVED, halved_stages
from wyoming_kokoro.engines.onnx.compiled.stages import StageName, Stages
from wyoming_kokoro.engines.onnx.network import onnx_engine
from wyoming_kokoro.engines.onnx.sessions import Runtime
from wyoming_kokoro.engines.precision import EXACT
from wyoming_kokoro.errors import ModelUnavailable, ShuttingDown

pytestmark = pytest.mark.torch

SPECTRAL = {"Exp", "Cos", "Div", "Expand"}
"""What only the inverse transform has."""


@pytest.fixture(scope="module")
def floats(own_stages: Callable[[str, bool], Stages]) -> Stages:
    return own_stages("v1.0", True)


@pytest.fixture(scope="module")
def halves(floats: Stages) -> Stages:
    return halved_stages(floats)


def voiced(stages: Stages, seed: int = 7) -> Floats:
    engine = onnx_engine(stages, Runtime(1))
    plan = engine.plan(sentence(12), random_style(99), 1.0, seed)
    pcm = engine.voice(plan, range(plan.frames))
    engine.close()
    return pcm


def types(model: ModelProto) -> dict[str, int]:
    """The type of all values of a graph, by name."""
    graph = shape_inference.infer_shapes(model, strict_mode=True).graph
    values = (*graph.input, *graph.value_info, *graph.output)
    weights = {tensor.name: tensor.data_type for tensor in graph.initializer}
    return {value.name: value.type.tensor_type.elem_type for value in values} | weights


def test_the_decoder_has_half_the_size_and_text_and_prosody_are_untouched(
    floats: Stages, halves: Stages
) -> None:
    assert (floats.precision, halves.precision) == ("fp32", "fp16")
    for stage in ("text", "prosody"):
        assert halves.path(stage) == floats.path(stage)
    for stage in HALVED:
        weights = floats.path(stage).with_suffix(".weights").stat().st_size
        assert halves.path(stage).stat().st_size < 0.53 * weights


@pytest.mark.parametrize("stage", HALVED)
def test_work_is_in_float16_but_for_what_reads_or_makes_hertz_phases_and_logarithms(
    stage: StageName, halves: Stages
) -> None:
    model = onnx.load(halves.path(stage))
    kinds = types(model)
    for value in (*model.graph.input, *model.graph.output):
        assert kinds[value.name] in (TensorProto.FLOAT, TensorProto.BOOL)
    work = [n for n in model.graph.node if n.op_type in ("Conv", "ConvTranspose", "Gemm")]
    exact = {n.name for n in work if kinds[n.output[0]] == TensorProto.FLOAT}
    named = {n.name for n in work if n.name.startswith("decoder.")}
    assert exact & named == set(EXACT) & named
    assert {n.op_type for n in work if n.name in exact - named} <= {"ConvTranspose"}
    for node in model.graph.node:
        if node.op_type in SPECTRAL:
            assert kinds[node.output[0]] == TensorProto.FLOAT
        if node.op_type in ("InstanceNormalization", "LeakyRelu", "Resize"):
            assert kinds[node.output[0]] == TensorProto.FLOAT16


def test_every_convolution_that_is_to_be_exact_is_one_of_the_decoders(floats: Stages) -> None:
    graphs = [onnx.load(floats.path(stage), load_external_data=False).graph for stage in HALVED]
    assert set(EXACT) <= {node.name for graph in graphs for node in graph.node}


def test_casts_are_few(halves: Stages) -> None:
    for stage in HALVED:
        nodes = onnx.load(halves.path(stage)).graph.node
        assert sum(node.op_type == "Cast" for node in nodes) <= 8


def test_it_sounds_the_same_far_below_what_another_noise_changes(
    floats: Stages, halves: Stages, tmp_path: Path
) -> None:
    truth, ours = voiced(floats), voiced(halves)
    gpu = voiced(replace(halves, instead=_rounded(halves, tmp_path)))
    floor = log_mel_distance(voiced(floats, seed=8), truth)
    assert truth.shape == ours.shape == gpu.shape
    assert level(truth) > -40
    assert log_mel_distance(ours, truth) < 0.05 < 0.05 * floor
    assert 0 < log_mel_distance(gpu, truth) < 0.05
    assert level(gpu - truth) < level(truth) - 45


def _rounded(halves: Stages, folder: Path) -> dict[StageName, Path]:
    """The stages that make on the processor what `halves` make on a GPU."""
    instead: dict[StageName, Path] = {}
    for stage in HALVED:
        instead[stage] = folder / f"{stage}.onnx"
        onnx.save(rounded(onnx.load(halves.path(stage))), instead[stage])
    return instead


def test_it_is_converted_once_and_again_only_when_it_is_not_as_written(
    floats: Stages, halves: Stages, caplog: pytest.LogCaptureFixture
) -> None:
    graph = halves.path("generator")
    with caplog.at_level(logging.INFO):
        assert halved_stages(floats).path("generator") == graph
        assert not caplog.messages
        with graph.open("r+b") as file:
            file.truncate(1000)
        halved_stages(floats)
    assert caplog.messages[0] == "converting the decoder to fp16"
    assert graph.stat().st_size > 1_000_000
    names = {"front.onnx", "generator.onnx", "stages.json"}
    assert {path.name for path in graph.parent.iterdir()} == names


def test_a_server_that_stops_does_not_wait_for_it(floats: Stages, tmp_path: Path) -> None:
    def stopping() -> None:
        raise ShuttingDown("the server is stopping")

    elsewhere = replace(floats, folder=tmp_path / "stages")
    elsewhere.folder.mkdir()
    with pytest.raises(ShuttingDown):
        halved_stages(elsewhere, stopping)
    assert not [path for path in elsewhere.folder.iterdir() if path.is_dir()]


def test_stages_that_cannot_be_read_are_told_with_the_remedy(
    floats: Stages, tmp_path: Path
) -> None:
    elsewhere = replace(floats, folder=tmp_path / "stages")
    elsewhere.folder.mkdir()
    with pytest.raises(ModelUnavailable, match=r"fp16 \(.*front\.onnx.*\): use --precision fp32"):
        halved_stages(elsewhere)


def test_a_weight_beyond_the_range_of_float16_is_named() -> None:
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n"]) for name in "xy"]
    large = numpy_helper.from_array(np.array([7e4], np.float32), "large")
    node = helper.make_node("Mul", ["x", "large"], ["y"])
    graph = helper.make_graph([node], "graph", values[:1], values[1:], [large])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)])
    with pytest.raises(ValueError, match="large has numbers beyond 65504"):
        to_float16(model)
