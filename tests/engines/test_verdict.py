"""Verdicts are kept by checkpoint and subject, for the engine that they were found out about."""

from pathlib import Path

import pytest

from wyoming_kokoro.engines import verdict as module
from wyoming_kokoro.engines.verdict import BREATHS, WHOLE_FRONT, Verdict, keep_verdicts, verdict

SHA256, OTHER = "a1" * 32, "b2" * 32
GOOD, BAD = Verdict(True, "0.3 dB at the joins"), Verdict(False, "4 dB at the joins")


def test_a_verdict_is_found_again_by_checkpoint_and_subject(tmp_path: Path) -> None:
    keep_verdicts(tmp_path, SHA256, {BREATHS: BAD, WHOLE_FRONT: GOOD})
    assert verdict(tmp_path, SHA256, BREATHS) == BAD
    assert verdict(tmp_path, SHA256, WHOLE_FRONT) == GOOD
    assert verdict(tmp_path, SHA256, "int8-u8s8") is None
    assert verdict(tmp_path, OTHER, BREATHS) is None


def test_a_later_verdict_replaces_that_of_its_subject_alone(tmp_path: Path) -> None:
    keep_verdicts(tmp_path, SHA256, {BREATHS: BAD, WHOLE_FRONT: BAD})
    keep_verdicts(tmp_path, SHA256, {BREATHS: GOOD})
    assert verdict(tmp_path, SHA256, BREATHS) == GOOD
    assert verdict(tmp_path, SHA256, WHOLE_FRONT) == BAD


def test_another_engine_has_no_verdict_until_it_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_verdicts(tmp_path, SHA256, {BREATHS: BAD})
    keep_verdicts(tmp_path, OTHER, {BREATHS: BAD})
    monkeypatch.setattr(module, "_engine_version", lambda: "0123456789")
    assert verdict(tmp_path, SHA256, BREATHS) is None
    keep_verdicts(tmp_path, SHA256, {BREATHS: GOOD})
    assert verdict(tmp_path, SHA256, BREATHS) == GOOD
    monkeypatch.undo()
    assert verdict(tmp_path, SHA256, BREATHS) is None, "what older engines left is forgotten"
    assert verdict(tmp_path, OTHER, BREATHS) == BAD


@pytest.mark.parametrize("content", ["", "[]", '{"breaths": 1}', '{"breaths": {"passed": true}}'])
def test_a_damaged_file_is_no_verdict(content: str, tmp_path: Path) -> None:
    keep_verdicts(tmp_path, SHA256, {BREATHS: GOOD})
    [file] = tmp_path.rglob("*.json")
    file.write_text(content)
    assert verdict(tmp_path, SHA256, BREATHS) is None
