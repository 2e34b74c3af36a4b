"""Satellites of a house that ask as people do, at a server over real sockets: first audio and gaps,
beside the same server with one request at a time and a plain handler over kokoro-onnx; and how many
rooms each serves without gaps and in time.

The satellites are clients in a process of their own, and hear at the speed of speech. Every server
has the same weights and the same questions.
"""

import asyncio
import math
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from script.benchmarks.figures import fresh, progress
from script.benchmarks.weights import prepare_real
from tests.support.house import BEHIND_SECONDS, REPLIES, THINKING_SECONDS
from tests.support.process import running
from wyoming_kokoro.errors import KokoroError
from wyoming_kokoro.network import client
from wyoming_kokoro.speech import Request

LATE_SECONDS = (2.0, 10.0)
"""After which a reply is late, and very late: a conversation stands still after two seconds, and
whoever has asked turns to something else after ten (Miller 1968; Nielsen 1993). A server that
speaks one request after another never has a gap and makes its rooms wait instead, so that rooms
without gaps are compared only among those that begin in time."""

ROOMS = (1, 2, 4, 8, 16)

READ_ALOUD = " ".join(REPLIES) * 200
"""More than the 20,000 characters that a request may have."""

ONE_AT_A_TIME = """
import asyncio
from contextlib import aclosing
from wyoming_kokoro.cli.main import main
from wyoming_kokoro.synthesis.pipeline import Pipeline

lock, speak = asyncio.Lock(), Pipeline.speak

async def one_at_a_time(*arguments, **named):
    async with lock, aclosing(speak(*arguments, **named)) as chunks:
        async for chunk in chunks:
            yield chunk

Pipeline.speak = one_at_a_time
main()
"""

PLAIN = "from script.benchmarks.plain import main; main({folder!r})"


@dataclass(frozen=True)
class House:
    """What the rooms of a house met."""

    firsts: list[float]
    """Seconds until each reply began."""
    gaps: int
    """Replies with a gap."""
    refused: int
    speech: float
    """Seconds of it, in a second of the clock."""
    describes: list[float]

    def late(self, seconds: float) -> int:
        """Return how many replies began after more than so many seconds, or not at all."""
        return sum(first > seconds for first in self.firsts) + self.refused

    def is_served(self, seconds: float) -> bool:
        """Return whether less than one reply in a hundred had a gap, and 95 of 100 began within so
        many seconds."""
        replies = len(self.firsts) + self.refused
        return self.gaps < replies / 100 and self.late(seconds) <= replies / 20


def measure(seconds: int = 60, most: int = 16) -> None:
    """Print what satellites wait for at each server, by their number; and what a short reply waits
    for beside one that is read twenty thousand characters."""
    folder = prepare_real()
    numbers = [number for number in ROOMS if number <= most]
    late = (f"over {limit:g} s" for limit in LATE_SECONDS)
    figures = ("speech/s", "first", "95 of 100", "gaps", *late, "refused", "describe p99")
    _print_row("rooms", *figures)
    for name in ("giving way", "one at a time", "kokoro-onnx"):
        with _serving(name, folder) as uri:
            fresh(_house, uri, 1, 5.0)  # all is warm then
            houses = {}
            for number in progress(numbers, name):
                houses[number] = fresh(_house, uri, number, float(seconds))
                _print_house(f"{name}, {number}", houses[number])
            _print_served(name, houses)
            if name == "giving way":
                alone, beside = fresh(_beside_a_reader, uri)
                print(f"a short reply alone {alone:.2f} s, beside a long one {beside:.2f} s")


@contextmanager
def _serving(name: str, folder: Path) -> Iterator[str]:
    own = ["--checkpoint", str(folder / "kokoro-v1_0.pth"), "--offline", "--no-stand-in"]
    program = {"one at a time": ONE_AT_A_TIME, "kokoro-onnx": PLAIN.format(folder=str(folder))}
    with running(folder / "data", *own, program=program.get(name)) as server:
        if name != "kokoro-onnx":
            server.wait_for("is ready")
        yield server.uri


