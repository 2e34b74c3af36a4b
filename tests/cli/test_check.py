"""The command `check`: on a model from its file to the verdict, and with engines that are given."""

import json
import re
import subprocess
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support import synthetic
from tests.support.engines import HummingEngine
from tests.support.made_up import FAR, NEAR, trial
from tests.support.process import run_command
from tests.support.voice_files import pack, write_bin
from wyoming_kokoro.check.findings import findings
from wyoming_kokoro.check.trial import Trial
from wyoming_kokoro.check.yardstick import yardstick
from wyoming_kokoro.cli import check as checking
from wyoming_kokoro.cli import commands
from wyoming_kokoro.cli.check import Report
from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines import precision
from wyoming_kokoro.engines.onnx.engine import OnnxEngine
from wyoming_kokoro.engines.precision import FULL, Precision, Reduction, subject_of
from wyoming_kokoro.engines.verdict import BREATHS, WHOLE_FRONT, Verdict, Verdicts, kept_verdicts
from wyoming_kokoro.errors import ModelUnavailable
from wyoming_kokoro.models.catalog import version_named
from wyoming_kokoro.models.installed import local_checkpoint

SHA256 = "a1" * 32
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
        *("bm_george", "dBFS", "another noise (the floor)", "in breaths, front on the whole"),
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
    assert set(verdicts) == {BREATHS, WHOLE_FRONT}
    assert all("log-mel distance" in found.reason for found in verdicts.values())
    assert all(found.passed for found in verdicts.values())


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
    words = "the joins of breaths can be heard on this model: --breaths auto means whole sentences"
    assert (words in shown) == bool(code)
    if as_json:
        assert json.loads(shown)["passed"] == (code == 0)


def test_the_report_ends_with_what_is_wrong_and_what_follows() -> None:
    auto = {"--breaths auto": "sentences are voiced whole", "--precision auto": "fp32"}
    made = [trial(FAR, FAR)]
    report = Report({"model": "v1.0"}, made, findings(made), ["int8 was not tried"], auto)
    assert report.lines()[0] == "  model  v1.0"
    assert report.lines()[-6:] == [
        "Note: int8 was not tried.",
        "! the joins of breaths can be heard on this model: --breaths auto means whole sentences, "
        "which are heard later, but without joins.",
        "",
        "This is kept. From the next start on:",
        "  --breaths auto    sentences are voiced whole",
        "  --precision auto  fp32",
    ]
    values = report.values()
    assert (values["auto"], values["notes"]) == (auto, ["int8 was not tried"])
    json.dumps(values)


class _Engine(OnnxEngine):
    """An engine that could speak in integers, were it loaded."""

    def __init__(self) -> None: ...

    device = "cpu"

    def close(self) -> None: ...


class _Model:
    """A model that lies nowhere."""

    checkpoint = Path("made-up.pth")
    version = version_named("v1.0")

    def sha256(self) -> str:
        return SHA256


class Checked:
    """A check of made-up trials on a processor that knows one scheme."""

    def __init__(self, cache: Path, monkeypatch: pytest.MonkeyPatch, *tries: Any) -> None:
        self.asked: list[object] = []
        self._cache, self._tries = cache, iter(tries)
        monkeypatch.setattr(precision, "scheme_here", lambda: FULL)
        monkeypatch.setattr(checking, "scheme_here", lambda: FULL)
        monkeypatch.setattr(checking, "load_to_try", self.load)
        monkeypatch.setattr(checking, "trials", lambda *_: [trial()])
        monkeypatch.setattr(checking, "compared", self.compared)

    def load(self, model: object, settings: Settings, tried: Precision, *_: object) -> _Engine:
        subject = tried.scheme.name if isinstance(tried, Reduction) else subject_of(_Engine.device)
        before = self.kept.get(subject)
        assert not (before and before.passed), "nobody is to use what is still on trial"
        self.asked.append(tried.keep if isinstance(tried, Reduction) else tried)
        return _Engine()

    def compared(self, _: object, subject: str, *__: object) -> list[Trial]:
        difference = next(self._tries)
        if isinstance(difference, Exception):
            raise difference
        return [trial(**{subject: difference})]

    @property
    def kept(self) -> Verdicts:
        return kept_verdicts(self._cache, SHA256, yardstick())


