"""Who watches that calls of an engine come back: a timer for each that runs, which begins anew
where the call was made to wait for another.
"""

import asyncio
from typing import Any

from wyoming_kokoro.synthesis.schedule.streams import Job


class Watchdogs:
    """The timers of the jobs that run."""

    def __init__(self) -> None:
        self._watched: dict[Job[Any], tuple[asyncio.Timeout, float]] = {}

    def watch(self, job: Job[Any], patience: float) -> asyncio.Timeout:
        """Return what ends the waiting for `job` after `patience` seconds."""
        watchdog = asyncio.timeout(patience)
        self._watched[job] = watchdog, patience
        return watchdog

    def leave(self, job: Job[Any]) -> None:
        """Watch a job no longer."""
        del self._watched[job]

    def wait_anew_after(self, done: Job[Any]) -> None:
        """Let those that are due after a job that is done begin to be watched anew: the engine
        lives, and made them wait for it."""
        now = asyncio.get_running_loop().time()
        for other, (watchdog, patience) in self._watched.items():
            if other is not done and other.due > done.due and not watchdog.expired():
                watchdog.reschedule(now + patience)
