"""A text for which nobody waits: its sentences in, each made whole and in the background out.

What a sentence sounds like depends on nothing but itself and the terms that were settled before the
first one, so that it is the same whoever makes it, and whenever: it is made at once, with its own
statistics, and how loud the voices are does not change any more.
"""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import numpy as np

from wyoming_kokoro import __version__, audio
from wyoming_kokoro.models.catalog import ModelVersion
from wyoming_kokoro.speech import FRAME_SAMPLES, SAMPLE_RATE, Language, Pcm, Request, Tokens
from wyoming_kokoro.synthesis.breaths import FRAMES_A_SECOND, heard, voiced_frames
from wyoming_kokoro.synthesis.captions import Word, place_words, timed
from wyoming_kokoro.synthesis.casting import Cast
from wyoming_kokoro.synthesis.reading import SLICE, Phonemizer, ReadingOptions
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler
from wyoming_kokoro.synthesis.schedule.streams import Stream
from wyoming_kokoro.synthesis.sound import Pauses, SentenceSound
from wyoming_kokoro.text.passage import AS_REQUESTED, Manner, Passage, Pause
from wyoming_kokoro.text.reading.reader import TextReader


class ExactCaster(Protocol):
    """Who decides who speaks: `Casting`."""

    def reader(self, request: Request) -> tuple[ModelVersion, Language]:
        """Return the version and the language that `request` would be read in."""

    async def cast_exactly(self, request: Request, uses: ExitStack) -> Cast:
        """Return the engine, voice and speed for `request`, to be used until `uses` is closed."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is settled before the first sentence of a text."""

    voice: str
    """Who speaks, in canonical form."""
    gains: Mapping[str, float]
    """By what factor each voice that speaks is made louder."""


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A passage that can be made."""

    key: str
    """The sha256 of all that decides its sound, and of its words."""
    text: str
    cast: Cast
    windows: Sequence[Tokens]
    gain: float
    seed: int


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was made of a passage."""

    pcm: bytes
    """16-bit little-endian mono samples at 24 kHz, with the pause after it."""
    words: Sequence[Word]
    """With seconds from its beginning."""


class Narrator:
    """Makes sentences one at a time, while no listener wants anything."""

    def __init__(
        self,
        casting: ExactCaster,
        front_end: Phonemizer,
        scheduler: Scheduler,
        pauses: Pauses,
        options: ReadingOptions,
    ) -> None:
        self._casting = casting
        self._front_end = front_end
        self._scheduler = scheduler
        self._pauses = pauses
        self._options = options

    async def passages(self, text: str, request: Request) -> list[Passage | Pause]:
        """Return what is spoken one after the other of `text`, which is plain or SSML, in the
        language that `request` asks for.

        Raises:
            KokoroError: nobody can speak that.
        """
        _, language = await self._scheduler.text(partial(self._casting.reader, request))
        read = partial(_read, text, self._options.reader(request, language))
        return await self._scheduler.background("reading", read)

    async def settle(self, request: Request, passages: Sequence[Passage]) -> Terms:
        """Return the terms for `passages`, once who speaks them is here.

        Raises:
            KokoroError: `request` cannot be spoken.
        """
        gains: dict[str, float] = {}
        with ExitStack() as uses:
            cast = await self._casting.cast_exactly(request, uses)
            for manner in dict.fromkeys(self._manner(request, cast, one) for one in passages):
                each = await self._cast_for(request, cast, manner, uses)
                gains[each.loudness.key] = round(each.loudness.gain, 4)
            gains.setdefault(cast.loudness.key, round(cast.loudness.gain, 4))
        return Terms(cast.voice, gains)

    async def prepare(
        self, request: Request, terms: Terms, passage: Passage, uses: ExitStack
    ) -> Prepared:
        """Return `passage` as it can be made until `uses` is closed.

        Raises:
            KokoroError: it cannot be spoken.
        """
        spoken = await self._casting.cast_exactly(request, uses)
        manner = self._manner(request, spoken, passage)
        cast = await self._cast_for(request, spoken, manner, uses)
        windows = await self._scheduler.text(partial(cast.windows, passage, self._front_end))
        gain = terms.gains.get(cast.loudness.key, round(cast.loudness.gain, 4))
        decisive = (
            __version__,
            [replace(cast, in_breaths=False).phrase(tokens) for tokens in windows],
            [tokens.phonemes.text for tokens in windows] if cast.pack is None else (),
            passage.text,
            request.seed,
            self._pauses.sentence,
            gain,
        )
        key = hashlib.sha256(repr(decisive).encode("utf-8", "replace")).hexdigest()
        return Prepared(key, passage.text, cast, windows, gain, request.seed)

    async def speak(self, prepared: Prepared) -> Spoken:
        """Make it, in the turns that nobody else wants.

        Raises:
            KokoroError: it cannot be made.
        """
        await self._scheduler.idle()
        cast, windows = prepared.cast, prepared.windows
        written, language, spelled_in = prepared.text, cast.language, cast.spelled_in
        front_end, lane = self._front_end, self._scheduler.text
        placed = await place_words(written, language, spelled_in, windows, front_end, lane)
        stream = self._scheduler.open(in_background=True)
        sounds: list[Pcm] = []
        words: list[Word] = []
        try:
            for tokens, here in zip(windows, placed, strict=True):
                at = sum(map(len, sounds)) / SAMPLE_RATE
                pcm, said = await self._window(stream, prepared, tokens, here, at)
                sounds.append(pcm)
                words += said
        finally:
            self._scheduler.close_stream(stream)
        return Spoken(audio.to_int16(np.concatenate(sounds)) if sounds else b"", words)

    async def _window(
        self,
        stream: Stream,
        prepared: Prepared,
        tokens: Tokens,
        placed: Sequence[tuple[str, range]],
        at: float,
    ) -> tuple[Pcm, list[Word]]:
        """Return what is heard of one sentence that begins at the second `at`, and its words."""
        cast, pause = prepared.cast, self._pauses.sentence
        work, longest = cast.planning(tokens, prepared.seed)
        plan = await self._scheduler.plan(stream, cast.engine, work, longest)
        voiced = voiced_frames(plan, pause)
        voice_it = partial(cast.engine.voice, plan, range(plan.frames))
        seconds = plan.frames * FRAME_SAMPLES / SAMPLE_RATE
        whole = await self._scheduler.voice(stream, cast.engine, voice_it, seconds)
        sound = SentenceSound(plan, voiced, pause, prepared.gain)
        pcm = sound.heard(heard(whole, voiced), last=True)
        sound.check()
        begins = sound.begins + voiced.start / FRAMES_A_SECOND
        return pcm, timed(placed, plan, voiced, at - begins)

    def _manner(self, request: Request, cast: Cast, passage: Passage) -> Manner:
        return self._options.manner(passage, request, cast.language, passage.text)

    async def _cast_for(
        self, request: Request, cast: Cast, manner: Manner, uses: ExitStack
    ) -> Cast:
        """Return who speaks a passage, at its rate."""
        if manner.voice or manner.language:
            asked = replace(request, voice=manner.voice, language=manner.language, fallback=False)
            cast = await self._casting.cast_exactly(asked, uses)
        rate = manner.rate if manner != AS_REQUESTED else 1.0
        return cast.at_rate(request.rate).at_rate(rate)


def _read(text: str, reader: TextReader) -> list[Passage | Pause]:
    items: list[Passage | Pause] = []
    for start in range(0, len(text), SLICE):
        items += reader.add(text[start : start + SLICE])
    return [*items, *reader.finish()]
