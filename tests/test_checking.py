"""The command `check`: on a model from its file to the verdict, and with engines that are given."""

import json
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests import synthetic
from tests.process import run_command
from tests.synthesis.check.made_up import FAR, NEAR, trial
from wyoming_kokoro import checking, commands
from wyoming_kokoro.checking import Report
from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.precision import FULL
from wyoming_kokoro.engines.verdict import BREATHS, WHOLE_FRONT, Verdict, verdict
from wyoming_kokoro.errors import ModelUnavailable
from wyoming_kokoro.models.installed import local_checkpoint
from wyoming_kokoro.synthesis.check.findings import findings
from wyoming_kokoro.synthesis.check.trial import Trial

SHA256 = "a1" * 32
PATIENCE = 300.0


@pytest.mark.timeout(PATIENCE)
def test_a_model_is_checked_from_its_file_to_the_verdict(tmp_path: Path) -> None:
    pytest.importorskip("kokoro", reason="synthetic checkpoints take their shapes from kokoro")
    checkpoint = synthetic.write_checkpoint(tmp_path / "model", small=True)
    synthetic.write_voices(tmp_path / "model", ("af_heart",))
    done = run_command(
        "check",
        *("--checkpoint", str(checkpoint), "--data-dir", str(tmp_path / "data")),
        *("--precision", "fp32"),
        patience=PATIENCE,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for shown in ("af_heart", "dBFS", "another noise", "in breaths, front whole", "All is within"):
        assert shown in done.stdout
    assert "Traceback" not in done.stderr
    sha256 = local_checkpoint(checkpoint).sha256()
    for subject in (BREATHS, WHOLE_FRONT):
        found = verdict(tmp_path / "data" / "cache", sha256, subject)
        assert found
        assert found.passed
        assert "log-mel distance" in found.reason


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


@pytest.mark.parametrize(("trials", "code"), [([trial()], 0), ([trial(FAR, FAR)], 1)])
@pytest.mark.parametrize("as_json", [False, True])
def test_the_exit_code_tells_whether_a_bound_is_broken(
    trials: list[Trial],
    code: int,
    as_json: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def examine(settings: Settings, progress: object) -> Report:
        return Report({"model": "made up"}, trials, findings(trials))

    monkeypatch.setattr(checking, "examine", examine)
    assert commands.check(Settings(), Namespace(json=as_json)) == code
    shown = capsys.readouterr().out
    words = "the joins of breaths can be heard on this model: whole sentences are used from now on"
    assert (words in shown) == bool(code)
    if as_json:
        assert json.loads(shown)["passed"] == (code == 0)


class _Engine:
    """An engine that could speak in integers."""

    name = device = "cpu"

    def close(self) -> None: ...


class _Model:
    """A model that lies nowhere."""

    def sha256(self) -> str:
        return SHA256


@pytest.mark.parametrize(
    ("distances", "tries", "passed", "kept"),
    [
        ([NEAR], 1, True, ()),
        ([FAR, NEAR], 2, True, checking._KEPT[1]),
        ([FAR, FAR], 2, False, checking._KEPT[1]),
    ],
)
def test_int8_is_tried_with_less_and_less_of_it_until_it_is_not_heard(
    distances: Sequence[Any],
    tries: int,
    passed: bool,
    kept: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[str, ...]] = []
    cache = tmp_path / "cache"

    def load(kind: str, model: object, settings: Settings, waiting: object) -> _Engine:
        meanwhile = verdict(cache, SHA256, FULL.name)
        assert meanwhile
        assert not meanwhile.passed, "nobody is to use what is still on trial"
        assert settings.precision == "int8"
        asked.append(meanwhile.keep)
        return _Engine()

    monkeypatch.setattr(checking, "load_engine", load)
    monkeypatch.setattr(checking._Check, "_scheme", lambda self: FULL)
    made = iter(distances)
    monkeypatch.setattr(checking, "trials", lambda *_: [trial(u8s8=next(made))])
    parts: Any = Namespace(front_end=None)
    a_check(tmp_path).run([], parts)
    assert asked == list(checking._KEPT[:tries])
    found = verdict(cache, SHA256, FULL.name)
    assert found
    assert (found.passed, found.keep) == (passed, kept)
    assert verdict(cache, SHA256, BREATHS) == findings([trial()]).verdicts()[BREATHS]


def a_check(data_dir: Path) -> checking._Check:
    model: Any = _Model()
    engine: Any = _Engine()
    return checking._Check(Settings(data_dir=data_dir), model, engine, lambda *_: None)


def test_a_verdict_that_cannot_be_kept_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where a folder should be")
    with pytest.raises(ModelUnavailable, match="--data-dir"):
        a_check(tmp_path)._keep({BREATHS: Verdict(True, "")})
