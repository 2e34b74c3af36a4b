"""Lanes of threads: whatever becomes of a call or of the lane, who asked gets an answer."""

import asyncio
import threading
import weakref
from collections.abc import Callable
from functools import partial

import pytest

from wyoming_kokoro.config import Limits
from wyoming_kokoro.engines.base import DUE
from wyoming_kokoro.errors import ShuttingDown
from wyoming_kokoro.synthesis.schedule.lanes import ThreadLane
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler

PATIENCE = 10.0
"""Seconds after which an answer that should come is taken as not coming."""


async def test_a_thread_lane_runs_work_in_one_thread_of_its_own() -> None:
    lane = ThreadLane("engine")
    names = [await lane.run(lambda: threading.current_thread().name) for _ in range(2)]
    with pytest.raises(ZeroDivisionError):
        await lane.run(lambda: 1 // 0)
    lane.close()
    assert names == ["engine", "engine"]


async def test_work_in_a_lane_does_not_hold_the_event_loop() -> None:
    lane, release = ThreadLane("engine"), threading.Event()
    running = asyncio.ensure_future(lane.run(release.wait))
    for _ in range(3):
        await asyncio.sleep(0)
    assert not running.done()
    release.set()
    assert await running
    lane.close()


async def test_what_a_call_was_given_is_not_kept_after_it() -> None:
    class Sentence:
        """Something large."""

    lane, sentence, gone = ThreadLane("engine"), Sentence(), threading.Event()
    weakref.finalize(sentence, gone.set)
    await lane.run(partial(id, sentence))
    del sentence
    assert await asyncio.to_thread(gone.wait, PATIENCE)
    lane.close()


async def test_a_thread_lane_runs_work_in_the_context_of_its_task() -> None:
    lane = ThreadLane("engine")
    DUE.set(7.0)
    assert await lane.run(lambda: (DUE.get(), threading.current_thread().name)) == (7.0, "engine")
    lane.close()


def raising(error: BaseException) -> Callable[[], None]:
    def work() -> None:
        raise error

    return work


@pytest.mark.parametrize(
    "error",
    [
        StopIteration(1),
        StopAsyncIteration(),
        SystemExit(1),
        KeyboardInterrupt(),
        GeneratorExit(),
        asyncio.CancelledError(),
    ],
)
async def test_whatever_a_call_raises_its_caller_alone_gets_an_answer(error: BaseException) -> None:
    lane = ThreadLane("text")
    with pytest.raises((RuntimeError, StopAsyncIteration)) as told:
        await asyncio.wait_for(lane.run(raising(error)), PATIENCE)
    assert error in (told.value, told.value.__cause__)
    assert await asyncio.wait_for(lane.run(lambda: "the next one"), PATIENCE) == "the next one"
    lane.close()


async def test_a_closed_lane_refuses_what_waits_and_what_comes_and_finishes_what_runs() -> None:
    lane, began, release = ThreadLane("text"), threading.Event(), threading.Event()
    done: list[str] = []

    def work() -> str:
        began.set()
        release.wait(PATIENCE)
        return "done"

    running = asyncio.ensure_future(lane.run(work))
    waiting = asyncio.ensure_future(lane.run(lambda: done.append("waited")))
    await asyncio.to_thread(began.wait, PATIENCE)
    lane.close()
    release.set()
    assert await asyncio.wait_for(running, PATIENCE) == "done"
    for late in (waiting, lane.run(lambda: done.append("late"))):
        with pytest.raises(ShuttingDown):
            await asyncio.wait_for(late, PATIENCE)
    assert done == []


def test_a_lane_outlives_a_loop_that_was_closed_while_a_call_ran() -> None:
    lane, began, release = ThreadLane("text"), threading.Event(), threading.Event()

    def work() -> None:
        began.set()
        release.wait(PATIENCE)

    async def leave() -> None:
        asyncio.ensure_future(lane.run(work))  # noqa: RUF006 the loop's end is to find it running
        await asyncio.to_thread(began.wait, PATIENCE)

    async def come_back() -> str:
        return await asyncio.wait_for(lane.run(lambda: "still here"), PATIENCE)

    asyncio.run(leave())
    release.set()
    assert asyncio.run(come_back()) == "still here"
    lane.close()


async def test_a_closed_scheduler_refuses_work_of_every_kind() -> None:
    scheduler = Scheduler(Limits())
    assert await scheduler.background("voices", lambda: 1) == 1
    scheduler.close()
    for work in (
        scheduler.text(lambda: 1),
        scheduler.background("voices", lambda: 1),
        scheduler.background("another", lambda: 1),
    ):
        with pytest.raises(ShuttingDown):
            await asyncio.wait_for(work, PATIENCE)


async def test_work_of_one_kind_does_not_wait_behind_another() -> None:
    scheduler, release = Scheduler(Limits()), threading.Event()
    long = asyncio.ensure_future(scheduler.background("fetching", release.wait))
    assert await asyncio.wait_for(scheduler.background("voices", lambda: "here"), PATIENCE)
    assert not long.done()
    release.set()
    await asyncio.wait_for(long, PATIENCE)
    scheduler.close()
