"""Each stage against the same part of kokoro's own model, given what that part was given."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.places import SHARED_DIR

pytest.importorskip("kokoro", reason="the extra torch is not installed")

import onnxruntime
import torch

from tests.support.reference import Floats, random_style, reference_model, sentence
from tests.support.teacher import learn, listen, relative_error
from wyoming_kokoro.engines.onnx.compiled.stages import StageName, Stages
from wyoming_kokoro.speech import US_ENGLISH, Style

pytestmark = pytest.mark.torch

SHARED = SHARED_DIR
TOLERANCE = 1e-4
MODELS = [("v1.0", False), ("v0.19", True), ("v1.1-zh", True)]

Run = Callable[..., list[Floats]]


@pytest.fixture(scope="module", params=MODELS, ids=lambda model: model[0])
def model(request: pytest.FixtureRequest) -> tuple[str, bool]:
    chosen: tuple[str, bool] = request.param
    return chosen


@pytest.fixture(scope="module")
def reference(model: tuple[str, bool], checkpoints: Callable[[str, bool], Path]) -> Any:
    return reference_model(checkpoints(*model), *model)


@pytest.fixture(scope="module")
def run(model: tuple[str, bool], stages: Callable[[str, bool], Stages]) -> Run:
    """Call with a stage's name and its inputs."""
    built = stages(*model)

    @cache
    def session(name: StageName) -> Any:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        return onnxruntime.InferenceSession(built.path(name), options)

    def run(name: StageName, **inputs: Any) -> list[Floats]:
        outputs: list[Floats] = session(name).run(None, inputs)
        return outputs

    return run


@pytest.mark.parametrize("length", [1, 2, 23, 510])
def test_text_stage(run: Run, reference: Any, length: int) -> None:
    style = random_style(length)
    wanted = learn(reference, sentence(length), style)
    encoding, spans, features = run("text", ids=wanted.ids, style=style.vector[None, 128:])
    assert relative_error(encoding, wanted.encoding) < TOLERANCE
    assert relative_error(spans, wanted.spans) < TOLERANCE
    assert relative_error(features, wanted.token_features) < TOLERANCE


@pytest.mark.parametrize(("length", "speed"), [(1, 1.0), (20, 0.5), (60, 2.0), (510, 1.0)])
def test_prosody_stage(run: Run, reference: Any, length: int, speed: float) -> None:
    style = random_style(length)
    wanted = learn(reference, sentence(length), style, speed)
    durations = np.maximum(np.rint(wanted.spans / np.float32(speed)), 1).astype(int)
    assert durations.sum() == wanted.features.shape[1]
    encoding = np.repeat(wanted.encoding, durations, axis=0)
    pitch, energy = run("prosody", encoding=encoding, style=style.vector[None, 128:])
    assert relative_error(pitch, wanted.pitch) < TOLERANCE
    assert relative_error(energy, wanted.energy) < TOLERANCE


@pytest.mark.parametrize(("length", "speed"), [(1, 1.0), (25, 2.0)])
def test_decoder_stages(run: Run, reference: Any, length: int, speed: float) -> None:
    style = random_style(length)
    wanted = listen(reference, sentence(length), style, speed)
    timbre = style.vector[None, :128]
    (hidden,) = run(
        "front",
        features=wanted.features,
        pitch=wanted.pitch,
        energy=wanted.energy,
        style=timbre,
    )
    assert relative_error(hidden, wanted.hidden) < TOLERANCE
    audio, statistics = run("generator", **generator_inputs(hidden, wanted.source, timbre))
    assert relative_error(audio, wanted.audio) < TOLERANCE
    assert relative_error(statistics, wanted.statistics) < TOLERANCE


@pytest.mark.parametrize("voice", ["af_heart", "am_michael"])
def test_all_stages_with_styles_of_released_voices(run: Run, reference: Any, voice: str) -> None:
    path = next(iter(SHARED.rglob(f"{voice}.pt")), None)
    if path is None:
        pytest.skip(f"no voice pack {voice}.pt beside the repository")
    vector = torch.load(path, weights_only=True)[6, 0].numpy()
    wanted = listen(reference, sentence(7), Style(vector, US_ENGLISH, female=True))
    encoding, spans, features = run("text", ids=wanted.ids, style=vector[None, 128:])
    durations = np.maximum(np.rint(spans), 1).astype(int)
    encoding, features = np.repeat(encoding, durations, 0), np.repeat(features, durations, 1)
    pitch, energy = run("prosody", encoding=encoding, style=vector[None, 128:])
    (hidden,) = run(
        "front",
        features=features,
        pitch=pitch,
        energy=energy,
        style=vector[None, :128],
    )
    audio, _ = run("generator", **generator_inputs(hidden, wanted.source, vector[None, :128]))
    assert relative_error(audio, wanted.audio) < TOLERANCE


def generator_inputs(hidden: Floats, source: Floats, timbre: Floats) -> dict[str, Any]:
    """What the generator reads to use and to tell the signal's own statistics."""
    return {
        "hidden": hidden,
        "source": source,
        "style": timbre,
        "statistics": np.ones((2, 9216), np.float32),
        "own": np.array(True),
    }
