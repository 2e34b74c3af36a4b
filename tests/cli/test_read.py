"""The command `read`: a manuscript in, a file with chapters out, taken up where it was ended."""

import os
import re
import subprocess
import sys
from pathlib import Path

import av
import pytest

from tests.support.process import WITHOUT_STARTER, Program, run_command

SENTENCES = 40
BOOK = "# One\n\n{}\n\n# Two\n\nThe end.\n".format(
    " ".join(f"Sentence {number} is as long as all others are." for number in range(SENTENCES))
)


def arguments(folder: Path, output: str) -> list[str]:
    (folder / "book.md").write_text(BOOK, encoding="utf-8")
    options = ["--engine", "stand-in", "--data-dir", str(folder / "data"), "--log-level", "debug"]
    return ["read", str(folder / "book.md"), "--output", str(folder / output), *options]


def test_a_book_is_read_and_goes_on_where_it_was_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "wyoming_kokoro", *arguments(tmp_path, "book.m4b")]
    killed = Program(command, {**os.environ, **WITHOUT_STARTER})
    killed.wait_for("a sentence was made")
    killed.process.kill()
    killed.ended()
    for stream in (killed.process.stdin, killed.process.stdout, killed.process.stderr):
        assert stream
        stream.close()
    done = run_command(*arguments(tmp_path, "book.m4b"))
    assert done.returncode == 0, done.stderr
    assert "book.m4b is complete" in done.stdout
    made = re.findall(r"a sentence was made: (\w+)", killed.log + done.stderr)
    assert len(made) == len(set(made))
    assert len(re.findall("was made", done.stderr)) < len(made)
    with av.open(str(tmp_path / "book.m4b")) as container:
        titles = [chapter["metadata"]["title"] for chapter in container.chapters()]
        assert titles == ["One", "Two"]
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["book.m4b", "book.md", "data"]
    assert not [path for path in (tmp_path / "data/jobs").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("output", "reason"),
    [("book.exe", "must end in .mp3"), ("nowhere/book.mp3", "its folder does not exist")],
)
def test_a_file_that_cannot_be_written_is_told_before_anything_is_spoken(
    tmp_path: Path, output: str, reason: str
) -> None:
    done = run_command(*arguments(tmp_path, output))
    assert done.returncode == 2
    assert reason in done.stderr
    assert "Traceback" not in done.stderr


def test_a_manuscript_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    command = arguments(tmp_path, "book.mp3")
    command[1] = str(tmp_path / "missing.epub")
    done = run_command(*command)
    assert done.returncode == 1
    assert "missing.epub cannot be read" in done.stderr


def test_a_bar_shows_how_far_it_is(tmp_path: Path) -> None:
    shown = subprocess.run(
        ["script", "--quiet", "--return", "--command", _quoted(tmp_path), "/dev/null"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **WITHOUT_STARTER, "TERM": "xterm", "COLUMNS": "80"},
    ).stdout
    shares = [int(share) for share in re.findall(r"speaking +(\d+) %", shown)]
    assert shares[0] == 0
    assert shares[-1] == 100
    assert shares == sorted(shares)
    assert len(set(shares)) > 5


def _quoted(folder: Path) -> str:
    command = arguments(folder, "book.mp3")
    command = command[: command.index("--log-level")]
    return f"stty rows 24 cols 80; {sys.executable} -m wyoming_kokoro {' '.join(command)}"
