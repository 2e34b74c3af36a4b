"""A check of made-up trials: what is tried, what is kept, and what is said."""

import json
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.engines import HummingEngine
from tests.support.made_up import FAR, NEAR, trial
from wyoming_kokoro.check import examination as checking
from wyoming_kokoro.check.findings import findings
from wyoming_kokoro.check.report import Report
from wyoming_kokoro.check.trial import Trial
from wyoming_kokoro.check.yardstick import yardstick
from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines import precision
from wyoming_kokoro.engines.onnx.engine import OnnxEngine
from wyoming_kokoro.engines.precision import FULL, Precision, Reduction, subject_of
from wyoming_kokoro.engines.verdict import BREATHS, Verdict, Verdicts, kept_verdicts
from wyoming_kokoro.errors import ModelUnavailable
from wyoming_kokoro.models.catalog import version_named

SHA256 = "a1" * 32


def test_the_report_ends_with_what_is_wrong_and_what_follows() -> None:
    auto = {"--breaths auto": "sentences are voiced whole", "--precision auto": "fp32"}
    made = [trial(FAR)]
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
        "no sentence was long enough: nothing was found out about breaths",
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
