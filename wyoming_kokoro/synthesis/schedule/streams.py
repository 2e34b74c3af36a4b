"""Who waits and for what: streams, each a listener's place in the schedule, and jobs, the calls of
an engine that they wait for.
"""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.synthesis.schedule.playback import PlaybackClock

T = TypeVar("T")

Rtf = Callable[[Engine], float]
"""Tells the measured real-time factor of an engine, 0 if none is."""


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
    job: "Job[Any] | None" = None
    """What it asked for last; settled where it waits for nothing."""
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
    passed_seconds: float = 0.0
    """Seconds of engines that went to newcomers who asked after it and were admitted before it."""
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

    def begin(self, engine: Engine, now: float) -> None:
        """Note that an engine works for it now: it is admitted, if it was not."""
        if self.comes_back:
            self.comes_back, self.came_back = False, True
        if self.began is None:
            self.began = now
        self.engine = engine
        self.passed_seconds = 0.0


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
