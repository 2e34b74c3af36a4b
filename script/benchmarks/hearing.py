"""What judges of sound say, a recogniser and DNSMOS, of sentences voiced in several ways."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import mean

import numpy as np

from tests.support.hearing import error_rate
from tests.support.judge import rate
from tests.support.recogniser import Recogniser
from tests.support.speaking import Sentence
from wyoming_kokoro.check.trial import Difference, Take
from wyoming_kokoro.speech import Pcm


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence, voiced in some way."""

    way: str
    sentence: Sentence
    difference: Difference | None
    """From the whole sentence; None where the lengths differ."""
    steps: tuple[float, ...]
    """Of the level at the joins of breaths, or where they would be, in dB."""
    wrong: float | None
    """Share of words that a recogniser hears wrong (characters, or consonants); None where it was
    not asked."""
    rating: float | None
    """DNSMOS, all in all, 1 to 5."""


class Judges:
    """A recogniser and DNSMOS, where they are wanted."""

    def __init__(self, wanted: bool, threads: int) -> None:
        self._recogniser = Recogniser(threads=threads) if wanted else None

    def judge(self, way: str, sentence: Sentence, take: Take, pcm: Pcm) -> Judged:
        """Return what they find in `pcm`, and how far it is from what is heard of `take`."""
        alike = len(pcm) == len(take.heard)
        difference = take.difference(pcm) if alike else None
        steps = tuple(take.steps(pcm)) if alike else ()
        if self._recogniser is None:
            return Judged(way, sentence, difference, steps, None, None)
        language = sentence.language[:2]
        heard = self._recogniser.hear(pcm, language)
        wrong = error_rate(sentence.text, heard, language)
        return Judged(way, sentence, difference, steps, wrong, rate(pcm).overall)

    def close(self) -> None:
        """End the recogniser."""
        if self._recogniser:
            self._recogniser.close()


HEADS = (
    *("distance, dB", "95 of 100", "worst", "step, dB", "95 of 100", "level, dB", "farthest"),
    *("wrong words", "DNSMOS"),
)


def summary(found: Sequence[Judged]) -> tuple[str, ...]:
    """Return the cells of `HEADS` for some sentences: means, percentiles, worst. Steps are
    those at all joins."""
    differences = [one.difference for one in found if one.difference]
    distances = [one.distance for one in differences]
    steps = [step for one in found for step in one.steps]
    levels = [one.level for one in differences]
    return (
        *(_mean(distances), _most(distances, 95), _most(distances, 100)),
        *(_mean(steps), _most(steps, 95)),
        *(_mean(levels, "+.2f"), f"{max(levels, key=abs):+.2f}" if levels else "-"),
        _mean([one.wrong for one in found if one.wrong is not None], ".3f"),
        _mean([one.rating for one in found if one.rating is not None]),
    )


def rows(heads: Sequence[str], lines: Iterable[tuple[str, Sequence[str]]]) -> Iterable[str]:
    """Yield the lines of a Markdown table; the first cell of each is a name."""
    yield "| | " + " | ".join(heads) + " |"
    yield "|---|" + "---:|" * len(heads)
    for name, cells in lines:
        yield f"| {name} | " + " | ".join(cells) + " |"


def grouped(
    found: Sequence[Judged], by: Callable[[Judged], str]
) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield a line for each group, in the order of their first sentences."""
    order = {name: number for number, name in enumerate(dict.fromkeys(map(by, found)))}
    ordered = sorted(found, key=lambda one: order[by(one)])
    for name, group in groupby(ordered, by):
        yield name, summary(list(group))


def _mean(values: Sequence[float], shown: str = ".2f") -> str:
    return f"{mean(values):{shown}}" if values else "-"


def _most(values: Sequence[float], of_hundred: int) -> str:
    return f"{np.percentile(values, of_hundred):.2f}" if values else "-"
