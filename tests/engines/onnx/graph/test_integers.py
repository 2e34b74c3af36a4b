"""A convolution in integers against the same one in floats, on this processor and another."""

import platform
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import pytest

from tests.support.places import ROOT
from wyoming_kokoro.engines.onnx.graph.builder import Graph
from wyoming_kokoro.engines.onnx.graph.integers import Range, convolutions, to_integers, watched
from wyoming_kokoro.engines.onnx.graph.layers import conv
from wyoming_kokoro.engines.precision import FULL, REDUCED, SCHEMES, Scheme, scheme_here

Floats = npt.NDArray[np.float32]

PATH = "decoder.generator.resblocks.0.convs1.0"
CHANNELS = 64


def written(folder: Path, weight: Floats, bias: Floats) -> onnx.ModelProto:
    """A graph of one convolution of `x`, (1, 64, 1, steps)."""
    graph = Graph("one")
    x = graph.input("x", 1, CHANNELS, 1, "steps")
    graph.output(conv(graph, PATH, x, weight, bias), "y", 1, len(weight), 1, "steps")
    path, _ = graph.save(folder)
    return onnx.load(path)


def voiced(model: onnx.ModelProto, x: Floats) -> Floats:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    output: Floats = session.run(None, {"x": x})[0]
    return output


def in_integers(model: onnx.ModelProto, x: Floats, scheme: Scheme) -> onnx.ModelProto:
    reduced = onnx.ModelProto()
    reduced.CopyFrom(model)
    (source, target) = watched(model)
    ranges = {source: seen(x), target: seen(voiced(model, x))}
    to_integers(reduced, ranges, scheme)
    onnx.checker.check_model(reduced)
    return reduced


def seen(values: Floats) -> Range:
    low, high = (np.asarray(end((0, 2, 3)), np.float32) for end in (values.min, values.max))
    return Range(low, high)


def noise_db(values: Floats, truth: Floats) -> float:
    """How loud the difference is against the truth."""
    error = np.mean(np.square(values - truth, dtype=np.float64))
    return float(10 * np.log10(error / np.mean(np.square(truth, dtype=np.float64))))


def snake(random: np.random.Generator, factor: Floats, steps: int = 300) -> Floats:
    """What convolutions read: normal values, multiplied, and bent by sines."""
    u = factor[:, None, None] * normal(random, 1, CHANNELS, 1, steps)
    return np.asarray(u + np.sin(u) ** 2, np.float32)


def normal(random: np.random.Generator, *shape: int) -> Floats:
    return random.standard_normal(shape, dtype=np.float32)


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.name)
def test_integers_come_close_to_floats(
    scheme: Scheme, random: np.random.Generator, tmp_path: Path
) -> None:
    x = snake(random, np.ones(CHANNELS, np.float32))
    model = written(tmp_path, normal(random, 32, CHANNELS, 7), normal(random, 32))
    if scheme is not REDUCED and scheme_here() is REDUCED:
        pytest.skip("this processor does only the reduced scheme right")
    noise = noise_db(voiced(in_integers(model, x, scheme), x), voiced(model, x))
    assert noise < (-32 if scheme is REDUCED else -36)


def test_channels_of_different_size_do_not_cost_one_another_their_accuracy(
    random: np.random.Generator, tmp_path: Path
) -> None:
    """Snake's parameter multiplies a channel and divides its weights: the sound does not tell."""
    factor = np.exp(normal(random, CHANNELS))
    weight = normal(random, 32, CHANNELS, 3) / factor[:, None]
    weight *= np.exp(normal(random, 32))[:, None, None]
    x = snake(random, factor)
    model = written(tmp_path, np.asarray(weight, np.float32), np.zeros(32, np.float32))
    truth, ours = voiced(model, x), voiced(in_integers(model, x, REDUCED), x)
    each = [noise_db(ours[:, channel], truth[:, channel]) for channel in range(32)]
    assert max(each) < -28


def test_the_runtime_does_the_work_in_integers(random: np.random.Generator, tmp_path: Path) -> None:
    x = snake(random, np.ones(CHANNELS, np.float32))
    model = in_integers(
        written(tmp_path, normal(random, 32, CHANNELS, 3), normal(random, 32)), x, REDUCED
    )
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.optimized_model_filepath = str(tmp_path / "optimized.onnx")
    onnxruntime.InferenceSession(model.SerializeToString(), options)
    kinds = [node.op_type for node in onnx.load(tmp_path / "optimized.onnx").graph.node]
    assert kinds.count("QLinearConv") == 1
    assert "Conv" not in kinds


def test_a_channel_that_is_always_silent_does_no_harm(
    random: np.random.Generator, tmp_path: Path
) -> None:
    x = snake(random, np.ones(CHANNELS, np.float32))
    x[:, 3] = 0
    weight, bias = normal(random, 32, CHANNELS, 3), normal(random, 32)
    weight[5], bias[5] = 0, 0
    model = written(tmp_path, weight, bias)
    ours = voiced(in_integers(model, x, REDUCED), x)
    assert not ours[:, 5].any()
    assert noise_db(ours, voiced(model, x)) < -33


def test_a_module_to_keep_that_is_not_there_is_named(
    random: np.random.Generator, tmp_path: Path
) -> None:
    model = written(tmp_path, normal(random, 32, CHANNELS, 3), normal(random, 32))
    assert [node.name for node in convolutions(model)] == [PATH]
    assert convolutions(model, ["decoder.generator.resblocks.0"]) == []
    with pytest.raises(ValueError, match=r"decoder\.generator\.resblocks\.9 is no module"):
        convolutions(model, ["decoder.generator.resblocks.9"])


def test_a_processor_with_plain_avx2_does_not_saturate(
    random: np.random.Generator, tmp_path: Path
) -> None:
    """Large values of one sign: two products of the full scheme do not fit where AVX2 adds them."""
    emulator = _emulator()
    x = random.uniform(2, 3, (1, CHANNELS, 1, 40)).astype(np.float32)
    weight = random.uniform(2, 3, (16, CHANNELS, 3)).astype(np.float32)
    model = written(tmp_path, weight, np.zeros(16, np.float32))
    truth = voiced(model, x)
    np.save(tmp_path / "x.npy", x)

    def share_of_wrong(scheme: Scheme) -> float:
        onnx.save(in_integers(model, x, scheme), tmp_path / "graph.onnx")
        files = [str(tmp_path / name) for name in ("graph.onnx", "x.npy", "y.npy")]
        program = str(ROOT / "tests" / "support" / "emulated.py")
        command = [emulator, "-cpu", "Haswell", sys.executable, program, *files]
        subprocess.run(command, check=True, capture_output=True, timeout=110)
        step = np.abs(truth).max() / 127
        return float(np.mean(np.abs(np.load(tmp_path / "y.npy") - truth) > 2 * step))

    assert share_of_wrong(REDUCED) == 0
    assert share_of_wrong(FULL) > 0, "the emulated processor saturates: this is what it is for"


def _emulator() -> str:
    if platform.machine() != "x86_64":
        pytest.skip("emulates an x86 processor for the Python of one")
    emulator = shutil.which("qemu-x86_64") or shutil.which("qemu-x86_64-static")
    if not emulator:
        pytest.skip("there is no qemu-x86_64: apt-get install qemu-user")
    return emulator
