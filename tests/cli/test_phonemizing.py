"""The command `phonemize`: JSON lines in, JSON lines out, whatever the lines and the locale are."""

import json
import os
import subprocess
import sys

import pytest

from tests.support.process import PATIENCE, run_command


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


def phonemized(lines: bytes, *arguments: str, **environment: str) -> list[dict[str, str]]:
    """What `phonemize` answers, which is JSON in UTF-8 whatever happens."""
    done = subprocess.run(
        [sys.executable, "-m", "wyoming_kokoro", "phonemize", *arguments],
        input=lines,
        capture_output=True,
        env={**os.environ, **environment},
        timeout=PATIENCE,
        check=False,
    )
    assert b"Traceback" not in done.stderr
    answers = [json.loads(line.decode()) for line in done.stdout.splitlines()]
    assert done.returncode == any("error" in answer for answer in answers)
    return answers


def test_phonemize_answers_a_bad_line_with_an_error_that_names_it_and_goes_on() -> None:
    lines = [
        b"nonsense",
        b'{"text": 1}',
        b"",
        b'{"text": "\xff\xfe"}',
        b'{"text": "half of a pair: \\ud800"}',
        b"[" * 50_000,
        b"\x00\x01\x02",
        '{"text": "Yes."}'.encode("utf-16-le"),
        b'{"text": "Yes.", "voice": 1}',
        b'{"text": "Yes."}',
    ]
    *refused, last = phonemized(b"\n".join(lines))
    assert {answer["code"] for answer in refused} == {"bad-request"}
    named = [answer["error"].partition(":")[0] for answer in refused[:6]]
    assert named == ["line 1", "line 2", "line 4", "line 5", "line 6", "line 7"]
    assert all(answer["error"].startswith("line ") for answer in refused)
    assert last["normalized"] == "Yes."


def test_phonemize_refuses_the_voices_and_languages_that_a_server_refuses() -> None:
    asked = [
        {"text": "Yes.", "voice": "af_hart"},
        {"text": "Yes.", "voice": "v9/af_heart"},
        {"text": "Yes.", "language": "tlh"},
        {"text": "Yes.", "voice": "BF_Emma@1.2"},
    ]
    answers = phonemized("".join(json.dumps(line) + "\n" for line in asked).encode())
    codes = [answer.get("code") for answer in answers]
    assert codes == ["unknown-voice", "unknown-voice", "unknown-language", None]
    assert "did you mean af_heart" in answers[0]["error"]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-16"])
def test_phonemize_takes_and_gives_utf_8_whatever_the_locale_is(encoding: str) -> None:
    line = json.dumps({"text": "Café — naïve 日本", "language": "fr"}, ensure_ascii=False)
    [answer] = phonemized(line.encode(), PYTHONIOENCODING=encoding)
    assert answer["text"] == "Café — naïve 日本"
    assert "kafˈe" in answer["phonemes"]


def test_phonemize_takes_lines_with_a_byte_order_mark() -> None:
    [first, second] = phonemized('{"text": "One."}\r\n{"text": "Two."}\r\n'.encode("utf-8-sig"))
    assert [first["normalized"], second["normalized"]] == ["One.", "Two."]
