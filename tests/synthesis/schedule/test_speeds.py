"""How fast each engine is, and how long it may work before it is taken for hung."""

import asyncio
from contextlib import ExitStack
from dataclasses import replace

import pytest

from tests.support.engines import HummingEngine, OneVoice, humming_pipeline, pieces, seconds_of
from tests.support.virtual_time import Costly, VirtualLane, now, run
from wyoming_kokoro.config import Limits
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.errors import EngineDead, Overloaded
from wyoming_kokoro.speech import US_ENGLISH, Phonemes, Request, Tokens
from wyoming_kokoro.synthesis.casting import Cast
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler
from wyoming_kokoro.synthesis.schedule.speeds import (
    CAUTION,
    SLOWER_AT_WORST,
    Speeds,
    longest_seconds,
)
from wyoming_kokoro.synthesis.schedule.streams import Stream

FLOOR = 60.0
"""Seconds of the watchdog, at the least."""


def virtual_scheduler(engine: HummingEngine | None = None) -> Scheduler:
    """A scheduler whose work costs what it says, or else what it costs `engine`."""
    limits = Limits(engine_watchdog_seconds=FLOOR)
    return Scheduler(limits, now=now, lane=lambda _name: VirtualLane(engine))


async def speak(scheduler: Scheduler, engine: Engine, rtf: float, seconds: float = 1.0) -> Stream:
    """Have so many seconds made by an engine of that speed, for a stream that stays open."""
    stream = scheduler.open()
    await scheduler.voice(stream, engine, Costly(rtf * seconds), seconds)
    stream.clock.send(seconds)
    return stream


def test_the_speed_of_one_engine_says_nothing_of_another() -> None:
    async def main() -> list[float]:
        scheduler, stand_in, model = virtual_scheduler(), HummingEngine(), HummingEngine()
        for _ in range(12):
            await speak(scheduler, stand_in, 0.0095)
        scheduler.expect(model, 0.4)
        return [scheduler.rtf(stand_in), scheduler.rtf(model)]

    assert run(main()) == pytest.approx([0.0095, 0.4])


def test_an_engine_whose_speed_scatters_is_promised_less_of_than_one_that_is_steady() -> None:
    speeds, steady, scattering = Speeds(), HummingEngine(), HummingEngine()
    for number in range(400):
        speeds.learn(steady, 0.3, 1.0)
        speeds.learn(scattering, 0.2 if number % 2 else 0.4, 1.0)
    assert speeds.rtf(scattering) == pytest.approx(speeds.rtf(steady), rel=0.02)
    assert speeds.cautious_rtf(steady) == pytest.approx(0.3)
    assert speeds.cautious_rtf(scattering) == pytest.approx(0.3 + CAUTION * 0.1, rel=0.03)


def test_a_machine_that_was_stopped_for_a_while_is_taken_for_no_more_than_twice_as_slow() -> None:
    speeds, engine = Speeds(), HummingEngine()
    speeds.expect(engine, 0.3)
    for spent in (0.3, 60.0, 0.3, 0.3):
        speeds.learn(engine, spent, 1.0)
        assert speeds.rtf(engine) <= speeds.cautious_rtf(engine) <= 2 * speeds.rtf(engine)


def test_what_is_expected_of_an_engine_counts_until_it_is_measured() -> None:
    async def main() -> list[float]:
        scheduler, engine = virtual_scheduler(), HummingEngine()
        figures = [scheduler.rtf(engine)]
        scheduler.expect(engine, 0.4)
        figures.append(scheduler.rtf(engine))
        for _ in range(100):
            scheduler.close_stream(await speak(scheduler, engine, 0.2))
        scheduler.expect(engine, 0.4)
        return [*figures, scheduler.rtf(engine)]

    assert run(main()) == pytest.approx([0.0, 0.4, 0.2], abs=1e-3)


def test_an_engine_that_was_retired_is_forgotten() -> None:
    async def main() -> float:
        scheduler, engine = virtual_scheduler(), HummingEngine()
        await speak(scheduler, engine, 0.2)
        await scheduler.retire(engine)
        return scheduler.rtf(engine)

    assert run(main()) == 0.0


def test_streams_of_different_engines_share_the_machine() -> None:
    async def main() -> float:
        scheduler, slow, fast = virtual_scheduler(), HummingEngine(), HummingEngine()
        first = await speak(scheduler, slow, 0.6)
        second = await speak(scheduler, fast, 0.05)
        shared = scheduler.shared_rtf(second, fast)
        await speak(scheduler, fast, 0.05)  # 0.65 of the machine was taken: there was room
        newcomer = scheduler.open()
        with pytest.raises(Overloaded):
            await scheduler.plan(newcomer, slow, Costly(0.6))
        scheduler.close_stream(first)
        await scheduler.plan(newcomer, slow, Costly(0.6))
        return shared

    assert run(main()) == pytest.approx(0.65)


