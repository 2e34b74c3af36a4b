"""A check of made-up trials: what is tried, what is kept, and what is said."""

import json
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.engines import HummingEngine
from tests.support.made_up import FAR, NEAR, STEPPING, trial
from wyoming_kokoro.check import examination as checking
from wyoming_kokoro.check.findings import findings
from wyoming_kokoro.check.report import Report
from wyoming_kokoro.check.trial import Trial, in_breaths
from wyoming_kokoro.check.yardstick import yardstick
from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.kokoro.engine import KokoroEngine
from wyoming_kokoro.engines.precision import subject_of
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


class _Engine(KokoroEngine):
    """An engine that could speak in integers, were it loaded."""

    def __init__(self) -> None: ...

    name = "native"
    device = "cpu"
    knows_ranges = True

    def close(self) -> None: ...


class _Model:
    """A model that lies nowhere."""

    checkpoint = Path("made-up.pth")
    version = version_named("v1.0")

    def sha256(self) -> str:
        return SHA256


class Checked:
    """A check of made-up trials on a processor whose quickest numbers are integers of 8 bits."""

    def __init__(self, cache: Path, monkeypatch: pytest.MonkeyPatch, *tries: Any) -> None:
        self.asked: list[str] = []
        self.in_breaths: dict[str, Any] = {}
        self._cache, self._tries = cache, iter(tries)
        monkeypatch.setattr(checking, "_quickest", lambda: "int8")
        monkeypatch.setattr(checking, "load_to_try", self.load)
        monkeypatch.setattr(checking, "trials", lambda *_: [trial()])
        monkeypatch.setattr(checking, "compared", self.compared)

    def load(self, model: object, settings: Settings, numbers: str) -> _Engine:
        subject = subject_of(_Engine.device) if numbers == "fp16" else numbers
        before = self.kept.get(subject)
        assert not (before and before.passed), "nobody is to use what is still on trial"
        self.asked.append(numbers)
        return _Engine()

    def compared(
        self, made: Sequence[Trial], subject: str, *_: object, breaths: bool
    ) -> list[Trial]:
        difference = next(self._tries)
        if isinstance(difference, Exception):
            raise difference
        found = {**made[0].differences, subject: difference}
        if breaths and subject in self.in_breaths:
            found[in_breaths(subject)] = self.in_breaths[subject]
        return [trial(**found)]

    @property
    def kept(self) -> Verdicts:
        return kept_verdicts(self._cache, SHA256, yardstick())


@pytest.mark.parametrize(
    ("differences", "tried", "auto"),
    [
        ([NEAR], ["int8"], "int8"),
        ([FAR, NEAR], ["int8", "int16"], "int16"),
        ([FAR, FAR], ["int8", "int16"], "fp32"),
    ],
)
def test_faster_numbers_are_tried_until_they_are_not_heard(
    differences: Sequence[Any],
    tried: list[str],
    auto: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    checked = Checked(tmp_path / "cache", monkeypatch, *differences)
    report = a_check(tmp_path).run([], Namespace(front_end=None))
    assert checked.asked == tried
    assert {numbers: checked.kept[numbers].passed for numbers in tried} == {
        numbers: numbers == auto for numbers in tried
    }
    assert checked.kept[BREATHS] == findings([trial()]).verdicts()[BREATHS]
    assert report.auto
    assert report.auto["--precision auto"] == auto
    heard = [numbers for numbers in tried if numbers != auto]
    assert report.findings.broken == tuple(
        f"{numbers} can be heard on this model: --precision auto does not use it"
        for numbers in heard
    )


@pytest.mark.parametrize("quickest", ["int8", "int16", "fp32"])
@pytest.mark.parametrize("asked", ["int8", "int16"])
def test_numbers_that_were_asked_for_are_the_ones_that_are_tried(
    quickest: str, asked: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = Checked(tmp_path / "cache", monkeypatch, NEAR)
    monkeypatch.setattr(checking, "_quickest", lambda: quickest)
    a_check(tmp_path, precision=asked).run([], Namespace(front_end=None))
    assert checked.asked == [asked]


@pytest.mark.parametrize(
    ("breaths", "tried", "auto"),
    [
        ((NEAR, FAR), ["int8", "int16"], "int16"),
        ((NEAR, STEPPING), ["int8", "int16"], "int16"),
        ((FAR, FAR), ["int8"], "int8"),
    ],
)
def test_numbers_are_tried_in_breaths_too_where_these_are_good(
    breaths: Sequence[Any],
    tried: list[str],
    auto: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain, in_int8 = breaths
    checked = Checked(tmp_path / "cache", monkeypatch, NEAR, NEAR)
    checked.in_breaths = {"int8": in_int8, "int16": NEAR}
    monkeypatch.setattr(checking, "trials", lambda *_: [trial(plain)])
    report = a_check(tmp_path).run([], Namespace(front_end=None))
    assert checked.asked == tried
    assert checked.kept["int8"].passed == (auto == "int8")
    assert report.auto
    assert report.auto["--precision auto"] == auto
    assert ("int8 can be heard" in " ".join(report.findings.broken)) == (auto != "int8")


def test_numbers_that_cannot_be_tried_are_told_and_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trouble = ModelUnavailable("the ranges are not known")
    checked = Checked(tmp_path / "cache", monkeypatch, trouble, trouble, trouble)
    report = a_check(tmp_path).run([], Namespace(front_end=None))
    assert report.notes == [
        "int8 could not be tried: the ranges are not known",
        "int16 could not be tried: the ranges are not known",
    ]
    assert not report.findings.broken
    assert not checked.kept["int8"].passed
    with pytest.raises(ModelUnavailable, match="ranges are not known"):
        a_check(tmp_path, precision="int8").run([], Namespace(front_end=None))


@pytest.mark.parametrize(("difference", "auto"), [(NEAR, "fp16"), (FAR, "fp32")])
def test_on_a_gpu_it_is_fp16_that_is_tried(
    difference: Any, auto: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = Checked(tmp_path / "cache", monkeypatch, difference)
    monkeypatch.setattr(_Engine, "device", "cuda")
    monkeypatch.setattr(_Engine, "name", "onnx")
    report = a_check(tmp_path).run([], Namespace(front_end=None))
    assert report.auto
    assert report.auto["--precision auto"] == auto
    assert checked.kept["fp16-cuda"].passed == (auto == "fp16")
    heard = "fp16 can be heard on this model: --precision auto does not use it"
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
    monkeypatch.setattr(_Engine, "name", "onnx")
    report = a_check(tmp_path).run([], Namespace(front_end=None))
    assert "apt install g++" in report.notes[0]


def test_where_nothing_speaks_nothing_is_tried(
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
