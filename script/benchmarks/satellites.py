"""Satellites of a house that ask as people do, at a server over real sockets: first audio and gaps,
beside the same server with one request at a time and a plain handler over kokoro-onnx; and how many
rooms each serves without gaps and in time.

The satellites are clients in a process of their own, and hear at the speed of speech. Every server
has the same weights and the same questions. What each house met is written down at once.

A reply has a gap if its listener hears nothing for longer than `BEHIND_SECONDS` within it. A server
that speaks one reply after another never has one and makes its rooms wait instead. So a reply also
counts as not served if it begins after more than ten seconds, or is refused: rooms are said to be
without gaps if less than one reply in a hundred has one, and 95 of 100 begin in time.
"""

import asyncio
import json
import math
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from script.benchmarks.figures import fresh, progress
from script.benchmarks.recorded import CALLS
from script.benchmarks.weights import FOLDER, prepare_real
from tests.support.house import BEHIND_SECONDS, REPLIES, THINKING_SECONDS
from tests.support.process import running
from wyoming_kokoro.errors import KokoroError
from wyoming_kokoro.network import client
from wyoming_kokoro.speech import Request

REPLY_SECONDS = 4.0
"""Of speech in a reply, in the mean, about."""

LATE_SECONDS = (2.0, 10.0)
"""After which a reply is late, and counts as not served: a conversation stands still after two
seconds, and whoever has asked turns to something else after ten (Miller 1968; Nielsen 1993)."""

RESULTS = FOLDER / "satellites.jsonl"
"""What each house met, a line each, of all runs."""

READ_ALOUD = " ".join(REPLIES) * 200
"""More than the 20,000 characters that a request may have."""

END_WITH_PARENT = "from script.benchmarks.figures import end_with_parent; end_with_parent()\n"

COLUMNS = {
    "ours": "from wyoming_kokoro.cli.main import main; main()",
    "lock": "from script.benchmarks.in_turn import main; main()",
    "plain": "from script.benchmarks.plain import main; main({folder!r})",
    "recorded": "from script.benchmarks.recorded import main; main()",
}
"""Servers: as it is, with one request at a time, a plain handler over kokoro-onnx; and as it is,
with what each call of the engine takes written to `RECORDING`."""

RECORDING = FOLDER / "calls.jsonl"
"""Of the last server that was recorded: `bench house` plays it back."""


@dataclass(frozen=True)
class House:
    """What the rooms of a house met."""

    firsts: list[float]
    """Seconds until each reply began."""
    gaps: int
    """Replies with a gap."""
    refused: int
    speech: float
    """Seconds of it that were asked for and heard, in a second of the clock."""
    describes: list[float]
    """Seconds that each `describe` took meanwhile."""

    @property
    def replies(self) -> int:
        """Those that were asked for."""
        return len(self.firsts) + self.refused

    def late(self, seconds: float) -> int:
        """Return how many replies began after more than so many seconds, or not at all."""
        return sum(first > seconds for first in self.firsts) + self.refused

    def is_served(self, seconds: float) -> bool:
        """Return whether less than one reply in a hundred had a gap, and 95 of 100 began within so
        many seconds."""
        return self.gaps < self.replies / 100 and self.late(seconds) <= self.replies / 20


def measure(
    seconds: int = 45,
    rooms: str = "1,2,4,8,16",
    columns: str = "ours,lock,plain",
    replies: int = 0,
    beside: int = 1,
) -> None:
    """Print what satellites wait for at each server, by their number; and what a short reply waits
    for beside one that is read twenty thousand characters."""
    folder = prepare_real()
    print(f"lines are added to {RESULTS}")
    late = (f"over {limit:g} s" for limit in LATE_SECONDS)
    cells = ("load", "speech/s", "first", "95 of 100", "gaps", *late, "refused", "describe p99")
    _print_row("rooms", *cells)
    for name in columns.split(","):
        with _serving(name, folder) as uri:
            able = fresh(_able, uri)
            houses = {}
            for number in progress([rooms_of(one, able) for one in rooms.split(",")], name):
                house = fresh(_house, uri, number, float(seconds), replies)
                houses[number] = house
                _note(name, number, able, house)
                _print_house(f"{name}, {number}", able, house)
            _print_served(name, houses)
            if name == "ours" and beside:
                alone, late_one = fresh(_beside_a_reader, uri)
                print(f"a short reply alone {alone:.2f} s, beside a long one {late_one:.2f} s")


