"""The one bridge between the event loop and threads.

Three kinds of lanes: `engine` (the models), `text` (the front end), and in the background one for
each kind of work (downloads, loading). Who has an engine next is decided by the playback clock, in
`turns.py`. There are as many engine lanes, a thread each, as an engine may be called at once.
"""

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from typing import Any, Protocol, TypeVar

from wyoming_kokoro.config import Limits
from wyoming_kokoro.engines.base import AT_ONCE, DUE, Engine
from wyoming_kokoro.errors import EngineDead, KokoroError, Overloaded, ShuttingDown
from wyoming_kokoro.synthesis.clock import Now, PlaybackClock
from wyoming_kokoro.synthesis.turns import START_SECONDS, Job, Stream, admitted, next_job

T = TypeVar("T")

MEMORY = 0.9
"""Weight of the past in the measured real-time factor, per breath."""


class Lane(Protocol):
    """Something that runs one call after another, off the event loop."""

    async def run(self, work: Callable[[], T]) -> T:
        """Run `work` when those before it are done; return or raise what it does.

        Raises:
            ShuttingDown: the lane was closed before it began.
        """

    def close(self) -> None:
        """Start nothing more."""


class ThreadLane:
    """A lane of one daemon thread: a call that never returns cannot keep the process alive."""

    def __init__(self, name: str) -> None:
        self._calls: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            call()

    async def run(self, work: Callable[[], T]) -> T:
        """Run `work` in the thread, in this task's context; see `Lane.run`. What it raises that no
        future can, or that is no `Exception`, comes out as the cause of a `RuntimeError`."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def settle(setter: Callable[[Any], None], value: object) -> None:
            if not future.done():
                setter(value)

        def call() -> None:
            if future.cancelled():
                return
            try:
                self._require_open()
                outcome: tuple[Callable[[Any], None], object] = (future.set_result, work())
            except BaseException as error:
                outcome = (future.set_exception, _tellable(error))
            with suppress(RuntimeError):  # the loop is closed, and nobody waits
                loop.call_soon_threadsafe(settle, *outcome)

        self._require_open()
        self._calls.put(partial(copy_context().run, call))
        return await future

    def _require_open(self) -> None:
        if self._closed:
            raise ShuttingDown("the server is stopping")

    def close(self) -> None:
        """End the thread after the call that it is in; those that wait are refused."""
        self._closed = True
        self._calls.put(None)


def _tellable(error: BaseException) -> Exception:
    """Return `error`, or what stands for it where awaiting it would end more than the caller, look
    like a cancellation, or not be possible at all."""
    if isinstance(error, Exception) and not isinstance(error, StopIteration):
        return error
    told = RuntimeError(f"{type(error).__name__} was raised by a call in a thread")
    told.__cause__ = error
    return told


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
        self._engines = [lane(f"engine {number}") for number in range(AT_ONCE)]
        self._text = lane("text")
        self._lane = lane
        self._background: dict[str, Lane] = {}
        self._on_dead = on_dead
        self._refusal: KokoroError | None = None
        self._streams: set[Stream] = set()
        self._waiting: list[Job[Any]] = []
        self._running: dict[Job[Any], asyncio.Task[None]] = {}
        self._idle = list(self._engines)
        self._charged = 0.0
        """Up to when those that run were charged for the engine's time."""
        self._spent_seconds = 0.0
        self._made_seconds = 0.0

    @property
    def rtf(self) -> float:
        """Measured real-time factor: engine seconds for a second of audio; 0 before any."""
        return self._spent_seconds / self._made_seconds if self._made_seconds else 0.0

    @property
    def shared_rtf(self) -> float:
        """The real-time factor as a stream meets it that shares the engine with those that play."""
        return self.rtf * max(1, admitted(self._streams))

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

    async def plan(self, stream: Stream, engine: Engine, work: Callable[[], T]) -> T:
        """Run `work`, the planning of a sentence by `engine`, at the stream's turn.

        Raises:
            Overloaded: the stream waited too long for its first turn.
            EngineDead: the engine did not come back; the process must be restarted.
            ShuttingDown: the scheduler was closed.
        """
        return await self._take_turn(Job(stream, engine, work, START_SECONDS, 0.0))

    async def voice(
        self, stream: Stream, engine: Engine, work: Callable[[], T], seconds: float
    ) -> T:
        """Run `work`, which makes so many seconds of audio; otherwise like `plan`."""
        return await self._take_turn(Job(stream, engine, work, seconds, seconds))

    async def retire(self, engine: Engine) -> None:
        """Close an engine that nobody is handed any more, after what may still be in the making
        for somebody who has gone."""
        while running := [task for job, task in self._running.items() if job.engine is engine]:
            await asyncio.wait(running)
        await self._engines[0].run(engine.close)

    async def text(self, work: Callable[[], T]) -> T:
        """Run `work` in the text lane; see `Lane.run`."""
        return await self._text.run(work)

    async def background(self, kind: str, work: Callable[[], T]) -> T:
        """Run `work` in the background, one after the other of its `kind`: there are a handful.

        Raises:
            EngineDead, ShuttingDown: as for `plan`.
        """
        if self._refusal:
            raise self._refusal
        if kind not in self._background:
            self._background[kind] = self._lane(kind)
        return await self._background[kind].run(work)

    def close(self) -> None:
        """Refuse what waits and start nothing more."""
        self._refuse_all(ShuttingDown("the server is stopping"))
        for lane in (*self._engines, self._text, *self._background.values()):
            lane.close()

    async def _take_turn(self, job: Job[T]) -> T:
        if self._refusal:
            raise self._refusal
        self._waiting.append(job)
        self._next()
        try:
            await self._admission(job)
            return await job.outcome
        finally:
            job.outcome.cancel()
            if job in self._waiting:
                self._waiting.remove(job)
            # After what the stream asks for at once: a plan is followed by its first breath.
            asyncio.get_running_loop().call_soon(self._next)

    async def _admission(self, job: Job[Any]) -> None:
        """Let a newcomer wait for its first turn as long as the limit allows, not for ever."""
        if job.stream.began is not None:
            return
        patience = job.stream.opened + self._limits.queue_seconds - self._now()
        await asyncio.wait([job.outcome], timeout=max(0.0, patience))
        if job.stream.began is None and not job.outcome.done():
            raise Overloaded(
                f"no turn within {self._limits.queue_seconds:g} s: this machine is speaking to "
                "as many listeners as it can; try again later, or use a faster machine"
            )

    def _next(self) -> None:
        """Start what should run now."""
        while self._idle and not self._refusal:
            job = next_job(self._waiting, self._running, self._streams, self.rtf, self._now())
            if job is None:
                break
            self._charge()
            self._waiting.remove(job)
            if job.stream.began is None:
                job.stream.began = self._now()
            self._running[job] = asyncio.ensure_future(self._work(job, self._idle.pop()))

    async def _work(self, job: Job[Any], lane: Lane) -> None:
        """Do one job under the watchdog, settle its outcome, and go on to the next."""
        DUE.set(job.due)
        watchdog = asyncio.timeout(self._limits.engine_watchdog_seconds)
        try:
            async with watchdog:
                result = await lane.run(job.work)
        except Exception as error:
            if watchdog.expired():
                self._die(job)
            elif not job.outcome.done():
                job.outcome.set_exception(error)
        else:
            self._measure(job)
            if not job.outcome.done():
                job.outcome.set_result(result)
        finally:
            self._charge()
            del self._running[job]
            self._idle.append(lane)
            job.outcome.cancel()  # nobody waits for ever for what was not settled
            if job.outcome.cancelled():  # nobody waits for it any more, and calls `_next`
                self._next()

    def _charge(self) -> None:
        """Charge those that run for the time since the last charge, each for its part of it."""
        since, self._charged = self._charged, self._now()
        for job in self._running:
            job.spent += (self._charged - since) / len(self._running)

    def _measure(self, job: Job[Any]) -> None:
        """Learn from a job that is done how fast the engine is."""
        self._charge()
        job.stream.engine_seconds += job.spent
        if job.made_seconds > 0:
            self._spent_seconds *= MEMORY
            self._made_seconds *= MEMORY
        self._spent_seconds += job.spent
        self._made_seconds += job.made_seconds

    def _die(self, job: Job[Any]) -> None:
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
