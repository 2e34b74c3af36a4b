"""A verdict counts as long as whatever decides a check stays as it is."""

import subprocess
import sys
from types import ModuleType

import pytest

from wyoming_kokoro.synthesis import breaths
from wyoming_kokoro.synthesis.check import bounds, measures, texts
from wyoming_kokoro.synthesis.check.yardstick import constants, yardstick


@pytest.mark.parametrize(
    ("module", "name", "value"),
    [
        (bounds, "REDUCED", bounds.Allowance(distance=0.8, step=1.0)),
        (bounds, "JOINED", bounds.Allowance(distance=1.5, step=2.0)),
        (breaths, "FIRST_FRAMES", (30, 50)),
        (breaths, "PAUSES", frozenset(".")),
        (breaths, "FADE_SAMPLES", 120),
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
    command = (
        "from wyoming_kokoro.synthesis.check.yardstick import yardstick; print(yardstick(), end='')"
    )
    run = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout == yardstick()


def test_constants_are_told_apart_from_all_else() -> None:
    lines = constants(breaths)
    assert "wyoming_kokoro.synthesis.breaths.FRAMES_A_SECOND = 40" in lines
    assert not any("next_breath" in line or "Joiner" in line for line in lines)
