"""The commands, as a user types them."""

import json
import os
import signal
import subprocess
import sys
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.process import PATIENCE, WITHOUT_STARTER, Program, run_command, running
from tests.support.voice_files import pack, write_pt
from wyoming_kokoro import __version__
from wyoming_kokoro.cli.main import COMMANDS


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """One server for the commands that ask one."""
    with running(tmp_path_factory.mktemp("data"), "--engine", "stand-in") as program:
        assert program.uri
        yield program


def test_version_is_printed() -> None:
    assert run_command("--version").stdout == f"wyoming-kokoro {__version__}\n"


def test_help_lists_every_command() -> None:
    shown = run_command("--help").stdout
    assert all(command in shown for command in COMMANDS)


def test_say_writes_what_it_speaks_into_a_wav_file(tmp_path: Path) -> None:
    file = tmp_path / "out.wav"
    done = run_command("say", "Hello there.", "--output", str(file), "--data-dir", str(tmp_path))
    assert done.returncode == 0, done.stderr
    with wave.open(str(file)) as spoken:
        assert (spoken.getframerate(), spoken.getnchannels(), spoken.getsampwidth()) == (
            24_000,
            1,
            2,
        )
        assert spoken.getnframes() > 12_000


def test_say_reads_standard_input_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "out.wav"
    arguments = ["say", "--output", str(file), "--data-dir", str(tmp_path), "--phonemes"]
    done = run_command(*arguments, stdin="One line.\nAnother line.\n")
    assert done.returncode == 0, done.stderr
    assert "One line" in done.stderr
    assert "Another line" in done.stderr


def test_say_says_how_to_get_the_real_voice_while_the_stand_in_speaks(tmp_path: Path) -> None:
    file = tmp_path / "out.wav"
    done = run_command("say", "Hello.", "--output", str(file), "--data-dir", str(tmp_path))
    assert "wyoming-kokoro download" in done.stderr


def test_say_speaks_through_a_running_server(server: Program, tmp_path: Path) -> None:
    file = tmp_path / "out.wav"
    done = run_command("say", "Hello there.", "--uri", server.uri, "--output", str(file))
    assert done.returncode == 0, done.stderr
    with wave.open(str(file)) as spoken:
        assert spoken.getnframes() > 12_000
    server.wait_for("spoken: voice af_heart, 12 characters")


def test_say_names_the_server_that_does_not_answer() -> None:
    done = run_command("say", "Hello.", "--uri", "tcp://127.0.0.1:1", "--output", "/dev/null")
    assert done.returncode == 1
    assert "tcp://127.0.0.1:1" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("output", "remedy"),
    [
        ("missing/out.wav", "its folder does not exist; create it or choose another"),
        (".", "it is a folder; give the name of a file in it"),
        ("file/out.wav", "Not a directory"),
        ("circle/out.wav", "circle"),
        ("x" * 300, "File name too long"),
        ("/dev/full", "no room is left there"),
    ],
)
def test_say_into_what_cannot_be_written_tells_why_and_leaves_nothing(
    output: str, remedy: str, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "file").touch()
    (folder / "circle").symlink_to(folder / "circle")
    before = sorted(folder.iterdir())
    done = run_command(
        "say", "Hello.", "--output", str(folder / output), "--data-dir", str(tmp_path)
    )
    assert done.returncode == 2
    assert f"--output {folder / output} cannot be written: " in done.stderr
    assert remedy in done.stderr.replace("Too many levels of symbolic links", "circle").replace(
        "Symlink loop", "circle"
    )
    assert "Traceback" not in done.stderr
    assert sorted(folder.iterdir()) == before


def test_say_that_fails_leaves_the_file_that_was_there(server: Program, tmp_path: Path) -> None:
    file = tmp_path / "out.wav"
    file.write_bytes(b"of yesterday")
    arguments = ["--voice", "nobody", "--output", str(file), "--uri", server.uri]
    done = run_command("say", "Hello.", *arguments)
    assert done.returncode == 1
    assert "nobody" in done.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["out.wav"]
    assert file.read_bytes() == b"of yesterday"


