"""The other half of a fleet: two workers with the starter, jobs in PostgreSQL, sound in a bucket. A
book comes in, its worker is killed in the middle, and what comes of it is compared with what one
machine makes of it.
"""

import asyncio
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from script.fleet.machines import BUCKET, Ports, bucket, database, node, pause, worker
from tests.support.process import Program
from wyoming_kokoro.network import client

Claim = Callable[[str, bool], None]

SENTENCES = (
    "The harbour was quiet when the first boat came in, long before the sun was up.",
    "Nobody had expected it, least of all the old man who kept the light.",
    "He put down his cup, took his coat from the hook, and went out into the wind.",
    "There were three people on the deck, and none of them spoke a word.",
    "A dog barked somewhere behind the houses, and then it was still again.",
    "You have come a long way, he said at last, and one of them nodded.",
    "They carried a wooden box between them, as long as a man is tall.",
    "What is in it, he asked, although he knew it already.",
    "The woman looked at him for a while before she answered.",
    "It is what you have asked for, she said, and you will have to pay for it now.",
)

TITLE = "Two chapters"
"""Of the book, as a file and as a job: both write it into what they make."""

CHAPTERS = [
    {"title": "The boat", "text": " ".join(SENTENCES[:5])},
    {"title": "The box", "text": " ".join(SENTENCES[5:])},
]

STARTER = ("--weights", "starter", "--offline", "--threads", "1")

TAKEN_OVER_SECONDS = 60.0
"""After the death of a worker, within which another has its job."""

BLOCK = 4
"""Requests beside a book that the server speaks itself, before the book is taken from it again."""

SETTLING_SECONDS = 0.3
"""After workers are held still or go on, before a request is timed."""

MOST_SLOWER = 1.2
"""First audio beside busy workers over that without them, at the most."""


async def examine(folder: Path, fleet: ExitStack, claim: Claim, rounds: int) -> None:
    """Run the fleet, and claim what should hold."""
    jobs = fleet.enter_context(database(folder))
    variables = fleet.enter_context(bucket())
    where = ["--jobs", jobs, "--audio", f"s3://{BUCKET}/fleet"]
    ports = Ports.free()
    options = (*where, *STARTER, "--phrase-cache", "0")
    home = fleet.enter_context(node(folder / "home", ports, *options, **variables))
    workers = {
        name: fleet.enter_context(
            worker(folder / name, *where, *STARTER, "--worker", name, **variables)
        )
        for name in ("w1", "w2")
    }
    home.wait_for("is ready: engine")
    for one in workers.values():
        one.wait_for("is ready: engine")
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{ports.http}", timeout=60) as http:
        reference = await _alone(folder)
        await _killed(http, workers, reference, claim)
        left = next(one for one in workers.values() if one.process.poll() is None)
        again = fleet.enter_context(
            worker(folder / "w3", *where, *STARTER, "--worker", "w3", **variables)
        )
        again.wait_for("is ready: engine")
        await _beside(http, f"tcp://127.0.0.1:{ports.wyoming}", [left, again], claim, rounds)
    for one in (home, left, again):
        one.process.kill()
    await _within(folder, fleet, claim, rounds)


async def _alone(folder: Path) -> bytes:
    """Return the book as one machine makes it, without a database."""
    book, output = folder / f"{TITLE}.md", folder / "book.flac"
    chapters = (f"# {one['title']}\n\n{one['text']}" for one in CHAPTERS)
    book.write_text("\n\n".join(chapters), encoding="utf-8")
    options = ["--data-dir", str(folder / "alone"), *STARTER, "--output", str(output)]
    command = [sys.executable, "-m", "wyoming_kokoro", "read", str(book), *options]
    await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True)
    return output.read_bytes()


async def _killed(
    http: httpx.AsyncClient, workers: dict[str, Program], reference: bytes, claim: Claim
) -> None:
    """Kill the worker that speaks a book, in the middle of it."""
    spoken = [{**one, "text": f"{one['title']}.\n\n{one['text']}"} for one in CHAPTERS]
    job = await _asked(http, spoken)
    while (told := await _told(http, job))["progress"] < 0.3:
        await asyncio.sleep(0.2)
    speaking = max(workers.values(), key=lambda one: len(_made(one)))
    speaking.process.kill()
    killed = time.monotonic()
    speaking.ended()
    other = next(one for one in workers.values() if one is not speaking)
    await asyncio.to_thread(other.wait_for, "taking over the jobs of")
    seconds = time.monotonic() - killed
    claim(f"another worker takes over after {seconds:.0f} s", seconds < TAKEN_OVER_SECONDS)
    # It is pending again for a moment: who takes it over puts it back into the queue.
    while (told := await _told(http, job))["status"] in ("pending", "processing"):
        await asyncio.sleep(0.2)
    claim(f"the job is {told['status']}: {told['error']}", told["status"] == "completed")
    made = Counter(key for one in workers.values() for key in _made(one))
    claim(f"each of {len(made)} sentences was made once", set(made.values()) == {1})
    sound = (await http.get(told["audio_url"])).content
    claim(f"its {len(sound)} bytes are those of one machine", sound == reference)
    claim("it has its chapters", [c["title"] for c in told["results"][0]["chapters"]] == _titles())
    gone = await http.delete(f"/api/v1/tts/{job}")
    claim("it can be removed", gone.status_code == 204)


