"""A house, simulated: the real scheduler in virtual time, and an engine that costs what it is said
to. What rooms wait for when breaths give way to one another, and when they follow one another.
"""

import asyncio
import random
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from script.benchmarks.figures import progress
from tests.support.engines import HummingEngine
from tests.support.virtual_time import Costly, now, run
from wyoming_kokoro.config import Limits
from wyoming_kokoro.engines.base import AT_ONCE, DUE
from wyoming_kokoro.errors import Overloaded
from wyoming_kokoro.synthesis.breaths import (
    FIRST_FRAMES,
    FRAMES_A_SECOND,
    LATER_COST_SECONDS,
    LATER_FRAMES,
    SUPPLY_SHARE,
)
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler

T = TypeVar("T")

HOUSES = ((0.5, 2, 0), (0.5, 4, 0), (0.38, 4, 0), (0.38, 2, 1), (0.175, 8, 0), (0.175, 8, 2))
"""Real-time factor, rooms, and readers without end."""

SECONDS = 1500
"""That a house is watched."""

PLAN = 0.1
"""Part of a sentence's work that is its plan."""

Heard = list[tuple[float, bool]]
"""Seconds until each answer was heard, and whether it had a gap."""


def measure(rounds: int = 4) -> None:
    """Print first audio (the median and what 95 of 100 are within) and answers with gaps."""
    print(f"{'RTF':>6}{'rooms':>7}{'readers':>9}{'in turn':>30}{'giving way':>30}")
    for rtf, rooms, readers in progress(HOUSES, "houses"):
        cells = []
        for at_once in (1, AT_ONCE):
            heard: Heard = []
            for seed in range(rounds):
                heard += run(_house(rtf, rooms, readers, at_once, random.Random(seed)))
            cells.append(_cell(heard))
        print(f"{rtf:6}{rooms:7}{readers:9}" + "".join(f"{cell:>30}" for cell in cells))


def _cell(heard: Heard) -> str:
    first = [seconds for seconds, _ in heard]
    gaps = statistics.mean(gap for _, gap in heard)
    within = statistics.quantiles(first, n=20)[-1]
    return f"{statistics.median(first):.2f} s, {within:.2f} s, {gaps:.0%}"


class Processor:
    """Does the work that is due first; the other work waits meanwhile."""

    def __init__(self) -> None:
        self._work: list[tuple[float, float]] = []
        self._changed = asyncio.Event()

    async def do(self, seconds: float) -> None:
        """Return when so many seconds went into this work."""
        mine = (DUE.get(), now())
        with self._entered(mine):
            while seconds > 1e-9:
                began = now()
                goes_on = min(self._work) == mine
                try:
                    await asyncio.wait_for(self._changed.wait(), seconds if goes_on else None)
                except TimeoutError:
                    return
                if goes_on:
                    seconds -= now() - began

    @contextmanager
    def _entered(self, work: tuple[float, float]) -> Iterator[None]:
        self._work.append(work)
        self._tell()
        try:
            yield
        finally:
            self._work.remove(work)
            self._tell()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


class SharedLane:
    """A lane whose work is done by a processor that other lanes use too."""

    def __init__(self, processor: Processor) -> None:
        self._processor = processor

    async def run(self, work: Callable[[], T]) -> T:
        if isinstance(work, Costly):
            await self._processor.do(work.seconds)
        return work()

    def close(self) -> None:
        """Nothing to end."""


async def _house(
    rtf: float, rooms: int, readers: int, at_once: int, chance: random.Random
) -> Heard:
    """Return what was heard in a house whose rooms ask every 20 s or so."""
    processor = Processor()
    scheduler = Scheduler(Limits(), now=now, lane=lambda _name: SharedLane(processor))
    engine = HummingEngine(rtf)
    scheduler.expect(engine, rtf)
    engine.at_once = at_once
    heard: Heard = []

    def sentences(count: int) -> list[float]:
        return [chance.uniform(1, 8) for _ in range(count)]

    async def room() -> None:
        while True:
            await asyncio.sleep(chance.expovariate(1 / 20))
            heard.extend(await _speak(scheduler, engine, sentences(chance.randint(1, 4))))

    async def reader() -> None:
        while True:
            await _speak(scheduler, engine, sentences(1000))

    people = [room() for _ in range(rooms)] + [reader() for _ in range(readers)]
    lives = [asyncio.ensure_future(person) for person in people]
    await asyncio.sleep(SECONDS)
    for life in lives:
        life.cancel()
    await asyncio.gather(*lives, return_exceptions=True)
    return heard


async def _speak(scheduler: Scheduler, engine: HummingEngine, sentences: list[float]) -> Heard:
    """Speak sentences of so many seconds, and wait until they are heard out."""
    stream, asked, first = scheduler.open(), now(), 0.0
    try:
        for seconds in sentences:
            await scheduler.plan(stream, engine, Costly(PLAN * engine.rtf * seconds))
            made = 0.0
            while made < seconds:
                rtf, supply = scheduler.shared_rtf(stream, engine), stream.clock.left
                breath = min(seconds - made, _longest(made, rtf, supply))
                await asyncio.sleep(max(0.0, stream.clock.left + breath - Limits().seconds_ahead))
                work = Costly((1 - PLAN) * engine.rtf * breath)
                await scheduler.voice(stream, engine, work, breath)
                first = first or now() - asked
                stream.clock.send(breath)
                made += breath
    except Overloaded:
        return []
    finally:
        scheduler.close_stream(stream)
    await asyncio.sleep(max(0.0, stream.clock.left))
    return [(first, stream.clock.underruns > 0)]


def _longest(made: float, rtf: float, supply: float) -> float:
    """Return the most audio of a breath, about as the pipeline cuts them."""
    if not made:
        first = LATER_FRAMES[0] * rtf / SUPPLY_SHARE
        return min(max(first, FIRST_FRAMES[0]), FIRST_FRAMES[1]) / FRAMES_A_SECOND
    least, most = (frames / FRAMES_A_SECOND for frames in LATER_FRAMES)
    seconds = min(LATER_COST_SECONDS, SUPPLY_SHARE * max(0.0, supply))
    return max(least, min(most, seconds / rtf))