def test_say_writes_through_a_link_and_into_a_pipe(tmp_path: Path) -> None:
    target, link, pipe = tmp_path / "target.wav", tmp_path / "link.wav", tmp_path / "pipe"
    link.symlink_to(target)
    os.mkfifo(pipe)
    arguments = ["--data-dir", str(tmp_path / "data")]
    assert run_command("say", "Hello.", "--output", str(link), *arguments).returncode == 0
    assert link.is_symlink()
    with wave.open(str(target)) as spoken:
        assert spoken.getnframes() > 12_000
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        assert run_command("say", "Hello.", "--output", str(pipe), *arguments).returncode == 0
        heard, _ = reader.communicate(timeout=PATIENCE)
    assert heard.startswith(b"RIFF")
    assert len(heard) > 24_000


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_say_that_is_stopped_leaves_no_part_of_a_file(
    number: signal.Signals, code: int, tmp_path: Path
) -> None:
    file, data = tmp_path / "out.wav", tmp_path / "data"
    arguments = ["say", "--output", str(file), "--phonemes", "--data-dir", str(data)]
    command = [sys.executable, "-m", "wyoming_kokoro", *arguments]
    program = Program(command, {**os.environ, **WITHOUT_STARTER})
    try:
        assert program.process.stdin
        program.process.stdin.write("One line.\nAnother.\n")
        program.process.stdin.flush()
        program.wait_for("One line")
        assert program.stop(number) == code
    finally:
        program.process.kill()
        for stream in (program.process.stdin, program.process.stdout, program.process.stderr):
            assert stream
            stream.close()
    assert "Traceback" not in program.log
    assert list(tmp_path.glob("*.wav")) + list(tmp_path.glob(".*")) == []


