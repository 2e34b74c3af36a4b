"""The generator in integers: what becomes of it, how it sounds, and when it is made anew."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("kokoro", reason="synthetic checkpoints take their shapes from kokoro")

import onnx

from tests.support import synthetic
from tests.support.reference import Floats, random_style, sentence
from wyoming_kokoro.engines.onnx.compiled.calibration_sentences import (
    CalibrationSentence,
    calibration_sentences,
)
from wyoming_kokoro.engines.onnx.compiled.reduced import reduced_stages
from wyoming_kokoro.engines.onnx.compiled.stages import Stages
from wyoming_kokoro.engines.onnx.engine import OnnxEngine
from wyoming_kokoro.engines.onnx.sessions import Runtime
from wyoming_kokoro.engines.precision import REDUCED, Reduction
from wyoming_kokoro.errors import ModelUnavailable, ShuttingDown
from wyoming_kokoro.models import catalog
from wyoming_kokoro.models.installed import InstalledModel

pytestmark = pytest.mark.torch

KEPT = "decoder.generator.resblocks.5"
"""A block of six convolutions."""


@pytest.fixture(scope="module")
def floats(own_stages: Callable[[str, bool], Stages]) -> Stages:
    return own_stages("v1.0", True)


@pytest.fixture(scope="module")
def integers(floats: Stages) -> Stages:
    return reduced_stages(floats, Reduction(REDUCED), spoken)


def spoken() -> list[CalibrationSentence]:
    lengths = (12, 25)
    return [CalibrationSentence(sentence(n).ids, random_style(n).vector, "a") for n in lengths]


def never() -> Sequence[CalibrationSentence]:
    raise AssertionError("it is there already")


@pytest.fixture
def calibrations(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], int]]:
    """Call to get how often something was calibrated since the last call."""

    def count() -> int:
        made = sum(record.message.startswith("calibrated ") for record in caplog.records)
        caplog.clear()
        return made

    with caplog.at_level(logging.INFO):
        yield count


def kinds(path: Path) -> dict[str, str]:
    """The kind of weights that each convolution of a graph has."""
    graph = onnx.load(path, load_external_data=False).graph
    in_integers = {node.output[0] for node in graph.node if node.op_type == "DequantizeLinear"}
    return {
        node.name: "integers" if node.input[1] in in_integers else "floats"
        for node in graph.node
        if node.op_type in ("Conv", "ConvTranspose")
    }


def voiced(stages: Stages) -> Floats:
    """A sentence, and a voice, that calibration did not hear."""
    engine = OnnxEngine(stages, Runtime(1))
    plan = engine.plan(sentence(30), random_style(99), 1.0, seed=7)
    return engine.voice(plan, range(plan.frames))


def log_spectrum(pcm: Floats) -> Floats:
    """Levels in dB by time and frequency, 25 ms and 80 bands."""
    columns = np.lib.stride_tricks.sliding_window_view(pcm, 1024)[::600] * np.hanning(1024)
    power = np.square(np.abs(np.fft.rfft(columns, axis=1)))[:, 1:481].reshape(-1, 80, 6).mean(2)
    levels: Floats = 10 * np.log10(power + 1e-7)
    return levels


def test_only_convolutions_of_the_generators_blocks_are_in_integers(
    floats: Stages, integers: Stages
) -> None:
    before, after = kinds(floats.path("generator")), kinds(integers.path("generator"))
    assert set(before.values()) == {"floats"}
    assert before.keys() == after.keys()
    reduced = {name for name, kind in after.items() if kind == "integers"}
    assert len(reduced) == 48
    assert {name.split(".")[2] for name in reduced} == {"resblocks", "noise_res"}
    for stage in ("text", "prosody", "front"):
        assert integers.path(stage) == floats.path(stage)


def test_it_sounds_nearly_the_same(floats: Stages, integers: Stages) -> None:
    truth, ours = voiced(floats), voiced(integers)
    assert truth.shape == ours.shape
    error = np.square(ours - truth).mean() / np.square(truth).mean()
    assert 10 * np.log10(error) < -18
    assert np.abs(log_spectrum(ours) - log_spectrum(truth)).mean() < 1.0


def test_it_is_calibrated_once_and_again_only_when_it_is_not_as_written(
    floats: Stages, integers: Stages, calibrations: Callable[[], int]
) -> None:
    graph = integers.path("generator")
    assert reduced_stages(floats, Reduction(REDUCED), never).path("generator") == graph
    assert calibrations() == 0
    with graph.open("r+b") as file:
        file.truncate(1000)
    reduced_stages(floats, Reduction(REDUCED), spoken)
    assert calibrations() == 1
    assert graph.stat().st_size > 100_000
    names = {path.name for path in graph.parent.iterdir()}
    names -= {path.name for path in integers.pieces}
    assert names == {"generator.onnx", "generator.weights", "stages.json"}


def test_modules_that_are_kept_stay_in_floats_beside_those_that_keep_none(
    floats: Stages, integers: Stages, calibrations: Callable[[], int]
) -> None:
    kept = reduced_stages(floats, Reduction(REDUCED, (KEPT,)), spoken)
    assert calibrations() == 1
    after = kinds(kept.path("generator"))
    for name, kind in kinds(integers.path("generator")).items():
        assert after[name] == ("floats" if name.startswith(f"{KEPT}.") else kind)
    assert list(after.values()).count("integers") == 42
    assert integers.path("generator").is_file()


def test_a_module_to_keep_that_is_not_there_is_told(floats: Stages) -> None:
    with pytest.raises(ModelUnavailable, match=r"calibrated .*resblocks\.77 is no module"):
        reduced_stages(floats, Reduction(REDUCED, ("decoder.generator.resblocks.77",)), spoken)
    assert not list(floats.folder.glob("draft-*"))


def test_without_voices_there_is_nothing_to_calibrate_with(floats: Stages) -> None:
    elsewhere = replace(floats, folder=floats.folder / "nothing")
    with pytest.raises(ModelUnavailable, match=r"no voice .*wyoming-kokoro download"):
        reduced_stages(elsewhere, Reduction(REDUCED), list)


def test_a_server_that_stops_does_not_wait_for_it(floats: Stages) -> None:
    def stopping() -> None:
        raise ShuttingDown("the server is stopping")

    with pytest.raises(ShuttingDown):
        reduced_stages(
            floats, Reduction(REDUCED, ("decoder.generator.noise_res.0",)), spoken, stopping
        )
    assert not list(floats.folder.glob("draft-*"))


@pytest.mark.parametrize("version", catalog.VERSIONS, ids=lambda version: version.name)
@pytest.mark.parametrize("voices", [1, 3, 20])
def test_every_sentence_and_every_voice_is_heard(
    version: catalog.ModelVersion, voices: int, tmp_path: Path
) -> None:
    vocabulary = catalog.vocabulary(version.name)
    architecture = synthetic.architecture(version.name)
    model = InstalledModel(version, tmp_path, tmp_path, vocabulary, architecture, official=False)
    packs = {
        str(number): np.full((version.pack_rows, 256), number, np.float32)
        for number in range(voices)
    }
    heard = calibration_sentences(model, packs)
    assert {int(one.style[0]) for one in heard} == set(range(voices))
    assert len({one.ids for one in heard}) >= 5
    assert all(len(one.ids) > 5 for one in heard)
    assert all(one.voice == str(int(one.style[0])) for one in heard)
    assert calibration_sentences(model, {}) == []


def test_more_sentences_are_said_by_other_voices_in_later_rounds(tmp_path: Path) -> None:
    version = catalog.version_named("v1.0")
    vocabulary = catalog.vocabulary(version.name)
    model = InstalledModel(version, tmp_path, tmp_path, vocabulary, {}, official=False)
    packs = {name: np.zeros((version.pack_rows, 256), np.float32) for name in "abcd"}
    heard = calibration_sentences(model, packs, least=48)
    assert len({(one.ids, one.voice) for one in heard}) == len(heard) == 48