def test_who_plays_on_a_fast_engine_does_not_run_dry_for_a_newcomer_of_a_slow_one() -> None:
    async def main() -> list[str]:
        scheduler, slow, fast = virtual_scheduler(), HummingEngine(), HummingEngine()
        scheduler.expect(slow, 0.4)
        scheduler.expect(fast, 0.01)
        playing, served = await speak(scheduler, fast, 0.01, 0.5), []

        async def one(name: str, stream: Stream, engine: Engine, rtf: float) -> None:
            await scheduler.voice(stream, engine, Costly(rtf), 1.0)
            served.append(name)

        busy = asyncio.ensure_future(scheduler.voice(playing, fast, Costly(0.001), 0.0))
        await asyncio.sleep(0)
        await asyncio.gather(
            one("new", scheduler.open(), slow, 0.4), one("playing", playing, fast, 0.01), busy
        )
        return served

    assert run(main()) == ["playing", "new"]


def test_the_breaths_of_a_model_that_takes_over_are_as_long_as_it_can_afford() -> None:
    """The stand-in has spoken for long, and was measured to be far faster than the model."""

    async def main() -> list[float]:
        stand_in, model = HummingEngine(), HummingEngine(rtf=0.4)
        scheduler = virtual_scheduler(model)
        for _ in range(12):
            scheduler.close_stream(await speak(scheduler, stand_in, 0.0095))
        scheduler.expect(model, model.rtf)
        await spoken("a" * 400 + ".", model, scheduler)
        return model.lengths

    _, *later, _ = run(main())
    assert max(later) <= 1.5 + 0.025 + 1e-9  # a frame to fade over


async def spoken(
    text: str, engine: HummingEngine, scheduler: Scheduler, voice: OneVoice | None = None
) -> float:
    """Have a text spoken through the pipeline; return its seconds."""
    pipeline = humming_pipeline(engine, voice=voice, scheduler=scheduler)
    return seconds_of([pcm async for pcm in pipeline.speak(Request(), pieces(text))])


class SlowVoice(OneVoice):
    """Speaks as slowly as may be asked for."""

    def __init__(self, engine: HummingEngine, *, in_breaths: bool) -> None:
        super().__init__(engine)
        self._in_breaths = in_breaths

    async def cast(self, request: Request, uses: ExitStack) -> Cast:
        cast = await super().cast(request, uses)
        return replace(cast, in_breaths=self._in_breaths, speed=0.5)


@pytest.mark.parametrize("in_breaths", [True, False])
def test_the_longest_sentence_is_no_hang_on_a_slow_machine(in_breaths: bool) -> None:
    """More than a minute of speech, of which a second takes two and a half."""

    async def main() -> float:
        engine = HummingEngine(rtf=2.5)
        scheduler = virtual_scheduler(engine)
        scheduler.expect(engine, engine.rtf)
        voice = SlowVoice(engine, in_breaths=in_breaths)
        return await spoken("a" * 500 + ".", engine, scheduler, voice)

    assert run(main()) == pytest.approx(501 * 0.15)


async def hangs(scheduler: Scheduler, engine: Engine, seconds: float, *, plan: bool) -> float:
    """How long an engine that never answers was waited for."""
    asked, stream = now(), scheduler.open()
    work = Costly(1e9)
    with pytest.raises(EngineDead):
        if plan:
            await scheduler.plan(stream, engine, work, seconds)
        else:
            await scheduler.voice(stream, engine, work, seconds)
    return now() - asked


@pytest.mark.parametrize("plan", [True, False])
@pytest.mark.parametrize(
    ("rtf", "seconds", "patience"),
    [
        (0.4, 3.0, FLOOR),
        (2.5, 60.0, SLOWER_AT_WORST * 2.5 * 60.0),
        (0.0, 3.0, FLOOR),
        (0.0, 60.0, 6 * FLOOR),
    ],
)
def test_a_hang_is_found_after_what_the_work_may_take_and_not_before(
    rtf: float, seconds: float, patience: float, plan: bool
) -> None:
    async def main() -> float:
        scheduler, engine = virtual_scheduler(), HummingEngine()
        scheduler.expect(engine, rtf)
        return await hangs(scheduler, engine, seconds, plan=plan)

    assert run(main()) == pytest.approx(patience)


def test_what_shares_an_engine_with_others_may_take_as_many_times_as_long() -> None:
    async def main() -> list[float]:
        figures = []
        for at_once in (1, 3):
            scheduler, engine = virtual_scheduler(), HummingEngine()
            engine.at_once = at_once
            scheduler.expect(engine, 2.5)
            figures.append(await hangs(scheduler, engine, 9.0, plan=False))
        return figures

    alone, shared = run(main())
    assert shared == pytest.approx(3 * alone)


def test_a_sentence_is_bounded_by_its_tokens_or_its_text_and_the_speed() -> None:
    phonemes = Phonemes("", "Twelve marks", US_ENGLISH)
    assert longest_seconds(Tokens((1,) * 510, phonemes), 0.5) == pytest.approx(102)
    assert longest_seconds(Tokens((), phonemes), 1.0) == pytest.approx(1.2)
