"""Whose turn it is: in virtual time, with work of known cost."""

import asyncio
from collections.abc import Callable

import pytest

from tests.support.engines import HummingEngine
from tests.support.virtual_time import Costly, VirtualLane, now, run
from wyoming_kokoro.config import Limits
from wyoming_kokoro.errors import EngineDead, Overloaded, ShuttingDown, SynthesisFailed
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler
from wyoming_kokoro.synthesis.schedule.streams import Stream

ENGINE = HummingEngine()


def virtual_scheduler(
    limits: Limits | None = None, on_dead: Callable[[EngineDead], None] = lambda _error: None
) -> Scheduler:
    return Scheduler(limits or Limits(), now=now, lane=lambda _name: VirtualLane(), on_dead=on_dead)


async def measured(scheduler: Scheduler, rtf: float) -> None:
    """Let the scheduler learn how fast the engine is."""
    stream = scheduler.open()
    await scheduler.voice(stream, ENGINE, Costly(rtf), 1.0)
    scheduler.close_stream(stream)


def playing(scheduler: Scheduler, left: float) -> Stream:
    """A stream whose listener has so many seconds left."""
    stream = scheduler.open()
    stream.began, stream.engine = now(), ENGINE
    stream.clock.send(left)
    return stream


async def order_of(scheduler: Scheduler, wanted: dict[str, tuple[Stream, float]]) -> list[str]:
    """Ask for a breath for each stream while the engine is busy; return the order of service."""
    served: list[str] = []

    async def one(name: str, stream: Stream, seconds: float) -> None:
        await scheduler.voice(stream, ENGINE, Costly(seconds * scheduler.rtf(ENGINE)), seconds)
        served.append(name)

    busy = asyncio.ensure_future(scheduler.voice(scheduler.open(), ENGINE, Costly(0.001), 0.0))
    await asyncio.sleep(0)
    await asyncio.gather(*(one(name, *job) for name, job in wanted.items()))
    await busy
    return served


def test_the_breath_whose_listener_runs_dry_first_is_made_first() -> None:
    async def main() -> list[str]:
        scheduler = virtual_scheduler()
        await measured(scheduler, 0.2)
        streams = {name: (playing(scheduler, left), 1.0) for name, left in (("b", 5), ("a", 3))}
        return await order_of(scheduler, streams)

    assert run(main()) == ["a", "b"]


def test_a_newcomer_goes_ahead_of_a_listener_with_seconds_in_the_buffer() -> None:
    async def main() -> list[str]:
        scheduler = virtual_scheduler()
        await measured(scheduler, 0.2)
        return await order_of(
            scheduler, {"reader": (playing(scheduler, 5.0), 3.0), "new": (scheduler.open(), 1.0)}
        )

    assert run(main()) == ["new", "reader"]


def test_a_stream_that_would_otherwise_run_dry_has_the_right_of_way() -> None:
    async def main() -> list[str]:
        scheduler = virtual_scheduler()
        await measured(scheduler, 0.2)
        return await order_of(
            scheduler, {"new": (scheduler.open(), 1.5), "playing": (playing(scheduler, 0.4), 1.5)}
        )

    assert run(main()) == ["playing", "new"]


def test_past_capacity_a_newcomer_waits_until_a_stream_has_ended() -> None:
    async def main() -> tuple[bool, float]:
        scheduler = virtual_scheduler()
        await measured(scheduler, 0.45)
        one, two = playing(scheduler, 9.0), playing(scheduler, 9.0)
        newcomer = asyncio.ensure_future(scheduler.plan(scheduler.open(), ENGINE, Costly(0.1)))
        await asyncio.sleep(5)
        held = not newcomer.done()
        scheduler.close_stream(one)
        await newcomer
        scheduler.close_stream(two)
        return held, now()

    held, at = run(main())
    assert held
    assert at == pytest.approx(5.55)


def test_who_waits_too_long_is_told_overloaded() -> None:
    async def main() -> float:
        scheduler = virtual_scheduler(Limits(queue_seconds=30))
        await measured(scheduler, 1.0)
        playing(scheduler, 9.0)
        with pytest.raises(Overloaded, match="30 s"):
            await scheduler.plan(scheduler.open(), ENGINE, Costly(0.1))
        return now()

    assert run(main()) == pytest.approx(31.0)


def test_one_stream_is_served_however_slow_the_machine() -> None:
    async def main() -> float:
        scheduler = virtual_scheduler()
        await measured(scheduler, 3.0)
        await scheduler.plan(scheduler.open(), ENGINE, Costly(1.0))
        return now()

    assert run(main()) == pytest.approx(4.0)


