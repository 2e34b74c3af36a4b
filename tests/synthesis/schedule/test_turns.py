"""Several calls of an engine at once: who may join whom, and what each is told of its urgency."""

import asyncio
import math

import pytest

from tests.support.engines import HummingEngine
from tests.support.virtual_time import Costly, VirtualLane, now, run
from wyoming_kokoro.config import Limits
from wyoming_kokoro.engines.base import AT_ONCE, DUE
from wyoming_kokoro.synthesis.schedule.admission import (
    PASSED_SECONDS,
    PASSED_WITHIN_SECONDS,
)
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler
from wyoming_kokoro.synthesis.schedule.streams import Stream
from wyoming_kokoro.synthesis.schedule.turns import MAKING_SECONDS, SPARE_SECONDS

COST = 0.2


class SharingEngine(HummingEngine):
    """Answers several calls at once."""

    at_once = AT_ONCE


class Room:
    """A scheduler in virtual time, and what is asked of it."""

    def __init__(self, rtf: float = 0.2) -> None:
        self.scheduler = Scheduler(Limits(), now=now, lane=lambda _name: VirtualLane())
        self.rtf = rtf
        """Of all engines here, as long as nothing is measured."""

    def playing(self, left: float) -> Stream:
        """A stream whose listener has so many seconds left."""
        stream = self.scheduler.open()
        stream.began, stream.engine = now(), HummingEngine()
        self.scheduler.expect(stream.engine, self.rtf)
        stream.clock.send(left)
        return stream

    def breath(
        self, engine: HummingEngine, seconds: float = 1.0, stream: Stream | None = None
    ) -> "asyncio.Future[float]":
        """Have one made in `COST` seconds; its result is when it was due."""

        class Breath(Costly):
            def __call__(self) -> float:
                return DUE.get()

        self.scheduler.expect(engine, self.rtf)
        stream = stream or self.scheduler.open()
        return asyncio.ensure_future(self.scheduler.voice(stream, engine, Breath(COST), seconds))


def test_an_engine_that_answers_several_calls_at_once_is_given_them_at_once() -> None:
    async def main() -> float:
        room, engine = Room(), SharingEngine()
        lefts = (9.0, 9.0, 1.0)
        assert len(lefts) == AT_ONCE
        await asyncio.gather(*(room.breath(engine, stream=room.playing(left)) for left in lefts))
        return now()

    assert run(main()) == pytest.approx(COST)


def test_the_last_of_the_calls_at_once_is_kept_for_what_is_more_urgent_than_the_others() -> None:
    async def main() -> float:
        room, engine = Room(), SharingEngine()
        lefts = (9.0, 9.0, 9.5)
        await asyncio.gather(*(room.breath(engine, stream=room.playing(left)) for left in lefts))
        return now()

    assert run(main()) == pytest.approx(2 * COST)


def test_an_engine_that_answers_one_call_at_a_time_is_given_one_at_a_time() -> None:
    async def main() -> float:
        room, engine = Room(), HummingEngine()
        await asyncio.gather(*(room.breath(engine) for _ in range(AT_ONCE)))
        return now()

    assert run(main()) == pytest.approx(AT_ONCE * COST)


def test_two_engines_do_not_run_at_once_and_each_has_its_turn() -> None:
    async def main() -> list[float]:
        room = Room()
        ends: list[float] = []

        async def one(engine: HummingEngine, stream: Stream) -> None:
            await room.breath(engine, stream=stream)
            ends.append(now())

        ours, other = SharingEngine(), SharingEngine()
        first = [asyncio.ensure_future(one(ours, room.playing(9.0))) for _ in range(2)]
        await asyncio.sleep(COST / 2)
        newcomer = asyncio.ensure_future(one(other, room.scheduler.open()))
        late = asyncio.ensure_future(one(ours, room.playing(9.0)))  # could join the first two
        await asyncio.gather(*first, newcomer, late)
        return ends

    assert run(main()) == pytest.approx([COST, COST, 2 * COST, 3 * COST])


