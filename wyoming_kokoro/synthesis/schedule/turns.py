"""Whose turn it is at an engine: jobs that wait and jobs that run in, the job to start out.

The breath that is wanted first is made first: when its listener would run dry, or when a newcomer
is to be heard. So nobody runs dry as long as all can be served, and newcomers, one after the other
as they asked, are let in while that holds. A stream whose text pauses takes no room.
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
"""A newcomer starts only where all that speak, itself too, need less of the machine's time."""

AMPLE = 0.75
"""A newcomer starts in any case where all that speak, itself too, need no more than this: what its
start takes from the others is soon made up for."""

START_SECONDS = 2.0
"""Audio that takes about as long to make as the plan of a sentence and its first breath: what a
newcomer costs before it is heard."""

START_MARGINS = (1.0, 1.5, 2.0)
"""In how many times what its start takes a newcomer is to be heard: the first at which everybody
can be fed. If there is none, it waits."""

BREATH_SECONDS = 1.0
"""Audio that a listener is to have more of by the time it would run dry."""

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
    heard_by: float = 0.0
    """The moment by which it is to be heard, once it is admitted."""
    text_seconds: Callable[[], float] = lambda: math.inf
    """Tells about how much audio all its text is, infinite while more of it may come."""
    comes_back: bool = False
    """Whether it waits to be admitted again: it rested until its listener heard only silence."""
    came_back: bool = False
    """Whether it was, and nothing was made for it since."""
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
        return not self.comes_back and (self.began is not None or self.clock.started)

    @property
    def is_starting(self) -> bool:
        """Whether it is, or may be, admitted, and nothing was made for it since."""
        return self.clock.supply is None or self.came_back or not self.has_begun

    @property
    def rest_seconds(self) -> float:
        """About how much audio is still to be made for it."""
        return max(0.0, self.text_seconds() - self.clock.said_seconds)

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
    may_start = [job for job in waiting if job.stream.has_begun]
    newcomers = (job for job in waiting if not job.stream.has_begun)
    newcomer = min(newcomers, key=_place, default=None)
    if newcomer and _has_room(newcomer, streams, rtf, now):
        may_start.append(newcomer)
    jobs = (job.stream for job in (*may_start, *running) if not job.stream.in_background)
    started = max((s.heard_by for s in jobs if s.is_paced and s.is_starting), default=now)
    for job in may_start:
        job.due = _due(job, job.cost_seconds * rtf(job.engine), now, started)
    first = min(may_start, key=lambda job: (job.due, job.stream.asked), default=None)
    return first if first and _may_join(first, running) else None


def _place(newcomer: Job[Any]) -> tuple[bool, bool, float]:
    """Return what orders newcomers: the first who asked is first, downloads are behind those who
    are paced, and what nobody listens to is last."""
    stream = newcomer.stream
    return stream.in_background, not stream.is_paced, stream.asked


def _has_room(newcomer: Job[Any], streams: Collection[Stream], rtf: Rtf, now: float) -> bool:
    """Tell whether all can be fed if a newcomer is admitted, and note by when it is to be heard
    then: the machine has ample time, or enough until what is known of their texts ends."""
    stream = newcomer.stream
    need = 0.0 if stream.gives_way else rtf(newcomer.engine)
    sharing = paced(streams) if stream.is_paced else streams
    speaking = [other for other in _wanting(sharing) if other is not stream]
    start = START_SECONDS * need
    starting = sum(START_SECONDS * rtf(s.engine) for s in speaking if s.engine and s.is_starting)
    demands = [_demand(other, rtf(other.engine), now) for other in speaking if other.engine]
    ample = not speaking or utilisation(speaking, rtf) + need <= AMPLE
    for margin in START_MARGINS:
        stream.heard_by = now + starting + margin * start
        if ample or _can_be_met([*demands, _demand(stream, need, now)]):
            return True
    return False


@dataclass(frozen=True)
class _Demand:
    """What a stream needs of the machine from now on."""

    rtf: float
    starts: float
    """Seconds until its listener would run dry, or is to hear something."""
    least: float
    """Audio that is to be there by then."""
    rest: float
    """Audio until its end."""

    @property
    def ends(self) -> float:
        """Seconds until all of it is to be there."""
        return self.starts + self.rest - self.least

    def by(self, seconds: float) -> float:
        """Return the engine's seconds that must have gone into it by then."""
        if seconds < self.starts:
            return 0.0
        return self.rtf * min(self.rest, self.least + seconds - self.starts)


def _demand(stream: Stream, rtf: float, now: float) -> _Demand:
    supply, rest = stream.clock.supply, stream.rest_seconds
    if supply is not None and not stream.is_starting:
        return _Demand(rtf, supply, min(rest, BREATH_SECONDS), rest)
    soonest = START_SECONDS * rtf / ADMISSION
    return _Demand(rtf, max(soonest, stream.heard_by - now), min(rest, START_SECONDS), rest)


def _can_be_met(demands: Collection[_Demand]) -> bool:
    """Tell whether there is time for all that is needed, by each moment at which it is.

    What is needed grows in steps and along lines, which become flatter at a stream's end: where it
    is in time at those moments, it is at all others. It is the processor demand criterion of
    scheduling by the earliest deadline (Baruah, Rosier and Howell 1990).
    """
    moments = [*(d.starts for d in demands), *(d.ends for d in demands)]
    endless = sum(demand.rtf for demand in demands if demand.rest == math.inf)
    return endless <= ADMISSION and all(
        sum(demand.by(moment) for demand in demands) <= ADMISSION * moment
        for moment in moments
        if moment < math.inf
    )


def _wanting(streams: Collection[Stream]) -> list[Stream]:
    """Return the streams that have begun and want more made for their listeners."""
    return [s for s in streams if s.has_begun and not (s.rests or s.gives_way)]


def utilisation(streams: Collection[Stream], rtf: Rtf) -> float:
    """Return how much of the machine's time the streams need that have begun: each as much as its
    engine takes for speech, also while its listener has plenty, and nothing while it rests or gives
    way."""
    return sum(rtf(stream.engine) for stream in _wanting(streams) if stream.engine)


def paced(streams: Collection[Stream]) -> list[Stream]:
    """Return those that one who is paced shares the machine with: downloads may take longer."""
    return [stream for stream in streams if stream.is_paced]


def _due(job: Job[Any], seconds: float, now: float, started: float) -> float:
    """Return when a job is due: when a newcomer is to be heard, and so long before the listener
    of another would run dry as the job takes, `seconds`. By `started` all newcomers are heard."""
    if job.stream.in_background:
        return math.inf
    supply = job.stream.clock.supply
    if supply is None or job.stream.is_starting:
        return job.stream.heard_by
    if job.stream.gives_way:
        return now + GIVES_WAY_SECONDS + supply
    if not job.stream.is_paced:  # who plays a download may have to wait; a room never for that
        return max(now, started) + supply + MOMENT_SECONDS
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
        and (len(running) < job.engine.at_once - 1 or job.due < min(o.due for o in running))
        and (not heard or seconds <= MAKING_SECONDS)
    )
