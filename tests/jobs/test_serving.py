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
from wyoming_kokoro.cli import main as cli, work
work._give_way = lambda: None
cli.main()
"""
"""The program, whose workers are taken for dead sooner, and do not wait for other tests."""

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


async def test_a_job_outlives_a_server_that_is_killed_and_one_that_is_stopped(
    tmp_path: Path,
) -> None:
    with running(tmp_path, *OPTIONS) as killed:
        async with client_of(killed) as client:
            job = await asked(client)
            await until(lambda: len(made(killed)) >= 5)
        killed.process.kill()
        killed.ended()
    with running(tmp_path, *OPTIONS) as stopped:
        stopped.uri  # noqa: B018 it waits until the server listens, and goes on by itself
        await until(lambda: len(made(stopped)) >= 3)
        assert stopped.stop() == 0
        assert "Traceback" not in stopped.log
    assert len(made(killed, stopped)) < SENTENCES
    with running(tmp_path, *OPTIONS) as last:
        async with client_of(last) as client:
            found = await ended(client, job)
            assert found["status"] == "completed", found["error"]
            assert set(made(killed, stopped, last).values()) == {1}, "nothing is made twice"
            sound = (await client.get(found["audio_url"])).content
            undisturbed = await ended(client, await asked(client))
            assert (await client.get(undisturbed["audio_url"])).content == sound
            timings = (await client.get(found["results"][0]["timings_url"])).json()
        assert " ".join(word["word"] for word in timings["words"]) == TEXT
        assert last.stop() == 0
        assert "Traceback" not in last.log


async def test_a_job_that_is_removed_stops_and_leaves_no_sound(tmp_path: Path) -> None:
    with running(tmp_path, *OPTIONS) as program:
        async with client_of(program) as client:
            assert (await client.get("/health/live")).status_code == 200
            assert "obstore" not in maps_of(program), "nothing is loaded before the first job"
            assert not files_in(tmp_path / "jobs")
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
            two.wait_for("taking over the jobs of one, whose lease has run out")
            await until(lambda: len(made(one, two)) == SENTENCES)
            with running(tmp_path / "asked", *SERVING, *shared) as program:
                async with client_of(program) as client:
                    found = await ended(client, job)
            assert found["status"] == "completed", found["error"]
            assert set(made(one, two).values()) == {1}
            two.process.terminate()
            assert two.ended() == 0
            assert "Traceback" not in two.log
