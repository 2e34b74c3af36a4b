"""What measured sentences come to: bounds, verdicts, and words a user understands."""

import dataclasses
import json
import re
from collections.abc import Sequence

import pytest

from tests.support.made_up import FAR, FLOOR, LOUDER, NEAR, SOUND, STEPPING, trial
from wyoming_kokoro.check.bounds import JOINED, REDUCED, Allowance
from wyoming_kokoro.check.findings import findings
from wyoming_kokoro.check.measures import Silence
from wyoming_kokoro.check.report import Report
from wyoming_kokoro.check.trial import Difference
from wyoming_kokoro.engines.verdict import BREATHS

JOINS = "the joins of breaths can be heard on this model"


def test_a_good_model_breaks_no_bound() -> None:
    found = findings([trial(), trial()])
    assert found.broken == ()
    assert {subject: verdict.passed for subject, verdict in found.verdicts().items()} == {
        BREATHS: True,
    }


@pytest.mark.parametrize("worse", [FAR, STEPPING, LOUDER])
def test_joins_that_can_be_heard_lead_to_whole_sentences(worse: Difference) -> None:
    found = findings([trial(worse)])
    assert found.broken == (
        f"{JOINS}: --breaths auto means whole sentences, which are heard later, but without joins",
    )
    assert not found.verdicts()[BREATHS].passed


def test_of_a_model_that_cannot_be_divided_nothing_is_found_out_about_breaths() -> None:
    undivided = dataclasses.replace(trial(), differences={"other-noise": FLOOR})
    assert findings([undivided, undivided]).verdicts() == {}
    assert findings([undivided, trial(FAR)]).broken


def test_without_a_join_nothing_is_found_out_about_breaths() -> None:
    found = findings([trial(FAR, joins=0), trial(FAR, joins=0)])
    assert found.broken == ()
    assert found.verdicts() == {}
    assert findings([trial(joins=0), trial(FAR)]).broken


def test_reduced_precision_that_can_be_heard_is_not_used() -> None:
    found = findings([trial(int8=FAR)])
    assert found.broken == ("int8 can be heard on this model: --precision auto does not use it",)
    assert not found.verdicts()["int8"].passed
    assert found.verdicts()[BREATHS].passed


def test_one_sentence_whose_joins_are_heard_is_enough() -> None:
    assert findings([trial(), trial(STEPPING)]).broken
    too_far = Difference(JOINED.distance + 0.1, 0.1, 0.0)
    assert findings([trial(), trial(too_far), trial()]).broken


def test_what_noise_alone_does_is_no_fault() -> None:
    loud = Difference(5.0, 9.0, -7.0)
    noisy = dataclasses.replace(trial(), differences={**trial().differences, "other-noise": loud})
    worse = {BREATHS: Difference(4.9, 8.9, 6.9)}
    noisy = dataclasses.replace(noisy, differences={**noisy.differences, **worse})
    assert findings([noisy]).broken == ()


def test_reduced_precision_is_held_to_more_than_joins_are() -> None:
    assert REDUCED.distance < JOINED.distance
    assert REDUCED.step < JOINED.step
    assert REDUCED.level <= JOINED.level
    assert FLOOR.distance < REDUCED.distance


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"level": -60.0}, "level is -60 dBFS, below -36 dBFS: speech is made for about -23 dBFS"),
        ({"level": -3.0}, "level is -3 dBFS, above -10 dBFS: speech is made for about -23 dBFS"),
        ({"peak": 1.5}, "peak is 1.5, above 1: beyond 1 sound is clipped"),
        ({"peak": 0.001}, "peak is 0.001, below 0.01: beyond 1 sound is clipped, and far below"),
        ({"silence": Silence(0.7, 0, 0)}, "silence before is 70%, above 50%: a voice begins"),
        ({"silence": Silence(0, 0.6, 0)}, "silence within is 60%, above 40%: pauses"),
        ({"silence": Silence(0, 0, 0.9)}, "silence after is 90%, above 50%: a voice ends"),
        ({"rate": 30.0}, "rate is 30 syllables/s, above 12 syllables/s: people speak 5 to 8"),
        ({"rate": 1.0}, "rate is 1 syllables/s, below 2.5 syllables/s: people speak 5 to 8"),
    ],
)
def test_a_sentence_that_sounds_wrong_is_named_with_what_is_wrong(
    fault: dict[str, float | Silence], words: str
) -> None:
    found = findings([trial(sound=dataclasses.replace(SOUND, **fault))])  # type: ignore[arg-type]  # by name
    complaint, remedy = found.broken
    assert complaint.startswith(f"af_heart, “Hello.”: {words}")
    assert remedy == (
        "sentences that sound wrong by themselves come of a damaged file, or of a voice of another "
        "model: fetch both again with `wyoming-kokoro download`, or choose another --voice"
    )


def test_a_model_that_makes_no_numbers_is_told_as_such() -> None:
    found = findings([trial(sound=None, trouble="the model's audio is not finite")])
    assert "af_heart, “Hello.”: the model's audio is not finite" in found.broken
    assert found.verdicts() == {}


def test_the_report_shows_figures_beside_their_bounds_and_the_floor() -> None:
    trials = [trial(FAR, int8=NEAR)]
    lines = Report({"model": "v1.0"}, trials, findings(trials)).lines()
    sentence = row(lines, "af_heart")
    assert sentence == [
        *("af_heart", "3.0 s", "-23.0 dBFS", "0.50", "none"),
        *("15%", "5%", "10%", "5.5 syllables/s", "Hello."),
    ]
    assert row(lines, "bound") == [
        *("bound", "-36 to -10 dBFS", "0.01 to 1", "none"),
        *("0 to 50%", "0 to 40%", "0 to 50%", "2.5 to 12 syllables/s"),
    ]
    joined, reduced = limits(JOINED), limits(REDUCED)
    assert row(lines, "another noise (the floor)")[1:] == ["0.50", "0.30", "+0.10"]
    heads = [joined[0], "0.50", joined[1], "-0.20", joined[2]]
    assert row(lines, "in breaths")[1:] == ["4.00", *heads, "TOO MUCH"]
    heads = [reduced[0], "0.50", reduced[1], "-0.20", reduced[2]]
    assert row(lines, "whole, in int8")[1:] == ["0.60", *heads, "good"]


def limits(allowed: Allowance) -> list[str]:
    return [f"{limit:.2f}" for limit in (allowed.distance, allowed.step, allowed.level)]


def row(lines: Sequence[str], head: str) -> list[str]:
    """The cells of the line that begins with `head`."""
    [found] = [line for line in lines if line.startswith(f"  {head}  ")]
    return re.split(r" {2,}", found.strip())


def test_the_report_of_a_silent_model_has_no_comparisons() -> None:
    trials = [trial(sound=None, trouble="the model's audio is not finite")]
    lines = Report({"model": "v1.0"}, trials, findings(trials)).lines()
    assert not any("log-mel" in line for line in lines)
    assert Report({"model": "v1.0"}, trials, findings(trials)).values()["floor"] is None


def test_the_report_for_programs_is_json() -> None:
    trials = [trial(FAR)]
    values = json.loads(json.dumps(Report({"model": "v1.0"}, trials, findings(trials)).values()))
    assert values["passed"] is False
    assert values["comparisons"][BREATHS]["passed"] is False
    assert values["comparisons"][BREATHS]["found"] == {"distance": 4.0, "step": 0.5, "level": -0.2}
    assert values["sentences"][0]["sound"]["silence"]["before"] == 0.15