def _titles() -> list[str]:
    return [one["title"] for one in CHAPTERS]


async def _beside(
    http: httpx.AsyncClient, uri: str, workers: Sequence[Program], claim: Claim, rounds: int
) -> None:
    """Measure first audio with workers that speak and with the same held still, by turns."""
    books = [await _asked(http, CHAPTERS * 20) for _ in workers]
    for one in workers:
        await _until(partial(_made, one))
    times: dict[bool, list[float]] = {True: [], False: []}
    await _first_audio(uri, 0)
    for number in range(rounds):
        for still in (True, False) if number % 2 else (False, True):
            pause(workers, paused=still)
            await asyncio.sleep(SETTLING_SECONDS)
            times[still].append(await _first_audio(uri, number))
    pause(workers, paused=False)
    _claim_ratio("two busy workers", times[False], times[True], claim)
    for book in books:
        await http.delete(f"/api/v1/tts/{book}")


async def _within(folder: Path, fleet: ExitStack, claim: Claim, rounds: int) -> None:
    """Measure first audio of a server that speaks a book itself, and has none, by turns."""
    ports = Ports.free()
    one = fleet.enter_context(node(folder / "one", ports, *STARTER, "--phrase-cache", "0"))
    one.wait_for("is ready: engine")
    uri, busy, still = f"tcp://127.0.0.1:{ports.wyoming}", list[float](), list[float]()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{ports.http}", timeout=60) as http:
        await _first_audio(uri, 0)
        for start in range(0, rounds, BLOCK):
            numbers = range(start, start + BLOCK)
            still += [await _first_audio(uri, number) for number in numbers]
            book = await _asked(http, CHAPTERS * 20)
            while not (await _told(http, book))["progress"]:
                await asyncio.sleep(0.2)
            busy += [await _first_audio(uri, number) for number in numbers]
            await http.delete(f"/api/v1/tts/{book}")
            await asyncio.sleep(1)  # the sentence that it was at is given up
    _claim_ratio("a book that the server speaks itself", busy, still, claim)


def _claim_ratio(what: str, busy: Sequence[float], still: Sequence[float], claim: Claim) -> None:
    """Compare medians of what was asked by turns: single requests are some 10 % apart."""
    ratio = statistics.median(busy) / statistics.median(still)
    shown = ", ".join(f"{_quartiles(one)} s" for one in (busy, still))
    claim(
        f"first audio beside {what} is {ratio:.2f} of that without ({shown}; {len(busy)} each)",
        ratio <= MOST_SLOWER,
    )


def _quartiles(times: Sequence[float]) -> str:
    return " ".join(f"{one:.2f}" for one in statistics.quantiles(times, n=4))


async def _first_audio(uri: str, number: int) -> float:
    """Return the seconds until a short sentence is heard; it is heard to its end, so that nothing
    is left to be made while the next one is timed."""
    asked = time.perf_counter()
    async with client.speak(uri, f"Lamp {number} is on.") as speech:
        heard = [time.perf_counter() async for _ in speech]
    return heard[0] - asked


async def _until(holds: Callable[[], object]) -> None:
    while not holds():
        await asyncio.sleep(0.2)


def _made(program: Program) -> list[str]:
    """Return the keys of the sentences that a worker has made, by its log."""
    return re.findall(r"a sentence was made: (\w+)", program.log)


async def _asked(http: httpx.AsyncClient, chapters: Sequence[dict[str, str]]) -> str:
    body = {"texts": list(chapters), "title": TITLE, "join": True, "response_format": "flac"}
    answer = await http.post("/api/v1/tts/generate", json=body)
    answer.raise_for_status()
    return str(answer.json()["tts_id"])


async def _told(http: httpx.AsyncClient, job: str) -> dict[str, Any]:
    answer = await http.get(f"/api/v1/tts/{job}")
    answer.raise_for_status()
    told: dict[str, Any] = answer.json()
    return told