def test_what_is_in_the_making_at_once_is_bounded() -> None:
    async def main() -> list[float]:
        room, engine = Room(), SharingEngine()
        ends = []
        for seconds in (0.6 * MAKING_SECONDS, 3 * MAKING_SECONDS):
            began = now()
            await asyncio.gather(*(room.breath(engine, seconds) for _ in range(2)))
            ends.append(now() - began)
        return ends

    assert run(main()) == pytest.approx([2 * COST, 2 * COST])


def test_engine_time_is_charged_to_the_call_that_is_due_first() -> None:
    async def main() -> tuple[list[float], float]:
        room, engine = Room(), SharingEngine()
        streams = [room.playing(1000.0), room.playing(1.0)]
        for _ in range(200):  # so that what was expected is forgotten
            await asyncio.gather(*(room.breath(engine, 2.0, stream) for stream in streams))
        return [stream.engine_seconds for stream in streams], room.scheduler.rtf(engine)

    spent, rtf = run(main())
    assert spent == pytest.approx([0.0, 200 * COST])
    assert rtf == pytest.approx(COST / 4, rel=0.02)


def test_of_calls_at_once_a_newcomers_is_due_before_that_of_one_with_time() -> None:
    async def main() -> list[float]:
        room, engine = Room(), SharingEngine()
        return list(
            await asyncio.gather(room.breath(engine, stream=room.playing(9.0)), room.breath(engine))
        )

    with_time, newcomers = run(main())
    assert newcomers == pytest.approx(0.2 * 1.0)  # the breath that it asked for
    assert with_time == pytest.approx(9.0 - 0.2 * SPARE_SECONDS)


@pytest.mark.parametrize("at_once", [1, AT_ONCE])
def test_a_short_call_is_due_before_a_long_one_whose_listener_has_more_if_they_share_the_engine(
    at_once: int,
) -> None:
    async def main() -> list[float]:
        room, engine = Room(rtf=0.4), SharingEngine()
        engine.at_once = at_once
        long = room.breath(engine, 8.0, room.playing(3.0))
        short = room.breath(engine, 0.5, room.playing(1.0))
        return list(await asyncio.gather(long, short))

    long, short = run(main())
    assert (short < long) is (at_once > 1)


def test_of_calls_at_once_the_one_that_would_run_dry_is_due_first() -> None:
    async def main() -> list[float]:
        room, engine = Room(), SharingEngine()
        return list(
            await asyncio.gather(room.breath(engine), room.breath(engine, stream=room.playing(0.3)))
        )

    newcomers, nearly_dry = run(main())
    assert nearly_dry < newcomers


def test_of_newcomers_the_first_stays_first_until_it_is_heard() -> None:
    async def main() -> list[float]:
        room, engine = Room(), SharingEngine()
        first = room.scheduler.open()
        await room.breath(engine, stream=first)
        return list(await asyncio.gather(room.breath(engine), room.breath(engine, stream=first)))

    second, first = run(main())
    assert first < second


def test_what_is_made_counts_though_it_is_not_sent_yet() -> None:
    async def main() -> list[float]:
        room, engine = Room(), SharingEngine()
        made = room.scheduler.open()
        made.began = now()
        made.clock.make(3.0)
        return list(await asyncio.gather(room.breath(engine, stream=made), room.breath(engine)))

    with_time, newcomers = run(main())
    assert newcomers < with_time


def test_a_plan_is_followed_by_its_first_breath_whoever_else_waits() -> None:
    async def main() -> list[float]:
        room, engine, heard = Room(), HummingEngine(), []

        async def newcomer() -> None:
            stream = room.scheduler.open()
            await room.scheduler.plan(stream, engine, Costly(COST))
            await room.scheduler.voice(stream, engine, Costly(COST), 1.0)
            heard.append(now())
            room.scheduler.close_stream(stream)

        await asyncio.gather(newcomer(), newcomer())
        return heard

    assert run(main()) == pytest.approx([2 * COST, 4 * COST])


