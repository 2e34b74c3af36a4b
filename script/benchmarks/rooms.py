"""Two rooms on one engine: what a second listener waits for while a first one is spoken to, and
how long two sentences take that are wanted at once; beside one call of the engine at a time.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import ExitStack, aclosing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from script.benchmarks.figures import comparison, fresh, progress, resident_mb, table
from script.benchmarks.weights import prepare_real

if TYPE_CHECKING:
    from wyoming_kokoro.synthesis.casting import Cast
    from wyoming_kokoro.synthesis.pipeline import Pipeline

SENTENCE = (
    "The living room is twenty one degrees, and the washing machine will be ready in about ten "
    "minutes; it is locked."
)

Numbers = Literal["fp32", "int16"]

PRECISIONS: tuple[Numbers, ...] = ("fp32", "int16")

FIGURES = (
    "first chunk alone, s",
    "... beside a reader, s",
    "two sentences, s",
    "worst first chunk of two, s",
    "resident, MB",
)

Figures = dict[str, dict[str, list[float]]]


def measure(rounds: int = 7, threads: int = 2) -> None:
    """Print each figure with breaths that share the engine, and one after another."""
    folder = prepare_real()
    for precision in PRECISIONS:
        figures = fresh(_figures, folder, precision, threads, rounds)
        print(precision, *table(figures, FIGURES), sep="\n")
        print(*comparison(figures, ["sharing"], "in turn", FIGURES), sep="\n")


class InTurn:
    """An engine that is called once at a time."""

    at_once = 1

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)


@dataclass(frozen=True)
class OneVoice:
    """Casts the same for every request."""

    made: "Cast"

    async def cast(self, _request: object, _uses: ExitStack) -> "Cast":
        return self.made


def _figures(folder: Path, precision: Numbers, threads: int, rounds: int) -> Figures:
    from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd

    casts = _casts(folder, precision, threads)
    front_end = FrontEnd()
    figures: Figures = {name: {figure: [] for figure in FIGURES} for name in casts}
    offsets = np.random.default_rng(0).uniform(0, 0.6, rounds)  # where in a breath one asks
    asyncio.run(_two(casts["in turn"], front_end))  # all is at hand then
    for offset in progress(list(offsets), f"rounds in {precision}"):
        for name, cast in reversed(casts.items()) if offset > 0.3 else casts.items():
            alone = asyncio.run(_alone(cast, front_end))
            beside = asyncio.run(_beside(cast, front_end, float(offset)))
            both, worst = asyncio.run(_two(cast, front_end))
            row = (alone, beside, both, worst, resident_mb())
            for figure, value in zip(FIGURES, row, strict=True):
                figures[name][figure].append(value)
    return figures


def _casts(folder: Path, precision: Numbers, threads: int) -> "dict[str, Cast]":
    from dataclasses import replace

    from script.benchmarks.subjects import Ours
    from wyoming_kokoro.models.catalog import version_named
    from wyoming_kokoro.speech import US_ENGLISH
    from wyoming_kokoro.synthesis.casting import Cast

    ours = Ours(folder, threads, "native", precision)
    version = version_named("v1.0")
    cast = Cast(
        ours.engine, version, ours.model.vocabulary, ours.pack, US_ENGLISH, True, 1.0, "af_heart"
    )
    return {"in turn": replace(cast, engine=InTurn(ours.engine)), "sharing": cast}


@contextmanager
def _pipeline(cast: "Cast", front_end: Any) -> "Iterator[Pipeline]":
    from wyoming_kokoro.config import Limits
    from wyoming_kokoro.synthesis.pipeline import Pipeline
    from wyoming_kokoro.synthesis.reading import ReadingOptions
    from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler
    from wyoming_kokoro.synthesis.sound import Pauses

    limits = Limits()
    options = ReadingOptions(limits.sentence_characters)
    scheduler = Scheduler(limits)
    scheduler.expect(cast.engine, 0.4)
    try:
        yield Pipeline(OneVoice(cast), front_end, scheduler, limits, Pauses(), options)
    finally:
        scheduler.close()


async def _speak(pipeline: "Pipeline", sentences: int = 1) -> AsyncGenerator[bytes]:
    from wyoming_kokoro.speech import Request

    async def text() -> AsyncIterator[str]:
        yield " ".join([SENTENCE] * sentences)

    async with aclosing(pipeline.speak(Request(), text())) as chunks:
        async for chunk in chunks:
            yield chunk


async def _first(pipeline: "Pipeline", *, to_end: bool = False) -> float:
    """Return the seconds until the first chunk of a sentence."""
    began = time.perf_counter()
    async with aclosing(_speak(pipeline)) as chunks:
        await anext(chunks)
        first = time.perf_counter() - began
        if to_end:
            await _hear(chunks)
    return first


async def _alone(cast: "Cast", front_end: Any) -> float:
    with _pipeline(cast, front_end) as pipeline:
        return await _first(pipeline)


async def _beside(cast: "Cast", front_end: Any, offset: float) -> float:
    """Return the first chunk's seconds of one who asks shortly after a reader has begun."""
    with _pipeline(cast, front_end) as pipeline:
        reading = _speak(pipeline, sentences=20)
        await anext(reading)
        rest = asyncio.create_task(_hear(reading))
        await asyncio.sleep(offset)
        first = await _first(pipeline)
        rest.cancel()
        await asyncio.gather(rest, return_exceptions=True)
        return first


async def _hear(chunks: AsyncGenerator[bytes]) -> None:
    async for _ in chunks:
        pass


async def _two(cast: "Cast", front_end: Any) -> tuple[float, float]:
    """Return how long two sentences take that are asked for at once, and the later first chunk."""
    with _pipeline(cast, front_end) as pipeline:
        began = time.perf_counter()
        firsts = await asyncio.gather(*(_first(pipeline, to_end=True) for _ in range(2)))
        return time.perf_counter() - began, max(firsts)
