"""What a graph runs on: what was asked for, or an error with the remedy, or the processor.

No GPU is needed: which providers there are, and what a session says it runs on, are given.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper

from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.onnx import providers
from wyoming_kokoro.engines.onnx.providers import CPU, CUDA
from wyoming_kokoro.engines.onnx.sessions import Runtime
from wyoming_kokoro.errors import ConfigurationError, ModelUnavailable, SynthesisFailed
from wyoming_kokoro.synthesis import select

Has = Callable[..., None]


@pytest.fixture
def has(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Has:
    """Call with the installed providers; `gpu` tells whether the driver shows one."""

    def given(*present: str, gpu: bool = False) -> None:
        monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [*present, CPU])
        monkeypatch.setattr(providers, "_GPU_FILES", (tmp_path,) if gpu else ())
        monkeypatch.setattr(
            onnxruntime, "preload_dlls", lambda **_: sys.stdout.write("preloading\n")
        )

    return given


@pytest.fixture
def doubler(tmp_path: Path) -> Path:
    """A graph that doubles numbers."""
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n"]) for name in "xy"]
    two = helper.make_tensor("two", TensorProto.FLOAT, [1], [2.0])
    node = helper.make_node("Mul", ["x", "two"], ["y"])
    graph = helper.make_graph([node], "doubler", values[:1], values[1:], [two])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(tmp_path / "doubler.onnx"))
    return tmp_path / "doubler.onnx"


def asked_of_onnxruntime(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every list of providers that a session is made with; the processor does the work."""
    asked: list[Any] = []
    real = onnxruntime.InferenceSession

    def make(path: Path, options: Any, providers: Any) -> Any:
        asked.append(providers)
        return real(path, options, providers=[CPU])

    monkeypatch.setattr(onnxruntime, "InferenceSession", make)
    return asked


@pytest.mark.parametrize(
    ("device", "provider", "installed", "gpu", "chosen"),
    [
        ("auto", "", [], False, "cpu"),
        ("auto", "", [CUDA], True, "cuda"),
        ("auto", "", [CUDA], False, "cpu"),
        ("cpu", "", [CUDA], True, "cpu"),
        ("cuda", "", [CUDA], False, "cuda"),
        ("cpu", "openvino", ["OpenVINOExecutionProvider"], False, "openvino"),
        ("auto", "OpenVINOExecutionProvider", ["OpenVINOExecutionProvider"], True, "openvino"),
    ],
)
def test_the_device_is_the_one_asked_for_or_found(
    device: Any, provider: str, installed: list[str], gpu: bool, chosen: str, has: Has
) -> None:
    has(*installed, gpu=gpu)
    assert Runtime(1, device, provider).device == chosen


@pytest.mark.parametrize(
    ("device", "provider", "complaint"),
    [
        ("cuda", "", "--device cuda: .* has no provider 'CUDA.*pip install onnxruntime-gpu"),
        ("auto", "rocm", "--provider rocm: .*only cpu; .*pip install onnxruntime-rocm"),
        ("cpu", "abacus", "--provider abacus: .*the onnxruntime package that has it"),
    ],
)
def test_what_is_asked_for_and_not_installed_is_refused_with_the_remedy(
    device: Any, provider: str, complaint: str, has: Has
) -> None:
    has()
    with pytest.raises(ConfigurationError, match=complaint):
        Runtime(1, device, provider)


def test_a_gpu_that_onnxruntime_cannot_use_is_told_and_the_processor_works(
    has: Has, caplog: pytest.LogCaptureFixture
) -> None:
    has(gpu=True)
    assert Runtime(1, "auto").device == "cpu"
    assert "pip install onnxruntime-gpu" in caplog.text


