"""What can be wrong with a checkpoint, a configuration or a device, and what is said of it."""

import logging
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support import synthetic
from tests.support.places import ROOT
from wyoming_kokoro.engines.onnx import providers
from wyoming_kokoro.engines.precision import EXACT
from wyoming_kokoro.engines.torch.model import (
    _fold_weight_norms,
    choose_device,
    halve,
    load_model,
    untrained_model,
)
from wyoming_kokoro.errors import BadModelFile, ConfigurationError, ModelUnavailable

pytestmark = pytest.mark.torch

torch = pytest.importorskip("torch", reason="the extra torch is not installed")
pytest.importorskip("kokoro", reason="the extra torch is not installed")

ARCHITECTURE = synthetic.architecture("v1.1-zh", small=True)


@pytest.fixture
def content(checkpoints: Callable[[str, bool], Path]) -> Any:
    """A checkpoint's content, mapped rather than read: to be changed and saved in part."""
    return torch.load(checkpoints("v1.1-zh", True), weights_only=True, mmap=True)


def saved(folder: Path, content: object) -> Path:
    path = folder / "model.pth"
    torch.save(content, path)
    return path


def first_component_of(content: Any) -> dict[str, Any]:
    """Return the content with one tensor left of all but the first component, whose faults are
    found first."""
    return {
        name: tensors if name == "bert" else dict(list(tensors.items())[:1])
        for name, tensors in content.items()
    }


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadModelFile, match=r"gone\.pth cannot be read: No such file"):
        load_model(tmp_path / "gone.pth", ARCHITECTURE, "cpu")


