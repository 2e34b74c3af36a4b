"""A sentence on its way to the listener: tokens in, what is heard of them handed to its playback.

tokens (+ style) -> plan -> breaths -> PCM
"""

from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import numpy as np

from wyoming_kokoro import audio
from wyoming_kokoro.speech import FRAME_SAMPLES, SAMPLE_RATE, Pcm, Plan, Request, Tokens
from wyoming_kokoro.synthesis.breaths import heard, is_voiced_whole, next_breath, voiced_frames
from wyoming_kokoro.synthesis.captions import OnWords, WordTimes
from wyoming_kokoro.synthesis.casting import Cast
from wyoming_kokoro.synthesis.figures import RequestLog
from wyoming_kokoro.synthesis.phrases import PhraseCache
from wyoming_kokoro.synthesis.reading import Reading
from wyoming_kokoro.synthesis.schedule.playback import Playback
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler
from wyoming_kokoro.synthesis.schedule.streams import Stream
from wyoming_kokoro.synthesis.sound import Pauses, SentenceSound

T = TypeVar("T")


@dataclass(eq=False)
class Speech:
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


class Voicing:
    """Makes sentences in the stream's turns. `on_plan` is shown the plan of each."""

    def __init__(
        self,
        scheduler: Scheduler,
        pauses: Pauses,
        phrases: PhraseCache | None,
        on_plan: Callable[[Plan], None] | None,
    ) -> None:
        self._scheduler = scheduler
        self._pauses = pauses
        self._phrases = phrases
        self._on_plan = on_plan

    async def voice(self, speech: Speech, cast: Cast, tokens: Tokens, number: int) -> None:
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
        self, speech: Speech, cast: Cast, tokens: Tokens, number: int, gain: float
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
        self, speech: Speech, cast: Cast, plan: Plan, voiced: range, sound: SentenceSound
    ) -> None:
        start = voiced.start
        while start < voiced.stop:
            supply = speech.stream.clock.supply
            rtf, shared = self._rtf(speech, cast), cast.engine.at_once > 1
            span = next_breath(plan, voiced, start, rtf, supply, shared=shared)
            start = span.stop
            pcm = await self._samples(speech, cast, plan, span)
            joined = sound.heard(pcm, last=start == voiced.stop)
            await self._hear(speech, joined, sound.begins)

    async def _hear(self, speech: Speech, pcm: Pcm, begins: float) -> None:
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

    def _rtf(self, speech: Speech, cast: Cast) -> float:
        """Return the engine's real-time factor as this request meets it."""
        return self._scheduler.shared_rtf(speech.stream, cast.engine)

    async def _samples(self, speech: Speech, cast: Cast, plan: Plan, span: range) -> Pcm:
        """Have the frames of `span` voiced, when it is this stream's turn."""
        voice = partial(cast.engine.voice, plan, span)
        seconds = len(span) * FRAME_SAMPLES / SAMPLE_RATE
        turn = self._scheduler.voice(speech.stream, cast.engine, voice, seconds)
        return await self._turn(speech, turn)

    async def _turn(self, speech: Speech, turn: Coroutine[Any, Any, T]) -> T:
        """Wait for the turn of a stream; whose text has paused hears silence meanwhile."""
        pauses = speech.stream.rests or speech.stream.came_back
        return await (speech.playback.kept_alive(turn) if pauses else turn)
