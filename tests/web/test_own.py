"""What users add over HTTP: words and voices, checked before anything is kept."""

import io
import os
import zipfile
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from tests.support.process import running
from tests.support.web import PATIENCE, SERVING, http_of, web_serving
from wyoming_kokoro.config import Limits
from wyoming_kokoro.web.own import MOST_VOICES

PACK = np.random.default_rng(0).normal(0, 0.1, (510, 1, 256)).astype(np.float32)


def as_npy(array: "np.ndarray[Any, Any]") -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    return file.getvalue()


def as_npz(*arrays: "np.ndarray[Any, Any]") -> bytes:
    file = io.BytesIO()
    np.savez(file, *arrays)
    return file.getvalue()


async def test_a_lexicon_is_kept_as_it_was_written(tmp_path: Path) -> None:
    text = "# mine\nNiamh = Neev\nen: GIF = /dʒɪf/\n".encode()
    async with web_serving(tmp_path) as (_, client):
        assert (await client.get("/lexicon")).content == b""
        assert (await client.put("/lexicon", content=text)).status_code == 204
        assert (await client.get("/lexicon")).content == text
    assert (tmp_path / "lexicon.txt").read_bytes() == text


async def test_mistakes_in_a_lexicon_are_named_by_their_lines_and_nothing_is_changed(
    tmp_path: Path,
) -> None:
    async with web_serving(tmp_path) as (_, client):
        await client.put("/lexicon", content=b"a = b")
        answer = await client.put("/lexicon", content=b"a = c\nnonsense\n\xff = x\n" + b"x\n" * 50)
        assert (await client.get("/lexicon")).content == b"a = b"
    message = answer.json()["error"]["message"]
    assert answer.status_code == 400
    assert "line 2" in message
    assert "UTF-8" in message
    assert "more" in message


async def test_a_lexicon_that_is_a_link_stays_one(tmp_path: Path) -> None:
    target = tmp_path / "config" / "words.txt"
    target.parent.mkdir()
    (tmp_path / "lexicon.txt").symlink_to(target)
    async with web_serving(tmp_path) as (_, client):
        await client.put("/lexicon", content=b"a = b")
    assert (tmp_path / "lexicon.txt").is_symlink()
    assert target.read_bytes() == b"a = b"


async def test_a_lexicon_that_is_too_large_is_413(tmp_path: Path) -> None:
    async with web_serving(tmp_path) as (_, client):
        answer = await client.put("/lexicon", content=b"#" * (1 << 20) + b"#")
    assert answer.status_code == 413


@pytest.mark.parametrize("content", [as_npy(PACK), as_npz(PACK), PACK.tobytes()])
async def test_a_voice_is_added_listed_and_removed(content: bytes, tmp_path: Path) -> None:
    async with web_serving(tmp_path) as (_, client):
        added = await client.put("/voices/af_mine", content=content)
        assert (added.status_code, added.json()) == (201, {"name": "af_mine", "rows": 510})
        assert (await client.get("/voices")).json() == {"voices": ["af_mine"]}
        kept = np.load(tmp_path / "voices" / "af_mine.npy")
        assert (await client.delete("/voices/af_mine")).status_code == 204
        assert (await client.get("/voices")).json() == {"voices": []}
        assert (await client.delete("/voices/af_mine")).status_code == 404
    np.testing.assert_array_equal(kept.reshape(PACK.shape), PACK)
    assert files_in(tmp_path) == []


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.npy", as_npy(PACK)[:128] + bytes(500 << 20))
    return file.getvalue()


class Harm:
    """Leaves a mark when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str, ...]]:
        return exec, ("import os; os.environ['HARMED'] = 'yes'",)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"RIFF",
        as_npy(PACK)[:-1],
        as_npy(np.full((510, 1, 256), np.nan, np.float32)),
        as_npy(np.zeros((510, 255), np.float32)),
        as_npy(np.array([Harm()], object)),
        as_npz(PACK, PACK),
        PACK[:100].tobytes(),
        bomb(),
    ],
    ids=["empty", "wav", "cut", "nan", "shape", "pickle", "two", "short", "bomb"],
)
async def test_what_is_no_voice_is_refused_and_not_kept(content: bytes, tmp_path: Path) -> None:
    async with web_serving(tmp_path) as (_, client):
        answer = await client.put("/voices/af_mine", content=content)
        assert (await client.get("/voices")).json() == {"voices": []}
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "bad-voice-file"
    assert not os.environ.get("HARMED")
    assert files_in(tmp_path) == []


async def test_a_voice_file_that_is_too_large_is_413(tmp_path: Path) -> None:
    async with web_serving(tmp_path, limits=Limits(voice_file_bytes=1000)) as (_, client):
        answer = await client.put("/voices/af_mine", content=as_npy(PACK))
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("af_heart", 400),
        ("v_mine", 400),
        ("mine", 400),
        ("..", 404),
        ("%2e%2e%2fx", 404),
        ("..%5Cx", 400),
        ("af_a%00b", 400),
        (".af_hidden", 400),
        ("af_" + "a" * 64, 400),
    ],
)
async def test_a_name_that_no_voice_may_have_is_refused(
    name: str, status: int, tmp_path: Path
) -> None:
    async with web_serving(tmp_path) as (_, client):
        answer = await client.put(f"/voices/{name}", content=as_npy(PACK))
    assert answer.status_code in (status, 404, 405)
    assert not answer.is_success
    assert files_in(tmp_path) == []


async def test_a_file_that_a_user_has_put_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "af_mine.pt").write_bytes(b"theirs")
    async with web_serving(tmp_path) as (_, client):
        answer = await client.put("/voices/af_mine", content=as_npy(PACK))
    assert answer.status_code == 400
    assert "af_mine.pt" in answer.json()["error"]["message"]


async def test_no_more_voices_are_kept_than_may_be_and_one_may_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "voices").mkdir()
    for number in range(MOST_VOICES):
        (tmp_path / "voices" / f"af_{number}.npy").touch()
    async with web_serving(tmp_path) as (_, client):
        assert (await client.put("/voices/af_mine", content=as_npy(PACK))).status_code == 413
        assert (await client.put("/voices/af_0", content=as_npy(PACK))).status_code == 201


async def test_a_folder_that_takes_nothing_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "voices").touch()
    async with web_serving(tmp_path) as (_, client):
        answer = await client.put("/voices/af_mine", content=as_npy(PACK))
    assert answer.status_code == 500
    assert "cannot be written" in answer.json()["error"]["message"]


def test_a_voice_that_was_added_is_offered_and_speaks(tmp_path: Path) -> None:
    with running(tmp_path, *SERVING) as program:
        url = http_of(program)
        with httpx.Client(base_url=url, timeout=PATIENCE) as client:
            client.put("/voices/bf_mine", content=as_npy(PACK))
            voices = client.get("/v1/audio/voices").json()["voices"]
            asked = {"input": "Hello.", "voice": "bf_mine"}
            assert client.post("/v1/audio/speech", json=asked).status_code == 200
            client.put("/lexicon", content=b"Hello = Good bye my dear friend")
            longer = client.post("/v1/audio/speech", json={**asked, "response_format": "pcm"})
        assert program.stop() == 0
    [mine] = [voice for voice in voices if voice["id"] == "bf_mine"]
    assert mine["language"] == "en-GB"
    assert len(longer.content) > 48_000
