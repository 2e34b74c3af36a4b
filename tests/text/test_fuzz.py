"""Whatever the text, the front end answers: without an exception, in time, and alive."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fuzz.__main__ import finds, voices
from tests.fuzz.reading import Case, Readings, shrunk
from tests.fuzz.texts import texts

CORPUS = Path(__file__).parent / "corpus"
SEED = 2026
SECONDS = 10.0


@pytest.fixture(scope="module")
def readings() -> Iterator[Readings]:
    readings = Readings()
    yield readings
    readings.close()


def kept() -> list[str]:
    lines = (file.read_text(encoding="ascii").splitlines() for file in CORPUS.glob("*.jsonl"))
    return [json.loads(line) for some in lines for line in some]


@pytest.mark.parametrize(("language", "notation"), voices())
def test_what_was_found_once_is_read_in_every_language(
    readings: Readings, language: str, notation: str
) -> None:
    cases = [Case(text, language, notation) for text in kept()]
    wrong = {case.text: readings.wrong_with(case) for case in cases}
    assert wrong
    assert not {text: what for text, what in wrong.items() if what}


def test_texts_that_nobody_wrote_are_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(finds(SECONDS, SEED)) == []
    assert int(capsys.readouterr().out.split()[0]) > 0


def test_an_exception_a_death_and_a_text_that_does_not_end_are_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    readings = Readings(CHILD)
    try:
        assert "ValueError" in readings.wrong_with(Case("raise", "en_US"))
        assert readings.wrong_with(Case("die", "en_US")) == "died (status 3)"
        assert readings.wrong_with(Case("fine", "en_US")) == ""
        assert "took too long" in readings.wrong_with(Case("dear", "en_US"))
        monkeypatch.setattr("tests.fuzz.reading._PATIENCE_SECONDS", 0.5)
        assert readings.wrong_with(Case("wait", "en_US")) == "did not end"
    finally:
        readings.close()


CHILD = """
import json, os, sys, time
for line in sys.stdin:
    text = json.loads(line)["text"]
    if text == "die":
        os._exit(3)
    if text == "wait":
        sys.stdin.read()
    print(json.dumps({"spent": 99 * (text == "dear"), "wrong": "ValueError" * (text == "raise")}))
    sys.stdout.flush()
"""


def test_what_is_found_is_made_short() -> None:
    case = Case("The lamp (which is on) is in the hall.", "en_US")
    short = shrunk(case, lambda case: "(" in case.text and "h" in case.text.partition("(")[2])
    assert short.text == "(h"


def test_the_same_seed_gives_the_same_texts() -> None:
    first, second = (texts(7), texts(7))
    assert [next(first) for _ in range(50)] == [next(second) for _ in range(50)]
