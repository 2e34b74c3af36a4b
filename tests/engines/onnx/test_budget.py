"""Threads lent to calls at once: no more than there are, the call due first first, an overdue one
alone."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any, cast

import pytest

from wyoming_kokoro.engines.onnx.budget import Call, ThreadBudget
from wyoming_kokoro.engines.onnx.sessions import OnnxSession
from wyoming_kokoro.errors import SynthesisFailed

PATIENCE = 10


class Watched:
    """A clock that stands, and tells which thread has looked at it: one that is to have threads
    looks before it waits for them."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self._looks: SimpleQueue[str] = SimpleQueue()

    def __call__(self) -> float:
        self._looks.put(threading.current_thread().name)
        return self.seconds

    def wait_for(self, name: str) -> None:
        while self._looks.get(timeout=PATIENCE) != name:
            pass


class Work:
    """What stands for a session: goes on when it is let."""

    def __init__(self, name: str, threads: int, diary: list[str]) -> None:
        self.threads = threads
        self._name = name
        self._diary = diary
        self.may_end = threading.Event()
        self.began = threading.Event()

    def run(self) -> list[Any]:
        self._diary.append(self._name)
        self.began.set()
        assert self.may_end.wait(PATIENCE)
        return []


class House:
    """A budget, and calls that ask it for threads, each from a thread of the same name."""

    def __init__(self, threads: int) -> None:
        self.clock = Watched()
        self.budget = ThreadBudget(threads, self.clock)
        self.diary: list[str] = []
        self._pools: list[ThreadPoolExecutor] = []

    def asks(self, name: str, call: Call, threads: int) -> tuple[Work, "Future[list[Any]]"]:
        """Have a session run for `call`; return when it runs or waits."""
        pool = ThreadPoolExecutor(1, name)
        self._pools.append(pool)
        work = Work(name, threads, self.diary)
        done = pool.submit(call.run, cast("OnnxSession", work))
        self.clock.wait_for(f"{name}_0")
        return work, done

    def close(self) -> None:
        for pool in self._pools:
            pool.shutdown()


@pytest.fixture
def house() -> Iterator[House]:
    house = House(threads=2)
    yield house
    house.close()


def end(*asked: tuple[Work, "Future[list[Any]]"]) -> None:
    for work, done in asked:
        work.may_end.set()
        done.result(PATIENCE)


def test_no_more_threads_are_lent_than_there_are(house: House) -> None:
    with house.budget.call(due=1) as first, house.budget.call(due=2) as second:
        one = house.asks("one", first, threads=1)
        two = house.asks("two", second, threads=1)
        assert one[0].began.wait(PATIENCE)
        assert two[0].began.wait(PATIENCE)
        three = house.asks("three", first, threads=1)
        assert not three[0].began.is_set()
        end(two)
        assert three[0].began.wait(PATIENCE)
        end(one, three)


def test_of_those_that_wait_the_call_that_is_due_first_goes_first(house: House) -> None:
    with house.budget.call(due=1) as urgent, house.budget.call(due=2) as patient:
        busy = house.asks("busy", patient, threads=2)
        assert busy[0].began.wait(PATIENCE)
        later = house.asks("later", patient, threads=2)
        sooner = house.asks("sooner", urgent, threads=2)
        end(busy, sooner, later)
    assert house.diary == ["busy", "sooner", "later"]


def test_one_that_needs_all_threads_is_not_kept_waiting_by_smaller_ones(house: House) -> None:
    with house.budget.call(due=1) as urgent, house.budget.call(due=2) as patient:
        busy = house.asks("busy", patient, threads=1)
        assert busy[0].began.wait(PATIENCE)
        wide = house.asks("wide", urgent, threads=2)
        small = house.asks("small", patient, threads=1)
        assert house.diary == ["busy"]
        end(busy, wide, small)
    assert house.diary == ["busy", "wide", "small"]


def test_an_overdue_call_has_all_threads_to_itself(house: House) -> None:
    with house.budget.call(due=5) as patient:
        with house.budget.call(due=-1) as overdue:
            assert overdue.alone
            assert not patient.alone
            one = house.asks("one", overdue, threads=1)
            assert one[0].began.wait(PATIENCE)
            other = house.asks("other", patient, threads=1)
            end(one)
            two = house.asks("two", overdue, threads=1)
            end(two)
            assert house.diary == ["one", "two"]
        end(other)
    assert house.diary == ["one", "two", "other"]


def test_calls_that_are_not_due_yet_share(house: House) -> None:
    with house.budget.call(due=1) as one:
        assert one.alone
        with house.budget.call(due=2) as other:
            assert not one.alone
            assert not other.alone
        assert one.alone


def test_of_two_overdue_calls_the_one_that_came_first_goes_on(house: House) -> None:
    with house.budget.call(due=0) as first, house.budget.call(due=0) as second:
        assert first.alone
        assert not second.alone


def test_a_session_that_fails_gives_its_threads_back(house: House) -> None:
    class Broken:
        threads = 2

        def run(self) -> list[Any]:
            raise SynthesisFailed("no memory")

    with house.budget.call(due=1) as call:
        with pytest.raises(SynthesisFailed):
            call.run(cast("OnnxSession", Broken()))
        end(house.asks("next", call, threads=2))