@pytest.mark.parametrize("how", ["standard input", "argument", "argument, to a server"])
def test_say_refuses_what_is_no_text(how: str, server: Program, tmp_path: Path) -> None:
    arguments: list[str | bytes] = ["--output", str(tmp_path / "out.wav")]
    arguments += ["--uri", server.uri] if "server" in how else ["--data-dir", str(tmp_path)]
    noise = bytes(range(1, 256))
    done = subprocess.run(
        [sys.executable, "-m", "wyoming_kokoro", "say", *arguments]
        + ([noise] if "argument" in how else []),
        input=noise,
        capture_output=True,
        env={**os.environ, **WITHOUT_STARTER},
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert b"the encoding of the locale" in done.stderr or b"no text in UTF-8" in done.stderr
    assert not (tmp_path / "out.wav").exists()


def in_shell(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a line of shell in which `wyoming-kokoro` is the program."""
    program = f'wyoming-kokoro() {{ {sys.executable} -m wyoming_kokoro "$@"; }}'
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {program}; {command}"],
        capture_output=True,
        text=True,
        env={**os.environ, **WITHOUT_STARTER, **environment},
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.parametrize(
    ("command", "code", "told"),
    [
        ("wyoming-kokoro voices | head -1", 0, ""),
        ("wyoming-kokoro voices --json | true", 0, ""),
        ("wyoming-kokoro serve --help | true", 0, ""),
        ("wyoming-kokoro voices >&-", 0, ""),
        ("wyoming-kokoro voices > /dev/full", 1, "No space left"),
        ("wyoming-kokoro say Hello. --output - | head -c 1", 0, ""),
        ("wyoming-kokoro say Hello. --output - >&-", 2, "standard output is closed"),
        ("wyoming-kokoro say Hello. --output - > /dev/full", 2, "no room is left there"),
        ("wyoming-kokoro say --output /dev/null <&-", 2, "standard input is closed"),
        ("wyoming-kokoro phonemize <&-", 2, "standard input is closed"),
        ("echo '{}' | wyoming-kokoro phonemize >&-", 2, "standard output is closed"),
        ("wyoming-kokoro download --offline 2>&-", 3, ""),
        ("wyoming-kokoro --uri stdio:// < /dev/null", 2, "must be pipes"),
        ("wyoming-kokoro download --data-dir /dev/null/x", 2, "--data-dir /dev/null/x cannot be"),
        ("wyoming-kokoro health --timeout nan", 2, "a number from 0.1 to 3600"),
    ],
)
def test_input_and_output_that_end_or_are_closed_are_no_traceback(
    command: str, code: int, told: str, tmp_path: Path
) -> None:
    done = in_shell(command, XDG_DATA_HOME=str(tmp_path))
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert told in done.stderr
    assert done.returncode == code, done.stderr


def test_say_without_a_player_names_the_remedy(tmp_path: Path) -> None:
    done = run_command("say", "Hello.", "--data-dir", str(tmp_path), PATH=str(tmp_path))
    assert done.returncode == 2
    assert "--output FILE.wav" in done.stderr


def test_say_plays_through_the_machines_player(tmp_path: Path) -> None:
    player, heard = tmp_path / "aplay", tmp_path / "heard"
    player.write_text(f"#!/bin/sh\nexec /bin/cat > {heard}\n")
    player.chmod(0o755)
    done = run_command("say", "Hello.", "--data-dir", str(tmp_path), PATH=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert heard.stat().st_size > 12_000


def test_voices_are_listed_with_readable_descriptions(tmp_path: Path) -> None:
    done = run_command("voices", "--data-dir", str(tmp_path))
    assert done.returncode == 0, done.stderr
    [line] = [line for line in done.stdout.splitlines() if line.startswith("bf_emma")]
    assert "en_GB" in line
    assert "Emma (British English, female)" in line


def test_a_voice_of_ones_own_is_listed_in_the_language_of_its_tag(tmp_path: Path) -> None:
    (tmp_path / "voices").mkdir()
    write_pt(tmp_path / "voices" / "en_GB-jarvis-medium.pt", pack())
    done = run_command("voices", "--data-dir", str(tmp_path))
    [line] = [line for line in done.stdout.splitlines() if line.startswith("en_GB-jarvis-medium")]
    assert line.split()[1] == "en_GB"


def test_voices_are_printed_as_json_with_blends(tmp_path: Path) -> None:
    blend = "kitchen=bf_emma(2)+bf_alice"
    done = run_command("voices", "--json", "--data-dir", str(tmp_path), "--blend", blend)
    voices = {voice["name"]: voice for voice in json.loads(done.stdout)}
    assert voices["af_heart"]["installed"] is True, "it is on board"
    assert voices["bf_alice"]["installed"] is False
    assert voices["kitchen"]["language"] == "en_GB"


def test_health_is_0_while_a_server_answers_and_1_otherwise(server: Program) -> None:
    assert run_command("health", "--uri", server.uri).returncode == 0
    done = run_command("health", "--uri", "tcp://127.0.0.1:1", "--timeout", "2")
    assert done.returncode == 1
    assert "tcp://127.0.0.1:1" in done.stderr


def test_health_finds_a_server_that_listens_everywhere(server: Program) -> None:
    port = server.uri.rpartition(":")[2]
    done = run_command("health", WYOMING_KOKORO_URI=f"tcp://0.0.0.0:{port}")
    assert done.returncode == 0, done.stderr


def test_download_offline_says_what_is_missing_and_exits_with_3(tmp_path: Path) -> None:
    done = run_command("download", "--offline", "--data-dir", str(tmp_path))
    assert done.returncode == 3
    assert "kokoro-v1_0.pth" in done.stderr
    assert "Traceback" not in done.stderr


def test_download_without_a_network_exits_with_3_and_says_so(tmp_path: Path) -> None:
    done = run_command("download", "--data-dir", str(tmp_path), HF_ENDPOINT="http://127.0.0.1:1")
    assert done.returncode == 3
    assert "127.0.0.1:1" in done.stderr
    assert "Traceback" not in done.stderr


def test_download_of_an_unknown_voice_names_it(tmp_path: Path) -> None:
    done = run_command("download", "--voices", "af_hart", "--data-dir", str(tmp_path))
    assert done.returncode != 0
    assert "af_hart" in done.stderr