def test_who_gives_up_in_the_middle_leaves_the_engine_to_who_waits() -> None:
    async def main() -> float:
        room, engine = Room(), HummingEngine()
        busy, given_up, waits = [room.breath(engine) for _ in range(3)]
        await busy
        await asyncio.sleep(COST / 2)
        given_up.cancel()  # it waited for its turn, and has it now
        await waits
        return now()

    assert run(main()) == pytest.approx(3 * COST)


def test_a_stream_that_plays_already_needs_no_admission() -> None:
    async def main() -> float:
        room, engine = Room(rtf=0.5), SharingEngine()
        for _ in range(2):
            room.playing(9.0)
        begins_with_a_pause = room.scheduler.open()
        begins_with_a_pause.clock.send(1.0)
        await room.breath(engine, stream=begins_with_a_pause)
        return now()

    assert run(main()) == pytest.approx(COST)


def test_an_engine_is_closed_when_its_last_call_has_ended() -> None:
    class ClosingEngine(SharingEngine):
        closed_at = 0.0

        def close(self) -> None:
            self.closed_at = now()

    async def main() -> float:
        room, engine = Room(), ClosingEngine()
        given_up = room.breath(engine)
        await asyncio.sleep(COST / 2)
        given_up.cancel()
        await room.scheduler.retire(engine)
        return engine.closed_at

    assert run(main()) == pytest.approx(COST)


@pytest.mark.parametrize(("others", "survives"), [(True, True), (False, False)])
def test_a_call_that_others_go_before_is_not_taken_for_hung(others: bool, survives: bool) -> None:
    async def main() -> bool:
        room, engine = Room(), SharingEngine()
        nobody = room.scheduler.open(in_background=True)
        long = room.scheduler.voice(nobody, engine, Costly(100.0), 1.0)
        waiting = asyncio.ensure_future(long)
        await asyncio.sleep(0)
        for _ in range(9 if others else 0):
            await asyncio.sleep(10)
            await room.breath(engine, stream=(stream := room.scheduler.open()))
            room.scheduler.close_stream(stream)
        await asyncio.wait([waiting])
        return waiting.exception() is None

    assert run(main()) is survives


def test_a_long_sentence_in_the_background_keeps_no_listener_waiting() -> None:
    async def main() -> float:
        room, engine = Room(), SharingEngine()
        book = room.scheduler.open(in_background=True)
        whole = room.breath(engine, 3 * MAKING_SECONDS, stream=book)
        await asyncio.sleep(COST / 10)
        await room.breath(engine, 1.0)
        assert not whole.done() or now() <= COST + COST / 10
        began = now()
        await whole
        return began

    assert run(main()) == pytest.approx(COST / 10 + COST)


@pytest.mark.parametrize(("text", "begins"), [(2.0, True), (60.0, False), (math.inf, False)])
def test_a_newcomer_begins_where_the_others_texts_end_in_time(text: float, begins: bool) -> None:
    """Two others, who have little in hand, take so much of the machine that there is no room for it
    as long as they speak."""

    async def main() -> bool:
        room, engine = Room(rtf=0.4), SharingEngine()
        for _ in range(2):
            other = room.playing(1.5)
            other.clock.make(1.5)
            other.text_seconds = lambda: text
        newcomer = room.scheduler.open()
        newcomer.text_seconds = lambda: 5.0
        asked = room.breath(engine, stream=newcomer)
        await asyncio.sleep(0.01)
        begun = newcomer.began is not None
        asked.cancel()
        return begun

    assert run(main()) is begins


