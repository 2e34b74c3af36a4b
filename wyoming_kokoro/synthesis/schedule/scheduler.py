"""Gives streams their turns at the engines: who has one next is decided by the playback clock, in
`turns.py` and `admission.py`.

Work is done in lanes of three kinds: `engine` (the models), `text` (the front end), and in the
background one for each kind of work (downloads, loading). There are as many engine lanes as an
engine may be called at once.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any, TypeVar

from wyoming_kokoro.config import Limits
from wyoming_kokoro.engines.base import AT_ONCE, DUE, Engine
from wyoming_kokoro.errors import EngineDead, KokoroError, Overloaded, ShuttingDown, SynthesisFailed
from wyoming_kokoro.synthesis.schedule.admission import (
    ADMISSION,
    LONG_SECONDS,
    note_passing,
    paced,
    starting,
    utilisation,
)
from wyoming_kokoro.synthesis.schedule.lanes import Lane, ThreadLane
from wyoming_kokoro.synthesis.schedule.playback import Now, PlaybackClock
from wyoming_kokoro.synthesis.schedule.speeds import Speeds
from wyoming_kokoro.synthesis.schedule.streams import Job, Stream
from wyoming_kokoro.synthesis.schedule.turns import next_job
from wyoming_kokoro.synthesis.schedule.watchdogs import Watchdogs

T = TypeVar("T")


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
        self._giving_way = asyncio.Lock()
        self._lane = lane
        self._background: dict[str, Lane] = {}
        self._on_dead = on_dead
        self._refusal: KokoroError | None = None
        self._streams: set[Stream] = set()
        self._silent = asyncio.Event()
        """Set while nobody is spoken to."""
        self._silent.set()
        self._waiting: list[Job[Any]] = []
        self._running: dict[Job[Any], asyncio.Task[None]] = {}
        self._watchdogs = Watchdogs()
        self._idle = list(self._engines)
        self._charged = 0.0
        """Up to when those that run were charged for the engine's time."""
        self._speeds = Speeds()

    def rtf(self, engine: Engine) -> float:
        """Return the measured real-time factor of `engine`, 0 before any: see `Speeds`."""
        return self._speeds.rtf(engine)

    def shared_rtf(self, stream: Stream, engine: Engine) -> float:
        """Return the real-time factor of `engine` as `stream` meets it, which shares the machine
        with the others that speak."""
        others = self._streams - {stream}
        sharing = paced(others) if stream.is_paced else others
        return self.rtf(engine) + utilisation(sharing, self.rtf)

    def expect(self, engine: Engine, rtf: float) -> None:
        """Take `rtf` for the real-time factor of `engine` until one is measured."""
        self._speeds.expect(engine, rtf)

    @property
    def listeners(self) -> int:
        """How many listeners something is made for."""
        return sum(not stream.in_background for stream in self._streams)

    @property
    def queued(self) -> int:
        """How many of them wait for their first turn."""
        return sum(job.stream.began is None for job in self._waiting)

    @property
    def free(self) -> float:
        """The share of what this machine can do that no listener needs now, 0 to 1: none while one
        has waited for its first turn for long. Anybody may have to wait for a moment."""
        since = self._now() - LONG_SECONDS
        newcomers = (job.stream for job in self._waiting if not job.stream.has_begun)
        if any(stream.asked < since for stream in newcomers if not stream.in_background):
            return 0.0
        return max(0.0, 1.0 - utilisation(self._streams, self.rtf) / ADMISSION)

    async def idle(self) -> None:
        """Wait until nobody is spoken to."""
        await self._silent.wait()

    def open(self, *, in_background: bool = False, paced: bool = True) -> Stream:
        """Enter a stream; it must be closed when nothing more is to be made for it. One
        `in_background` has its turns while nobody else wants any, and one that is not `paced` lets
        others go first while it is as far ahead as a paced one may be."""
        stream = Stream(PlaybackClock(self._now), in_background=in_background)
        if not paced:
            stream.gives_way_after = self._limits.seconds_ahead
        self._streams.add(stream)
        self._note_silence()
        return stream

    def close_stream(self, stream: Stream) -> None:
        """Take a stream out of the schedule."""
        self._streams.discard(stream)
        self._note_silence()
        self._next()

    def _note_silence(self) -> None:
        if all(stream.in_background for stream in self._streams):
            self._silent.set()
        else:
            self._silent.clear()

    def rest(self, stream: Stream) -> None:
        """Note that nothing is to be made for a stream until it asks again: its text pauses. It
        keeps nobody waiting meanwhile."""
        if not stream.rests:
            stream.rests = True
            self._next()

    async def plan(
        self, stream: Stream, engine: Engine, work: Callable[[], T], seconds: float = 0.0
    ) -> T:
        """Run `work`, the planning by `engine` of a sentence of so many seconds at the most, at the
        stream's turn.

        Raises:
            Overloaded: the stream waited too long for its first turn.
            EngineDead: the engine did not come back; the process must be restarted.
            ShuttingDown: the scheduler was closed.
        """
        return await self._take_turn(Job(stream, engine, work, starting(seconds), 0.0, seconds))

    async def voice(
        self, stream: Stream, engine: Engine, work: Callable[[], T], seconds: float
    ) -> T:
        """Run `work`, which makes so many seconds of audio; otherwise like `plan`."""
        return await self._take_turn(Job(stream, engine, work, seconds, seconds, seconds))

    async def retire(self, engine: Engine) -> None:
        """Close an engine that nobody is handed any more, after what may still be in the making
        for somebody who has gone."""
        while running := [task for job, task in self._running.items() if job.engine is engine]:
            await asyncio.wait(running)
        self._speeds.forget(engine)
        await self._engines[0].run(engine.close)

    async def text(self, work: Callable[[], T], stream: Stream | None = None) -> T:
        """Run `work` in the text lane; see `Lane.run`. Of the streams that give way, only one at a
        time is in that queue, so that nobody waits behind many of them."""
        if stream is None or not stream.gives_way:
            return await self._text.run(work)
        async with self._giving_way:
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
        stream = job.stream
        stream.comes_back = stream.comes_back or (stream.rests and stream.clock.is_kept_alive)
        stream.rests = False
        if not stream.has_begun:
            stream.asked = self._now()
        stream.job = job
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
        """Let a newcomer wait for its first turn as long as the limit allows, not for ever; nobody
        waits for what is done in the background."""
        if job.stream.has_begun or job.stream.comes_back or job.stream.in_background:
            return
        await asyncio.wait([job.outcome], timeout=self._limits.queue_seconds)
        if job.stream.began is None and not job.outcome.done():
            raise Overloaded(
                f"no turn within {self._limits.queue_seconds:g} s: this machine is speaking to "
                "as many listeners as it can; try again later, or use a faster machine"
            )

    def _next(self) -> None:
        """Start what should run now."""
        self._charge()
        while self._idle and not self._refusal:
            rtf = self._speeds.cautious_rtf
            job = next_job(self._waiting, self._running, self._streams, rtf, self._now())
            if job is None:
                break
            self._waiting.remove(job)
            note_passing(job, self._waiting, self.rtf)
            job.stream.begin(job.engine, self._now())
            self._running[job] = asyncio.ensure_future(self._work(job, self._idle.pop()))

    async def _work(self, job: Job[Any], lane: Lane) -> None:
        """Do one job under the watchdog, settle its outcome, and go on to the next."""
        # A context variable, because the engine is called by `job.work`, which was made before it
        # was known when the job would be due; the lane's thread runs it in this task's context.
        DUE.set(job.due)
        least = self._limits.engine_watchdog_seconds
        patience = self._speeds.patience(job.engine, job.longest_seconds, least)
        watchdog = self._watchdogs.watch(job, patience)
        try:
            async with watchdog:
                result = await lane.run(job.work)
        except Exception as error:
            if watchdog.expired():
                self._die(job, patience)
            elif not job.outcome.done():
                job.outcome.set_exception(_told(error))
        else:
            self._measure(job)
            self._watchdogs.wait_anew_after(job)
            if not job.outcome.done():
                job.outcome.set_result(result)
        finally:
            self._charge()
            self._watchdogs.leave(job)
            del self._running[job]
            self._idle.append(lane)
            job.outcome.cancel()  # nobody waits for ever for what was not settled
            if job.outcome.cancelled():  # nobody waits for it any more, and calls `_next`
                self._next()

    def _charge(self) -> None:
        """Charge the job that is due first, which the engine works on, for the time since the last
        charge."""
        since, self._charged = self._charged, self._now()
        if self._running:
            min(self._running, key=lambda job: job.due).spent += self._charged - since

    def _measure(self, job: Job[Any]) -> None:
        """Learn from a job that is done how fast the engine is."""
        self._charge()
        job.stream.engine_seconds += job.spent
        job.stream.came_back = job.stream.came_back and not job.made_seconds
        self._speeds.learn(job.engine, job.spent, job.made_seconds)

    def _die(self, job: Job[Any], seconds: float) -> None:
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


def _told(error: Exception) -> Exception:
    """Return `error`, or what a client is told where it is nobody's mistake."""
    if isinstance(error, MemoryError):
        return SynthesisFailed(
            "this machine has not enough memory left for the sentence; end other programs, or let "
            "fewer versions of the model be loaded at once (--model-ttl)"
        )
    return error