def _house(uri: str, rooms: int, seconds: float) -> House:
    return asyncio.run(_live(uri, rooms, seconds))


async def _live(uri: str, rooms: int, seconds: float) -> House:
    until, describes = time.monotonic() + seconds, list[float]()
    describing = asyncio.create_task(_describe(uri, until, describes))
    heard = await asyncio.gather(*(_room(uri, number, until) for number in range(rooms)))
    await describing
    replies = [reply for room in heard for reply in room]
    spoken = [reply for reply in replies if reply]
    return House(
        [reply.first for reply in spoken],
        sum(reply.gap for reply in spoken),
        len(replies) - len(spoken),
        sum(reply.seconds for reply in spoken) / seconds,
        describes,
    )


@dataclass(frozen=True)
class _Reply:
    first: float
    gap: bool
    seconds: float


async def _room(uri: str, number: int, until: float) -> list[_Reply | None]:
    """Ask now and then; return the replies, None for those that were refused."""
    chance, replies = random.Random(number), list[_Reply | None]()
    await asyncio.sleep(chance.uniform(0, THINKING_SECONDS))
    while time.monotonic() < until:
        try:
            replies.append(await _ask(uri, chance.choice(REPLIES)))
        except (KokoroError, OSError):
            replies.append(None)
        await asyncio.sleep(chance.expovariate(1 / THINKING_SECONDS))
    return replies


async def _ask(uri: str, text: str) -> _Reply:
    """Hear a reply to its end."""
    began, begun, seconds, gap = time.monotonic(), 0.0, 0.0, False
    async with client.speak(uri, text, Request(), silence_seconds=300) as speech:
        async for chunk in speech:
            here = time.monotonic()
            begun = begun or here
            gap = gap or here > begun + seconds + BEHIND_SECONDS
            seconds += len(chunk) / 48_000
    await asyncio.sleep(max(0.0, begun + seconds - time.monotonic()))
    return _Reply(begun - began, gap, seconds)


async def _describe(uri: str, until: float, took: list[float]) -> None:
    while time.monotonic() < until:
        began = time.monotonic()
        await client.describe(uri)
        took.append(time.monotonic() - began)
        await asyncio.sleep(0.1)


def _beside_a_reader(uri: str) -> tuple[float, float]:
    return asyncio.run(_alone_and_beside(uri))


async def _alone_and_beside(uri: str) -> tuple[float, float]:
    """Return the seconds until a short reply begins, at the median, nan where all are refused."""
    alone = [await _first(uri) for _ in range(7)]
    reading = asyncio.create_task(_ask(uri, READ_ALOUD[:20_000]))
    await asyncio.sleep(5)  # until it is some seconds ahead
    beside = [await _first(uri) for _ in range(7)]
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    return float(np.nanmedian(alone)), float(np.nanmedian(beside))


async def _first(uri: str) -> float:
    try:
        return (await _ask(uri, REPLIES[1])).first
    except KokoroError:
        return math.nan


def _print_house(name: str, house: House) -> None:
    middle, most = np.percentile(house.firsts or [np.nan], [50, 95])
    slow = np.percentile(house.describes or [np.nan], 99)
    _print_row(
        name,
        f"{house.speech:.2f}",
        f"{middle:.2f} s",
        f"{most:.2f} s",
        f"{house.gaps} of {len(house.firsts)}",
        *(str(house.late(limit)) for limit in LATE_SECONDS),
        str(house.refused),
        f"{1000 * slow:.0f} ms",
    )


def _print_served(name: str, houses: dict[int, House]) -> None:
    for limit in LATE_SECONDS:
        most = max((rooms for rooms, house in houses.items() if house.is_served(limit)), default=0)
        print(f"{name}: rooms without gaps, 95 of 100 replies within {limit:g} s: {most}")


def _print_row(name: str, *cells: str) -> None:
    print(f"{name:20}" + "".join(f"{cell:>14}" for cell in cells), flush=True)
