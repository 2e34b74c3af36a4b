"""Verdicts are kept by checkpoint and subject, for the engine and the yardstick of their check."""

import logging
from pathlib import Path

import pytest

from wyoming_kokoro.engines import verdict as module
from wyoming_kokoro.engines.verdict import (
    BREATHS,
    Verdict,
    keep_verdicts,
    kept_verdicts,
)

SHA256, OTHER = "a1" * 32, "b2" * 32
GOOD, BAD = Verdict(True, "0.3 dB at the joins"), Verdict(False, "4 dB at the joins")
NUMBERS = "int8"
YARD, METER = "one yardstick", "another"


def test_a_verdict_is_found_again_by_checkpoint_and_subject(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keep_verdicts(tmp_path, SHA256, YARD, {BREATHS: BAD, NUMBERS: GOOD})
    assert kept_verdicts(tmp_path, SHA256, YARD) == {BREATHS: BAD, NUMBERS: GOOD}
    assert kept_verdicts(tmp_path, OTHER, YARD) == {}
    assert not caplog.records


def test_a_later_verdict_replaces_that_of_its_subject_alone(tmp_path: Path) -> None:
    keep_verdicts(tmp_path, SHA256, YARD, {BREATHS: BAD, NUMBERS: BAD})
    keep_verdicts(tmp_path, SHA256, YARD, {BREATHS: GOOD})
    assert kept_verdicts(tmp_path, SHA256, YARD) == {BREATHS: GOOD, NUMBERS: BAD}


def test_what_was_measured_by_another_engine_or_yardstick_counts_no_more_and_the_log_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    keep_verdicts(tmp_path, SHA256, YARD, {BREATHS: BAD})
    assert kept_verdicts(tmp_path, SHA256, METER) == {}
    [told] = caplog.messages
    assert "counts no more: run it again" in told
    assert "wyoming-kokoro check" in told
    monkeypatch.setattr(module, "_engine_version", lambda: "0123456789")
    assert kept_verdicts(tmp_path, SHA256, YARD) == {}
    assert len(caplog.messages) == 2
    assert all(record.levelno == logging.WARNING for record in caplog.records)


def test_a_new_check_forgets_what_the_old_yardstick_found(tmp_path: Path) -> None:
    keep_verdicts(tmp_path, SHA256, YARD, {BREATHS: BAD, NUMBERS: BAD})
    keep_verdicts(tmp_path, OTHER, YARD, {BREATHS: BAD})
    keep_verdicts(tmp_path, SHA256, METER, {BREATHS: GOOD})
    assert kept_verdicts(tmp_path, SHA256, METER) == {BREATHS: GOOD}
    assert kept_verdicts(tmp_path, OTHER, YARD) == {BREATHS: BAD}


@pytest.mark.parametrize("verdicts", ["", "[]", '{"breaths": 1}', '{"breaths": {"passed": true}}'])
def test_a_damaged_file_is_no_verdict(verdicts: str, tmp_path: Path) -> None:
    keep_verdicts(tmp_path, SHA256, YARD, {BREATHS: GOOD})
    [file] = tmp_path.rglob("*.json")
    whole = file.read_text()
    start = whole.index('"verdicts": ') + len('"verdicts": ')
    file.write_text(f"{whole[:start]}{verdicts}\n}}")
    assert kept_verdicts(tmp_path, SHA256, YARD) == {}
    file.write_text(verdicts)
    assert kept_verdicts(tmp_path, SHA256, YARD) == {}
