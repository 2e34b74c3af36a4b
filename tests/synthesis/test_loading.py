"""An engine from the settings to samples: in fp32, and in int8 once that was found good, calibrated
with the voices that are there."""

import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.support import synthetic
from tests.support.voice_files import pack, write_bin
from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines import precision
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.engines.onnx.compiled import calibration_sentences
from wyoming_kokoro.engines.verdict import Verdict
from wyoming_kokoro.errors import ModelUnavailable
from wyoming_kokoro.models.catalog import version_named
from wyoming_kokoro.models.installed import InstalledModel, local_checkpoint
from wyoming_kokoro.speech import US_ENGLISH, Phonemes, Style, Tokens
from wyoming_kokoro.synthesis.loading import (
    load_engine,
    load_to_try,
    packs_to_calibrate_with,
)

PASSED = {precision.REDUCED.name: Verdict(passed=True, reason="alike")}


@pytest.fixture(autouse=True)
def no_voices_on_board(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wyoming_kokoro.voices.onboard._VERSION", "none")


@pytest.mark.timeout(600)  # three children of the lowest priority, one after another
def test_auto_speaks_in_int8_once_check_has_passed_it_here(
    checkpoints: Callable[[str, bool], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(calibration_sentences, "_SENTENCES", {"misaki": ("ʃˈʊɹ.",)})
    monkeypatch.setattr(calibration_sentences, "_LEAST", 1)
    monkeypatch.setattr(precision, "scheme_here", lambda: precision.REDUCED)
    model = local_checkpoint(synthetic.link_checkpoint(checkpoints("v1.0", True), tmp_path))
    settings = Settings(data_dir=tmp_path / "data", device="cpu", threads=1)
    asked = Settings(data_dir=tmp_path / "data", device="cpu", threads=1, precision="int8")
    with pytest.raises(ModelUnavailable, match=r"no voice .*download.*, or use --precision fp32"):
        load_engine("onnx", model, asked, lambda: None, {})
    synthetic.write_voices(tmp_path, ("af_heart", "bm_george"), "v1.0")
    in_fp32 = spoken(model, settings, {})
    with caplog.at_level(logging.INFO):
        assert spoken(model, settings, PASSED) != in_fp32
    assert "calibrating int8: 2 of 2 sentences" in caplog.messages
    assert "the generator works in int8 (u8s7)" in caplog.messages
    tried = load_to_try(model, settings, precision.Reduction(precision.REDUCED), pytest.fail)
    assert voiced(tried) == spoken(model, settings, PASSED), "what is tried is what speaks then"
    assert voiced(load_to_try(model, settings, "fp16")) != in_fp32


def spoken(model: InstalledModel, settings: Settings, verdicts: dict[str, Verdict]) -> bytes:
    return voiced(load_engine("onnx", model, settings, lambda: None, verdicts))


def voiced(engine: Engine) -> bytes:
    tokens = Tokens(tuple(range(50, 62)), Phonemes("", "", US_ENGLISH))
    style = Style(pack()[0], US_ENGLISH, female=True)
    plan = engine.plan(tokens, style, 1.0, seed=0)
    pcm = engine.voice(plan, range(plan.frames))
    assert np.abs(pcm).max() > 0.01
    return pcm.tobytes()


@pytest.fixture
def model(tmp_path: Path) -> InstalledModel:
    """A released model, whose weights nobody reads."""
    version = version_named("v1.0")
    return InstalledModel(version, tmp_path / "m.pth", tmp_path / "voices", {}, {}, official=True)


def test_of_the_voices_that_are_here_the_damaged_ones_are_left_out_and_told(
    model: InstalledModel, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    model.voices.mkdir()
    for name in ("af_heart", "bm_george"):
        write_bin(model.voices / f"{name}.bin", pack())
    (model.voices / "em_bad.pt").write_bytes(b"no voice")
    settings = Settings(data_dir=tmp_path / "data", offline=True)
    assert len(packs_to_calibrate_with(model, settings, lambda: None)) == 2
    assert "em_bad" in caplog.text
    assert "int8 is calibrated with 2 voices only: " in caplog.text
