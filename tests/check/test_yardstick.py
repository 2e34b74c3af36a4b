"""A verdict counts as long as whatever decides a check stays as it is."""

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from wyoming_kokoro.check import bounds, measures, texts
from wyoming_kokoro.check.yardstick import constants, verdicts_on, yardstick
from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.verdict import BREATHS, Verdict, keep_verdicts
from wyoming_kokoro.models.catalog import version_named
from wyoming_kokoro.models.installed import InstalledModel
from wyoming_kokoro.synthesis import breaths


@pytest.mark.parametrize(
    ("module", "name", "value"),
    [
        (bounds, "REDUCED", bounds.Allowance(distance=0.8, step=1.0, level=1.0)),
        (bounds, "JOINED", bounds.Allowance(distance=2.0, step=2.0, level=1.5)),
        (breaths, "FIRST_FRAMES", (30, 50)),
        (breaths, "PAUSES", frozenset(".")),
        (breaths, "SUPPLY_SHARE", 0.5),
        (measures, "STEP_SAMPLES", 2400),
        (measures, "_HOP", 256),
        (texts, "TEXTS", {}),
    ],
)
def test_another_bound_rule_measure_or_text_is_another_yardstick(
    module: ModuleType, name: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = yardstick()
    monkeypatch.setattr(module, name, value)
    yardstick.cache_clear()
    changed = yardstick()
    monkeypatch.undo()
    yardstick.cache_clear()
    assert changed != before
    assert yardstick() == before


def test_it_is_the_same_in_every_process() -> None:
    command = "from wyoming_kokoro.check.yardstick import yardstick; print(yardstick(), end='')"
    run = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout == yardstick()


def test_constants_are_told_apart_from_all_else() -> None:
    lines = constants(breaths)
    assert "wyoming_kokoro.synthesis.breaths.FRAMES_A_SECOND = 40" in lines
    assert not any("next_breath" in line for line in lines)


PASSED = {BREATHS: Verdict(passed=True, reason="")}


def test_verdicts_on_a_model_are_those_of_its_weights_and_of_this_yardstick(
    tmp_path: Path,
) -> None:
    version = version_named("v1.0")
    model = InstalledModel(version, tmp_path / "m.pth", tmp_path, {}, {}, official=True)
    settings, cache = Settings(data_dir=tmp_path), tmp_path / "cache"
    keep_verdicts(cache, model.sha256(), "another yardstick", PASSED)
    assert verdicts_on(model, settings) == {}
    keep_verdicts(cache, model.sha256(), yardstick(), PASSED)
    assert verdicts_on(model, settings) == PASSED
    assert verdicts_on(model, Settings(data_dir=tmp_path, precision="int8", breaths="on")) == PASSED
    assert verdicts_on(model, Settings(data_dir=tmp_path, precision="fp32", breaths="on")) == {}
