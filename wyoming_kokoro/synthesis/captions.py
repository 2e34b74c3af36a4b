"""When each written word of a request is heard: its passages and plans in, words with times out.

The plan of a sentence tells how long each phoneme lasts, and `alignment` which phonemes say which
word. An engine that knows no durations, the stand-in, has its words spread over the sentence by
their letters: those times are estimates.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, pairwise

import numpy as np

from wyoming_kokoro.models.catalog import Notation
from wyoming_kokoro.speech import Language, Plan, Tokens
from wyoming_kokoro.synthesis.alignment import (
    in_words,
    is_sound,
    is_spoken,
    is_unspaced,
    spans_of_words,
    written_words,
)
from wyoming_kokoro.synthesis.breaths import FRAMES_A_SECOND, PAUSES
from wyoming_kokoro.synthesis.reading import Phonemizer

WORDS_AT_A_TIME = 8
"""That are read in one go: others who wait for the front end come in between."""


EARLY_FRAMES = 2.5
"""By how much a sound comes before the frames that the plan gives its symbol, 62 ms: where forced
alignment finds words of nine languages, against where the plan has them. hexgrad/kokoro takes 3
frames off the padding at the start for the same reason (`join_timestamps`)."""

WORD_ENERGY = 0.0
"""Of a frame in which a word has not ended, in the plan's unit. Behind a word the models plan a
pause as part of its last sound, in which the energy falls from 5 to -4 within two frames."""

PAUSE_FRAMES = 5
"""Of quiet in the last sound of a word that make a pause where none is written, an eighth of a
second: stops within a phrase are closed for two to four frames."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is written, with the marks at it, and when it is heard."""

    text: str
    start: float
    """Seconds from the beginning of the speech."""
    end: float
    exact: bool = True
    """False where the engine does not know, and it is estimated."""


OnWords = Callable[[Sequence[Word]], None]
"""Is told the words of a sentence before its first samples are sent."""

TextLane = Callable[[Callable[[], list[str]]], Awaitable[list[str]]]
"""Runs a call of the front end."""

_Placed = Sequence[tuple[str, range]]
"""Words, each with the places of its symbols; empty for one that is not heard by itself."""


async def place_words(
    text: str,
    language: Language,
    notation: Notation | None,
    windows: Sequence[Tokens],
    front_end: Phonemizer,
    lane: TextLane,
) -> list[_Placed]:
    """Return for each of `windows`, which speak `text` together, its words with their places among
    its symbols. Without a notation the windows have none, and so have the words."""
    words = said_words(text, language)
    if notation is None:
        return [[(word, range(0)) for word in one] for one in _shared(words, len(windows))]
    alone: list[str] = []
    for start in range(0, len(words), WORDS_AT_A_TIME):
        some = words[start : start + WORDS_AT_A_TIME]
        alone += await lane(partial(_phonemes, some, language, notation, front_end))
    symbols = " ".join(one.symbols for one in windows)
    spans = spans_of_words(alone, symbols)
    joined = is_unspaced(language)
    placed = in_words(spans, symbols, words) if joined else list(zip(words, spans, strict=True))
    return _by_window(placed, [len(one.symbols) for one in windows])


def said_words(text: str, language: Language) -> list[str]:
    """Return the written words of `text`; marks that stand alone go with the word before them."""
    words: list[str] = []
    for word in written_words(text, language):
        if is_spoken(word) or not words:
            words.append(word)
        else:
            words[-1] += f" {word}"
    return words


def timed(placed: _Placed, plan: Plan, voiced: range, at: float, begins: float = 0.0) -> list[Word]:
    """Return when words are heard of a sentence that is planned so: of its frames, `voiced` are
    heard, but for the first `begins` seconds of them, from the second `at` on."""
    origin = at - begins - voiced.start / FRAMES_A_SECOND
    if not len(plan.durations):
        spread = _spread(placed, voiced)
        return [
            Word(text, origin + start, origin + end, exact=False) for text, start, end in spread
        ]
    sounds = _Sounds(plan)
    words: list[Word] = []
    before = at
    for text, span in placed:
        times = (origin + sounds.start(span), origin + sounds.end(span)) if span else (at, at)
        start, end = (max(time, before) for time in times)
        before = end
        words.append(Word(text, start, end))
    return words


