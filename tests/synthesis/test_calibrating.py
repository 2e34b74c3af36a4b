"""A model is taught while nobody speaks, and nobody waits for that."""

import asyncio
from typing import cast

import numpy as np
import pytest

from tests.support.engines import HummingEngine
from tests.support.virtual_time import VirtualLane, now, run
from wyoming_kokoro.config import Limits
from wyoming_kokoro.engines.kokoro.engine import KokoroEngine
from wyoming_kokoro.engines.onnx.compiled.calibration_sentences import CalibrationSentence
from wyoming_kokoro.speech import US_ENGLISH, Pcm, Phonemes, Plan, Style, Tokens
from wyoming_kokoro.synthesis import calibrating
from wyoming_kokoro.synthesis.calibrating import calibrate
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler

STYLE = Style(np.zeros(256, np.float32), US_ENGLISH, female=True)
SENTENCE = CalibrationSentence((1,) * 40, np.zeros(256, np.float32), "a-voice")


class Pupil(HummingEngine):
    """Wants to say so many sentences whole before it knows enough. Each takes 0.6 s."""

    def __init__(self, lacks: int) -> None:
        super().__init__()
        self.lacks = lacks
        self.said: list[tuple[float, str, float]] = []

    def plan(self, tokens: Tokens, style: Style, speed: float, seed: int) -> Plan:
        spoken = Tokens((), Phonemes("", "m" * len(tokens.ids), US_ENGLISH))
        self.said.append((now(), style.voice, speed))
        return super().plan(spoken, style, 1.0, seed)

    def voice(self, plan: Plan, span: range) -> Pcm:
        self.lacks -= span == range(plan.frames)
        return super().voice(plan, span)


def scheduler_of(engine: HummingEngine) -> Scheduler:
    return Scheduler(Limits(), now=now, lane=lambda _name: VirtualLane(engine))


async def taught(engine: Pupil, count: int) -> Scheduler:
    scheduler = scheduler_of(engine)
    await calibrate(scheduler, cast("KokoroEngine", engine), [SENTENCE] * count)
    return scheduler


def test_it_says_what_it_lacks_and_no_more() -> None:
    engine = Pupil(lacks=7)
    run(taught(engine, 20))
    assert len(engine.said) == 7
    assert {voice for _, voice, _ in engine.said} == {"a-voice"}
    assert len({speed for _, _, speed in engine.said}) == len(calibrating.SPEEDS)


def test_it_spends_no_more_than_its_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibrating, "BUDGET_SECONDS", 3.0)
    engine = Pupil(lacks=100)
    run(taught(engine, 100))
    assert 4 <= len(engine.said) <= 7


def test_it_waits_while_somebody_is_spoken_to() -> None:
    async def main() -> tuple[list[float], float]:
        engine = Pupil(lacks=3)
        scheduler = scheduler_of(engine)
        listener = scheduler.open()
        teaching = asyncio.create_task(
            calibrate(scheduler, cast("KokoroEngine", engine), [SENTENCE] * 3)
        )
        await asyncio.sleep(60)
        gone = now()
        scheduler.close_stream(listener)
        await teaching
        return [at for at, _, _ in engine.said], gone

    said, gone = run(main())
    assert len(said) == 3
    assert min(said) >= gone


def test_who_comes_meanwhile_waits_for_one_sentence_at_the_most() -> None:
    async def main() -> float:
        engine = Pupil(lacks=50)
        scheduler = scheduler_of(engine)
        teaching = asyncio.create_task(
            calibrate(scheduler, cast("KokoroEngine", engine), [SENTENCE] * 50)
        )
        await asyncio.sleep(1.0)
        listener, asked = scheduler.open(), now()
        tokens = Tokens((), Phonemes("", "hello", US_ENGLISH))
        await scheduler.plan(listener, engine, lambda: engine.plan(tokens, STYLE, 1.0, 0))
        waited = now() - asked
        before = len(engine.said)
        await asyncio.sleep(30)
        assert len(engine.said) == before
        scheduler.close_stream(listener)
        await teaching
        return waited

    assert run(main()) < 0.7
