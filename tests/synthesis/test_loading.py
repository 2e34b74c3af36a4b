"""An engine from the settings to samples: the native one where the library is installed, ONNX
Runtime where it is not; and voices to calibrate with."""

import logging
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support import synthetic
from tests.support.made_up import made_up_table
from tests.support.voice_files import pack, write_bin
from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.engines.native.library import LIBRARY_VARIABLE, NativeLibrary
from wyoming_kokoro.engines.verdict import Verdict
from wyoming_kokoro.errors import ModelUnavailable
from wyoming_kokoro.models.catalog import version_named
from wyoming_kokoro.models.installed import InstalledModel, local_checkpoint
from wyoming_kokoro.speech import US_ENGLISH, Phonemes, Plan, Style, Tokens
from wyoming_kokoro.synthesis import loading, select
from wyoming_kokoro.synthesis.loading import (
    load_engine,
    load_to_try,
    packs_to_calibrate_with,
)

CHANNELS = 9216


@pytest.fixture(autouse=True)
def no_voices_on_board(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wyoming_kokoro.voices.onboard._VERSION", "none")


@pytest.fixture
def checkpoint(checkpoints: Callable[[str, bool], Path], tmp_path: Path) -> InstalledModel:
    """A small model."""
    return local_checkpoint(synthetic.link_checkpoint(checkpoints("v1.0", True), tmp_path))


@pytest.fixture
def with_library(library: NativeLibrary, monkeypatch: pytest.MonkeyPatch) -> NativeLibrary:
    monkeypatch.setattr(loading, "usable_library", lambda: library)
    return library


def knowing_ranges(monkeypatch: pytest.MonkeyPatch, largest: float) -> None:
    """Have the package know how large the values of any model become."""
    ranges = np.full(CHANNELS, largest, np.float32)
    table = replace(made_up_table(CHANNELS), ranges=ranges)
    monkeypatch.setattr(loading, "packaged_table", lambda _fingerprint: table)


@pytest.mark.timeout(600)  # two children of the lowest priority, one after another
def test_the_native_engine_speaks_as_onnx_runtime_does_in_less_memory(
    checkpoint: InstalledModel, with_library: NativeLibrary, tmp_path: Path
) -> None:
    native = engine_of("native", checkpoint, tmp_path)
    onnx = engine_of("onnx", checkpoint, tmp_path)
    assert (native.name, native.precision, native.at_once) == ("native", "fp32", 3)
    assert (onnx.name, onnx.precision, onnx.at_once) == ("onnx", "fp32", 1)
    plans = planned(native), planned(onnx)
    assert np.array_equal(plans[0].durations, plans[1].durations)
    np.testing.assert_allclose(plans[0].f0, plans[1].f0, rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(plans[0].energy, plans[1].energy, atol=1e-4)
    # Of the same plan: a source's phase, where it is faint, turns with the last bit of the pitch.
    for plan in plans:
        np.testing.assert_allclose(voiced(native, plan), voiced(onnx, plan), atol=1e-4)
    for engine in (native, onnx):
        engine.close()


@pytest.mark.timeout(600)
def test_integers_speak_where_their_ranges_are_known_and_check_has_not_heard_them(
    checkpoint: InstalledModel,
    with_library: NativeLibrary,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(loading, "quickest_precision", lambda _library: "int16")
    heard = {"int16": Verdict(passed=False, reason="hiss")}
    with caplog.at_level(logging.INFO):
        assert engine_of("native", checkpoint, tmp_path).precision == "fp32"
    assert "int16 needs to know how large the values of this model become" in caplog.text
    with pytest.raises(ModelUnavailable, match="ranges that int8 needs are not known"):
        load_to_try(checkpoint, Settings(data_dir=tmp_path, threads=1), "int8")
    knowing_ranges(monkeypatch, 30.0)
    engine = engine_of("native", checkpoint, tmp_path)
    assert engine.precision == "int16"
    assert np.abs(voiced(engine, planned(engine))).max() > 0.01
    engine.close()
    assert engine_of("native", checkpoint, tmp_path, verdicts=heard).precision == "fp32"
    assert engine_of("native", checkpoint, tmp_path, precision="int8").precision == "int8"


def test_a_network_that_the_library_does_not_know_is_onnx_runtimes_unless_native_was_asked_for(
    checkpoint: InstalledModel,
    with_library: NativeLibrary,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(loading, "_load_onnx", lambda *_: "onnx")
    settings = checkpoint.architecture["istftnet"]
    other = {**settings, "upsample_kernel_sizes": [16, 12]}
    stranger = replace(checkpoint, architecture={**checkpoint.architecture, "istftnet": other})
    found: Any = load_engine("native", stranger, Settings(data_dir=tmp_path), lambda: None, {})
    assert found == "onnx"
    assert "not written for the architecture" in caplog.text
    with pytest.raises(ModelUnavailable, match="not written for the architecture"):
        engine_of("native", stranger, tmp_path, engine="native")


@pytest.mark.usefixtures("with_library")
def test_what_only_onnx_runtime_could_load_names_it_where_it_is_not_installed(
    checkpoint: InstalledModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(select, "find_spec", lambda name: None if name == "onnx" else object())
    other = {**checkpoint.architecture["istftnet"], "upsample_kernel_sizes": [16, 12]}
    stranger = replace(checkpoint, architecture={**checkpoint.architecture, "istftnet": other})
    (export := tmp_path / "export.onnx").write_bytes(b"")
    for model in (stranger, replace(checkpoint, checkpoint=export)):
        with pytest.raises(ModelUnavailable, match=r"ONNX Runtime can .*: pip install onnxruntime"):
            engine_of("native", model, tmp_path)


WITHOUT_ONNX_RUNTIME = """
import sys
from pathlib import Path
sys.modules.update(onnxruntime=None, onnx=None)
from wyoming_kokoro.config import Settings
from wyoming_kokoro.models.installed import local_checkpoint
from wyoming_kokoro.synthesis import loading, select
settings = Settings(data_dir=Path(sys.argv[2]), threads=1)
kind, _ = select.choose(settings)
model = local_checkpoint(Path(sys.argv[1]))
engine = loading.load_engine(kind, model, settings, lambda: None, {})
print(engine.name, engine.warm_up() > 0)
"""


@pytest.mark.slow
def test_the_native_engine_speaks_where_onnx_runtime_cannot_be_imported(
    checkpoint: InstalledModel, library: NativeLibrary, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_ONNX_RUNTIME, checkpoint.checkpoint, tmp_path],
        env={**os.environ, LIBRARY_VARIABLE: str(library.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("native True\n", 0), done.stderr


def engine_of(
    kind: Any,
    model: InstalledModel,
    data_dir: Path,
    verdicts: dict[str, Verdict] | None = None,
    **asked: Any,
) -> Engine:
    settings = Settings(data_dir=data_dir, device="cpu", threads=1, **asked)
    return load_engine(kind, model, settings, lambda: None, verdicts or {})


def planned(engine: Engine) -> Plan:
    tokens = Tokens(tuple(range(50, 62)), Phonemes("", "", US_ENGLISH))
    return engine.plan(tokens, Style(pack()[0], US_ENGLISH, female=True), 1.0, seed=0)


def voiced(engine: Engine, plan: Plan) -> Any:
    return engine.voice(plan, range(plan.frames))


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
    assert "the model is calibrated with 2 voices only: " in caplog.text
