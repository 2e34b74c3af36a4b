"""Whose turn it is: the one bridge between the event loop and threads.

Three lanes, a thread each: `engine` (the model), `text` (the front end), `background` (downloads,
loading). Jobs of the engine lane are chosen by the playback clock: the breath whose listener would
run dry first is made first, and a stream that has not started counts as dry now.
"""

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from wyoming_kokoro.config import Limits
from wyoming_kokoro.errors import EngineDead, KokoroError, Overloaded, ShuttingDown
from wyoming_kokoro.synthesis.clock import Now, PlaybackClock

T = TypeVar("T")

ADMISSION = 0.95
"""A newcomer starts only while the streams that play need less of the engine's time than this."""

FIRST_BREATH_SECONDS = 1.5
"""Audio of a stream's first breath, at the most: what a newcomer costs before it is heard."""

MEMORY = 0.9
"""Weight of the past in the measured real-time factor, per breath."""


class Lane(Protocol):
    """Something that runs one call after another, off the event loop."""

    async def run(self, work: Callable[[], T]) -> T:
        """Run `work` when those before it are done; return or raise what it does."""

    def close(self) -> None:
        """Start nothing more."""


class ThreadLane:
    """A lane of one daemon thread: a call that never returns cannot keep the process alive."""

    def __init__(self, name: str) -> None:
        self._calls: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            call()

    async def run(self, work: Callable[[], T]) -> T:
        """Run `work` in the thread."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def settle(setter: Callable[[Any], None], value: object) -> None:
            if not future.done():
                setter(value)

        def call() -> None:
            if future.cancelled():
                return
            try:
                outcome: tuple[Callable[[Any], None], object] = (future.set_result, work())
            except BaseException as error:
                outcome = (future.set_exception, error)
            if not loop.is_closed():
                loop.call_soon_threadsafe(settle, *outcome)

        self._calls.put(call)
        return await future

    def close(self) -> None:
        """End the thread after the call that it is in."""
        self._calls.put(None)


@dataclass(eq=False)
class Stream:
    """One listener's place in the schedule."""

    clock: PlaybackClock
    opened: float
    """When it asked for its turn."""
    admitted: bool = False
    """Whether the engine has begun to work for it."""
    engine_seconds: float = 0.0
    """What the engine has spent on it."""


@dataclass(eq=False)
class _Job(Generic[T]):
    stream: Stream
    work: Callable[[], T]
    cost_seconds: float
    """Audio whose making costs about as much as this job."""
    made_seconds: float
    """Audio that it makes."""
    outcome: asyncio.Future[T] = field(default_factory=asyncio.Future)


