"""How long text takes to say: the table, what is learned, and what newcomers make of it."""

import asyncio

import pytest

from tests.support.engines import HummingEngine, humming_pipeline, pieces, seconds_of
from tests.support.virtual_time import VirtualLane, now, run
from wyoming_kokoro.config import Limits
from wyoming_kokoro.speech import LANGUAGES, Plan, Request, Style, Tokens, language_named
from wyoming_kokoro.synthesis.pace import FURTHEST, RATHER_MORE, Pace
from wyoming_kokoro.synthesis.pipeline import Pipeline
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler

ENGLISH, MANDARIN, JAPANESE = map(language_named, ("en_US", "zh_CN", "ja_JP"))

SENTENCE = "Forty characters are so many seconds on."


def test_a_character_takes_as_long_as_its_language_has_it_before_anything_is_spoken() -> None:
    pace = Pace()
    seconds = {one.code: pace.seconds_a_character(one, 1.0) for one in LANGUAGES}
    assert seconds["zh_CN"] > seconds["ja_JP"] > 3 * seconds["en_US"]
    assert seconds["fr_FR"] == seconds["en_US"]


def test_twice_as_fast_takes_half_as_long() -> None:
    pace = Pace()
    assert pace.seconds_a_character(ENGLISH, 2.0) == pace.seconds_a_character(ENGLISH, 1.0) / 2


def test_what_was_spoken_tells_how_long_a_character_takes_at_any_speed() -> None:
    pace = Pace()
    for _ in range(500):
        pace.learn(ENGLISH, 0.5, 40, 40 * 0.05 / 0.5)
    assert pace.seconds_a_character(ENGLISH, 1.0) == pytest.approx(RATHER_MORE * 0.05, rel=1e-2)


def test_one_language_says_nothing_of_another() -> None:
    pace, before = Pace(), Pace().seconds_a_character(JAPANESE, 1.0)
    pace.learn(MANDARIN, 1.0, 10_000, 5000.0)
    assert pace.seconds_a_character(JAPANESE, 1.0) == before


@pytest.mark.parametrize(("seconds", "factor"), [(1e6, FURTHEST), (0.0, 1 / FURTHEST)])
def test_nobody_moves_it_further_than_twice_by_what_is_asked_for(
    seconds: float, factor: float
) -> None:
    pace, before = Pace(), Pace().seconds_a_character(ENGLISH, 1.0)
    pace.learn(ENGLISH, 1.0, 20_000, seconds)
    pace.learn(ENGLISH, 1.0, 0, 0.0)
    assert pace.seconds_a_character(ENGLISH, 1.0) == pytest.approx(factor * before)


class SlowSpeaker(HummingEngine):
    """Takes longer to say a text than others."""

    def plan(self, tokens: Tokens, style: Style, speed: float, seed: int) -> Plan:
        return super().plan(tokens, style, speed / 1.6, seed)


async def gaps(pipeline: Pipeline, sentences: int) -> int:
    """Hear so many sentences to their end; return how often the listener ran dry."""
    dry, count = 0.0, 0
    async for chunk in pipeline.speak(Request(), pieces(" ".join([SENTENCE] * sentences))):
        count += 0 < dry < now() - 1e-9
        dry = max(dry, now()) + seconds_of([chunk])
    await asyncio.sleep(max(0.0, dry - now()))
    return count


def test_who_speaks_slowly_is_not_made_to_stutter_once_that_is_known() -> None:
    async def main() -> int:
        engine = SlowSpeaker(rtf=0.6)
        scheduler = Scheduler(Limits(), now=now, lane=lambda _name: VirtualLane(engine))
        scheduler.expect(engine, engine.rtf)
        pipeline = humming_pipeline(engine, scheduler=scheduler)
        await gaps(pipeline, 60)
        people = []
        for _ in range(3):
            people.append(asyncio.ensure_future(gaps(pipeline, 3)))
            await asyncio.sleep(1.3)
        return sum(await asyncio.gather(*people))

    assert run(main()) == 0
