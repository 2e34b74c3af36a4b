"""The command `read`: a manuscript in, a file with chapters out, taken up where it was ended."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import av
import pytest

from tests.support.books import book, package
from tests.support.process import WITHOUT_STARTER, Program, run_command
from wyoming_kokoro.cli.read import language_of_book

SENTENCES = 40
BOOK = "# One\n\n{}\n\n# Two\n\nThe end.\n".format(
    " ".join(f"Sentence {number} is as long as all others are." for number in range(SENTENCES))
)


def arguments(folder: Path, output: str) -> list[str]:
    (folder / "book.md").write_text(BOOK, encoding="utf-8")
    options = ["--engine", "stand-in", "--data-dir", str(folder / "data"), "--log-level", "debug"]
    return ["read", str(folder / "book.md"), "--output", str(folder / output), *options]


def ended(program: Program) -> int:
    code = program.ended()
    for stream in (program.process.stdin, program.process.stdout, program.process.stderr):
        assert stream
        stream.close()
    return code


def test_a_book_is_read_and_goes_on_where_it_was_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "wyoming_kokoro", *arguments(tmp_path, "book.m4b")]
    killed = Program(command, {**os.environ, **WITHOUT_STARTER})
    killed.wait_for("a sentence was made")
    killed.process.kill()
    ended(killed)
    done = run_command(*arguments(tmp_path, "book.m4b"))
    assert done.returncode == 0, done.stderr
    assert re.search(r"book\.m4b is complete: 2 chapters, \d:\d\d, spoken by af_heart", done.stdout)
    made = re.findall(r"a sentence was made: (\w+)", killed.log + done.stderr)
    assert len(made) == len(set(made))
    assert len(re.findall("was made", done.stderr)) < len(made)
    with av.open(str(tmp_path / "book.m4b")) as container:
        titles = [chapter["metadata"]["title"] for chapter in container.chapters()]
        assert titles == ["One", "Two"]
        assert container.metadata["title"] == "book"
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["book.m4b", "book.md", "data"]
    assert not [path for path in (tmp_path / "data/jobs").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("book.exe", "must end in .mp3"),
        ("nowhere/book.mp3", "its folder does not exist"),
        ("folder.mp3", "is a folder; name a file in it"),
        ("locked/book.mp3", r"cannot be written: .*; mend that or choose another place"),
    ],
)
def test_a_file_that_cannot_be_written_is_told_before_anything_is_spoken(
    tmp_path: Path, output: str, reason: str
) -> None:
    (tmp_path / "folder.mp3").mkdir()
    locked = tmp_path / "locked"
    # Root may write anywhere, but to no file of a process.
    locked.symlink_to(f"/proc/{os.getpid()}")
    done = run_command(*arguments(tmp_path, output))
    assert done.returncode == 2
    assert re.search(reason, done.stderr)
    assert "was made" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_book_that_is_stopped_tells_how_to_go_on(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "wyoming_kokoro", *arguments(tmp_path, "book.m4b")]
    stopped = Program(command, {**os.environ, **WITHOUT_STARTER})
    stopped.wait_for("a sentence was made")
    stopped.process.send_signal(signal.SIGINT)
    assert ended(stopped) == 128 + signal.SIGINT
    assert "stopped; start again: it goes on where it was" in stopped.log
    assert not (tmp_path / "book.m4b").exists()


def test_a_full_disk_is_told_with_what_to_do(tmp_path: Path) -> None:
    # Files of a few kilobytes have room, sentences have not.
    command = [sys.executable, "-m", "wyoming_kokoro", *arguments(tmp_path, "book.mp3")]
    done = subprocess.run(
        ["sh", "-c", 'ulimit -f 16; exec "$@"', "sh", *command],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **WITHOUT_STARTER},
    )
    assert done.returncode == 1
    assert re.search(r"cannot be kept at .*data/jobs/read: .*File too large", done.stderr)
    assert "mend that and start again: it goes on where it was" in done.stderr


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("en-GB", "en_gb"),
        (" FR ", "fr"),
        ("fre", "fr"),
        ("eng-US", "en_us"),
        ("de", "de"),
        ("und", None),
        ("", None),
    ],
)
def test_the_language_of_a_book_is_taken_as_it_is_told(told: str, code: str | None) -> None:
    assert language_of_book(told) == code


def test_a_book_is_read_in_its_language_unless_a_voice_is_chosen(tmp_path: Path) -> None:
    def spoken(language: str, *more: str) -> str:
        parts = {"OPS/book.opf": package("one.xhtml", language=language)}
        command = arguments(tmp_path, "book.wav")
        command[1] = str(book(tmp_path, parts))
        done = run_command(*command, *more)
        return done.stdout + done.stderr

    assert "spoken by bf_emma" in spoken("en-GB")
    assert "spoken by af_heart" in spoken("de", "--voice", "af_heart")
    told = spoken("de")
    assert "no voice speaks 'de'" in told
    assert "book.epub read by another voice all the same: --voice" in told


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