class Scheduler:
    """Gives every stream its turn at the engine, and takes work off the event loop."""

    def __init__(
        self,
        limits: Limits,
        *,
        now: Now = time.monotonic,
        lane: Callable[[str], Lane] = ThreadLane,
        on_dead: Callable[[EngineDead], None] = lambda _error: None,
    ) -> None:
        self._limits = limits
        self._now = now
        self._engine = lane("engine")
        self._text = lane("text")
        self._background = lane("background")
        self._on_dead = on_dead
        self._refusal: KokoroError | None = None
        self._streams: set[Stream] = set()
        self._waiting: list[_Job[Any]] = []
        self._running: asyncio.Task[None] | None = None
        self._spent_seconds = 0.0
        self._made_seconds = 0.0

    @property
    def rtf(self) -> float:
        """Measured real-time factor: engine seconds for a second of audio; 0 before any."""
        return self._spent_seconds / self._made_seconds if self._made_seconds else 0.0

    @property
    def shared_rtf(self) -> float:
        """The real-time factor as a stream meets it that shares the engine with those that play."""
        return self.rtf * max(1, sum(stream.admitted for stream in self._streams))

    def expect(self, rtf: float) -> None:
        """Take `rtf` for the real-time factor until one is measured."""
        if not self._made_seconds:
            self._spent_seconds, self._made_seconds = rtf, 1.0

    def open(self) -> Stream:
        """Enter a stream; it must be closed when nothing more is to be made for it."""
        stream = Stream(PlaybackClock(self._now), self._now())
        self._streams.add(stream)
        return stream

    def close_stream(self, stream: Stream) -> None:
        """Take a stream out of the schedule."""
        self._streams.discard(stream)
        self._next()

    async def plan(self, stream: Stream, work: Callable[[], T]) -> T:
        """Run `work`, the planning of a sentence, in the engine lane at the stream's turn.

        Raises:
            Overloaded: the stream waited too long for its first turn.
            EngineDead: the engine did not come back; the process must be restarted.
            ShuttingDown: the scheduler was closed.
        """
        return await self._take_turn(_Job(stream, work, FIRST_BREATH_SECONDS, 0.0))

    async def voice(self, stream: Stream, work: Callable[[], T], seconds: float) -> T:
        """Run `work`, which makes so many seconds of audio; otherwise like `plan`."""
        return await self._take_turn(_Job(stream, work, seconds, seconds))

    async def between_breaths(self, work: Callable[[], T]) -> T:
        """Run short `work` that concerns an engine in its lane, where nobody's turn is needed."""
        return await self._engine.run(work)

    async def text(self, work: Callable[[], T]) -> T:
        """Run `work` in the text lane."""
        return await self._text.run(work)

    async def background(self, work: Callable[[], T]) -> T:
        """Run `work` in the background lane."""
        return await self._background.run(work)

    def close(self) -> None:
        """Refuse what waits and start nothing more."""
        self._refuse_all(ShuttingDown("the server is stopping"))
        for lane in (self._engine, self._text, self._background):
            lane.close()

    async def _take_turn(self, job: _Job[T]) -> T:
        if self._refusal:
            raise self._refusal
        self._waiting.append(job)
        self._next()
        try:
            await self._admission(job)
            return await job.outcome
        finally:
            if job in self._waiting:
                self._waiting.remove(job)

    async def _admission(self, job: _Job[Any]) -> None:
        """Let a newcomer wait for its first turn as long as the limit allows, not for ever."""
        if job.stream.admitted:
            return
        patience = job.stream.opened + self._limits.queue_seconds - self._now()
        await asyncio.wait([job.outcome], timeout=max(0.0, patience))
        if not job.stream.admitted and not job.outcome.done():
            raise Overloaded(
                f"no turn within {self._limits.queue_seconds:g} s: this machine is speaking to "
                "as many listeners as it can; try again later, or use a faster machine"
            )

    def _next(self) -> None:
        """Give the engine to the job that should have it, if it is free and one may have it."""
        if self._running or self._refusal:
            return
        job = self._choose()
        if job:
            self._waiting.remove(job)
            job.stream.admitted = True
            self._running = asyncio.ensure_future(self._work(job))

    def _choose(self) -> _Job[Any] | None:
        """Return the job whose listener runs dry first, newcomers counted as dry now.

        A stream that plays has the right of way where serving a newcomer first would make it run
        dry, and a newcomer starts only while there is room for it.
        """
        room = self._has_room()
        playing = [job for job in self._waiting if job.stream.clock.started]
        newcomers = [
            job
            for job in self._waiting
            if not job.stream.clock.started and (room or job.stream.admitted)
        ]
        urgent = min(playing, key=lambda job: job.stream.clock.left, default=None)
        first = min(newcomers, key=lambda job: job.stream.opened, default=None)
        if urgent is None or first is None:
            return urgent or first
        delay = (first.cost_seconds + urgent.cost_seconds) * self.rtf
        return urgent if urgent.stream.clock.left < delay else first

    def _has_room(self) -> bool:
        return sum(stream.admitted for stream in self._streams) * self.rtf < ADMISSION

    async def _work(self, job: _Job[Any]) -> None:
        """Do one job under the watchdog, settle its outcome, and go on to the next."""
        began = self._now()
        watchdog = asyncio.timeout(self._limits.engine_watchdog_seconds)
        try:
            async with watchdog:
                result = await self._engine.run(job.work)
        except Exception as error:
            if watchdog.expired():
                self._die(job)
            elif not job.outcome.done():
                job.outcome.set_exception(error)
        else:
            self._measure(job, self._now() - began)
            if not job.outcome.done():
                job.outcome.set_result(result)
        finally:
            self._running = None
            self._next()

    def _measure(self, job: _Job[Any], spent: float) -> None:
        job.stream.engine_seconds += spent
        if job.made_seconds > 0:
            self._spent_seconds *= MEMORY
            self._made_seconds *= MEMORY
        self._spent_seconds += spent
        self._made_seconds += job.made_seconds

    def _die(self, job: _Job[Any]) -> None:
        seconds = self._limits.engine_watchdog_seconds
        error = EngineDead(f"the engine did not answer within {seconds:g} s; restart the server")
        if not job.outcome.done():
            job.outcome.set_exception(error)
        self._refuse_all(error)
        self._on_dead(error)

    def _refuse_all(self, error: KokoroError) -> None:
        self._refusal = error
        for job in self._waiting:
            if not job.outcome.done():
                job.outcome.set_exception(error)
