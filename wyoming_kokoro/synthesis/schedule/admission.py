"""Which newcomer is let in: streams and the engines' speeds in, one for whom there is room out.

There is room where nobody runs dry who speaks already. Newcomers are let in as they asked, but who
needs little may pass one that waits for more room, up to a bound. A stream whose text pauses takes
no room.
"""

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from wyoming_kokoro.synthesis.schedule.streams import Job, Rtf, Stream

ADMISSION = 0.95
"""A newcomer starts only where all that speak, itself too, need less of the machine's time."""

PROMISED = 0.9
"""Of the time until each moment at which something is needed, the share that may be needed: an
engine's calls take now more, now less."""

AMPLE = 0.75
"""A newcomer starts in any case where all that speak, itself too, need no more than this: what its
start takes from the others is soon made up for."""

FIRST_SECONDS = 1.2
"""Audio that takes about as long to make as the first breath of a sentence, and what is computed
for it of what follows: rather more than less."""

PLAN_SHARE = 0.1
"""Audio that takes about as long to make as the plan of a sentence, of what it may be at the most:
a sixth of what it is."""

BLOCKED_SECONDS = 1.0
"""Audio that what is urgent may have to wait for where an engine answers one call at a time."""

START_MARGINS = (1.0, 1.5, 2.0)
"""In how many times what its start takes a newcomer is to be heard: the first at which everybody
can be fed. If there is none, it waits."""

PASSED_SECONDS = 2.0
"""What newcomers that asked later and fit may take of the engine, all together, while one waits for
room that needs more: they hardly make it wait longer than that."""

PASSED_WITHIN_SECONDS = 5.0
"""Of waiting, in which one is passed. Where everybody waits longer than that, the machine is asked
for more than it can make, and what one gains by passing others lose."""

LONG_SECONDS = 1.0
"""Of a newcomer's waiting, after which a machine has nothing free."""

NEXT_TO_NOTHING_SECONDS = 0.1
"""Of the engine: who takes no more may pass at any time."""

NEWCOMERS_TRIED = 8
"""Newcomers for whom room is looked for, at the most: there may be many, and it takes time."""

BREATH_SECONDS = 0.5
"""Audio that a listener is to have more of by the time it would run dry."""


def starting(longest: float) -> float:
    """Return how much audio takes about as long to make as the plan of a sentence, of so many
    seconds at the most, and its first breath."""
    return FIRST_SECONDS + PLAN_SHARE * longest


def admitted(
    waiting: Collection[Job[Any]], streams: Collection[Stream], rtf: Rtf, now: float
) -> Job[Any] | None:
    """Return the newcomer among those that wait who is let in next, if there is room for one, and
    note by when it is to be heard."""
    newcomers = _newcomers(waiting, rtf, now)
    return next((job for job in newcomers if _has_room(job, streams, rtf, now)), None)


def note_passing(newcomer: Job[Any], waiting: Collection[Job[Any]], rtf: Rtf) -> None:
    """Note that a newcomer begins while others wait: those who asked before it are passed. One that
    has begun passes nobody."""
    for other in [] if newcomer.stream.has_begun else waiting:
        if not other.stream.has_begun and other.stream.asked < newcomer.stream.asked:
            other.stream.passed_seconds += _work(newcomer, rtf)


def _newcomers(waiting: Collection[Job[Any]], rtf: Rtf, now: float) -> Iterator[Job[Any]]:
    """Yield newcomers, the first who asked first, but for those for whom one that asked before
    would have to wait too long."""
    jobs = sorted((job for job in waiting if not job.stream.has_begun), key=_place)
    most = math.inf
    for job in jobs[:NEWCOMERS_TRIED]:
        if _rank(job) != _rank(jobs[0]):
            break
        if _work(job, rtf) <= most:
            yield job
        most = min(most, _may_pass(job.stream, now))


def _may_pass(waits: Stream, now: float) -> float:
    """Return how much of the engine may go to one that passes it."""
    most = PASSED_SECONDS - waits.passed_seconds
    return most if now - waits.asked < PASSED_WITHIN_SECONDS else min(most, NEXT_TO_NOTHING_SECONDS)


def _work(job: Job[Any], rtf: Rtf) -> float:
    """Return about how many seconds of its engine all the text of a newcomer takes."""
    speed = rtf(job.engine)
    return speed * job.stream.rest_seconds if speed else 0.0


