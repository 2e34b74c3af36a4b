"""Jobs over HTTP: what is asked, checked, and told."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from tests.support.web import NoJobs, web_serving
from wyoming_kokoro.config import Limits
from wyoming_kokoro.errors import Overloaded
from wyoming_kokoro.job import MEDIA_TYPES, Ask, Job, Part, Result

GENERATE = "/api/v1/tts/generate"
ID = "0123456789abcdef" * 2
SOUND = b"sound" * 1000


class Keeper(NoJobs):
    """Keeps one job, as it is told to."""

    def __init__(self, job: Job | None = None) -> None:
        self.job = job
        self.asked: list[Ask] = []
        self.listed: list[tuple[str | None, int]] = []
        self.read_names: list[str] = []

    async def add(self, ask: Ask) -> Job:
        self.asked.append(ask)
        if ask.user_id == "busy":
            raise Overloaded("100 jobs wait already")
        return Job(ID, "pending", 0.0, 1_000_000_000.5, None, ask)

    async def get(self, job: str) -> Job | None:
        return self.job if self.job and job == self.job.id else None

    async def latest(self, user: str | None, limit: int) -> list[Job]:
        self.listed.append((user, limit))
        return [self.job] if self.job else []

    async def remove(self, job: str) -> bool:
        removed, self.job = self.job, None
        return removed is not None and job == removed.id

    async def read(self, job: str, name: str) -> tuple[int, AsyncGenerator[bytes, None]] | None:
        self.read_names.append(name)

        async def pieces() -> AsyncGenerator[bytes, None]:
            for start in range(0, len(SOUND), 1000):
                yield SOUND[start : start + 1000]

        return None if name == "1.opus" else (len(SOUND), pieces())


ASK = Ask((Part("Some text.", "One"), Part("More.")), "af_heart", format="opus", user_id="me")
CHAPTERS = [{"title": "One", "start": 0.0, "end": 2.0}]
RESULTS = [Result("0.opus", 5000, 2.0, CHAPTERS), Result("1.opus", 6000, 3.0, [])]
DONE = Job(ID, "completed", 1.0, 1e9, 1e9 + 60, ASK, "af_heart", results=RESULTS)


async def test_a_job_is_taken_with_202_and_told_in_full(tmp_path: Path) -> None:
    keeper = Keeper()
    body = {"text": "Read this.", "voice": "bf_emma", "speed": 1.5, "lang_code": "b"}
    async with web_serving(tmp_path, jobs=keeper) as (_, client):
        answer = await client.post(GENERATE, json={**body, "user_id": "me", "title": "B"})
    assert answer.status_code == 202
    assert answer.json() == {
        "tts_id": ID,
        "status": "pending",
        "progress": 0.0,
        "audio_url": None,
        "created_at": "2001-09-09T01:46:40.500+00:00",
        "completed_at": None,
        "error": None,
        "results": [],
        "text": "Read this.",
        "voice": "bf_emma",
        "voice_used": None,
        "speed": 1.5,
        "lang_code": "en_GB",
        "user_id": "me",
        "title": "B",
        "response_format": "mp3",
        "join": True,
    }
    [asked] = keeper.asked
    assert asked.request.rate == 1.5
    assert not asked.request.fallback, "a book is not read by somebody else"


TITLED = ["a", {"title": "T", "text": "b"}]


@pytest.mark.parametrize(
    ("fields", "parts", "joined"),
    [
        ({"texts": ["a", "b"]}, (Part("a"), Part("b")), False),
        ({"texts": TITLED, "join": True}, (Part("a"), Part("b", "T")), True),
        ({"text": "a", "join": False}, (Part("a"),), True),
    ],
)
async def test_several_texts_are_a_result_each_or_joined(
    fields: dict[str, Any], parts: tuple[Part, ...], joined: bool, tmp_path: Path
) -> None:
    keeper = Keeper()
    async with web_serving(tmp_path, jobs=keeper) as (_, client):
        assert (await client.post(GENERATE, json=fields)).status_code == 202
    assert keeper.asked[0].parts == parts
    assert keeper.asked[0].joined == joined


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({}, "text"),
        ({"text": " "}, "text"),
        ({"text": 1}, "text"),
        ({"text": "a\0"}, "text"),
        ({"text": "a", "texts": ["b"]}, "texts"),
        ({"texts": []}, "texts"),
        ({"texts": "a"}, "texts"),
        ({"texts": ["a", ""]}, "texts[1]"),
        ({"texts": [{"title": 1, "text": "a"}]}, "title"),
        ({"text": "a", "speed": 0.4}, "speed"),
        ({"text": "a", "speed": 2.1}, "speed"),
        ({"text": "a", "speed": True}, "speed"),
        ({"text": "a", "speed": "fast"}, "speed"),
        ({"text": "a", "voice": {"id": "af"}}, "voice"),
        ({"text": "a", "voice": "v" * 201}, "voice"),
        ({"text": "a", "lang_code": 1}, "lang_code"),
        ({"text": "a", "user_id": "u" * 201}, "user_id"),
        ({"text": "a", "user_id": "u\0"}, "user_id"),
        ({"text": "a", "response_format": "exe"}, "response_format"),
        ({"text": "a", "join": "yes"}, "join"),
    ],
)
async def test_a_field_that_is_wrong_is_named(
    fields: dict[str, Any], parameter: str, tmp_path: Path
) -> None:
    keeper = Keeper()
    async with web_serving(tmp_path, jobs=keeper) as (_, client):
        answer = await client.post(GENERATE, json=fields)
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == parameter
    assert not keeper.asked


async def test_text_and_body_are_bounded(tmp_path: Path) -> None:
    limits = Limits(job_characters=100, job_texts=3, job_body_bytes=2000)
    async with web_serving(tmp_path, limits=limits, jobs=Keeper()) as (_, client):
        for fields, status in (
            ({"text": "a" * 100}, 202),
            ({"text": "a" * 101}, 413),
            ({"texts": ["a" * 60, "b" * 60]}, 413),
            ({"texts": ["a"] * 4}, 400),
            ({"text": "a", "voice": "v" * 2000}, 413),
        ):
            assert (await client.post(GENERATE, json=fields)).status_code == status, fields


async def test_a_megabyte_of_text_is_taken(tmp_path: Path) -> None:
    keeper = Keeper()
    async with web_serving(tmp_path, jobs=keeper) as (_, client):
        answer = await client.post(GENERATE, json={"text": "é " * 500_000})
    assert answer.status_code == 202
    assert keeper.asked[0].characters == 1_000_000


async def test_too_many_jobs_are_429(tmp_path: Path) -> None:
    async with web_serving(tmp_path, jobs=Keeper()) as (_, client):
        answer = await client.post(GENERATE, json={"text": "a", "user_id": "busy"})
    assert answer.status_code == 429
    assert answer.headers["retry-after"]


async def test_a_job_that_is_done_has_its_files(tmp_path: Path) -> None:
    keeper = Keeper(DONE)
    async with web_serving(tmp_path, jobs=keeper) as (_, client):
        told = (await client.get(f"/api/v1/tts/{ID}")).json()
        sound = await client.get(told["audio_url"])
        timings = await client.get(told["results"][0]["timings_url"])
        gone = await client.get(told["results"][1]["audio_url"])
    assert told["status"] == "completed"
    assert told["texts"] == [{"title": "One", "text": "Some text."}, {"title": "", "text": "More."}]
    assert told["results"][0]["chapters"] == CHAPTERS
    assert sound.content == SOUND
    assert sound.headers["content-type"] == MEDIA_TYPES["opus"]
    assert sound.headers["content-length"] == str(len(SOUND))
    assert timings.headers["content-type"] == "application/json"
    assert gone.status_code == 404
    assert keeper.read_names == ["0.opus", "0.json", "1.opus"]


async def test_jobs_are_listed_without_their_texts(tmp_path: Path) -> None:
    keeper = Keeper(DONE)
    async with web_serving(tmp_path, jobs=keeper) as (_, client):
        listed = (await client.get("/api/v1/tts/?user_id=me&limit=7")).json()["jobs"]
        await client.get("/api/v1/tts/")
        wrong = [
            (await client.get(f"/api/v1/tts/?{query}")).status_code
            for query in ("limit=0", "limit=1001", "limit=x", "limit=-1", "user_id=" + "u" * 201)
        ]
    assert keeper.listed == [("me", 7), (None, 50)]
    assert listed[0]["tts_id"] == ID
    assert "texts" not in listed[0]
    assert wrong == [400] * 5


async def test_a_job_can_be_removed_once(tmp_path: Path) -> None:
    async with web_serving(tmp_path, jobs=Keeper(DONE)) as (_, client):
        codes = [(await client.delete(f"/api/v1/tts/{ID}")).status_code for _ in range(2)]
    assert codes == [204, 404]


async def test_half_of_an_emoji_is_left_out_of_a_job(tmp_path: Path) -> None:
    keeper = Keeper()
    async with web_serving(tmp_path, jobs=keeper) as (_, client):
        body = json.dumps({"text": "One \ud83d two.", "user_id": "me\ude00"}).encode()
        answer = await client.post(GENERATE, content=body)
        told = answer.json()
        nothing = await client.post(GENERATE, content=json.dumps({"text": "\ud83d"}).encode())
    assert (told["text"], told["user_id"]) == ("One  two.", "me")
    assert nothing.status_code == 400


@pytest.mark.parametrize(
    "path",
    ["x", ID.upper(), f"{ID}0", "..%2f..%2fetc", f"{ID}/audio/2", f"{ID}/audio/-1", f"{ID}/audio/x",
     f"{ID}/timings/..%2f0", f"{ID}/audio/00000"],
)  # fmt: skip
async def test_a_job_or_file_that_is_not_there_is_404(path: str, tmp_path: Path) -> None:
    keeper = Keeper(DONE)
    async with web_serving(tmp_path, jobs=keeper) as (_, client):
        answer = await client.get(f"/api/v1/tts/{path}")
    assert answer.status_code == 404
    assert not keeper.read_names


async def test_where_no_jobs_are_kept_the_answer_is_503(tmp_path: Path) -> None:
    async with web_serving(tmp_path) as (_, client):
        answers = [
            await client.post(GENERATE, json={"text": "a"}),
            await client.get(f"/api/v1/tts/{ID}"),
            await client.get("/api/v1/tts/"),
            await client.delete(f"/api/v1/tts/{ID}"),
        ]
    assert {answer.status_code for answer in answers} == {503}
    assert answers[0].json()["error"]["code"] == "jobs-unavailable"
