"""The chain on one page: text in as it comes, speech out while it is being made.

    text -> sentences -> phonemes -> tokens (+ style) -> plan -> breaths -> PCM -> paced chunks

`Pipeline.speak` runs it for one request; from tokens to PCM a sentence goes through `voicing.py`. A
task of its own makes breaths, at most two ahead of the listener's socket; the caller takes them as
chunks, held back by the playback clock.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import ExitStack, aclosing
from dataclasses import replace
from functools import partial
from typing import Protocol

from wyoming_kokoro import audio
from wyoming_kokoro.config import Limits
from wyoming_kokoro.errors import KokoroError, UnknownLanguage, UnknownVoice
from wyoming_kokoro.speech import Plan, Request
from wyoming_kokoro.synthesis.captions import OnWords, WordTimes, place_words
from wyoming_kokoro.synthesis.casting import Cast
from wyoming_kokoro.synthesis.figures import RequestLog
from wyoming_kokoro.synthesis.pace import Pace
from wyoming_kokoro.synthesis.phrases import PhraseCache
from wyoming_kokoro.synthesis.reading import Phonemizer, Reading, ReadingOptions
from wyoming_kokoro.synthesis.schedule.playback import Now, Playback
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler
from wyoming_kokoro.synthesis.sound import Pauses
from wyoming_kokoro.synthesis.voicing import Speech, Voicing
from wyoming_kokoro.text.passage import AS_REQUESTED, Manner, Passage, Pause

log = logging.getLogger(__name__)

IDLE_SECONDS = 0.2
"""Pause in the text after which a whole sentence no longer waits for the start of the next one."""


class Caster(Protocol):
    """Who decides who speaks: `Casting`."""

    async def cast(self, request: Request, uses: ExitStack) -> Cast:
        """Return the engine, voice and speed for `request`, to be used until `uses` is closed."""


class Pipeline:
    """Speaks requests. `on_plan` is shown the plan of each sentence, for the curious."""

    def __init__(
        self,
        casting: Caster,
        front_end: Phonemizer,
        scheduler: Scheduler,
        limits: Limits,
        pauses: Pauses,
        options: ReadingOptions,
        *,
        phrases: PhraseCache | None = None,
        now: Now = time.monotonic,
        on_plan: Callable[[Plan], None] | None = None,
        on_end: Callable[[str, RequestLog], None] = lambda _outcome, _record: None,
    ) -> None:
        self._casting = casting
        self._front_end = front_end
        self._scheduler = scheduler
        self._limits = limits
        self._pauses = pauses
        self._options = options
        self._now = now
        self._on_end = on_end
        self._voicing = Voicing(scheduler, pauses, phrases, on_plan)
        self._pace = Pace()

    async def speak(
        self, request: Request, text: AsyncIterator[str], on_words: OnWords | None = None
    ) -> AsyncGenerator[bytes]:
        """Yield the speech as 16-bit little-endian mono PCM at 24 kHz, 50 ms at a time.

        A chunk comes when the listener should have it, at most `Limits.seconds_ahead` early; where
        the request is not paced, as soon as it is made. `on_words` is told when words are heard.
        While the text of a stream that has begun to sound pauses, silence keeps the listener fed.
        Closing the generator stops the work at the next breath.

        Raises:
            KokoroError: the request cannot be spoken; what was yielded until then stands.
        """
        record, outcome = RequestLog(self._now), "cancelled"
        try:
            with ExitStack() as uses:
                async with aclosing(self._speak(request, text, record, uses, on_words)) as chunks:
                    async for chunk in chunks:
                        yield chunk
            outcome = "spoken"
        except Exception as error:
            outcome = error.code if isinstance(error, KokoroError) else KokoroError.code
            raise
        finally:
            record.write(outcome)
            self._on_end(outcome, record)

    async def _speak(
        self,
        request: Request,
        text: AsyncIterator[str],
        record: RequestLog,
        uses: ExitStack,
        on_words: OnWords | None,
    ) -> AsyncGenerator[bytes]:
        cast = (await self._casting.cast(request, uses)).at_rate(request.rate)
        record.voice, record.engine = cast.voice, cast.engine.name
        stream = self._scheduler.open(paced=request.paced)
        rtf = partial(self._scheduler.rtf, cast.engine)
        playback = Playback(stream.clock, self._limits, rtf, paced=request.paced)
        reading = Reading(text, self._options.reader(request, cast.language), IDLE_SECONDS)
        stream.text_seconds = reading.seconds_of_all
        speech = Speech(request, cast, uses, reading, stream, playback, record, on_words)
        making = asyncio.create_task(self._make(speech))
        try:
            async for pcm in playback.breaths():
                record.sounded(pcm)
                async for chunk in playback.chunks(pcm):
                    yield chunk
        finally:
            making.cancel()
            await asyncio.gather(making, return_exceptions=True)
            record.characters = reading.characters
            record.underruns = stream.clock.underruns
            record.engine_seconds = stream.engine_seconds

    async def _make(self, speech: Speech) -> None:
        """Make the breaths of the whole text, in order, and say when that has ended and how."""
        failure: Exception | None = None
        try:
            await self._speak_items(speech)
        except Exception as error:
            failure = error
        finally:
            self._scheduler.close_stream(speech.stream)
        await speech.playback.end(failure)

    async def _speak_items(self, speech: Speech) -> None:
        playback, reading = speech.playback, speech.reading
        async with aclosing(reading.items(playback.patience)) as items:
            async for item in items:
                match item:
                    case Passage():
                        speech.record.text_came()
                        await self._speak_passage(speech, item)
                    case Pause():
                        await playback.add(audio.silence(item.seconds))
                        reading.spoken(0, speech.stream.clock.said_seconds)
                    case None:
                        self._scheduler.rest(speech.stream)
                        await playback.keep_alive()
        if self._pauses.tail and playback.made_seconds:
            await playback.add(audio.silence(self._pauses.tail))

    async def _speak_passage(self, speech: Speech, passage: Passage) -> None:
        """Speak one sentence, or as much of it as has one manner."""
        request, spoken, around = speech.request, speech.cast.language, speech.reading.text
        manner = self._options.manner(passage, request, spoken, around)
        cast = await self._cast_for(speech, manner)
        self._expect(speech, cast)
        before = speech.stream.clock.said_seconds or self._pauses.lead
        windows = await self._scheduler.text(
            partial(cast.windows, passage, self._front_end), speech.stream
        )
        if speech.on_words:
            front_end, lane = self._front_end, self._scheduler.text
            written, language = passage.text, cast.language
            placing = place_words(written, language, cast.spelled_in, windows, front_end, lane)
            speech.word_times = WordTimes(placing, speech.on_words)
        try:
            for number, tokens in enumerate(windows):
                await self._voicing.voice(speech, cast, tokens, number)
        finally:
            if speech.word_times:
                speech.word_times.stop()
        self._learn(speech, cast, len(passage.text), before)

    def _expect(self, speech: Speech, cast: Cast) -> None:
        """Tell how long all that has come takes to say, if it goes on like what is said now."""
        pace = self._pace.seconds_a_character(cast.language, cast.speed)
        speech.reading.seconds_a_character = pace
        speech.playback.expected_seconds = speech.reading.seconds

    def _learn(self, speech: Speech, cast: Cast, characters: int, before: float) -> None:
        """Learn from a passage that was spoken how long text takes to say."""
        said = speech.stream.clock.said_seconds
        self._pace.learn(cast.language, cast.speed, characters, max(0.0, said - before))
        speech.reading.spoken(characters, said)

    async def _cast_for(self, speech: Speech, manner: Manner) -> Cast:
        """Return who speaks a passage; markup may ask for somebody else, or another rate."""
        if manner == AS_REQUESTED:
            return speech.cast
        cast = speech.cast
        if manner.voice or manner.language:
            asked = replace(
                speech.request, voice=manner.voice, language=manner.language, fallback=False
            )
            try:
                cast = await self._casting.cast(asked, speech.uses)
            except (UnknownVoice, UnknownLanguage) as error:  # its message quotes the text
                log.warning("markup: %s; the voice of the request goes on", error.code)
            else:
                cast = cast.at_rate(speech.request.rate)
        return cast.at_rate(manner.rate)
