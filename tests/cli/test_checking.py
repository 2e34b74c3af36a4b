"""The command `check`, on a model from its file to the verdict."""

import json
import re
import subprocess
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import synthetic
from tests.support.made_up import FAR, trial
from tests.support.process import run_command
from tests.support.voice_files import pack, write_bin
from wyoming_kokoro.check import examination
from wyoming_kokoro.check.findings import findings
from wyoming_kokoro.check.report import Report
from wyoming_kokoro.check.trial import Trial
from wyoming_kokoro.check.yardstick import yardstick
from wyoming_kokoro.cli import commands
from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.verdict import kept_verdicts
from wyoming_kokoro.models.installed import local_checkpoint

PATIENCE = 300.0


@pytest.mark.timeout(PATIENCE)
def test_a_model_is_checked_from_its_file_to_the_verdict(
    checkpoints: Callable[[str, bool], Path], tmp_path: Path
) -> None:
    synthetic.write_voices(tmp_path, ("bm_george",))
    checkpoint = synthetic.link_checkpoint(checkpoints("v1.0", True), tmp_path)
    done = check(checkpoint, tmp_path / "data", "--precision", "fp32")
    assert done.returncode == 0, done.stdout + done.stderr
    for shown in (
        *("bm_george", "dBFS", "another noise (the floor)"),
        "Note: sentences are still spoken whole here: nothing was found out about breaths.",
        "Note: faster numbers were not tried: --precision is fp32.",
        "All is within its bounds.",
        "From the next start on:",
        "--breaths auto    sentences are voiced in breaths",
        "--precision auto  fp32",
    ):
        assert shown in done.stdout
    assert re.search(r"in dB \([1-9][0-9]* joins\)", done.stdout)
    assert "Traceback" not in done.stderr
    sha256 = local_checkpoint(checkpoint).sha256()
    verdicts = kept_verdicts(tmp_path / "data" / "cache", sha256, yardstick())
    assert verdicts == {}


def check(checkpoint: Path, data_dir: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return run_command(
        "check",
        *("--checkpoint", str(checkpoint), "--data-dir", str(data_dir)),
        *("--voice", "bm_george", *more),
        patience=PATIENCE,
    )


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--engine", "stand-in"), "no model to check: leave --engine away"),
        (("--engine", "stand-in", "--precision", "int8"), "--precision int8 is for the engine"),
        (("--voice", "xx_nobody"), "--voice xx_nobody: there is no voice"),
    ],
)
def test_what_cannot_be_checked_is_refused_in_words(
    more: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    checkpoint = tmp_path / "own.pth"
    checkpoint.write_bytes(b"never read")
    (tmp_path / "config.json").write_text(json.dumps(synthetic.config()))
    (tmp_path / "voices").mkdir()
    write_bin(tmp_path / "voices" / "bm_george.bin", pack())
    done = check(checkpoint, tmp_path / "data", *more)
    assert done.returncode == 2, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_model_the_exit_code_is_3_and_the_remedy_is_told(tmp_path: Path) -> None:
    done = run_command("check", "--data-dir", str(tmp_path))
    assert done.returncode == 3
    assert "wyoming-kokoro download" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_checkpoint_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = run_command(
        "check", "--checkpoint", str(tmp_path / "absent.pth"), "--data-dir", str(tmp_path)
    )
    assert done.returncode == 3
    assert "absent.pth" in done.stderr


@pytest.mark.parametrize(("trials", "code"), [([trial()], 0), ([trial(FAR)], 1)])
@pytest.mark.parametrize("as_json", [False, True])
def test_the_exit_code_tells_whether_a_bound_is_broken(
    trials: list[Trial],
    code: int,
    as_json: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def examine(settings: Settings, wire: object, progress: object) -> Report:
        return Report({"model": "made up"}, trials, findings(trials))

    monkeypatch.setattr(examination, "examine", examine)
    assert commands.check(Settings(), Namespace(json=as_json)) == code
    shown = capsys.readouterr().out
    words = "the joins of breaths can be heard on this model: --breaths auto means whole sentences"
    assert (words in shown) == bool(code)
    if as_json:
        assert json.loads(shown)["passed"] == (code == 0)