def test_a_request_that_is_given_up_leaves_the_engine_to_others() -> None:
    async def main() -> list[str]:
        scheduler = virtual_scheduler()
        given_up = scheduler.open()
        first = asyncio.ensure_future(scheduler.voice(given_up, ENGINE, Costly(2.0), 1.0))
        waiting = asyncio.ensure_future(scheduler.voice(scheduler.open(), ENGINE, Costly(9.0), 1.0))
        await asyncio.sleep(1)
        first.cancel()
        waiting.cancel()
        scheduler.close_stream(given_up)
        await scheduler.voice(scheduler.open(), ENGINE, Costly(1.0), 1.0)
        assert now() == pytest.approx(3.0)
        return [str(task.cancelled()) for task in (first, waiting)]

    assert run(main()) == ["True", "True"]


def test_an_engine_that_fails_fails_only_the_request_it_worked_for() -> None:
    async def main() -> str:
        def broken() -> str:
            raise SynthesisFailed("this one")

        scheduler = virtual_scheduler()
        with pytest.raises(SynthesisFailed, match="this one"):
            await scheduler.plan(scheduler.open(), ENGINE, broken)
        return await scheduler.plan(scheduler.open(), ENGINE, lambda: "the next one")

    assert run(main()) == "the next one"


def test_an_engine_that_hangs_is_declared_dead_and_everybody_told() -> None:
    async def main() -> list[str]:
        told: list[EngineDead] = []
        scheduler = virtual_scheduler(
            Limits(engine_watchdog_seconds=60, queue_seconds=100), told.append
        )
        jobs = [
            asyncio.ensure_future(scheduler.plan(scheduler.open(), ENGINE, Costly(1000)))
            for _ in range(2)
        ]
        results = await asyncio.gather(*jobs, return_exceptions=True)
        with pytest.raises(EngineDead):
            await scheduler.plan(scheduler.open(), ENGINE, Costly(0))
        assert now() == pytest.approx(60)
        return [type(error).__name__ for error in [*results, *told]]

    assert run(main()) == ["EngineDead"] * 3


def test_a_closed_scheduler_refuses_what_waits() -> None:
    async def main() -> None:
        scheduler = virtual_scheduler()
        running = asyncio.ensure_future(scheduler.plan(scheduler.open(), ENGINE, Costly(1)))
        waiting = asyncio.ensure_future(scheduler.plan(scheduler.open(), ENGINE, Costly(1)))
        await asyncio.sleep(0.5)
        scheduler.close()
        with pytest.raises(ShuttingDown):
            await waiting
        await running

    run(main())


@pytest.mark.parametrize("rtf", [0.175, 0.38])
def test_a_reader_without_end_does_not_hold_a_houses_answers_back(rtf: float) -> None:
    """A room asks ten times while an announcement without end is read."""
    audio = 1.5

    async def speak(scheduler: Scheduler, stream: Stream, breaths: int) -> None:
        for _ in range(breaths):
            await asyncio.sleep(max(0.0, stream.clock.left + audio - Limits().seconds_ahead))
            await scheduler.voice(stream, ENGINE, Costly(rtf * audio), audio)
            stream.clock.send(audio)

    async def main() -> tuple[float, int]:
        scheduler = virtual_scheduler()
        await measured(scheduler, rtf)
        reader = scheduler.open()
        reading = asyncio.ensure_future(speak(scheduler, reader, 1000))
        worst, underruns = 0.0, 0
        for _ in range(10):
            await asyncio.sleep(7.3)
            asked, room = now(), scheduler.open()
            await speak(scheduler, room, 1)
            worst = max(worst, now() - asked)
            await speak(scheduler, room, 3)
            underruns += room.clock.underruns
            scheduler.close_stream(room)
        reading.cancel()
        return worst, underruns + reader.clock.underruns

    worst, underruns = run(main())
    assert underruns == 0
    assert worst <= 2 * rtf * audio + 1e-6  # its own breath, and at the most the one being made


async def resting(scheduler: Scheduler, rtf: float) -> Stream:
    """A stream that has spoken, and whose text pauses; the engine was measured meanwhile."""
    stream = scheduler.open()
    await scheduler.voice(stream, ENGINE, Costly(rtf), 1.0)
    stream.clock.send(1.0)
    scheduler.rest(stream)
    return stream


@pytest.mark.parametrize(("rtf", "streams"), [(0.2, 5), (2.5, 1), (2.5, 5)])
def test_streams_whose_text_pauses_keep_no_newcomer_waiting(rtf: float, streams: int) -> None:
    async def main() -> float:
        scheduler = virtual_scheduler()
        for _ in range(streams):
            await resting(scheduler, rtf)
        asked = now()
        await scheduler.plan(scheduler.open(), ENGINE, Costly(0.1))
        return now() - asked

    assert run(main()) == pytest.approx(0.1)