@contextmanager
def _serving(name: str, folder: Path) -> Iterator[str]:
    own = ["--checkpoint", str(folder / "kokoro-v1_0.pth"), "--offline", "--no-stand-in"]
    program = END_WITH_PARENT + COLUMNS[name].format(folder=str(folder))
    if name == "recorded":
        RECORDING.unlink(missing_ok=True)
    with running(folder / "data", *own, program=program, **{CALLS: str(RECORDING)}) as server:
        if name != "plain":
            server.wait_for("is ready")
        yield server.uri


def _able(uri: str) -> float:
    """Return how many seconds of speech a server makes in a second, at the median of some replies
    to one room, all of it being warm by then."""

    async def one() -> float:
        began = time.monotonic()
        async with client.speak(uri, REPLIES[-1], Request()) as speech:
            sound = [len(chunk) async for chunk in speech]
        return sum(sound) / 48_000 / (time.monotonic() - began)

    async def some() -> list[float]:
        return [await one() for _ in range(4)]

    return float(np.median(asyncio.run(some())[1:]))


def rooms_of(rooms: str, able: float) -> int:
    """Return how many rooms are meant: `70%` are those that ask for so much of what a server can
    make, or a little less."""
    if not rooms.endswith("%"):
        return int(rooms)
    asked = REPLY_SECONDS / (REPLY_SECONDS + THINKING_SECONDS)
    return max(1, int(float(rooms[:-1]) / 100 * able / asked))


def _house(uri: str, rooms: int, seconds: float, replies: int) -> House:
    return asyncio.run(_live(uri, rooms, seconds, replies))


async def _live(uri: str, rooms: int, seconds: float, replies: int) -> House:
    """Let rooms ask for so many seconds, and until they have asked for so many replies."""
    began, describes, asked, took = time.monotonic(), list[float](), 0, 0.0

    def goes_on() -> bool:
        nonlocal asked, took
        here = time.monotonic() - began
        if here > seconds and asked >= replies:
            took = took or here
            return False
        asked += 1
        return True

    describing = asyncio.create_task(_describe(uri, describes))
    heard = await asyncio.gather(*(_room(uri, chance, goes_on) for chance in range(rooms)))
    describing.cancel()
    await asyncio.gather(describing, return_exceptions=True)
    answers = [reply for room in heard for reply in room]
    spoken = [reply for reply in answers if reply]
    return House(
        [round(reply.first, 3) for reply in spoken],
        sum(reply.gap for reply in spoken),
        len(answers) - len(spoken),
        sum(reply.seconds for reply in spoken) / took,
        describes,
    )


@dataclass(frozen=True)
class _Reply:
    first: float
    gap: bool
    seconds: float


async def _room(uri: str, seed: int, goes_on: Callable[[], bool]) -> list[_Reply | None]:
    """Ask now and then; return the replies, None for those that were refused."""
    chance, replies = random.Random(seed), list[_Reply | None]()
    await asyncio.sleep(chance.uniform(0, THINKING_SECONDS))
    while goes_on():
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


async def _describe(uri: str, took: list[float]) -> None:
    while True:
        began = time.monotonic()
        try:
            await client.describe(uri)
        except (KokoroError, OSError):
            took.append(math.inf)
        else:
            took.append(round(time.monotonic() - began, 4))
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


def _note(name: str, rooms: int, able: float, house: House) -> None:
    """Write down what a house met."""
    when = time.strftime("%Y-%m-%d %H:%M:%S")
    line = {"when": when, "column": name, "rooms": rooms, "able": able, **asdict(house)}
    with RESULTS.open("a", encoding="utf-8") as results:
        results.write(json.dumps(line) + "\n")


def _print_house(name: str, able: float, house: House) -> None:
    middle, most = np.percentile(house.firsts or [np.nan], [50, 95])
    slow = np.percentile(house.describes or [np.nan], 99)
    _print_row(
        name,
        f"{house.speech / able:.0%}",
        f"{house.speech:.2f}",
        f"{middle:.2f} s",
        f"{most:.2f} s",
        f"{house.gaps} of {house.replies}",
        *(str(house.late(limit)) for limit in LATE_SECONDS),
        str(house.refused),
        f"{1000 * slow:.0f} ms",
    )


def _print_served(name: str, houses: dict[int, House]) -> None:
    """Print the most rooms without gaps, however late their replies, and with replies in time."""
    for limit in (math.inf, *LATE_SECONDS):
        most = max((rooms for rooms, house in houses.items() if house.is_served(limit)), default=0)
        when = f"95 of 100 replies within {limit:g} s" if limit < math.inf else "however late"
        print(f"{name}: rooms without gaps, {when}: {most}")


def _print_row(name: str, *cells: str) -> None:
    print(f"{name:12}" + "".join(f"{cell:>13}" for cell in cells), flush=True)
