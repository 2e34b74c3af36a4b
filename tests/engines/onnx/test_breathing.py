"""How sentences are voiced: as the setting says, else as was found best for the model."""

import pytest

from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.verdict import BREATHS, WHOLE_FRONT, Verdict
from wyoming_kokoro.synthesis.select import Kind, breathing

GOOD, BAD = Verdict(True, ""), Verdict(False, "")


def test_a_model_that_was_not_checked_is_voiced_in_breaths() -> None:
    assert breathing("onnx", Settings(), {}) == "breaths"


@pytest.mark.parametrize(
    ("kind", "breaths", "whole_front", "manner"),
    [
        ("onnx", GOOD, BAD, "breaths"),
        ("onnx", BAD, GOOD, "whole-front"),
        ("onnx", BAD, BAD, "whole"),
        ("torch", BAD, GOOD, "whole"),
    ],
)
def test_auto_follows_the_verdict(
    kind: Kind, breaths: Verdict, whole_front: Verdict, manner: str
) -> None:
    found = {BREATHS: breaths, WHOLE_FRONT: whole_front}
    assert breathing(kind, Settings(), found) == manner


def test_on_and_off_go_before_any_verdict() -> None:
    found = {BREATHS: BAD, WHOLE_FRONT: GOOD}
    assert breathing("onnx", Settings(breaths="on"), found) == "breaths"
    assert breathing("onnx", Settings(breaths="off"), found) == "whole"
