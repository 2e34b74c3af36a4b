"""Languages that checkpoints declare, through the program itself: listed, asked for, refused."""

import asyncio
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.own_checkpoint import GERMAN, own_checkpoint
from tests.support.process import Program, run_command, running
from tests.support.web import SERVING, http_of
from wyoming_kokoro.network.client import describe, speak
from wyoming_kokoro.speech import Request

REPLY = "Am 3. Juni, d. h. in 1 h, sind es 21,5 °C."


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return own_checkpoint(tmp_path_factory.mktemp("own") / "german", [GERMAN])


@pytest.fixture(scope="module")
def program(checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A server whose stand-in speaks, with a checkpoint that declares German."""
    data_dir = tmp_path_factory.mktemp("data")
    with running(data_dir, *SERVING, "--checkpoint", f"de={checkpoint}") as program:
        yield program


def sound(program: Program, voice: str | None = None, language: str | None = None) -> bytes:
    async def spoken() -> bytes:
        request = Request(voice, language)
        async with speak(program.uri, REPLY, request, streaming=True) as speech:
            return b"".join([chunk async for chunk in speech])

    return asyncio.run(spoken())


def test_describe_offers_declared_voices_in_their_language(program: Program) -> None:
    info = asyncio.run(describe(program.uri, 10.0))
    voices = {voice.name: voice for one in info.tts for voice in one.voices}
    assert voices["de/df_anna"].languages == ["de_DE"]
    assert voices["de/df_anna"].description == "Anna (German, female, de)"
    assert voices["af_heart"].languages == ["en_US"]


def test_a_request_in_a_declared_language_is_spoken_by_who_speaks_it(program: Program) -> None:
    german = sound(program, voice="de/df_anna")
    assert sound(program, language="de") == german
    assert sound(program, language="de-AT") == german
    assert sound(program, voice="de/dm_jonas") != german
    assert sound(program, language="en") != german


def test_http_names_the_checkpoint_as_a_model_and_takes_the_letter(program: Program) -> None:
    url = http_of(program)
    with urllib.request.urlopen(f"{url}/v1/models") as answer:  # noqa: S310 loopback
        assert "kokoro-de" in [model["id"] for model in json.load(answer)["data"]]
    by_model, by_letter, by_voice = (
        posted(url, **fields)
        for fields in ({"model": "kokoro-de"}, {"lang_code": "d"}, {"voice": "de/df_anna"})
    )
    assert by_model == by_letter == by_voice
    assert len(by_model) > 48_000


def posted(url: str, **fields: str) -> bytes:
    body = json.dumps({"input": REPLY, "response_format": "pcm", **fields}).encode()
    asked = urllib.request.Request(f"{url}/v1/audio/speech", body)  # noqa: S310 loopback
    with urllib.request.urlopen(asked) as answer:  # noqa: S310 loopback
        content: bytes = answer.read()
    return content


def test_phonemize_and_voices_follow_the_declaration(checkpoint: Path, tmp_path: Path) -> None:
    own = ("--checkpoint", f"de={checkpoint}", "--data-dir", str(tmp_path))
    asked = json.dumps({"text": REPLY, "language": "de"})
    done = run_command("phonemize", *own, stdin=asked)
    answer = json.loads(done.stdout)
    assert answer["normalized"] == (
        "Am dritten Juni, das heißt in einer Stunde, sind es einundzwanzig Komma fünf Grad Celsius."
    )
    listed = run_command("voices", "--json", *own)
    assert {"de/df_anna", "de/dm_jonas"} <= {row["name"] for row in json.loads(listed.stdout)}


def test_a_declaration_with_a_mistake_ends_the_program_with_the_place_and_the_remedy(
    tmp_path: Path,
) -> None:
    wrong = own_checkpoint(tmp_path / "own", [{**GERMAN, "espeak": "german"}])
    done = run_command("serve", "--checkpoint", f"de={wrong}", "--data-dir", str(tmp_path))
    assert done.returncode == 2
    assert f"{wrong.with_name('languages.json')}: languages[1]: espeak" in done.stderr
    assert "Traceback" not in done.stderr
