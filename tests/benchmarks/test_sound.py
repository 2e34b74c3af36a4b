"""The tables of sound: what is said, what stands in them, and how statistics are made worse."""

import numpy as np
import pytest

from script.benchmarks.audible import with_errors
from script.benchmarks.hearing import HEADS, Judged, grouped, rows, summary
from script.benchmarks.speaking import SENTENCES
from tests.support.places import ROOT
from tests.support.speaking import Sentence
from wyoming_kokoro.check.trial import Difference
from wyoming_kokoro.speech import LANGUAGES

TEXTS = [
    line.split("\t")
    for line in SENTENCES.read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def test_every_language_has_five_sentences_of_its_own() -> None:
    languages = [code for code, _ in TEXTS]
    assert {code: languages.count(code) for code in languages} == {
        language.code: 5 for language in LANGUAGES
    }
    assert len({text for _, text in TEXTS}) == len(TEXTS)


def test_nothing_else_here_has_these_sentences() -> None:
    """What is trained on, calibrated with or checked by must be other text."""
    folders = [ROOT / name for name in ("wyoming_kokoro", "script", "tests")]
    others = [
        path.read_text(encoding="utf-8")
        for folder in folders
        for suffix in ("*.py", "*.tsv", "*.json")
        for path in folder.rglob(suffix)
        if path != SENTENCES
    ]
    assert not [text for _, text in TEXTS for other in others if text in other]


def judged(way: str, voice: str, distance: float, wrong: float, *steps: float) -> Judged:
    sentence = Sentence(voice, "en_US", "Hello.")
    return Judged(way, sentence, Difference(distance, 0.5, -distance), steps, wrong, 3.5)


def test_a_summary_has_means_and_what_is_worst() -> None:
    found = [judged("int8", "af_heart", 1, 0.0, 0.25, 0.75), judged("int8", "am_adam", 2, 0.5)]
    cells = dict(zip(HEADS, summary(found), strict=False))
    assert cells["distance, dB"] == "1.50"
    assert cells["step, dB"] == "0.50"
    assert cells["worst"] == "2.00"
    assert cells["level, dB"] == "-1.50"
    assert cells["farthest"] == "-2.00"
    assert cells["wrong words"] == "0.250"
    assert cells["DNSMOS"] == "3.50"


def test_what_cannot_be_compared_has_no_distance() -> None:
    alone = Judged("kokoro-onnx", Sentence("af_heart", "en_US", "Hello."), None, (), 0.0, None)
    cells = summary([alone])
    assert cells[:7] == ("-",) * 7
    assert cells[7:] == ("0.000", "-")


def test_lines_are_grouped_in_the_order_of_what_was_said() -> None:
    found = [
        judged("b", "af_heart", 1, 0),
        judged("a", "am_adam", 2, 0),
        judged("b", "am_adam", 3, 0),
    ]
    table = list(rows(HEADS, grouped(found, lambda one: one.way)))
    assert [line.split("|")[1].strip() for line in table[2:]] == ["b", "a"]
    assert table[2].split("|")[2].strip() == "2.00"


def test_worse_statistics_are_off_by_as_much_as_they_say() -> None:
    statistics = np.stack([np.zeros(9216), np.full(9216, 2.0)]).astype(np.float32)
    means, deviations = with_errors(statistics, 0.1)
    assert np.std(means / 2) == pytest.approx(0.1, rel=0.05)
    assert np.std(20 * np.log10(deviations / 2)) == pytest.approx(1, rel=0.05)
    assert np.array_equal(with_errors(statistics, 0), statistics)
