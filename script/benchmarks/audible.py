"""Which distance does anybody notice? Whole sentences of the real voice, made worse by degrees, and
what a speech recogniser and DNSMOS find of each degree. The bounds of `check` come from here.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import numpy as np

from script.benchmarks.figures import progress
from script.benchmarks.hearing import HEADS, Judged, Judges, grouped, rows
from script.benchmarks.speaking import real_voice, sentences
from tests.support.speaking import whole
from wyoming_kokoro.check.trial import Take
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.engines.kokoro.engine import KokoroEngine
from wyoming_kokoro.engines.kokoro.plan import Floats, KokoroPlan
from wyoming_kokoro.speech import Pcm, Plan

ERRORS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3)
"""By how much the statistics of the generator's norms are off: means by so many deviations, and
deviations by ten times as many dB. Predicted ones are off by about 0.02."""


def measure(
    voices: int = 9, each: int = 1, first: int = 2, threads: int = 2, int8: int = 1
) -> None:
    """Print a table of all degrees."""
    voice = real_voice(threads)
    reduced = voice.native("int8") if int8 else None
    found: list[Judged] = []
    with closing(Judges(True, threads)) as judges:
        for sentence in progress(sentences(voice, voices, each, first), "sentences"):
            take = voice.take(sentence)
            other = voice.plan(sentence, seed=1)
            degrees = _degrees(voice.engine, take, other, reduced)
            found += [judges.judge(way, sentence, take, pcm) for way, pcm in degrees]
    print(*rows(HEADS, grouped(found, lambda one: one.way)), sep="\n")


def _degrees(
    engine: Engine, take: Take, other: Plan, reduced: Engine | None
) -> Iterator[tuple[str, Pcm]]:
    """Yield what is heard of a sentence, degree by degree; `other` is its plan with another
    noise."""
    plan = take.plan
    assert isinstance(engine, KokoroEngine)
    assert isinstance(plan, KokoroPlan)
    yield "the whole sentence", take.heard
    yield "another noise", take.heard_of(whole(engine, other))
    statistics = engine.observe(plan).statistics
    for error in ERRORS:
        worse = Take(replace(plan, statistics=with_errors(statistics, error)), take.whole)
        yield f"statistics off by {error:g}", worse.in_breaths(engine)
    if plan.divisible:
        yield "predicted statistics", take.in_breaths(engine)
    windows = Take(replace(plan, statistics=None), take.whole)
    yield "each breath's own statistics", windows.in_breaths(engine)
    if reduced:
        yield "int8", take.heard_of(whole(reduced, plan))


def with_errors(statistics: Floats, error: float) -> Floats:
    """Return `statistics`, (2, channels), means and deviations, that are off: errors are normally
    distributed, and the same for each sentence."""
    random = np.random.default_rng(0)
    means, deviations = statistics
    off = means + error * random.standard_normal(means.shape) * deviations
    wider = deviations * 10 ** (10 * error * random.standard_normal(means.shape) / 20)
    return np.stack([off, wider]).astype(np.float32)
