"""Idleness is told after a while without users, and never while there is one."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from typing import Any

from tests.support.virtual_time import now, run
from wyoming_kokoro.synthesis.preparing import Idleness


def times_told(
    patience: float, use: Callable[[Idleness], Coroutine[Any, Any, None]]
) -> list[float]:
    """When it was told, in virtual seconds, with these users and long after them."""
    told: list[float] = []

    async def main() -> None:
        await use(Idleness(patience, lambda: told.append(now())))
        await asyncio.sleep(1000)

    run(main())
    return told


async def nobody(idleness: Idleness) -> None: ...


def test_what_nobody_uses_is_idle_after_the_time_and_once() -> None:
    assert times_told(60, nobody) == [60]


def test_without_a_time_nothing_is_ever_idle() -> None:
    assert times_told(0, nobody) == []


def test_the_time_begins_when_the_last_user_has_gone() -> None:
    async def two_that_overlap(idleness: Idleness) -> None:
        with ExitStack() as first:
            first.enter_context(idleness.used())
            await asyncio.sleep(100)
            with idleness.used():
                first.close()
                await asyncio.sleep(100)

    assert times_told(60, two_that_overlap) == [260]


def test_each_user_begins_the_time_anew() -> None:
    async def now_and_then(idleness: Idleness) -> None:
        for _ in range(3):
            await asyncio.sleep(50)
            with idleness.used():
                pass

    assert times_told(60, now_and_then) == [210]
