"""From settings to an engine that runs on something other than the processor.

No GPU is needed: sessions run on the processor and say that they do not.
"""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest

pytest.importorskip("kokoro", reason="synthetic checkpoints take their shapes from kokoro")

from tests.support import synthetic
from tests.support.reference import random_style, sentence
from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.kokoro.engine import KokoroEngine
from wyoming_kokoro.engines.kokoro.plan import KokoroPlan
from wyoming_kokoro.engines.kokoro.windows import window_around
from wyoming_kokoro.engines.onnx import providers
from wyoming_kokoro.engines.onnx.compiled.stages import Stages
from wyoming_kokoro.engines.onnx.network import GPU_STEP_FRAMES, OnnxNetwork
from wyoming_kokoro.engines.onnx.providers import CPU, CUDA
from wyoming_kokoro.engines.precision import subject_of
from wyoming_kokoro.engines.verdict import Verdict, Verdicts
from wyoming_kokoro.errors import ConfigurationError, ModelUnavailable, SynthesisFailed
from wyoming_kokoro.models import catalog
from wyoming_kokoro.models.installed import InstalledModel
from wyoming_kokoro.synthesis import loading

pytestmark = pytest.mark.torch

OPENVINO = "OpenVINOExecutionProvider"
GOOD: Verdicts = {subject_of("openvino"): Verdict(passed=True, reason="alike")}

Load = Callable[..., KokoroEngine]


@pytest.fixture
def load(
    stages: Callable[[str, bool], Stages], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Load:
    """Call with settings and verdicts; get the engine of a model whose stages are built."""
    version = catalog.version_named("v1.0")
    vocabulary = catalog.vocabulary(version.name)
    architecture = synthetic.architecture(version.name, small=True)
    checkpoint = tmp_path / "own.pth"
    checkpoint.write_bytes(b"never read")
    model = InstalledModel(version, checkpoint, tmp_path, vocabulary, architecture, official=False)
    monkeypatch.setattr(loading, "prepared_stages", lambda *_, **__: stages("v1.0", True))

    def loaded(verdicts: Verdicts | None = None, **asked: Any) -> KokoroEngine:
        settings = Settings(data_dir=tmp_path, threads=1, engine="onnx", **asked)
        engine = loading.load_engine("onnx", model, settings, lambda: None, verdicts or {})
        assert isinstance(engine, KokoroEngine)
        return engine

    return loaded


def installed(
    provider: str, monkeypatch: pytest.MonkeyPatch, gpu: Path, *, works: bool = True
) -> None:
    """Have a provider be installed, a GPU shown by its driver, and the one use the other or not."""
    real = onnxruntime.InferenceSession

    class Pretending(real):  # type: ignore[misc, valid-type]  # known only when it runs
        def __init__(self, path: Path, options: Any, providers: Any) -> None:
            super().__init__(path, options, providers=[CPU])

        def get_providers(self) -> list[str]:
            return [provider, CPU] if works else [CPU]

    monkeypatch.setattr(onnxruntime, "InferenceSession", Pretending)
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [provider, CPU])
    monkeypatch.setattr(providers, "_GPU_FILES", (gpu,))
    monkeypatch.setattr(providers, "load_cuda", lambda: None)


def test_fp16_speaks_in_windows_of_few_lengths(
    load: Load, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    installed(OPENVINO, monkeypatch, tmp_path)
    engine = load(provider="openvino", precision="fp16")
    assert (engine.device, engine.precision) == ("openvino", "fp16")
    plan = engine.plan(sentence(30), random_style(), 1.0, seed=0)
    plan = dataclasses.replace(plan, statistics=engine.observe(plan).statistics)
    spans = [range(begin, begin + 15 + begin) for begin in (0, 18, 31)]
    windows = [window_around(span, plan.frames, GPU_STEP_FRAMES).frames for span in spans]
    made: list[range] = []
    generate = OnnxNetwork._generate

    def noted(decoder: OnnxNetwork, plan: KokoroPlan, frames: range, given: Any) -> Any:
        made.append(frames)
        return generate(decoder, plan, frames, given)

    monkeypatch.setattr(OnnxNetwork, "_generate", noted)
    for span in spans:
        pcm = engine.voice(plan, span)
        assert len(pcm) == 600 * len(span)
        assert np.abs(pcm).max() > 0.01
    assert made == windows
    engine.close()


def test_numbers_beyond_the_range_of_fp16_are_told_with_the_remedy(
    load: Load, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    installed(OPENVINO, monkeypatch, tmp_path)
    engine = load(provider="openvino", precision="fp16")
    plan = engine.plan(sentence(5), random_style(), 1.0, seed=0)
    loud = dataclasses.replace(plan, hidden=plan.hidden * np.float32(1e30))
    with pytest.raises(SynthesisFailed, match=r"not finite; .* fp16: use --precision fp32"):
        engine.voice(loud, range(5))
    engine.close()


@pytest.mark.parametrize(("verdicts", "precision"), [({}, "fp32"), (GOOD, "fp16")])
def test_auto_is_fp16_once_check_has_found_it_good(
    verdicts: Verdicts,
    precision: str,
    load: Load,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    installed(OPENVINO, monkeypatch, tmp_path)
    assert load(verdicts, provider="openvino").precision == precision


def test_fp16_that_cannot_be_converted_any_more_leaves_fp32_where_nobody_insists(
    load: Load,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> Stages:
        raise ModelUnavailable("the disk is full")

    installed(OPENVINO, monkeypatch, tmp_path)
    monkeypatch.setattr(loading, "halved_stages", fail)
    assert load(GOOD, provider="openvino").precision == "fp32"
    assert "fp16 was found good here, but cannot be had" in caplog.text
    with pytest.raises(ModelUnavailable, match="the disk is full"):
        load(GOOD, provider="openvino", precision="fp16")


def test_a_gpu_that_fails_leaves_the_processor_and_what_is_right_for_it(
    load: Load,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    installed(CUDA, monkeypatch, tmp_path, works=False)
    good = {subject_of("cuda"): Verdict(passed=True, reason="alike")}
    engine = load(good)
    assert (engine.device, engine.precision) == ("cpu", "fp32")
    assert "cannot use CUDA on this machine" in caplog.text
    with pytest.raises(ConfigurationError, match="fp16 is for a GPU, but the engine runs on the"):
        load(good, precision="fp16")
    with pytest.raises(ConfigurationError, match=r"--device cuda: .*install them, or use --device"):
        load(good, device="cuda")
