"""Sentences for which nobody waits: whole, always the same, and after any live voice."""

import asyncio
from contextlib import ExitStack
from dataclasses import replace

import numpy as np
import pytest

from tests.support.engines import HummingEngine, OneVoice, humming_pipeline, pieces
from tests.support.virtual_time import VirtualLane, now, run
from wyoming_kokoro.config import Limits
from wyoming_kokoro.errors import SynthesisFailed, UnknownVoice
from wyoming_kokoro.models.catalog import VERSIONS, ModelVersion
from wyoming_kokoro.speech import US_ENGLISH, Language, Pcm, Plan, Request
from wyoming_kokoro.synthesis.casting import Cast
from wyoming_kokoro.synthesis.loudness import VoiceLoudness
from wyoming_kokoro.synthesis.narration import Narrator, Prepared, Terms
from wyoming_kokoro.synthesis.reading import ReadingOptions
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler
from wyoming_kokoro.synthesis.sound import Pauses
from wyoming_kokoro.text.passage import Passage
from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd

LONG = "This is a sentence of the book that takes a good while to say, as many of them do."
SHORT = "A reply."
PLAIN = Request()


class Caster(OneVoice):
    """Casts the one engine, as loud as is told."""

    def __init__(self, engine: HummingEngine, gain: float = 1.0) -> None:
        super().__init__(engine)
        self.gain = gain

    def reader(self, request: Request) -> tuple[ModelVersion, Language]:
        return VERSIONS[0], US_ENGLISH

    async def cast_exactly(self, request: Request, uses: ExitStack) -> Cast:
        cast = await self.cast(request, uses)
        return replace(cast, loudness=VoiceLoudness("hum", self.gain))


class Silent(HummingEngine):
    def voice(self, plan: Plan, span: range) -> Pcm:
        return 0 * super().voice(plan, span)


class Room:
    """Who narrates, and who speaks to listeners, with one engine."""

    def __init__(self, engine: HummingEngine | None = None, gain: float = 1.0) -> None:
        self.engine = engine or HummingEngine()
        self.scheduler = Scheduler(Limits(), now=now, lane=lambda _name: VirtualLane(self.engine))
        self.caster = Caster(self.engine, gain)
        self.narrator = Narrator(
            self.caster, FrontEnd(), self.scheduler, Pauses(), ReadingOptions(1000)
        )

    async def prepared(
        self, text: str = LONG, request: Request = PLAIN, terms: Terms | None = None
    ) -> Prepared:
        [passage] = await self.narrator.passages(text, request)
        assert isinstance(passage, Passage)
        terms = terms or await self.narrator.settle(request, [passage])
        with ExitStack() as uses:
            return await self.narrator.prepare(request, terms, passage, uses)

    async def reply(self) -> float:
        """Speak to a listener; return how long the first sound took."""
        began = now()
        pipeline = humming_pipeline(self.engine, scheduler=self.scheduler)
        async for _ in pipeline.speak(Request(), pieces(SHORT)):
            return now() - began
        raise AssertionError("nothing was heard")


def test_a_sentence_is_made_whole() -> None:
    async def main() -> None:
        room = Room()
        spoken = await room.narrator.speak(await room.prepared())
        assert len(room.engine.lengths) == 1
        assert len(spoken.pcm) / 48_000 == pytest.approx(room.engine.lengths[0], abs=0.1)
        assert " ".join(word.text for word in spoken.words) == LONG

    run(main())


def test_a_listener_who_comes_meanwhile_waits_for_one_sentence_at_the_most() -> None:
    async def main() -> None:
        room = Room()
        narrating = asyncio.create_task(room.narrator.speak(await room.prepared()))
        await asyncio.sleep(0.1)
        waited = await room.reply()
        assert waited < 0.2 * len(LONG) * 0.075 + 1
        await narrating

    run(main())


def test_while_somebody_listens_no_sentence_is_begun() -> None:
    async def main() -> None:
        room = Room()
        listening = room.scheduler.open()
        narrating = asyncio.create_task(room.narrator.speak(await room.prepared()))
        await asyncio.sleep(600)
        assert not narrating.done()
        assert not room.engine.spoken
        room.scheduler.close_stream(listening)
        await narrating

    run(main())


def test_the_key_tells_all_that_decides_how_it_sounds_and_nothing_else() -> None:
    async def main() -> None:
        room = Room()
        first = await room.prepared()
        assert (await room.prepared()).key == first.key
        others = [
            await room.prepared(SHORT),
            await room.prepared(request=Request(rate=1.2)),
            await room.prepared(request=Request(seed=1)),
            await room.prepared(terms=Terms("hum", {"hum": 0.5})),
        ]
        assert len({first.key, *(other.key for other in others)}) == 5

    run(main())


def test_how_loud_a_voice_is_stays_what_it_was_at_the_start() -> None:
    async def main() -> None:
        room = Room(gain=0.5)
        [passage] = await room.narrator.passages(LONG, PLAIN)
        assert isinstance(passage, Passage)
        terms = await room.narrator.settle(Request(), [passage])
        before = await room.narrator.speak(await room.prepared(terms=terms))
        room.caster.gain = 0.8  # it has been learned meanwhile
        after = await room.prepared(terms=terms)
        assert (await room.narrator.speak(after)).pcm == before.pcm
        assert after.gain == 0.5
        loud = np.frombuffer((await room.narrator.speak(await room.prepared())).pcm, "<i2")
        assert abs(loud).max() > abs(np.frombuffer(before.pcm, "<i2")).max()

    run(main())


def test_a_sentence_without_a_sound_fails() -> None:
    async def main() -> None:
        room = Room(Silent())
        with pytest.raises(SynthesisFailed, match="made no sound"):
            await room.narrator.speak(await room.prepared())

    run(main())


def test_who_cannot_speak_is_told_before_the_first_sentence() -> None:
    async def main() -> None:
        with pytest.raises(UnknownVoice):
            await Room().narrator.settle(Request("nobody"), [])

    run(main())
