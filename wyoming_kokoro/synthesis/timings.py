"""When each word of a sentence is heard: a plan in, times out, in every language."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from wyoming_kokoro.speech import Plan
from wyoming_kokoro.synthesis.breaths import FRAMES_A_SECOND


@dataclass(frozen=True, slots=True)
class WordTiming:
    """A word, and when it is heard, in seconds from the first frame that is voiced."""

    word: str
    """As it is written, where the sentence has as many words as its phonemes have; else the
    phonemes themselves: two words may be read as one, and a number as several."""

    start: float
    end: float


def word_timings(plan: Plan, voiced: range) -> list[WordTiming]:
    """Return the words of `plan`, of which the frames `voiced` are heard.

    A word lasts from half of the space before it to half of the space after it, as in
    `join_timestamps` of hexgrad/kokoro's pipeline. Nothing for a plan without durations.
    """
    spoken = list(_spans_of_words(plan))
    written = plan.tokens.phonemes.text.split()
    names = written if len(written) == len(spoken) else [symbols for symbols, _, _ in spoken]
    shift = voiced.start / FRAMES_A_SECOND
    return [
        WordTiming(name, max(0.0, start - shift), max(0.0, end - shift))
        for name, (_, start, end) in zip(names, spoken, strict=True)
    ]


def _spans_of_words(plan: Plan) -> Iterator[tuple[str, float, float]]:
    """Yield symbols, start and end (seconds) of each run of symbols between spaces."""
    if len(plan.durations) == 0:
        return
    ends = np.cumsum(plan.durations) / FRAMES_A_SECOND
    word, begin = "", float(ends[0])
    for symbol, start, stop in zip(plan.tokens.symbols, ends, ends[1:], strict=False):
        if symbol != " ":
            word += symbol
            continue
        middle = float(start + stop) / 2
        if word:
            yield word, begin, middle
        word, begin = "", middle
    if word:
        yield word, begin, float(ends[-2])
