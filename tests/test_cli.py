"""The commands, as a user types them."""

import json
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.process import Program, run_command, running
from wyoming_kokoro import __version__
from wyoming_kokoro.cli import COMMANDS


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


def test_voices_are_printed_as_json_with_blends(tmp_path: Path) -> None:
    blend = "kitchen=bf_emma(2)+bf_alice"
    done = run_command("voices", "--json", "--data-dir", str(tmp_path), "--blend", blend)
    voices = {voice["name"]: voice for voice in json.loads(done.stdout)}
    assert voices["af_heart"]["installed"] is False
    assert voices["kitchen"]["language"] == "en_GB"


def test_phonemize_answers_each_line_in_order() -> None:
    asked = [
        {"text": "Hello **world**!", "language": "en-us"},
        {"text": "Bonjour le monde.", "language": "fr-fr"},
        {"text": "Hello world.", "voice": "bf_emma"},
        {"text": "Hello world.", "voice": "v0.19/af_bella"},
    ]
    done = run_command("phonemize", stdin="".join(json.dumps(line) + "\n" for line in asked))
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["text"] for answer in answers] == [line["text"] for line in asked]
    assert answers[0] == {
        "text": "Hello **world**!",
        "normalized": "Hello world!",
        "phonemes": "həlˈO wˈɜɹld!",
    }
    assert "bɔ̃ʒˈuʁ" in answers[1]["phonemes"]
    assert "wˈɜːld" in answers[2]["phonemes"]
    assert len({answer["phonemes"] for answer in answers}) == 4


def test_phonemize_answers_a_bad_line_with_an_error_and_goes_on() -> None:
    done = run_command("phonemize", stdin='nonsense\n{"text": 1}\n{"text": "Yes."}\n')
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [answer.get("code") for answer in answers] == ["bad-request", "bad-request", None]


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