class _Sounds:
    """When the symbols of a plan are heard, in seconds from its first frame."""

    def __init__(self, plan: Plan) -> None:
        self._symbols = plan.tokens.symbols
        self._ends = np.cumsum(plan.durations)
        self._quiet = plan.energy.reshape(-1, 2).mean(axis=1) <= WORD_ENERGY

    def start(self, span: range) -> float:
        """Return when the symbols of `span` begin: in the middle of a space before them."""
        start = float(self._ends[span.start])
        if self._is_space(span.start - 1) and not self._is_pause(span.start - 2):
            start = (start + float(self._ends[span.start - 1])) / 2
        return self._seconds(start - EARLY_FRAMES)

    def end(self, span: range) -> float:
        """Return when they end: in the middle of a space, or where it is quiet before a pause."""
        is_last = span.stop == len(self._symbols)
        pauses = is_last or self._is_pause(span.stop)
        quiet = self._quiet_from(span, least=1 if pauses else PAUSE_FRAMES)
        if quiet is not None:
            return self._seconds(quiet)
        end = float(self._ends[span.stop])
        if self._is_space(span.stop):
            end = (end + float(self._ends[span.stop + 1])) / 2
        return self._seconds(end - EARLY_FRAMES)

    def _quiet_from(self, span: range, least: int) -> int | None:
        """Return the frame from which it is quiet behind `span`: the longest such run in its last
        sound and the symbol behind it, where that is `least` frames long."""
        last = max((place for place in span if is_sound(self._symbols[place])), default=span.start)
        behind = min(span.stop + 1, len(self._ends) - 1)
        begin, end = int(self._ends[last]), int(self._ends[behind])
        edges = np.flatnonzero(np.diff(self._quiet[begin:end], prepend=False, append=False))
        starts, stops = edges[::2], edges[1::2]
        long = np.flatnonzero(stops - starts >= least)
        if not len(long):
            return None
        return begin + int(starts[max(long, key=lambda run: int(stops[run] - starts[run]))])

    def _is_space(self, place: int) -> bool:
        return 0 <= place < len(self._symbols) and self._symbols[place] == " "

    def _is_pause(self, place: int) -> bool:
        return 0 <= place < len(self._symbols) and self._symbols[place] in PAUSES

    @staticmethod
    def _seconds(frames: float) -> float:
        return frames / FRAMES_A_SECOND


class WordTimes:
    """Tells of the words of one passage, sentence by sentence, while it is voiced."""

    def __init__(self, placing: Awaitable[list[_Placed]], on_words: OnWords) -> None:
        self._placing = asyncio.ensure_future(placing)
        self._on_words = on_words
        self._untold: tuple[int, Plan, range] | None = None

    def plan(self, window: int, plan: Plan, voiced: range) -> None:
        """Take up the plan of a window, of which the frames `voiced` will be heard."""
        self._untold = window, plan, voiced

    async def begin(self, at: float, begins: float) -> None:
        """Tell of the words whose first sample is heard at the second `at` of the speech, and is
        that at `begins` of the frames that are voiced; once for each window."""
        if self._untold is None:
            return
        (window, plan, voiced), self._untold = self._untold, None
        placed = (await self._placing)[window]
        self._on_words(timed(placed, plan, voiced, at, begins))

    def stop(self) -> None:
        """Look for no more words."""
        self._placing.cancel()


def _phonemes(
    words: Sequence[str], language: Language, notation: Notation, front_end: Phonemizer
) -> list[str]:
    return [front_end.phonemize(word, language, notation).symbols for word in words]


def _by_window(placed: _Placed, sizes: Sequence[int]) -> list[_Placed]:
    """Share words out to windows of so many symbols, between which there is a space."""
    windows: list[_Placed] = []
    starts = list(accumulate((size + 1 for size in sizes), initial=0))
    left = list(placed)
    for start, size in zip(starts, sizes, strict=False):
        here = []
        while left and (left[0][1].start < start + size or not left[0][1]):
            word, span = left.pop(0)
            within = range(max(span.start - start, 0), min(span.stop - start, size))
            here.append((word, within if span else span))
        windows.append(here)
    return windows


def _shared(words: Sequence[str], parts: int) -> list[Sequence[str]]:
    """Share words out evenly."""
    borders = [len(words) * part // parts for part in range(parts + 1)]
    return [words[left:right] for left, right in pairwise(borders)]


def _spread(placed: _Placed, voiced: range) -> list[tuple[str, float, float]]:
    """Spread words over the frames that are heard, each by its letters."""
    borders = list(accumulate((len(word) + 1 for word, _ in placed), initial=0))
    seconds = len(voiced) / FRAMES_A_SECOND / max(1, borders[-1])
    times = [voiced.start / FRAMES_A_SECOND + border * seconds for border in borders]
    return [(word, *pair) for (word, _), pair in zip(placed, pairwise(times), strict=True)]
