"""How sentences are voiced: as the setting says, else as was found best for the model."""

from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.verdict import BREATHS, Verdict
from wyoming_kokoro.synthesis.select import in_breaths

GOOD, BAD = Verdict(True, ""), Verdict(False, "")


def test_a_model_that_was_not_checked_is_voiced_in_breaths() -> None:
    assert in_breaths(Settings(), {})


def test_auto_follows_the_verdict() -> None:
    assert in_breaths(Settings(), {BREATHS: GOOD})
    assert not in_breaths(Settings(), {BREATHS: BAD})


def test_on_and_off_go_before_any_verdict() -> None:
    assert in_breaths(Settings(breaths="on"), {BREATHS: BAD})
    assert not in_breaths(Settings(breaths="off"), {BREATHS: GOOD})
