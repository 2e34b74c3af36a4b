"""An engine in int8, from the settings to samples, calibrated with the voices that are there."""

import logging
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("kokoro", reason="synthetic checkpoints take their shapes from kokoro")

from tests import synthetic
from tests.engines.reference import random_style, sentence
from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines import precision
from wyoming_kokoro.engines.graph import reduced, rehearsal
from wyoming_kokoro.engines.verdict import Verdict, keep_verdicts
from wyoming_kokoro.errors import ModelUnavailable, ShuttingDown
from wyoming_kokoro.models.installed import InstalledModel, local_checkpoint
from wyoming_kokoro.synthesis.check.yardstick import yardstick
from wyoming_kokoro.synthesis.loading import load_engine, packs_to_calibrate_with, verdicts_on

PASSED = {precision.REDUCED.name: Verdict(passed=True, reason="alike")}


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InstalledModel]:
    """A model without a voice."""
    folder = tmp_path_factory.mktemp("own")
    yield local_checkpoint(synthetic.write_checkpoint(folder, "v1.0", small=True))
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def model(bare: InstalledModel, tmp_path_factory: pytest.TempPathFactory) -> InstalledModel:
    """The same with two voices."""
    folder = tmp_path_factory.mktemp("voices")
    synthetic.write_voices(folder, ("af_heart", "bm_george"), "v1.0")
    return replace(bare, voices=folder / "voices")


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all, so that stages are built once."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def settings(data_dir: Path) -> Settings:
    return Settings(data_dir=data_dir, device="cpu", threads=1)


@pytest.fixture(scope="module")
def in_fp32(model: InstalledModel, settings: Settings) -> bytes:
    """What is spoken without any verdict."""
    return spoken(model, settings, {})


@pytest.fixture(autouse=True)
def on_a_known_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    """One word is enough to calibrate with, on a processor that has a scheme."""
    monkeypatch.setattr(rehearsal, "_SENTENCES", {"misaki": ("ʃˈʊɹ.",)})
    monkeypatch.setattr(rehearsal, "_LEAST", 1)
    monkeypatch.setattr(precision, "scheme_here", lambda: precision.REDUCED)


def spoken(model: InstalledModel, settings: Settings, verdicts: dict[str, Verdict]) -> bytes:
    engine = load_engine("onnx", model, settings, lambda: None, verdicts)
    plan = engine.plan(sentence(12), random_style(1), 1.0, seed=0)
    [pcm] = engine.voice([(plan, range(plan.frames))])
    assert np.abs(pcm).max() > 0.01
    return pcm.tobytes()


def forget_integers(settings: Settings) -> None:
    """Have int8 be calibrated anew."""
    for folder in settings.data_dir.glob(f"cache/*/{precision.REDUCED.name}-*"):
        shutil.rmtree(folder)


def test_auto_speaks_in_int8_once_check_has_passed_it_here(
    model: InstalledModel, settings: Settings, in_fp32: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    assert spoken(model, settings, {}) == in_fp32
    with caplog.at_level(logging.INFO):
        assert spoken(model, settings, PASSED) != in_fp32
    assert "calibrating int8: 2 of 2 sentences" in caplog.messages
    assert "the generator works in int8 (u8s7)" in caplog.messages


def test_int8_that_was_asked_for_and_cannot_be_calibrated_is_refused_with_the_remedy(
    bare: InstalledModel, settings: Settings
) -> None:
    forget_integers(settings)
    with pytest.raises(ModelUnavailable, match=r"no voice .*download.*, or use --precision fp32"):
        spoken(bare, replace(settings, precision="int8"), {})


def full_disk(*_: Any) -> str:
    raise OSError(28, "No space left on device")


def killed(*_: Any) -> str:
    return "it ended with -9"


@pytest.mark.parametrize(
    ("child", "why"), [(full_disk, "No space left on device"), (killed, "ended with -9")]
)
def test_auto_speaks_in_fp32_where_int8_cannot_be_made_again_and_says_why(
    child: Any,
    why: str,
    model: InstalledModel,
    settings: Settings,
    in_fp32: bytes,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    forget_integers(settings)
    monkeypatch.setattr(reduced, "run_child", child)
    assert spoken(model, settings, PASSED) == in_fp32
    [told] = caplog.messages
    assert told.startswith("int8 was found good here, but cannot be had, and fp32 speaks: ")
    assert why in told
    with pytest.raises(ModelUnavailable, match=f"{why}.*--precision fp32"):
        spoken(model, replace(settings, precision="int8"), PASSED)


def test_auto_speaks_in_fp32_where_int8_does_not_load(
    model: InstalledModel, settings: Settings, in_fp32: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    assert spoken(model, settings, PASSED) != in_fp32
    [graph] = settings.data_dir.glob(f"cache/*/{precision.REDUCED.name}-*/generator.onnx")
    status, content = graph.stat(), bytearray(graph.read_bytes())
    content[:100_000] = bytes(100_000)
    graph.write_bytes(content)
    os.utime(graph, ns=(status.st_atime_ns, status.st_mtime_ns))  # as a medium does that fails
    try:
        assert spoken(model, settings, PASSED) == in_fp32
        [told] = caplog.messages
        assert "does not load" in told
        assert "fp32 speaks" in told
    finally:
        forget_integers(settings)


def test_a_server_that_stops_while_it_calibrates_does_not_go_on_in_fp32(
    model: InstalledModel, settings: Settings
) -> None:
    forget_integers(settings)

    def stopping() -> None:
        raise ShuttingDown("the server is stopping")

    with pytest.raises(ShuttingDown):
        load_engine("onnx", model, settings, stopping, PASSED)


def test_a_damaged_voice_is_left_out_of_the_calibration_and_told(
    model: InstalledModel, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    bad = model.voices / "em_bad.pt"
    bad.write_bytes(b"no voice")
    try:
        assert len(packs_to_calibrate_with(model, settings, lambda: None)) == 2
    finally:
        bad.unlink()
    assert "em_bad" in caplog.text


def test_verdicts_on_a_model_are_those_of_its_weights_and_of_this_yardstick(
    model: InstalledModel, settings: Settings
) -> None:
    cache, sha256 = settings.data_dir / "cache", model.sha256()
    keep_verdicts(cache, sha256, "another yardstick", PASSED)
    assert verdicts_on(model, settings) == {}
    keep_verdicts(cache, sha256, yardstick(), PASSED)
    assert verdicts_on(model, settings) == PASSED


def test_a_single_file_follows_no_verdict_and_is_not_read_for_one(settings: Settings) -> None:
    absent: Any = type("Model", (), {"checkpoint": Path("absent.onnx")})()
    assert verdicts_on(absent, settings) == {}
