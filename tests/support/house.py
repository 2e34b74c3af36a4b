"""A house in virtual time: the real pipeline and scheduler, rooms that ask as people do, and an
engine that costs what it is said to. Who lives there comes in, what was heard goes out.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, aclosing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

import numpy as np

from tests.support.costs import Call, Costs
from tests.support.engines import HummingEngine, humming_pipeline, pieces, seconds_of
from tests.support.virtual_time import now, run
from wyoming_kokoro.config import Limits
from wyoming_kokoro.engines.base import AT_ONCE, DUE
from wyoming_kokoro.errors import Overloaded
from wyoming_kokoro.speech import Plan, Request, Style, Tokens
from wyoming_kokoro.synthesis.breaths import FRAMES_A_SECOND
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler

T = TypeVar("T")

Cost = Callable[[str, float], float]
"""Tells what it costs to plan or make so many seconds of speech: see `Call.what`."""

REPLIES = (
    "Done.",
    "The light in the kitchen is on.",
    "It is twenty one degrees in the living room, and nineteen outside.",
    "The washing machine will be ready in about ten minutes. The dryer takes an hour longer.",
    "Good morning. You have two meetings today, the first one at nine. It will rain at noon, so "
    "take an umbrella with you.",
)

THINKING_SECONDS = 8.0
"""Between the end of a reply and the next question of its room, in the mean."""

BEHIND_SECONDS = 0.05
"""Of silence within a reply are a gap."""

READ_ALOUD = " ".join(REPLIES[2:]) * 70
"""What a reader says, again and again: within what a request may have."""

SENTENCE_SECONDS, CHARACTER_SECONDS = 0.3, 0.061
"""Of speech: what each sentence takes, and each of its characters, as the model speaks these."""

PLAN = 0.15
"""Part of a sentence's work that is its plan."""


@dataclass
class Heard:
    """What the rooms of a house met."""

    firsts: list[float] = field(default_factory=list)
    """Seconds until each reply began."""
    gaps: int = 0
    """Replies with a gap, and texts of readers with one."""
    refused: int = 0
    speech: float = 0.0
    """Seconds of it in all."""

    def within(self, percent: float) -> float:
        """Return the seconds within which so many of a hundred replies began."""
        return float(np.percentile(self.firsts, percent))


def live(
    rtf: float,
    rooms: int,
    readers: int = 0,
    *,
    in_turn: bool = False,
    at_once: int = AT_ONCE,
    seconds: float = 600.0,
    seed: int = 0,
    calls: Sequence[Call] = (),
) -> Heard:
    """Return what is heard in a house where a second of speech costs `rtf`, always the same or as
    it varies in `calls`; `in_turn`, one request at a time is served. The engine answers `at_once`
    calls at once."""
    cost = Costs(calls, rtf, seed).of if calls else partial(_steady, rtf)
    return run(_live(_House(rtf, at_once, cost, in_turn=in_turn), rooms, readers, seconds, seed))


def _steady(rtf: float, what: str, seconds: float) -> float:
    return (PLAN if what == "plan" else 1 - PLAN) * rtf * seconds


async def _live(house: "_House", rooms: int, readers: int, seconds: float, seed: int) -> Heard:
    chances = [random.Random(1000 * seed + number) for number in range(rooms)]
    people = [*map(house.room, chances), *(house.reader() for _ in range(readers))]
    lives = [asyncio.ensure_future(person) for person in people]
    ended, _ = await asyncio.wait(lives, timeout=seconds)
    for life in lives:
        life.cancel()
    await asyncio.gather(*lives, return_exceptions=True)
    for life in ended:
        life.result()
    return house.heard


class _House:
    """A server and who speaks to it."""

    def __init__(self, rtf: float, at_once: int, cost: Cost, *, in_turn: bool) -> None:
        processor, engine = _Processor(), _WorkingEngine(rtf, cost)
        engine.at_once = at_once
        self._lock = asyncio.Lock() if in_turn else None
        scheduler = Scheduler(Limits(), now=now, lane=lambda _name: _SharedLane(processor, engine))
        scheduler.expect(engine, rtf)
        self._pipeline = humming_pipeline(engine, scheduler=scheduler)
        self.heard = Heard()

    async def room(self, chance: random.Random) -> None:
        """Ask now and then."""
        await asyncio.sleep(chance.uniform(0, THINKING_SECONDS))
        while True:
            first = await self._ask(chance.choice(REPLIES))
            if first is not None:
                self.heard.firsts.append(first)
            await asyncio.sleep(chance.expovariate(1 / THINKING_SECONDS))

    async def reader(self) -> None:
        """Have long texts read without end."""
        while True:
            await self._ask(READ_ALOUD)

    async def _ask(self, text: str) -> float | None:
        """Hear a text to its end; return when it began, None if it was refused."""
        asked, first, dry, gap = now(), None, 0.0, False
        try:
            async for chunk in self._speak(text):
                first = now() - asked if first is None else first
                gap = gap or 0 < dry < now() - BEHIND_SECONDS
                dry = max(dry, now()) + seconds_of([chunk])
                self.heard.speech += seconds_of([chunk])
        except Overloaded:
            self.heard.refused += 1
        self.heard.gaps += gap
        await asyncio.sleep(max(0.0, dry - now()))
        return first

    async def _speak(self, text: str) -> AsyncGenerator[bytes]:
        async with AsyncExitStack() as turn:
            if self._lock:
                await turn.enter_async_context(self._lock)
            chunks = self._pipeline.speak(Request(), pieces(text))
            async for chunk in await turn.enter_async_context(aclosing(chunks)):
                yield chunk


class _WorkingEngine(HummingEngine):
    """Plans and voices at a `cost`, and pauses here and there."""

    def __init__(self, rtf: float, cost: Cost) -> None:
        super().__init__(rtf)
        self._cost = cost

    def plan(self, tokens: Tokens, style: Style, speed: float, seed: int) -> Plan:
        plan = super().plan(tokens, style, speed, seed)
        seconds = SENTENCE_SECONDS + CHARACTER_SECONDS * len(tokens.phonemes.text) / speed
        frames = round(seconds * FRAMES_A_SECOND)
        self.cost = self._cost("plan", frames / FRAMES_A_SECOND)
        energy = np.random.default_rng(frames).uniform(3, 6, 2 * frames).astype(np.float32)
        return replace(plan, frames=frames, energy=energy, f0=np.zeros_like(energy))

    def voice(self, plan: Plan, span: range) -> "np.typing.NDArray[np.float32]":
        pcm = super().voice(plan, span)
        part = "later" if span.start else "first"  # it hums from the first frame on
        self.cost = self._cost(part, len(span) / FRAMES_A_SECOND)
        return pcm


class _SharedLane:
    """A lane whose work is done by a processor that other lanes use too."""

    def __init__(self, processor: "_Processor", engine: _WorkingEngine) -> None:
        self._processor = processor
        self._engine = engine

    async def run(self, work: Callable[[], T]) -> T:
        self._engine.cost = 0.0
        result = work()
        await self._processor.do(self._engine.cost)
        return result

    def close(self) -> None:
        """Nothing to end."""


class _Processor:
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