def test_a_newcomer_that_waits_starts_when_the_text_of_another_pauses() -> None:
    async def main() -> float:
        scheduler = virtual_scheduler()
        await measured(scheduler, 1.0)
        speaking, asked = playing(scheduler, 9.0), now()
        newcomer = asyncio.ensure_future(scheduler.plan(scheduler.open(), ENGINE, Costly(0.1)))
        await asyncio.sleep(5)
        scheduler.rest(speaking)
        await newcomer
        return now() - asked

    assert run(main()) == pytest.approx(5.1)


def test_a_stream_whose_text_goes_on_has_its_turn_and_counts_again() -> None:
    async def main() -> tuple[float, bool]:
        scheduler = virtual_scheduler()
        speaking = await resting(scheduler, 1.0)
        asked = now()
        await scheduler.voice(speaking, ENGINE, Costly(1.0), 1.0)
        waited = now() - asked
        newcomer = asyncio.ensure_future(scheduler.plan(scheduler.open(), ENGINE, Costly(0.1)))
        await asyncio.sleep(5)
        held = not newcomer.done()
        scheduler.close_stream(speaking)
        await newcomer
        return waited, held

    assert run(main()) == (1.0, True)


def test_an_engine_is_shared_with_those_that_speak_and_not_with_those_that_rest() -> None:
    async def main() -> list[float]:
        scheduler = virtual_scheduler()
        await measured(scheduler, 0.2)
        me, others = playing(scheduler, 1.0), [playing(scheduler, 1.0) for _ in range(2)]
        figures = [scheduler.shared_rtf(me, ENGINE)]
        scheduler.rest(others[0])
        return [*figures, scheduler.shared_rtf(me, ENGINE)]

    assert run(main()) == pytest.approx([0.6, 0.4])


def test_who_sends_text_late_may_wait_for_a_turn_as_long_as_anybody() -> None:
    async def main() -> float:
        scheduler = virtual_scheduler(Limits(queue_seconds=30))
        await measured(scheduler, 1.0)
        late = scheduler.open()
        await asyncio.sleep(100)
        speaking = playing(scheduler, 9.0)
        newcomer = asyncio.ensure_future(scheduler.plan(late, ENGINE, Costly(0.1)))
        await asyncio.sleep(20)
        scheduler.close_stream(speaking)
        await newcomer
        return now()

    assert run(main()) == pytest.approx(1 + 100 + 20 + 0.1)


def test_of_newcomers_who_asked_first_is_served_first_whenever_their_streams_began() -> None:
    async def main() -> list[str]:
        scheduler = virtual_scheduler()
        late = scheduler.open()
        await asyncio.sleep(100)
        wanted = {"first": (scheduler.open(), 1.0), "text came late": (late, 1.0)}
        return await order_of(scheduler, wanted)

    assert run(main()) == ["first", "text came late"]


def test_a_call_that_is_cancelled_from_within_leaves_nobody_waiting() -> None:
    async def main() -> str:
        def cancelled() -> None:
            raise asyncio.CancelledError

        scheduler = virtual_scheduler()
        with pytest.raises(asyncio.CancelledError):
            await scheduler.plan(scheduler.open(), ENGINE, cancelled)
        return await scheduler.plan(scheduler.open(), ENGINE, lambda: "the next one")

    assert run(main()) == "the next one"


def ahead(scheduler: Scheduler, seconds: float) -> Stream:
    """A stream that is not paced, so many seconds ahead of its listener."""
    stream = scheduler.open(paced=False)
    stream.began, stream.engine = now(), ENGINE
    stream.clock.make(seconds)
    stream.clock.send(seconds)
    return stream


@pytest.mark.parametrize("left", [0.0, 5.0, 7.0])
def test_who_is_not_paced_and_far_ahead_lets_every_listener_go_first(left: float) -> None:
    async def main() -> list[str]:
        scheduler = virtual_scheduler()
        await measured(scheduler, 0.2)
        downloads = {f"download {n}": (ahead(scheduler, 8.5 + n), 1.0) for n in range(2)}
        listener = {"listener": (playing(scheduler, left), 1.0)}
        newcomer = {"newcomer": (scheduler.open(), 1.0)}
        return await order_of(scheduler, {**downloads, **listener, **newcomer})

    served = run(main())
    assert set(served[:2]) == {"listener", "newcomer"}
    assert served[2:] == ["download 0", "download 1"]