def test_a_gpu_whose_driver_fails_is_told_once_and_the_processor_works(
    has: Has, doubler: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    has(CUDA, gpu=True)
    asked_of_onnxruntime(monkeypatch)
    runtime = Runtime(1, "auto")
    first, second = runtime.load(doubler, ""), runtime.load(doubler, "")
    assert runtime.device == "cpu"
    assert first.provider == second.provider == CPU
    assert len(caplog.records) == 1
    assert "cannot use CUDA on this machine" in caplog.text


@pytest.mark.parametrize(("device", "provider"), [("cuda", ""), ("auto", "cuda")])
def test_a_gpu_that_was_asked_for_and_fails_is_an_error(
    device: Any, provider: str, has: Has, doubler: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    has(CUDA)
    asked_of_onnxruntime(monkeypatch)
    with pytest.raises(ConfigurationError, match=r"driver.*CUDA and cuDNN.*--device cpu"):
        Runtime(1, device, provider).load(doubler, "")


def test_cuda_is_exact_and_does_not_tune_itself_anew_for_each_length(
    has: Has, doubler: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    has(CUDA, gpu=True)
    asked = asked_of_onnxruntime(monkeypatch)
    Runtime(1, "auto").load(doubler, "")
    options = {"cudnn_conv_algo_search": "HEURISTIC", "use_tf32": "0"}
    assert asked == [[(CUDA, options), (CPU, {})]]


def test_what_tensorrt_leaves_cuda_does(
    has: Has, doubler: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    has("TensorrtExecutionProvider", CUDA)
    asked = asked_of_onnxruntime(monkeypatch)
    with pytest.raises(ConfigurationError, match="cannot use Tensorrt on this machine"):
        Runtime(1, "auto", "tensorrt").load(doubler, "")
    assert [name for name, _ in asked[0]] == ["TensorrtExecutionProvider", CUDA, CPU]


@pytest.mark.parametrize(("device", "options"), [("renderD128", {"device_type": "GPU"}), ("x", {})])
def test_openvino_computes_on_graphics_where_there_are_some(
    device: str,
    options: dict[str, str],
    has: Has,
    doubler: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    has("OpenVINOExecutionProvider")
    (tmp_path / device).touch()
    monkeypatch.setattr("wyoming_kokoro.engines.onnx.providers._GRAPHICS", tmp_path)
    asked = asked_of_onnxruntime(monkeypatch)
    with pytest.raises(ConfigurationError, match="cannot use OpenVINO on this machine"):
        Runtime(1, "auto", "openvino").load(doubler, "")
    assert asked == [[("OpenVINOExecutionProvider", options), (CPU, {})]]


def test_a_graph_runs_and_its_weights_can_be_replaced(doubler: Path) -> None:
    runtime, numbers = Runtime(1), np.array([1.0, 2.0], np.float32)
    assert runtime.load(doubler, "").run(x=numbers)[0].tolist() == [2.0, 4.0]
    tripling = runtime.load(doubler, "", {"two": np.array([3.0], np.float32)})
    assert tripling.run(x=numbers)[0].tolist() == [3.0, 6.0]


def test_a_file_that_does_not_load_is_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "broken.onnx").write_bytes(b"\xff" * 99)
    with pytest.raises(ModelUnavailable, match=r"broken\.onnx does not load .*; build it anew"):
        Runtime(1).load(tmp_path / "broken.onnx", "build it anew")


def test_a_graph_that_fails_says_so(doubler: Path) -> None:
    with pytest.raises(SynthesisFailed, match="ONNX Runtime failed"):
        Runtime(1).load(doubler, "").run(x=np.zeros((1, 1), np.float32))


def test_what_one_graph_makes_can_stay_on_the_device_for_the_next(doubler: Path) -> None:
    session = Runtime(1).load(doubler, "")
    (held,) = session.held(x=np.array([1.0, 2.0], np.float32))
    assert session.run(x=held)[0].tolist() == [4.0, 8.0]


@pytest.mark.parametrize("asked", [{"device": "cuda"}, {"provider": "openvino"}])
def test_what_is_not_installed_is_refused_before_a_model_is_fetched(asked: Any, has: Has) -> None:
    has()
    with pytest.raises(ConfigurationError, match="pip install onnxruntime-"):
        select.choose(Settings(engine="onnx", **asked))


def test_cuda_libraries_are_loaded_from_where_pip_puts_them_and_standard_output_is_left_alone(
    has: Has, capsys: pytest.CaptureFixture[str]
) -> None:
    has(CUDA)
    Runtime(1, "cpu")
    assert capsys.readouterr() == ("", "")
    Runtime(1, "cuda")
    assert capsys.readouterr() == ("", "preloading\n")


def test_threads_wait_in_a_loop_for_microseconds(
    doubler: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []
    real = onnxruntime.InferenceSession

    def make(path: Path, options: Any, providers: Any) -> Any:
        made.append(options)
        return real(path, options, providers=providers)

    monkeypatch.setattr(onnxruntime, "InferenceSession", make)
    (doubled,) = Runtime(threads=2).load(doubler, "").run(x=np.ones(3, np.float32))
    assert doubled.tolist() == [2, 2, 2]
    [options] = made
    assert options.get_session_config_entry("session.intra_op.spin_duration_us") == "20"