@pytest.mark.parametrize(("after", "begins"), [(0.0, False), (2.5, True)])
def test_what_was_spent_on_a_call_that_runs_makes_room_for_a_newcomer(
    after: float, begins: bool
) -> None:
    """Another has 8 s of speech made, in 3.2 s, and would run dry after 4 s."""

    async def main() -> bool:
        room, engine = Room(rtf=0.4), SharingEngine()
        other, newcomer = room.playing(4.0), room.scheduler.open()
        other.text_seconds, newcomer.text_seconds = lambda: 8.0, lambda: 5.0
        room.scheduler.expect(engine, room.rtf)
        making = asyncio.ensure_future(room.scheduler.voice(other, engine, Costly(3.2), 8.0))
        await asyncio.sleep(after)
        asked = room.breath(engine, stream=newcomer)
        await asyncio.sleep(0.01)
        begun = newcomer.began is not None
        making.cancel()
        asked.cancel()
        return begun

    assert run(main()) is begins


async def newcomers(
    texts: dict[str, float], freed_after: float, apart: float = 0.01
) -> dict[str, float]:
    """Let newcomers with so many seconds of text ask, one after the other, beside one that has
    little in hand and reads until it ends; return when each began, by name."""
    room, engine, begun = Room(rtf=0.6), SharingEngine(), dict[str, float]()

    async def newcomer(name: str, text: float) -> None:
        stream = room.scheduler.open()
        stream.text_seconds = lambda: text
        await room.breath(engine, COST / room.rtf, stream)
        begun[name] = now()
        await asyncio.sleep(1.0)
        room.scheduler.close_stream(stream)

    reader, asked = room.playing(3.0), list[asyncio.Future[None]]()
    for name, text in texts.items():
        asked.append(asyncio.ensure_future(newcomer(name, text)))
        await asyncio.sleep(apart)
    await asyncio.sleep(freed_after)
    room.scheduler.close_stream(reader)
    await asyncio.gather(*asked)
    return begun


def test_who_asked_later_and_needs_little_begins_while_the_first_waits_for_room() -> None:
    begun = run(newcomers({"long": 60.0, "short": 0.5}, freed_after=10.0))
    assert begun["short"] < 1
    assert begun["long"] > 10


def test_who_has_waited_for_long_is_passed_no_more() -> None:
    texts = {"long": 60.0, "short": 0.5}
    begun = run(newcomers(texts, freed_after=5.0, apart=PASSED_WITHIN_SECONDS + 1))
    assert begun["short"] > begun["long"] > 10


def test_newcomers_that_need_as_much_begin_as_they_asked() -> None:
    begun = run(newcomers({"first": 20.0, "second": 20.0}, freed_after=5.0))
    assert 5 < begun["first"] < begun["second"]


def test_who_waits_for_room_is_passed_by_so_much_and_no_more() -> None:
    """Many short ones come while a long one waits; what all of them take of the engine is bounded,
    and so is what they make it wait longer than that."""
    many = {str(number): 0.78 for number in range(20)}
    begun = run(newcomers({"long": 60.0, **many}, freed_after=10.0))
    passed = [name for name in many if begun[name] < begun["long"]]
    assert passed == [str(number) for number in range(int(PASSED_SECONDS / (0.6 * 0.78)))]
    assert begun["long"] < 10 + PASSED_SECONDS


def test_what_takes_next_to_nothing_does_not_wait_behind_one_for_whom_there_is_no_room() -> None:
    async def main() -> tuple[list[float], bool]:
        room, slow, fast = Room(rtf=0.6), SharingEngine(), SharingEngine()
        reader = room.playing(3.0)
        waits = room.breath(slow)
        room.rtf, took = 0.01, list[float]()
        for _ in range(30):
            stream, asked = room.scheduler.open(), now()
            stream.text_seconds = lambda: 5.0
            await room.breath(fast, COST / room.rtf, stream)
            took.append(now() - asked)
            room.scheduler.close_stream(stream)
        waited = not waits.done()
        room.scheduler.close_stream(reader)
        await waits
        return took, waited

    took, waited = run(main())
    assert waited
    assert took == pytest.approx([COST] * 30)