def test_who_is_not_paced_has_its_turn_like_anybody_up_to_what_a_paced_one_may_have() -> None:
    async def main() -> list[str]:
        scheduler = virtual_scheduler()
        await measured(scheduler, 0.2)
        wanted = {
            "listener": (playing(scheduler, 7.0), 1.0),
            "download": (ahead(scheduler, 3.0), 1.0),
        }
        return await order_of(scheduler, wanted)

    assert run(main()) == ["download", "listener"]


def test_downloads_keep_no_newcomer_waiting_however_many_they_are() -> None:
    async def main() -> float:
        scheduler = virtual_scheduler()
        await measured(scheduler, 0.4)
        for _ in range(10):
            ahead(scheduler, 9.0)
        begun = now()
        await scheduler.voice(scheduler.open(), ENGINE, Costly(0.4), 1.0)
        return now() - begun

    assert run(main()) == pytest.approx(0.4)


def test_what_nobody_listens_to_waits_for_downloads_too() -> None:
    async def main() -> list[str]:
        scheduler = virtual_scheduler()
        await measured(scheduler, 0.2)
        nobody = scheduler.open(in_background=True)
        wanted = {"nobody": (nobody, 1.0), "download": (ahead(scheduler, 60.0), 1.0)}
        return await order_of(scheduler, wanted)

    assert run(main()) == ["download", "nobody"]


def test_downloads_that_have_just_begun_keep_a_paced_newcomer_from_nothing() -> None:
    async def main() -> tuple[float, list[str]]:
        scheduler = virtual_scheduler()
        await measured(scheduler, 0.4)
        for _ in range(10):
            ahead(scheduler, 2.0)
        begun = now()
        await scheduler.voice(scheduler.open(), ENGINE, Costly(0.4), 1.0)
        took = now() - begun
        download = scheduler.open(paced=False)
        waits = asyncio.ensure_future(scheduler.voice(download, ENGINE, Costly(0.4), 1.0))
        await asyncio.sleep(1)
        waiting = ["download"] if not waits.done() else []
        waits.cancel()
        return took, waiting

    took, waiting = run(main())
    assert took == pytest.approx(0.4)
    assert waiting == ["download"]


def test_downloads_that_run_dry_have_no_right_of_way_before_a_newcomer() -> None:
    async def main() -> list[str]:
        scheduler = virtual_scheduler()
        await measured(scheduler, 0.4)
        dry = {f"download {n}": (ahead(scheduler, 0.1), 1.0) for n in range(3)}
        return await order_of(scheduler, {**dry, "newcomer": (scheduler.open(), 1.0)})

    assert run(main())[0] == "newcomer"


def test_a_listener_is_not_held_back_for_downloads_that_let_it_go_first() -> None:
    async def main() -> tuple[float, float]:
        scheduler = virtual_scheduler()
        await measured(scheduler, 0.4)
        for _ in range(10):
            ahead(scheduler, 2.0)
        listener, download = scheduler.open(), scheduler.open(paced=False)
        shared = scheduler.shared_rtf
        return shared(listener, ENGINE), shared(download, ENGINE)

    alone, among_many = run(main())
    assert alone == pytest.approx(0.4)
    assert among_many == pytest.approx(0.4 * 11)


def test_what_is_done_in_the_background_waits_for_as_long_as_it_takes() -> None:
    async def main() -> float:
        scheduler = virtual_scheduler(Limits(queue_seconds=1.0))
        await measured(scheduler, 0.2)
        busy = asyncio.ensure_future(scheduler.voice(scheduler.open(), ENGINE, Costly(50.0), 100.0))
        await asyncio.sleep(0)
        book = scheduler.open(in_background=True)
        await scheduler.voice(book, ENGINE, Costly(1.0), 5.0)
        await busy
        return now()

    assert run(main()) >= 51.0


def test_what_is_free_is_what_no_listener_needs() -> None:
    async def main() -> list[float]:
        scheduler = virtual_scheduler()
        await measured(scheduler, 0.19)
        free = [scheduler.free]
        streams = []
        for _ in range(2):
            streams.append(playing(scheduler, 5.0))
            free.append(scheduler.free)
        scheduler.open(in_background=True).engine = ENGINE
        free.append(scheduler.free)
        busy = asyncio.ensure_future(scheduler.voice(streams[0], ENGINE, Costly(3.0), 1.0))
        await asyncio.sleep(0)
        newcomer = asyncio.ensure_future(
            scheduler.voice(scheduler.open(), ENGINE, Costly(0.1), 1.0)
        )
        await asyncio.sleep(0)
        free.append(scheduler.free)
        await asyncio.sleep(1.5)
        free.append(scheduler.free)
        newcomer.cancel()
        await asyncio.gather(busy, newcomer, return_exceptions=True)
        return free

    assert run(main()) == pytest.approx([1.0, 0.8, 0.6, 0.6, 0.6, 0.0])
