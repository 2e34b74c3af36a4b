"""The chain on one page: text in as it comes, speech out while it is being made.

    text -> sentences -> phonemes -> tokens (+ style) -> plan -> breaths -> PCM -> paced chunks

`Pipeline.speak` runs it for one request. A task of its own makes breaths, at most two ahead of
the listener's socket; the caller takes them as chunks, held back by the playback clock.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from contextlib import ExitStack, aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol, TypeVar

import numpy as np

from wyoming_kokoro import audio
from wyoming_kokoro.config import Limits
from wyoming_kokoro.errors import KokoroError, UnknownLanguage, UnknownVoice
from wyoming_kokoro.speech import FRAME_SAMPLES, SAMPLE_RATE, Pcm, Plan, Request, Tokens
from wyoming_kokoro.synthesis.breaths import heard, is_voiced_whole, next_breath, voiced_frames
from wyoming_kokoro.synthesis.captions import OnWords, WordTimes, place_words
from wyoming_kokoro.synthesis.casting import Cast
from wyoming_kokoro.synthesis.figures import RequestLog
from wyoming_kokoro.synthesis.phrases import PhraseCache
from wyoming_kokoro.synthesis.reading import Phonemizer, Reading, ReadingOptions
from wyoming_kokoro.synthesis.schedule.playback import Now, Playback
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler
from wyoming_kokoro.synthesis.schedule.turns import Stream
from wyoming_kokoro.synthesis.sound import Pauses, SentenceSound
from wyoming_kokoro.text.passage import AS_REQUESTED, Manner, Passage, Pause

log = logging.getLogger(__name__)

T = TypeVar("T")

IDLE_SECONDS = 0.2
"""Pause in the text after which a whole sentence no longer waits for the start of the next one."""


class Caster(Protocol):
    """Who decides who speaks: `Casting`."""

    async def cast(self, request: Request, uses: ExitStack) -> Cast:
        """Return the engine, voice and speed for `request`, to be used until `uses` is closed."""


@dataclass(eq=False)
class _Speech:
    """One request on its way."""

    request: Request
    cast: Cast
    uses: ExitStack
    reading: Reading
    stream: Stream
    playback: Playback
    record: RequestLog
    on_words: OnWords | None
    """Who wants to know when each written word is heard."""
    word_times: WordTimes | None = None
    """Of the passage that is being voiced."""
    gains: dict[str, float] = field(default_factory=dict)
    """Factors of the voices that have spoken, which stay as they were at first."""


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
        self._phrases = phrases
        self._now = now
        self._on_plan = on_plan
        self._on_end = on_end

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
        speech = _Speech(request, cast, uses, reading, stream, playback, record, on_words)
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

    async def _make(self, speech: _Speech) -> None:
        """Make the breaths of the whole text, in order, and say when that has ended and how."""
        failure: Exception | None = None
        try:
            await self._speak_items(speech)
        except Exception as error:
            failure = error
        finally:
            self._scheduler.close_stream(speech.stream)
        await speech.playback.end(failure)

    async def _speak_items(self, speech: _Speech) -> None:
        playback, reading = speech.playback, speech.reading
        async with aclosing(reading.items(playback.patience)) as items:
            async for item in items:
                playback.expected_seconds = reading.seconds
                match item:
                    case Passage():
                        speech.record.text_came()
                        await self._speak_passage(speech, item)
                    case Pause():
                        await playback.add(audio.silence(item.seconds))
                    case None:
                        self._scheduler.rest(speech.stream)
                        await playback.keep_alive()
        if self._pauses.tail and playback.made_seconds:
            await playback.add(audio.silence(self._pauses.tail))

    async def _speak_passage(self, speech: _Speech, passage: Passage) -> None:
        """Speak one sentence, or as much of it as has one manner."""
        request, spoken, around = speech.request, speech.cast.language, speech.reading.text
        manner = self._options.manner(passage, request, spoken, around)
        cast = await self._cast_for(speech, manner)
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
                await self._voice(speech, cast, tokens, number)
        finally:
            if speech.word_times:
                speech.word_times.stop()

    async def _cast_for(self, speech: _Speech, manner: Manner) -> Cast:
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

    async def _voice(self, speech: _Speech, cast: Cast, tokens: Tokens, number: int) -> None:
        """Voice one sentence: as it was spoken before, if that was kept, else planned and made,
        breath by breath. It is the `number`th of its passage.

        Not kept is what the stand-in speaks, or a voice that is still being learned, nor anything
        where the times of words are wanted, which only a plan tells.
        """
        gain = speech.gains.setdefault(cast.loudness.key, cast.loudness.gain)
        unfit = cast.pack is None or cast.loudness.learn or speech.on_words
        if self._phrases is None or unfit:
            await self._make_sentence(speech, cast, tokens, number, gain)
            return
        phrase = cast.phrase(tokens), speech.request.seed, self._pauses.sentence, round(gain, 4)
        find = partial(self._phrases.get, phrase)
        kept = await self._scheduler.background("phrases", find)
        if kept is not None:
            speech.record.kept += 1
            await self._hear(speech, kept, 0.0)
            return
        sound = await self._make_sentence(speech, cast, tokens, number, gain)
        keep = partial(self._phrases.keep, phrase, sound.as_heard)
        await self._scheduler.background("phrases", keep)

    async def _make_sentence(
        self, speech: _Speech, cast: Cast, tokens: Tokens, number: int, gain: float
    ) -> SentenceSound:
        """Plan one sentence and voice it, breath by breath."""
        work, longest = cast.planning(tokens, speech.request.seed)
        turn = self._scheduler.plan(speech.stream, cast.engine, work, longest)
        plan = await self._turn(speech, turn)
        if self._on_plan:
            self._on_plan(plan)
        voiced = voiced_frames(plan, self._pauses.sentence)
        if speech.word_times:
            speech.word_times.plan(number, plan, voiced)
        sound = SentenceSound(plan, voiced, self._pauses.sentence, gain)
        supply, rtf = speech.stream.clock.supply or 0.0, self._rtf(speech, cast)
        if not cast.in_breaths or is_voiced_whole(plan, voiced, supply, rtf):
            whole = await self._samples(speech, cast, plan, range(plan.frames))
            pcm = sound.heard(heard(whole, voiced), last=True)
            await self._hear(speech, pcm, sound.begins)
        else:
            await self._voice_in_breaths(speech, cast, plan, voiced, sound)
        if cast.loudness.learn:
            learn = partial(cast.loudness.learn, sound.as_made)
            await self._scheduler.background("loudness", learn)
        sound.check()
        return sound

    async def _voice_in_breaths(
        self, speech: _Speech, cast: Cast, plan: Plan, voiced: range, sound: SentenceSound
    ) -> None:
        start = voiced.start
        while start < voiced.stop:
            supply = speech.stream.clock.supply
            span = next_breath(plan, voiced, start, self._rtf(speech, cast), supply)
            start = span.stop
            pcm = await self._samples(speech, cast, plan, span)
            joined = sound.heard(pcm, last=start == voiced.stop)
            await self._hear(speech, joined, sound.begins)

    async def _hear(self, speech: _Speech, pcm: Pcm, begins: float) -> None:
        """Hand on what is heard, if it is anything; so many seconds of its sentence were cut off
        before its first sample."""
        lead = 0.0 if speech.playback.made_seconds else self._pauses.lead
        if len(pcm) and lead:
            pcm = np.concatenate((audio.silence(lead), pcm))
        if not len(pcm):
            return
        if speech.word_times:
            await speech.word_times.begin(speech.playback.made_seconds + lead, begins)
        await speech.playback.add(pcm)

    def _rtf(self, speech: _Speech, cast: Cast) -> float:
        """Return the engine's real-time factor as this request meets it."""
        return self._scheduler.shared_rtf(speech.stream, cast.engine)

    async def _samples(self, speech: _Speech, cast: Cast, plan: Plan, span: range) -> Pcm:
        """Have the frames of `span` voiced, when it is this stream's turn."""
        voice = partial(cast.engine.voice, plan, span)
        seconds = len(span) * FRAME_SAMPLES / SAMPLE_RATE
        turn = self._scheduler.voice(speech.stream, cast.engine, voice, seconds)
        return await self._turn(speech, turn)

    async def _turn(self, speech: _Speech, turn: Coroutine[Any, Any, T]) -> T:
        """Wait for the turn of a stream; whose text has paused hears silence meanwhile."""
        pauses = speech.stream.rests or speech.stream.came_back
        return await (speech.playback.kept_alive(turn) if pauses else turn)
