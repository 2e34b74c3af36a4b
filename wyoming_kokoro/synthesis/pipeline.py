"""The chain on one page: text in as it comes, speech out while it is being made.

    text -> sentences -> phonemes -> tokens (+ style) -> plan -> breaths -> PCM -> paced chunks

`Pipeline.speak` runs it for one request. A task of its own makes breaths, at most two ahead of
the listener's socket; the caller takes them as chunks, held back by the playback clock.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from wyoming_kokoro import audio
from wyoming_kokoro.config import Limits
from wyoming_kokoro.errors import KokoroError
from wyoming_kokoro.speech import FRAME_SAMPLES, SAMPLE_RATE, Pcm, Phonemes, Request, Tokens
from wyoming_kokoro.synthesis.breaths import Joiner, next_breath
from wyoming_kokoro.synthesis.casting import Cast
from wyoming_kokoro.synthesis.clock import Now
from wyoming_kokoro.synthesis.reading import Reading
from wyoming_kokoro.synthesis.report import Report
from wyoming_kokoro.synthesis.scheduler import Scheduler, Stream
from wyoming_kokoro.text.phonemes import FrontEnd
from wyoming_kokoro.text.sentences import SentenceSplitter
from wyoming_kokoro.text.tokens import tokenize

CHUNK_SECONDS = 0.05
"""Audio in a chunk."""

IDLE_SECONDS = 0.2
"""Pause in the text after which a whole sentence no longer waits for the start of the next one."""

COMFORTABLE_RTF = 0.9
"""Real-time factor up to which the start need not be held back."""

LONGEST_HEAD_START_SECONDS = 30.0
"""What is held back at the most."""

LONGEST_BREATH_THEN_SECONDS = 2.0
"""A breath of an engine that slow, at the most."""

SECONDS_A_CHARACTER = 0.07
"""How long a character of text takes to say, about."""

KEEP_ALIVE_SECONDS = 0.25
"""How far ahead silence is sent, at the most, while the text of a stream pauses."""


class Caster(Protocol):
    """Who decides who speaks: `Casting`."""

    async def cast(self, request: Request) -> Cast:
        """Return the engine, voice and speed for `request`."""


@dataclass(eq=False)
class _Speech:
    """One request on its way."""

    request: Request
    cast: Cast
    reading: Reading
    stream: Stream
    report: Report
    breaths: "asyncio.Queue[Pcm | Exception | None]"
    """What was made and not yet sent; at the end None, or what went wrong."""
    made_seconds: float = 0.0

    async def add(self, pcm: Pcm) -> None:
        """Hand on what was made, once there is room for it."""
        self.made_seconds += len(pcm) / SAMPLE_RATE
        await self.breaths.put(pcm)


class Pipeline:
    """Speaks requests. `on_sentence` is shown the tokens of each sentence, for the curious."""

    def __init__(
        self,
        casting: Caster,
        front_end: FrontEnd,
        scheduler: Scheduler,
        limits: Limits,
        *,
        now: Now = time.monotonic,
        on_sentence: Callable[[Tokens], None] = lambda _tokens: None,
    ) -> None:
        self._casting = casting
        self._front_end = front_end
        self._scheduler = scheduler
        self._limits = limits
        self._now = now
        self._on_sentence = on_sentence

    async def speak(self, request: Request, text: AsyncIterator[str]) -> AsyncGenerator[bytes]:
        """Yield the speech as 16-bit little-endian mono PCM at 24 kHz, 50 ms at a time.

        A chunk comes when the listener should have it, at most `Limits.seconds_ahead` early.
        While the text of a stream that has begun to sound pauses, silence keeps the listener fed.
        Closing the generator stops the work at the next breath.

        Raises:
            KokoroError: the request cannot be spoken; what was yielded until then stands.
        """
        report, outcome = Report(self._now), "cancelled"
        try:
            async with aclosing(self._speak(request, text, report)) as chunks:
                async for chunk in chunks:
                    yield chunk
            outcome = "spoken"
        except KokoroError as error:
            outcome = error.code
            raise
        finally:
            report.write(outcome)

    async def _speak(
        self, request: Request, text: AsyncIterator[str], report: Report
    ) -> AsyncGenerator[bytes]:
        cast = await self._casting.cast(request)
        report.voice, report.engine = cast.voice, cast.engine.name
        splitter = SentenceSplitter(self._limits.sentence_characters)
        speech = _Speech(
            request,
            cast,
            Reading(text, splitter, IDLE_SECONDS),
            self._scheduler.open(),
            report,
            asyncio.Queue(self._limits.breaths_ahead),
        )
        making = asyncio.create_task(self._make(speech))
        try:
            async for pcm in self._with_head_start(speech):
                report.sounded(pcm)
                for chunk in audio.chunks(audio.to_int16(pcm), CHUNK_SECONDS):
                    await self._hold_back(speech)
                    speech.stream.clock.send(_seconds_in(chunk))
                    yield chunk
        finally:
            making.cancel()
            await asyncio.gather(making, return_exceptions=True)
            report.characters = speech.reading.characters
            report.underruns = speech.stream.clock.underruns
            report.engine_seconds = speech.stream.engine_seconds

    async def _make(self, speech: _Speech) -> None:
        """Make the breaths of the whole text, in order; then None, or what went wrong."""
        ending: Exception | None = None
        try:
            await self._speak_sentences(speech)
        except Exception as error:
            ending = error
        finally:
            self._scheduler.close_stream(speech.stream)
        await speech.breaths.put(ending)

    async def _speak_sentences(self, speech: _Speech) -> None:
        patience = partial(self._until_silence, speech)
        async with aclosing(speech.reading.sentences(patience)) as sentences:
            async for sentence in sentences:
                if sentence is None:
                    await speech.add(audio.silence(CHUNK_SECONDS))
                    continue
                speech.report.text_came()
                read = partial(self._read, sentence, speech.cast)
                for tokens in await self._scheduler.text(read):
                    self._on_sentence(tokens)
                    await self._voice(speech, tokens)

    def _read(self, sentence: str, cast: Cast) -> list[Tokens]:
        """Sentence to phonemes to tokens, in the pieces that the model can take. Text lane."""
        if cast.engine.reads == "text":
            text = self._front_end.spoken(sentence, cast.language)
            return [Tokens((), Phonemes("", text, cast.language))] if text else []
        phonemes = self._front_end.phonemize(sentence, cast.language, cast.version.notation)
        return tokenize(phonemes, cast.vocabulary)

    async def _voice(self, speech: _Speech, tokens: Tokens) -> None:
        """Plan one sentence and voice it, breath by breath."""
        cast, stream = speech.cast, speech.stream
        style = cast.style(tokens)
        plan = await self._scheduler.plan(
            stream, partial(cast.engine.plan, tokens, style, cast.speed, speech.request.seed)
        )
        joiner, start = Joiner(), 0
        while start < plan.frames:
            span = next_breath(plan, range(plan.frames), start, self._scheduler.shared_rtf)
            start, last = span.stop, span.stop == plan.frames
            made = span if last else range(span.start, span.stop + 1)  # a frame to fade over
            seconds = len(made) * FRAME_SAMPLES / SAMPLE_RATE
            voice = partial(cast.engine.voice, [(plan, made)])
            [pcm] = await self._scheduler.voice(stream, voice, seconds)
            await speech.add(joiner.join(pcm, last=last))

    def _until_silence(self, speech: _Speech) -> float | None:
        """Return how long the listener can do without silence, None before anything was made."""
        if not speech.made_seconds:
            return None
        clock = speech.stream.clock
        left = speech.made_seconds - clock.sent_seconds + max(0.0, clock.left)
        return max(0.0, left - KEEP_ALIVE_SECONDS + CHUNK_SECONDS)

    async def _with_head_start(self, speech: _Speech) -> AsyncGenerator[Pcm]:
        """Yield the breaths as they are made. Where the engine is slower than speech, hold the
        first ones back until the rest, as far as its text is known, can follow without a gap."""
        held: list[Pcm] = []
        while (made := await speech.breaths.get()) is not None:
            if isinstance(made, Exception):
                raise made
            held.append(made)
            if speech.stream.clock.started or self._is_enough(speech):
                while held:
                    yield held.pop(0)
        for pcm in held:
            yield pcm

    def _is_enough(self, speech: _Speech) -> bool:
        """Tell whether what is made lasts until the engine has made the rest of the known text."""
        expected = SECONDS_A_CHARACTER / speech.cast.speed * speech.reading.characters
        rest = max(0.0, expected - speech.made_seconds)
        # What is made comes a breath at a time, so the last one must be waited for as well.
        rest += LONGEST_BREATH_THEN_SECONDS if rest else 0
        lack = rest * (self._scheduler.shared_rtf / COMFORTABLE_RTF - 1)
        return speech.made_seconds >= min(lack, LONGEST_HEAD_START_SECONDS)

    async def _hold_back(self, speech: _Speech) -> None:
        """Wait while the listener has as much audio as may be sent ahead."""
        await asyncio.sleep(max(0.0, speech.stream.clock.left - self._limits.seconds_ahead))


def _seconds_in(samples: bytes) -> float:
    return len(samples) / 2 / SAMPLE_RATE
