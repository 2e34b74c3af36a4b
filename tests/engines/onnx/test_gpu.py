"""What only a GPU can show: that it computes what the processor computes. Skipped where there is
none.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

torch = pytest.importorskip("torch", reason="the extra torch is not installed")
pytest.importorskip("kokoro", reason="the extra torch is not installed")

from tests.support import synthetic  # noqa: E402 - it needs torch
from tests.support.reference import Floats, random_style, sentence  # noqa: E402 - it needs kokoro
from tests.support.teacher import relative_error  # noqa: E402 - it needs torch
from wyoming_kokoro.check.measures import log_mel_distance  # noqa: E402
from wyoming_kokoro.engines.base import Engine  # noqa: E402
from wyoming_kokoro.engines.kokoro.engine import KokoroEngine  # noqa: E402
from wyoming_kokoro.engines.kokoro.plan import KokoroPlan  # noqa: E402
from wyoming_kokoro.engines.onnx.compiled.halved import halved_stages  # noqa: E402
from wyoming_kokoro.engines.onnx.compiled.stages import Stages  # noqa: E402
from wyoming_kokoro.engines.onnx.network import onnx_engine  # noqa: E402
from wyoming_kokoro.engines.onnx.providers import CUDA  # noqa: E402
from wyoming_kokoro.engines.onnx.sessions import Runtime  # noqa: E402
from wyoming_kokoro.engines.precision import Half  # noqa: E402
from wyoming_kokoro.engines.torch.engine import TorchEngine  # noqa: E402
from wyoming_kokoro.speech import Plan  # noqa: E402

pytestmark = pytest.mark.torch

MODEL = "v1.0", False
NEAR = 0.2
"""Log-mel distance in dB at the most: another noise makes more than ten times as much."""

onnx_on_gpu = pytest.mark.skipif(
    CUDA not in onnxruntime.get_available_providers() or not Path("/dev/nvidiactl").exists(),
    reason="no GPU, or onnxruntime-gpu is not installed",
)
torch_on_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="torch finds no usable GPU")


@pytest.fixture(scope="module")
def processor(stages: Callable[[str, bool], Stages]) -> Iterator[KokoroEngine]:
    engine = onnx_engine(stages(*MODEL), Runtime(4))
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def plan(processor: KokoroEngine) -> KokoroPlan:
    return planned(processor)


def planned(engine: KokoroEngine) -> KokoroPlan:
    return engine.plan(sentence(40), random_style(), 1.0, seed=3)


def whole(engine: Engine, plan: Plan) -> Floats:
    return engine.voice(plan, range(plan.frames))


@onnx_on_gpu
def test_cuda_in_fp32_is_the_processor(
    stages: Callable[[str, bool], Stages], processor: KokoroEngine, plan: KokoroPlan
) -> None:
    engine = onnx_engine(stages(*MODEL), Runtime(4, "cuda"))
    assert engine.device == "cuda"
    found = planned(engine)
    assert np.array_equal(found.durations, plan.durations)
    assert relative_error(found.hidden, plan.hidden) < 1e-3
    assert relative_error(found.f0, plan.f0) < 1e-3
    assert relative_error(whole(engine, plan), whole(processor, plan)) < 1e-3
    for span in (range(5, 25), range(15, plan.frames)):
        assert len(engine.voice(plan, span)) == 600 * len(span)
    engine.close()


@onnx_on_gpu
def test_cuda_in_fp16_is_near_to_the_processor(
    stages: Callable[[str, bool], Stages], processor: KokoroEngine, plan: KokoroPlan
) -> None:
    engine = onnx_engine(halved_stages(stages(*MODEL)), Runtime(4, "cuda"))
    assert (engine.device, engine.precision) == ("cuda", "fp16")
    assert np.array_equal(planned(engine).durations, plan.durations)
    assert 0 < log_mel_distance(whole(engine, plan), whole(processor, plan)) < NEAR
    engine.close()


@torch_on_gpu
@pytest.mark.parametrize("half", [None, "fp16", "bf16"])
def test_torch_on_cuda_is_near_to_the_processor(
    half: Half | None, checkpoints: Callable[[str, bool], Path], plan: KokoroPlan
) -> None:
    """To torch there: the noise that it draws is its own."""
    architecture = synthetic.architecture(*MODEL)
    engine = TorchEngine(checkpoints(*MODEL), architecture, "cuda", half=half)
    assert (engine.device, engine.precision) == ("cuda:0", half or "fp32")
    found = engine.plan(sentence(40), random_style(), 1.0, seed=3)
    assert np.array_equal(found.durations, plan.durations)
    processor = TorchEngine(checkpoints(*MODEL), architecture, "cpu")
    wanted = whole(processor, processor.plan(sentence(40), random_style(), 1.0, seed=3))
    assert 0 < log_mel_distance(whole(engine, found), wanted) < NEAR
    engine.close()
    processor.close()
