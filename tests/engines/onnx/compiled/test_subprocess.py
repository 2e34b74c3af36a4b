"""Work in a process of its own: what it says, how it fails, how it is ended."""

import tempfile

import pytest

from wyoming_kokoro.engines.onnx.compiled.subprocess import run_subprocess


class Enough(Exception):
    """Somebody does not want to wait any longer."""


def nothing() -> None:
    """Wait for as long as it takes."""


def test_lines_are_passed_on_and_success_is_no_trouble() -> None:
    told: list[str] = []
    assert run_subprocess("calendar", ["2026"], nothing, told.append) == ""
    assert any("2026" in line for line in told)


def test_what_went_wrong_is_the_last_line_that_it_complained_with() -> None:
    trouble = run_subprocess("json.tool", ["--no-such-flag"], nothing, print)
    assert trouble.endswith("unrecognized arguments: --no-such-flag")


def test_no_folder_for_temporary_files_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    assert "--no-such-flag" in run_subprocess("json.tool", ["--no-such-flag"], nothing, print)


def test_it_is_ended_when_nobody_waits_any_longer() -> None:
    def check_cancelled() -> None:
        raise Enough

    with pytest.raises(Enough):
        run_subprocess("http.server", ["0"], check_cancelled, print)