def _place(newcomer: Job[Any]) -> tuple[bool, bool, float]:
    """Return what orders newcomers: the first who asked is first among those of one rank."""
    return *_rank(newcomer), newcomer.stream.asked


def _rank(newcomer: Job[Any]) -> tuple[bool, bool]:
    """Return what puts downloads behind those who are paced, and last what nobody listens to."""
    return newcomer.stream.in_background, not newcomer.stream.is_paced


def _has_room(newcomer: Job[Any], streams: Collection[Stream], rtf: Rtf, now: float) -> bool:
    """Tell whether all can be fed if a newcomer is admitted, and note by when it is to be heard
    then: the machine has ample time, or enough until what is known of their texts ends."""
    stream = newcomer.stream
    need = 0.0 if stream.gives_way else rtf(newcomer.engine)
    sharing = paced(streams) if stream.is_paced else streams
    speaking = [other for other in _wanting(sharing) if other is not stream]
    start, _ = _wanted(stream, need)
    others = sum(_wanted(s, rtf(s.engine))[0] for s in speaking if s.is_starting and s.engine)
    demands = [_demand(other, rtf(other.engine), now) for other in speaking if other.engine]
    ample = not speaking or utilisation(speaking, rtf) + need <= AMPLE
    for margin in START_MARGINS:
        stream.heard_by = now + others + margin * start
        if ample or _can_be_met([*demands, _demand(stream, need, now)]):
            return True
    return False


def _wanted(stream: Stream, rtf: float) -> tuple[float, float]:
    """Return how many seconds of its engine what a stream wants next still takes, and how much
    audio that makes. Of a sentence that is planned, it is the first breath."""
    rest, job = stream.rest_seconds, stream.job
    if job is None or job.outcome.done():
        audio = min(rest, BREATH_SECONDS)
        return rtf * audio, audio
    audio = min(rest, job.made_seconds or FIRST_SECONDS)
    seconds = job.cost_seconds if job.made_seconds else min(rest, job.cost_seconds)
    blocked = BLOCKED_SECONDS if job.engine.at_once == 1 else 0.0
    return max(0.0, rtf * (seconds + blocked) - job.spent), audio


@dataclass(frozen=True)
class _Demand:
    """What a stream needs of the machine from now on."""

    rtf: float
    starts: float
    """Seconds until its listener would run dry, or is to hear something."""
    first: float
    """The engine's seconds that must have gone into it by then."""
    audio: float
    """What is made with them."""
    rest: float
    """The engine's seconds after those."""

    @property
    def goes_on(self) -> float:
        """Seconds until its listener would run dry after that."""
        return self.starts + self.audio

    @property
    def ends(self) -> float:
        """Seconds until all of it is to be there."""
        return self.goes_on + max(0.0, self.rest / self.rtf - BREATH_SECONDS if self.rtf else 0.0)

    def by(self, seconds: float) -> float:
        """Return the engine's seconds that must have gone into it by then."""
        if seconds < self.starts:
            return 0.0
        if seconds < self.goes_on:
            return self.first
        return self.first + min(self.rest, self.rtf * (BREATH_SECONDS + seconds - self.goes_on))


def _demand(stream: Stream, rtf: float, now: float) -> _Demand:
    supply, (first, audio) = stream.clock.supply, _wanted(stream, rtf)
    spent = stream.job.spent if stream.job else 0.0
    rest = max(0.0, rtf * stream.rest_seconds - spent - first) if rtf else 0.0
    if supply is not None and not stream.is_starting:
        return _Demand(rtf, supply, first, audio, rest)
    starts = max(first / PROMISED, stream.heard_by - now)
    return _Demand(rtf, starts, first, audio, rest)


def _can_be_met(demands: Collection[_Demand]) -> bool:
    """Tell whether there is time for all that is needed, by each moment at which it is.

    What is needed grows in steps and along lines, which become flatter at a stream's end: where it
    is in time at those moments, it is at all others. It is the processor demand criterion of
    scheduling by the earliest deadline (Baruah, Rosier and Howell 1990).
    """
    moments = [moment for d in demands for moment in (d.starts, d.goes_on, d.ends)]
    endless = sum(demand.rtf for demand in demands if demand.rest == math.inf)
    return endless <= ADMISSION and all(
        sum(demand.by(moment) for demand in demands) <= PROMISED * moment
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
