"""How the text of a request is read: as it streams in, to passages and pauses as soon as each is
finished; in which manner a passage is spoken; and what is asked of the front end.
"""

import asyncio
import math
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from wyoming_kokoro.models.catalog import Notation
from wyoming_kokoro.speech import LANGUAGES, Language, Phonemes, Request
from wyoming_kokoro.text.foreign import language_of
from wyoming_kokoro.text.passage import AS_REQUESTED, Manner, Passage, Pause, Span
from wyoming_kokoro.text.reading.reader import TextReader

REACTION_SECONDS = 0.5
"""What a listener should have left to hear when the next sentence is begun.

A sentence may be kept back until the next is known, in case one of the two is too short to be
spoken alone. That may cost nobody a wait: not for the first sound, nor in the middle.
"""

IN_ONE_GO_SECONDS = 0.01
"""What passes at the most between messages that were sent one after the other: Home Assistant
sends a text that it has as a stream too, whose end comes in a message of its own."""

LONG_SECONDS = 1.5
"""Pause in the text after which a sentence that is only likely to be whole is spoken. The parts of
an address hardly come that far apart; what a language model says before it calls a tool, and
before the call is answered, does."""

SLICE = 1000
"""Characters that are read in one go, within a few milliseconds."""

_Finish = Callable[[], Sequence[Passage | Pause | None]]


class Phonemizer(Protocol):
    """Reads passages, one after the other. Any thread may call it."""

    def phonemize(
        self, text: str | Sequence[Span], language: Language, notation: Notation
    ) -> Phonemes:
        """Return how `text`, one passage, is pronounced; no symbols where nothing is spoken.

        Raises:
            UnknownLanguage: the packages that read `language` are not installed.
            EspeakUnavailable: espeak-ng reads `language` and cannot be used.
        """

    def readable(self, text: str | Sequence[Span], language: Language) -> list[Phonemes]:
        """Return the words of `text` for an engine that reads text: a piece for each language."""


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How texts are read, whatever is asked."""

    sentence_characters: int
    """Text without an end of sentence after which one is made."""
    detect_language: bool = False
    """Whether the script of a passage decides its language, where nobody has asked for a voice."""
    declared: Sequence[Language] = ()
    """Languages with voices besides those of the released models."""

    def reader(self, request: Request, language: Language) -> TextReader:
        """Return what reads the text of `request`, which is spoken in `language`."""
        known = (*LANGUAGES, *self.declared)
        return TextReader(request.text_format, self.sentence_characters, language, known)

    def manner(self, passage: Passage, request: Request, spoken: Language, around: str) -> Manner:
        """Return how to speak a passage: as its markup says, or in the language of its script.

        `spoken` is the language of the request's voice, and `around` is the text so far.
        """
        if passage.manner != AS_REQUESTED or request.voice or request.language:
            return passage.manner
        if not self.detect_language:
            return passage.manner
        found = language_of(passage.text, around, self.declared)
        if found is None or found.code == spoken.code:
            return passage.manner
        return Manner(language=found.code)


class Reading:
    """What one request says."""

    def __init__(self, text: AsyncIterator[str], reader: TextReader, idle_seconds: float) -> None:
        self._text = text
        self._reader = reader
        self._idle_seconds = idle_seconds
        self._come: list[str] = []
        self._paused_at: float | None = None
        self.characters = 0
        """Characters that have come so far, without messages that had nothing but space."""
        self.is_whole = False
        """Whether it is known that no more will come."""
        self.seconds_a_character = 0.0
        """How long what is still to be said takes, about, once it is known who says it."""
        self._spoken = 0, 0.0

    @property
    def text(self) -> str:
        """What has come so far."""
        return "".join(self._come)

    @property
    def seconds(self) -> float:
        """How long what has come so far takes to say, about."""
        characters, seconds = self._spoken
        return seconds + max(0, self.characters - characters) * self.seconds_a_character

    def seconds_of_all(self) -> float:
        """Return about how long all of the text takes to say, infinite while more of it may
        come."""
        return self.seconds if self.is_whole else math.inf

    def spoken(self, characters: int, seconds: float) -> None:
        """Note that so many more characters were said, and how long all took that was said so
        far."""
        self._spoken = self._spoken[0] + characters, seconds

    async def items(
        self, patience: Callable[[], float | None]
    ) -> AsyncGenerator[Passage | Pause | None]:
        """Yield each item as soon as it is finished, also when the text merely pauses, and what is
        kept back for its neighbors as soon as the listener would wait for it.

        Yield None whenever text has not come for as long as `patience` says: the seconds that
        can be done without any, None if there is time.
        """
        coming = asyncio.ensure_future(self._next())
        try:
            while True:
                async with aclosing(self._meanwhile(coming, patience)) as items:
                    async for item in items:
                        yield item
                text = coming.result()
                if text is None:
                    break
                self._take_note(text)
                coming = asyncio.ensure_future(self._next())  # tells early whether that was all
                for start in range(0, len(text), SLICE):
                    for item in self._reader.add(text[start : start + SLICE]):
                        yield item
                    await asyncio.sleep(0)  # nobody waits while a long text is read
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
        for item in self._reader.finish():
            yield item

    async def _next(self) -> str | None:
        text = await anext(self._text, None)
        self.is_whole = text is None
        return text

    def _take_note(self, text: str) -> None:
        """Count what has come. Home Assistant sends a space before it calls a tool: nobody says
        that, and a pause goes on behind it."""
        self._come.append(text)
        if text.strip():
            self.characters += len(text)
            self._paused_at = None

    async def _meanwhile(
        self, coming: asyncio.Future[str | None], patience: Callable[[], float | None]
    ) -> AsyncGenerator[Passage | Pause | None]:
        """Yield what need not wait until more text has come, and None for silence."""
        now = asyncio.get_running_loop().time
        since = now() if self._paused_at is None else self._paused_at
        self._paused_at = since
        steps = self._steps(patience())
        while not coming.done():
            silence = None if len(steps) > 1 else patience()
            wait = _or(silence, math.inf)
            finish: _Finish = _nothing_but_silence
            if steps and since + steps[0][0] - now() <= wait:
                seconds, finish = steps.pop(0)
                wait = max(0.0, since + seconds - now())
            await asyncio.wait([coming], timeout=wait if wait < math.inf else None)
            for item in [] if coming.done() else finish():
                yield item

    def _steps(self, patience: float | None) -> list[tuple[float, _Finish]]:
        """Return what to let go of in a pause, and after how many seconds of it."""
        idle = min(self._idle_seconds, max(IN_ONE_GO_SECONDS, _or(patience, self._idle_seconds)))
        spare = min(idle, max(IN_ONE_GO_SECONDS, _or(patience, 0.0) - REACTION_SECONDS))
        idle_long = partial(self._reader.idle, long=True)
        return [
            (spare, self._reader.release),
            (idle, self._reader.idle),
            (max(idle, LONG_SECONDS), idle_long),
        ]


def _nothing_but_silence() -> list[Passage | Pause | None]:
    return [None]


def _or(seconds: float | None, otherwise: float) -> float:
    return otherwise if seconds is None else seconds
