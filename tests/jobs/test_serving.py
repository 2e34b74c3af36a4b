"""Jobs of a running server: killed and started again, removed, kept for a while, taken over."""

import asyncio
import contextlib
import os
import re
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.support.narrating import needs_sqlite
from tests.support.process import PATIENCE, WITHOUT_STARTER, Program, running
from tests.support.web import SERVING, http_of

pytestmark = needs_sqlite

SENTENCES = 30
TEXT = " ".join(f"Sentence {number} is as long as all others are." for number in range(SENTENCES))

OPTIONS = (*SERVING, "--log-level", "debug")

SOON = """
from wyoming_kokoro.jobs import leases, worker
leases.LEASE_SECONDS, worker.RENEWAL_SECONDS = 3.0, 0.5
from wyoming_kokoro.cli import main as cli
cli.main()
"""
"""The program, whose workers are taken for dead sooner."""

Json = dict[str, Any]


@asynccontextmanager
async def client_of(program: Program) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=http_of(program), timeout=PATIENCE) as client:
        yield client


async def asked(client: httpx.AsyncClient, **fields: object) -> str:
    body = {"text": TEXT, "response_format": "wav", **fields}
    answer = await client.post("/api/v1/tts/generate", json=body)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["tts_id"])


async def told(client: httpx.AsyncClient, job: str) -> Json:
    answer = await client.get(f"/api/v1/tts/{job}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def until(holds: Callable[[], bool]) -> None:
    """Wait for another process, which sets no event here."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        await asyncio.sleep(0.05)


async def ended(client: httpx.AsyncClient, job: str) -> Json:
    """Wait for the end of a job; return what is told of it."""
    end = time.monotonic() + PATIENCE
    while (found := await told(client, job))["status"] in ("pending", "processing"):
        assert time.monotonic() < end, found
        await asyncio.sleep(0.1)
    return found


def made(*programs: Program) -> Counter[str]:
    """How often each sentence was made, by its key."""
    logs = "".join(program.log for program in programs)
    return Counter(re.findall(r"a sentence was made: (\w+)", logs))


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def maps_of(program: Program) -> str:
    """The libraries that a process has loaded."""
    return Path(f"/proc/{program.process.pid}/maps").read_text(encoding="utf-8")


async def test_a_job_that_is_killed_with_its_server_goes_on_where_it_was(tmp_path: Path) -> None:
    with running(tmp_path, *OPTIONS) as first:
        async with client_of(first) as client:
            job = await asked(client)
            await until(lambda: len(made(first)) >= 5)
        first.process.kill()
        first.ended()
    assert len(made(first)) < SENTENCES
    with running(tmp_path, *OPTIONS) as second:
        async with client_of(second) as client:
            found = await ended(client, job)
            assert found["status"] == "completed", found["error"]
            assert set(made(first, second).values()) == {1}, "nothing is made twice"
            sound = (await client.get(found["audio_url"])).content
            undisturbed = await ended(client, await asked(client))
            assert (await client.get(undisturbed["audio_url"])).content == sound
            timings = (await client.get(found["results"][0]["timings_url"])).json()
        assert " ".join(word["word"] for word in timings["words"]) == TEXT
        assert second.stop() == 0
        assert "Traceback" not in second.log


async def test_a_server_that_is_stopped_in_a_job_goes_on_with_it_at_its_next_start(
    tmp_path: Path,
) -> None:
    with running(tmp_path, *OPTIONS) as first:
        async with client_of(first) as client:
            job = await asked(client)
            await until(lambda: len(made(first)) >= 3)
        assert first.stop() == 0
        assert "Traceback" not in first.log
    with running(tmp_path, *OPTIONS) as second:
        async with client_of(second) as client:
            assert (await ended(client, job))["status"] == "completed"
        assert set(made(first, second).values()) == {1}


async def test_a_job_that_is_removed_stops_and_leaves_no_sound(tmp_path: Path) -> None:
    with running(tmp_path, *OPTIONS) as program:
        async with client_of(program) as client:
            job, next_one = await asked(client, user_id="a"), await asked(client, user_id="b")
            await until(lambda: len(made(program)) >= 2)
            answer = await client.delete(f"/api/v1/tts/{job}")
            assert answer.status_code == 204
            for method in ("GET", "DELETE"):
                gone = await client.request(method, f"/api/v1/tts/{job}")
                assert gone.status_code == 404
            found = await ended(client, next_one)
            assert found["status"] == "completed"
            listed = (await client.get("/api/v1/tts/")).json()["jobs"]
            assert [one["tts_id"] for one in listed] == [next_one]
            assert (await client.get("/api/v1/tts/?user_id=a")).json() == {"jobs": []}
            await client.delete(f"/api/v1/tts/{next_one}")
        assert next_one not in str(files_in(tmp_path / "jobs/audio"))
        assert len(made(program)) < 2 * SENTENCES


async def test_a_voice_that_does_not_exist_is_refused_at_once(tmp_path: Path) -> None:
    with running(tmp_path, *OPTIONS) as program:
        async with client_of(program) as client:
            for fields, parameter in (
                ({"voice": "af_nobody"}, "voice"),
                ({"voice": "bm_george", "lang_code": "f"}, "lang_code"),
                ({"lang_code": "xx"}, "lang_code"),
            ):
                answer = await client.post("/api/v1/tts/generate", json={"text": "Hi.", **fields})
                assert answer.status_code == 400
                assert answer.json()["error"]["param"] == parameter
            for fields in ({"voice": "bm_george", "lang_code": "en"}, {"lang_code": "f"}):
                job = await asked(client, text="Bonjour.", **fields)
                assert (await ended(client, job))["status"] == "completed"
            assert (await told(client, job))["voice_used"] == "ff_siwis"


async def test_nothing_of_jobs_is_loaded_before_one_is_asked_for(tmp_path: Path) -> None:
    with running(tmp_path, *OPTIONS) as program:
        async with client_of(program) as client:
            assert (await client.get("/health/live")).status_code == 200
        assert "obstore" not in maps_of(program)
    assert not files_in(tmp_path / "jobs")


@contextlib.contextmanager
def working(folder: Path, name: str) -> Iterator[Program]:
    """A worker beside others, on the same database and shelf."""
    shared = ["--jobs", f"sqlite:///{folder}/jobs.sqlite", "--audio", str(folder / "audio")]
    own = ["--worker", name, "--data-dir", str(folder / name), "--engine", "stand-in"]
    command = [sys.executable, "-c", SOON, "work", *shared, *own, "--log-level", "debug"]
    program = Program(command, {**os.environ, **WITHOUT_STARTER, "PYTHONUNBUFFERED": "1"})
    try:
        yield program
    finally:
        program.process.kill()
        program.ended()
        for stream in (program.process.stdin, program.process.stdout, program.process.stderr):
            assert stream
            stream.close()


async def test_a_worker_that_dies_is_taken_over_by_another(tmp_path: Path) -> None:
    shared = ["--jobs", f"sqlite:///{tmp_path}/jobs.sqlite", "--audio", str(tmp_path / "audio")]
    with working(tmp_path, "one") as one:
        one.wait_for("working as one")
        with running(tmp_path / "asked", *SERVING, *shared) as program:
            async with client_of(program) as client:
                # Who is asked would work as well, by SQLite: it is gone before it can.
                job = await asked(client)
                program.process.kill()
        await until(lambda: len(made(one)) >= 3)
        with working(tmp_path, "two") as two:
            two.wait_for("working as two")
            one.process.kill()
            one.ended()
            await until(lambda: len(made(one, two)) == SENTENCES)
            with running(tmp_path / "asked", *SERVING, *shared) as program:
                async with client_of(program) as client:
                    found = await ended(client, job)
            assert found["status"] == "completed", found["error"]
            assert set(made(one, two).values()) == {1}
            two.process.terminate()
            assert two.ended() == 0
            assert "Traceback" not in two.log
