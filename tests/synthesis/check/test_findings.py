"""What measured sentences come to: bounds, verdicts, and words a user understands."""

import dataclasses
import json

import pytest

from tests.synthesis.check.made_up import FAR, FLOOR, NEAR, SOUND, STEPPING, trial
from wyoming_kokoro.engines.verdict import BREATHS, WHOLE_FRONT
from wyoming_kokoro.synthesis.check.findings import JOINED, REDUCED, SOUND_BOUNDS, findings
from wyoming_kokoro.synthesis.check.measures import Silence
from wyoming_kokoro.synthesis.check.report import as_json, as_lines
from wyoming_kokoro.synthesis.check.trial import Difference

JOINS = "the joins of breaths can be heard on this model"


def test_a_good_model_breaks_no_bound() -> None:
    found = findings([trial(), trial()])
    assert found.broken == ()
    assert {subject: verdict.passed for subject, verdict in found.verdicts().items()} == {
        BREATHS: True,
        WHOLE_FRONT: True,
    }


@pytest.mark.parametrize("worse", [FAR, STEPPING])
def test_joins_that_can_be_heard_lead_to_whole_sentences(worse: Difference) -> None:
    found = findings([trial(worse, worse)])
    assert found.broken == (f"{JOINS}: whole sentences are used from now on",)
    assert not found.verdicts()[BREATHS].passed
    assert not found.verdicts()[WHOLE_FRONT].passed


def test_an_engine_without_a_front_of_its_own_has_whole_sentences_left() -> None:
    [words] = findings([trial(FAR, None)]).broken
    assert words.endswith("whole sentences are used from now on")


def test_where_a_whole_front_helps_breaths_stay() -> None:
    found = findings([trial(FAR, NEAR)])
    [words] = found.broken
    assert words.startswith(JOINS)
    assert "front is run on whole sentences from now on" in words
    assert found.verdicts()[WHOLE_FRONT].passed


def test_a_whole_front_that_does_not_help_is_no_fault() -> None:
    assert findings([trial(NEAR, FAR)]).broken == ()


def test_reduced_precision_that_can_be_heard_leads_to_fp32() -> None:
    found = findings([trial(u8s8=FAR)])
    assert found.broken == ("int8 (u8s8) can be heard on this model: fp32 is used from now on",)
    assert not found.verdicts()["u8s8"].passed
    assert found.verdicts()[BREATHS].passed


def test_one_sentence_whose_joins_are_heard_is_enough() -> None:
    assert findings([trial(), trial(STEPPING, STEPPING)]).broken
    too_far = Difference(JOINED.distance + 0.1, 0.1)
    assert findings([trial(), trial(too_far, too_far), trial()]).broken


def test_what_noise_alone_does_is_no_fault() -> None:
    loud = Difference(5.0, 9.0)
    noisy = dataclasses.replace(trial(), differences={**trial().differences, "other-noise": loud})
    worse = {BREATHS: Difference(4.9, 8.9), WHOLE_FRONT: Difference(4.9, 8.9)}
    noisy = dataclasses.replace(noisy, differences={**noisy.differences, **worse})
    assert findings([noisy]).broken == ()


def test_reduced_precision_is_held_to_more_than_joins_are() -> None:
    assert REDUCED.distance < JOINED.distance
    assert REDUCED.step < JOINED.step
    assert FLOOR.distance < REDUCED.distance


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"level": -60.0}, "level is -60 dBFS, below -36 dBFS"),
        ({"level": -3.0}, "level is -3 dBFS, above -10 dBFS"),
        ({"peak": 1.5}, "peak is 1.5, above 1"),
        ({"silence": Silence(0.7, 0, 0)}, "silence before is 0.7, above 0.5"),
        ({"silence": Silence(0, 0.6, 0)}, "silence within is 0.6, above 0.4"),
        ({"silence": Silence(0, 0, 0.9)}, "silence after is 0.9, above 0.5"),
        ({"rate": 30.0}, "rate is 30 syllables/s, above 12 syllables/s"),
        ({"rate": 1.0}, "rate is 1 syllables/s, below 2.5 syllables/s"),
    ],
)
def test_a_sentence_that_sounds_wrong_is_named_with_what_is_wrong(
    fault: dict[str, float | Silence], words: str
) -> None:
    found = findings([trial(sound=dataclasses.replace(SOUND, **fault))])  # type: ignore[arg-type]  # by name
    complaint, remedy = found.broken
    assert complaint.startswith("af_heart, “Hello.”: ")
    assert words in complaint
    assert "wyoming-kokoro download" in remedy


def test_a_model_that_makes_no_numbers_is_told_as_such() -> None:
    found = findings([trial(sound=None, trouble="the model's audio is not finite")])
    assert "af_heart, “Hello.”: the model's audio is not finite" in found.broken
    assert found.verdicts() == {}


def test_every_bound_says_why() -> None:
    assert all(bound.reason for bound in SOUND_BOUNDS)
    assert JOINED.reason
    assert REDUCED.reason


def test_the_report_shows_figures_beside_their_bounds_and_the_floor() -> None:
    trials = [trial(FAR, NEAR)]
    lines = list(as_lines(trials, findings(trials)))
    [sentence] = [line for line in lines if line.startswith("  af_heart")]
    for figure in ("3.0 s", "-23.0 dBFS", "0.50", "none", "15%, 5%, 10%", "5.5 syllables/s"):
        assert figure in sentence
    [floor] = [line for line in lines if "the floor" in line and "0.80" in line]
    [breaths] = [line for line in lines if line.startswith("  in breaths ")]
    assert breaths.split()[2:] == ["4.00", "1.50", "0.50", "3.00", "TOO", "MUCH"]
    assert floor.split()[-2:] == ["0.80", "0.30"]
    assert lines[-1].startswith(f"! {JOINS}")
    assert list(as_lines([trial()], findings([trial()])))[-1] == "All is within its bounds."


def test_the_report_of_a_silent_model_has_no_comparisons() -> None:
    trials = [trial(sound=None, trouble="the model's audio is not finite")]
    lines = list(as_lines(trials, findings(trials)))
    assert not any("log-mel" in line for line in lines)
    assert as_json(trials, findings(trials))["floor"] is None


def test_the_report_for_programs_is_json() -> None:
    trials = [trial(FAR, FAR)]
    values = json.loads(json.dumps(as_json(trials, findings(trials))))
    assert values["passed"] is False
    assert values["comparisons"][BREATHS]["passed"] is False
    assert values["comparisons"][BREATHS]["found"] == {"distance": 4.0, "step": 0.5}
    assert values["sentences"][0]["sound"]["silence"]["before"] == 0.15
