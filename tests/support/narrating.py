"""Jobs in this process, spoken by the stand-in: no model, and no server."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from wyoming_kokoro.app import wiring
from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.job import Ask, Part
from wyoming_kokoro.jobs.course import Tools
from wyoming_kokoro.jobs.shelf import Shelf
from wyoming_kokoro.jobs.usable import why_unusable

T = TypeVar("T")

needs_sqlite = pytest.mark.skipif(
    bool(why_unusable("sqlite")), reason="this Python's SQLite is too old for jobs"
)
"""Marks what records jobs in SQLite."""

FIRST, SECOND = "The first sentence is quite long enough.", "The second one is just as long."
BOOK = Ask((Part(f"{FIRST} {SECOND}", "One"), Part("A chapter that is short.", "Two")))


@asynccontextmanager
async def narrating(folder: Path) -> AsyncIterator[Tools]:
    """Tools for a course, with a shelf in `folder`."""
    settings = Settings(engine="stand-in", data_dir=folder / "data")
    parts = wiring.wire(settings, Limits())
    elsewhere = partial(parts.scheduler.background, "jobs")
    try:
        yield Tools(parts.narrator, Shelf(str(folder / "shelf")), elsewhere, folder)
    finally:
        await parts.close()


class Steps:
    """Runs a course and remembers the names of its steps; ends it before the `last` one."""

    def __init__(self, last: int = 10**6) -> None:
        self.done: list[str] = []
        self._last = last

    async def once(self, name: str, work: Callable[[], Awaitable[T]]) -> T:
        if len(self.done) == self._last:
            raise Ended
        result = await work()
        self.done.append(name)
        return result

    async def always(self, work: Callable[[], Awaitable[T]]) -> T:
        return await work()


class Ended(Exception):
    """As if the process had been killed."""