def test_the_weights_of_an_export_are_those_of_the_checkpoint_that_it_was_made_of(
    exports: Callable[[str], Path], checkpoints: Callable[[str, bool], Path]
) -> None:
    architecture = synthetic.architecture("v1.0", small=True)
    wanted = load_model(checkpoints("v1.0", True), architecture, "cpu").state_dict()
    found = load_model(exports("kmodel"), architecture, "cpu").state_dict()
    kept = [name for name in wanted if ".pooler." not in name]  # which nothing uses
    assert len(kept) > 500
    for name in kept:
        torch.testing.assert_close(found[name], wanted[name], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("junk", [b"", b"<html>Sorry</html>", b"PK\x03\x04 cut short"])
def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "model.pth"
    path.write_bytes(junk)
    with pytest.raises(BadModelFile, match=r"model\.pth is no PyTorch file.*fetch it again"):
        load_model(path, ARCHITECTURE, "cpu")


def test_code_in_a_checkpoint_is_refused_and_not_run(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.touch, (tmp_path / "sprung",)

    with pytest.raises(BadModelFile, match="no tensor and is not trusted"):
        load_model(saved(tmp_path, {"bert": Trap()}), ARCHITECTURE, "cpu")
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("wrong", [[], {}, {"net": {}}, {"decoder": {}, "predictor": 3}])
def test_a_file_of_something_else_is_told_what_it_lacks(tmp_path: Path, wrong: Any) -> None:
    with pytest.raises(BadModelFile, match=r"no Kokoro checkpoint, it has no component 'bert'"):
        load_model(saved(tmp_path, wrong), ARCHITECTURE, "cpu")


def test_a_missing_tensor_is_named(tmp_path: Path, content: Any) -> None:
    del content["bert"]["module.encoder.embedding_hidden_mapping_in.bias"]
    path = saved(tmp_path, first_component_of(content))
    with pytest.raises(BadModelFile, match=r"bert\.encoder\.\S+_in\.bias is missing instead of"):
        load_model(path, ARCHITECTURE, "cpu")


def test_a_tensor_of_another_shape_is_named_with_both_shapes(tmp_path: Path, content: Any) -> None:
    content["bert"]["module.pooler.bias"] = torch.zeros(7)
    path = saved(tmp_path, first_component_of(content))
    with pytest.raises(BadModelFile, match=r"bert\.pooler\.bias is \(7,\) instead of \(96,\)"):
        load_model(path, ARCHITECTURE, "cpu")


def test_a_checkpoint_with_another_models_configuration_is_refused(
    checkpoints: Callable[[str, bool], Path],
) -> None:
    other = synthetic.architecture("v1.0")
    with pytest.raises(BadModelFile, match=r"and \d+ more; use the config\.json"):
        load_model(checkpoints("v1.1-zh", True), other, "cpu")


def test_a_configuration_that_lacks_a_block_is_refused() -> None:
    bare = {key: value for key, value in ARCHITECTURE.items() if key != "plbert"}
    with pytest.raises(BadModelFile, match=r"not that of a Kokoro model \(KeyError\('plbert'\)\)"):
        untrained_model(bare)


def test_a_file_saved_from_a_bare_model_loads_and_what_is_not_used_is_told(
    tmp_path: Path, content: Any, caplog: pytest.LogCaptureFixture
) -> None:
    bare = {
        component: {key.removeprefix("module."): tensor for key, tensor in state.items()}
        for component, state in content.items()
    }
    bare["bert"]["embeddings.position_ids"] = torch.arange(512)[None]
    bare["predictor"]["F0.0.norm1.norm.weight"] = torch.full((512,), 3.0)
    with caplog.at_level(logging.INFO):
        model = load_model(saved(tmp_path, bare), ARCHITECTURE, "cpu")
    assert "the model does not use bert.embeddings.position_ids" in caplog.text
    assert model.predictor.F0[0].norm1.norm.weight[0] == 3.0
    assert model.predictor.F0[0].norm2.norm.weight[0] == 1.0
    assert not any(name.endswith("weight_g") for name, _ in model.named_parameters())


def test_a_missing_gpu_is_told_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ConfigurationError, match=r"no usable GPU; .* choose the device cpu"):
        load_model(tmp_path / "model.pth", ARCHITECTURE, "cuda")


def test_auto_runs_on_the_cpu_where_there_is_no_gpu_and_says_so(
    checkpoints: Callable[[str, bool], Path],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(providers, "_GPU_FILES", ())
    with caplog.at_level(logging.INFO):
        model = load_model(checkpoints("v1.1-zh", True), ARCHITECTURE, "auto")
    assert model.device == torch.device("cpu")
    assert caplog.messages == ["torch finds no GPU: the engine runs on the processor"]


def test_a_gpu_that_torch_cannot_use_is_told_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(providers, "_GPU_FILES", (tmp_path,))
    assert choose_device("auto") == "cpu"
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert "a CUDA build of torch" in record.message


def folded_model() -> Any:
    model = untrained_model(ARCHITECTURE)
    _fold_weight_norms(model)
    return model


@pytest.mark.parametrize(("half", "dtype"), [("fp16", torch.float16), ("bf16", torch.bfloat16)])
def test_the_decoders_convolutions_are_halved_and_nothing_else(half: Any, dtype: Any) -> None:
    model = folded_model()
    halve(model, half)
    convolutions = torch.nn.Conv1d | torch.nn.ConvTranspose1d
    named = model.decoder.named_modules(prefix="decoder")
    kinds = {name: module for name, module in named if isinstance(module, convolutions)}
    found = {name for name, module in kinds.items() if module.weight.dtype == torch.float32}
    assert found == set(EXACT)
    assert {module.weight.dtype for module in kinds.values()} == {torch.float32, dtype}
    rest = (parameter for name, parameter in model.named_parameters() if "decoder" not in name)
    assert {parameter.dtype for parameter in rest} == {torch.float32}


@pytest.mark.parametrize(("half", "error"), [("fp16", 1e-3), ("bf16", 1e-2)])
def test_a_halved_convolution_takes_and_makes_float32(half: Any, error: float) -> None:
    model = folded_model()
    layer, signal = model.decoder.generator.resblocks[0].convs1[0], torch.randn(1, 256, 40)
    with torch.inference_mode():
        exact = layer(signal)
        halve(model, half)
        rounded = layer(signal)
    assert rounded.dtype == torch.float32
    assert 0 < (rounded - exact).abs().max() < error * exact.abs().max()


def test_a_gpu_without_bf16_is_told_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    model = untrained_model(ARCHITECTURE)
    monkeypatch.setattr(type(model), "device", torch.device("cuda:0"))
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: False)
    with pytest.raises(ConfigurationError, match="since Ampere: use --precision fp16"):
        halve(model, "bf16")


def test_a_missing_package_is_told_with_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "kokoro", None)
    with pytest.raises(ModelUnavailable, match=r"pip install 'wyoming-kokoro\[torch\]'"):
        load_model(tmp_path / "model.pth", ARCHITECTURE, "cpu")


def test_torch_comes_in_with_the_model_only_and_neither_speaks_nor_uses_the_network() -> None:
    program = """
import socket, sys
def refuse(*_, **__): raise AssertionError("a connection was tried")
socket.socket.connect = socket.getaddrinfo = refuse
from tests.support import synthetic
from wyoming_kokoro.engines.torch import engine as torch_engine, model as torch_model
assert not {"torch", "kokoro", "transformers", "spacy"} & sys.modules.keys()
torch_model.untrained_model(synthetic.architecture("v1.0"))
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
