"""Whose turn it is at an engine: jobs that wait and jobs that run in, the job to start out.

The breath whose listener would run dry first is made first, and a stream that has not started
counts as dry now. A stream that plays has the right of way where it would otherwise run dry, and
newcomers are admitted while there is room for them. A stream whose text pauses takes none.
"""

import asyncio
import math
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.synthesis.schedule.playback import PlaybackClock

T = TypeVar("T")

Rtf = Callable[[Engine], float]
"""Tells the measured real-time factor of an engine, 0 if none is."""

ADMISSION = 0.95
"""A newcomer starts only while the streams that speak need less of the machine's time than this."""

START_SECONDS = 2.0
"""Audio that takes about as long to make as the plan of a sentence and its first breath: what a
newcomer costs before it is heard."""

MAKING_SECONDS = 10.0
"""Audio that is in the making for all streams together, at the most, unless one alone wants more:
each second takes memory."""


GIVES_WAY_SECONDS = 1e9
"""By how much later than anything else is due what gives way: later than what any listener hears,
and before what nobody listens to."""


MOMENT_SECONDS = 1e-3
"""By how much what is made for a download is due later than what a newcomer wants at once."""


@dataclass(eq=False)
class Stream:
    """One listener's place in the schedule."""

    clock: PlaybackClock
    asked: float = 0.0
    """When it asked for its first turn."""
    began: float | None = None
    """When an engine began to work for it; None until it is admitted."""
    engine: Engine | None = None
    """The one that worked for it last."""
    rests: bool = False
    """Whether nothing is to be made for it until more of its text comes."""
    in_background: bool = False
    """Whether nobody listens: what it wants is done while nobody else wants anything."""
    gives_way_after: float = math.inf
    """Seconds of audio ahead of its listener from which on it lets all others go first. For one
    that is not paced, and could always have more made."""
    engine_seconds: float = 0.0
    """What engines have spent on it."""

    @property
    def has_begun(self) -> bool:
        """Whether an engine works for it, or its listener hears something already."""
        return self.began is not None or self.clock.started

    @property
    def is_paced(self) -> bool:
        """Whether it is only to be so much ahead of its listener."""
        return self.gives_way_after == math.inf

    @property
    def gives_way(self) -> bool:
        """Whether all others go first."""
        return self.in_background or (self.clock.supply or 0.0) > self.gives_way_after


@dataclass(eq=False)
class Job(Generic[T]):
    """A call of an engine that a stream waits for."""

    stream: Stream
    engine: Engine
    work: Callable[[], T]
    cost_seconds: float
    """Audio whose making costs about as much as this job."""
    made_seconds: float
    """Audio that it makes."""
    longest_seconds: float = 0.0
    """Audio that it makes, or plans, at the most."""
    spent: float = 0.0
    """Seconds of its engine that went into it so far."""
    due: float = 0.0
    """The moment by which it is wanted; of jobs that run at once, the one due first goes first."""
    outcome: asyncio.Future[T] = field(default_factory=asyncio.Future)


def next_job(
    waiting: Collection[Job[Any]],
    running: Collection[Job[Any]],
    streams: Collection[Stream],
    rtf: Rtf,
    now: float,
) -> Job[Any] | None:
    """Return the job to start now, beside those `running`, None where there is none.

    The most urgent one is waited for if it cannot join those that run: it would otherwise never
    have its turn.
    """
    room = utilisation(streams, rtf) < ADMISSION
    room_beside_downloads = room or utilisation(paced(streams), rtf) < ADMISSION
    may_start = [
        job
        for job in waiting
        if job.stream.has_begun or (room_beside_downloads if job.stream.is_paced else room)
    ]
    slowest = max((rtf(job.engine) for job in may_start), default=0.0)
    for job in may_start:
        job.due = _due(job, START_SECONDS * slowest + job.cost_seconds * rtf(job.engine), now)
    first = min(may_start, key=lambda job: (job.due, job.stream.asked), default=None)
    return first if first and _may_join(first, running) else None


def utilisation(streams: Collection[Stream], rtf: Rtf) -> float:
    """Return how much of the machine's time the streams need that have begun: each as much as its
    engine takes for speech, also while its listener has plenty, and nothing while it rests or gives
    way."""
    wanting = (s for s in streams if not (s.rests or s.gives_way))
    return sum(rtf(stream.engine) for stream in wanting if stream.engine)


def paced(streams: Collection[Stream]) -> list[Stream]:
    """Return those that one who is paced shares the machine with: downloads may take longer."""
    return [stream for stream in streams if stream.is_paced]


def _due(job: Job[Any], seconds: float, now: float) -> float:
    """Return when a job is due: at once for a stream that has no audio yet. One that plays lets
    a newcomer go first, unless its listener would run dry before both are done, which takes so
    many `seconds`."""
    if job.stream.in_background:
        return math.inf
    supply = job.stream.clock.supply
    if supply is None:
        return now if job.stream.began is None else job.stream.began
    if job.stream.gives_way:
        return now + GIVES_WAY_SECONDS + supply
    if not job.stream.is_paced:  # who plays a download may have to wait; a room never for that
        return now + supply + MOMENT_SECONDS
    return now + supply - seconds


def _may_join(job: Job[Any], running: Collection[Job[Any]]) -> bool:
    """Tell whether `job` can run beside the others: the engine answers so many calls at once, and
    memory is bounded. What gives way leaves room for what is urgent, and the one sentence that is
    made in the background keeps nobody waiting, however long it is."""
    if not running:
        return True
    if job.stream.gives_way:
        return False
    heard = [other for other in running if not other.stream.in_background]
    seconds = job.made_seconds + sum(other.made_seconds for other in heard)
    return (
        all(other.engine is job.engine for other in running)
        and len(running) < job.engine.at_once
        and (not heard or seconds <= MAKING_SECONDS)
    )