@pytest.mark.parametrize(
    ("differences", "tries", "passed", "kept", "auto"),
    [
        ([NEAR], 1, True, (), "int8"),
        (
            [FAR, NEAR],
            2,
            True,
            checking._KEPT[1],
            "int8 but for the 2 largest blocks of the generator",
        ),
        ([FAR, FAR], 2, False, checking._KEPT[1], "fp32"),
    ],
)
def test_int8_is_tried_with_less_and_less_of_it_until_it_is_not_heard(
    differences: Sequence[Any],
    tries: int,
    passed: bool,
    kept: tuple[str, ...],
    auto: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    checked = Checked(tmp_path / "cache", monkeypatch, *differences)
    report = a_check(tmp_path).run([], Namespace(front_end=None))
    assert checked.asked == list(checking._KEPT[:tries])
    found = checked.kept[FULL.name]
    assert (found.passed, found.keep) == (passed, kept)
    assert checked.kept[BREATHS] == findings([trial()]).verdicts()[BREATHS]
    assert report.auto
    assert report.auto["--precision auto"] == auto
    assert len(report.notes) == tries - 1 + (passed and tries == 2) + (not passed)
    assert bool(report.findings.broken) == (not passed)


def test_int8_that_cannot_be_tried_is_told_and_fp32_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trouble = ModelUnavailable("int8 cannot be kept: free some space")
    checked = Checked(tmp_path / "cache", monkeypatch, trouble, trouble)
    report = a_check(tmp_path).run([], Namespace(front_end=None))
    assert report.notes == ["int8 could not be tried: int8 cannot be kept: free some space"]
    assert not report.findings.broken
    assert not checked.kept[FULL.name].passed
    with pytest.raises(ModelUnavailable, match="free some space"):
        a_check(tmp_path, precision="int8").run([], Namespace(front_end=None))


@pytest.mark.parametrize(("difference", "auto"), [(NEAR, "fp16"), (FAR, "fp32")])
def test_on_a_gpu_it_is_fp16_that_is_tried(
    difference: Any, auto: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = Checked(tmp_path / "cache", monkeypatch, difference)
    monkeypatch.setattr(_Engine, "device", "cuda")
    report = a_check(tmp_path).run([], Namespace(front_end=None))
    assert report.auto
    assert report.auto["--precision auto"] == auto
    assert checked.kept["fp16-cuda"].passed == (auto == "fp16")
    heard = "fp16 can be heard on this model: --precision auto means fp32"
    assert report.findings.broken == (() if auto == "fp16" else (heard,))


def test_numbers_that_the_engine_does_not_have_are_not_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Checked(tmp_path / "cache", monkeypatch)
    check = a_check(tmp_path)
    check._engine = HummingEngine()
    report = check.run([], Namespace(front_end=None))
    [note] = report.notes
    assert note.startswith("faster numbers were not tried: they are for checkpoints (.pth) on the")
    monkeypatch.setattr(precision, "scheme_here", lambda: None)
    report = a_check(tmp_path).run([], Namespace(front_end=None))
    assert report.notes[0].startswith("int8 was not tried: --precision int8 needs a processor that")


def test_where_nothing_speaks_int8_is_not_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = Checked(tmp_path / "cache", monkeypatch)
    silent = trial(sound=None, trouble="the model's audio is not finite")
    monkeypatch.setattr(checking, "trials", lambda *_: [silent])
    report = a_check(tmp_path).run([], Namespace(front_end=None))
    assert checked.asked == []
    assert report.findings.broken


def test_sentences_too_short_for_breaths_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = Checked(tmp_path / "cache", monkeypatch)
    monkeypatch.setattr(checking, "trials", lambda *_: [trial(joins=0)])
    report = a_check(tmp_path, precision="fp32").run([], Namespace(front_end=None))
    assert report.notes == [
        "no sentence was long enough to be cut: nothing was found out about breaths",
        "faster numbers were not tried: --precision is fp32",
    ]
    assert checked.kept == {}


def a_check(data_dir: Path, **settings: Any) -> Any:
    model: Any = _Model()
    return checking._Check(
        Settings(data_dir=data_dir, **settings), model, _Engine(), lambda _: None
    )


def test_a_verdict_that_cannot_be_kept_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where a folder should be")
    with pytest.raises(ModelUnavailable, match="--data-dir"):
        a_check(tmp_path)._keep({BREATHS: Verdict(True, "")})
