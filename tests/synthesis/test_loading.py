"""An engine in int8, from the settings to samples, calibrated with the voices that are there."""

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("kokoro", reason="synthetic checkpoints take their shapes from kokoro")

from tests import synthetic
from tests.engines.reference import random_style, sentence
from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines import precision
from wyoming_kokoro.engines.graph import rehearsal
from wyoming_kokoro.engines.verdict import Verdict, keep_verdicts
from wyoming_kokoro.errors import ModelUnavailable
from wyoming_kokoro.models.installed import InstalledModel, local_checkpoint
from wyoming_kokoro.synthesis.loading import load_engine


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InstalledModel]:
    folder = tmp_path_factory.mktemp("own")
    yield local_checkpoint(synthetic.write_checkpoint(folder, "v1.0", small=True))
    shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def on_a_known_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    """One word is enough to calibrate with, on a processor that has a scheme."""
    monkeypatch.setattr(rehearsal, "_SENTENCES", {"misaki": ("ʃˈʊɹ.",)})
    monkeypatch.setattr(rehearsal, "_LEAST", 1)
    monkeypatch.setattr(precision, "scheme_here", lambda: precision.REDUCED)


def test_auto_speaks_in_int8_once_check_has_passed_it_here(
    model: InstalledModel, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def spoken() -> bytes:
        engine = load_engine("onnx", model, settings, lambda: None)
        plan = engine.plan(sentence(12), random_style(1), 1.0, seed=0)
        [pcm] = engine.voice([(plan, range(plan.frames))])
        assert np.abs(pcm).max() > 0.01
        return pcm.tobytes()

    settings = Settings(data_dir=tmp_path, device="cpu", threads=1)
    int8 = Settings(data_dir=tmp_path, device="cpu", threads=1, precision="int8")
    with pytest.raises(ModelUnavailable, match=r"no voice on this machine"):
        load_engine("onnx", model, int8, lambda: None)
    synthetic.write_voices(model.checkpoint.parent, ("af_heart", "bm_george"), "v1.0")
    in_floats = spoken()
    assert spoken() == in_floats
    passed = {precision.REDUCED.name: Verdict(passed=True, reason="alike")}
    keep_verdicts(tmp_path / "cache", model.sha256(), passed)
    with caplog.at_level(logging.INFO):
        assert spoken() != in_floats
    assert "calibrating int8: 2 of 2 sentences" in caplog.messages
    assert "the generator works in int8 (u8s7)" in caplog.messages
