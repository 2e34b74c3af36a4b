"""An engine that hums: real spans and samples, made at a cost in virtual time."""

from collections.abc import AsyncIterator, Iterable
from contextlib import ExitStack
from typing import Literal

import numpy as np

from tests.support.virtual_time import VirtualLane, now
from wyoming_kokoro.config import Limits
from wyoming_kokoro.errors import KokoroError, UnknownVoice
from wyoming_kokoro.models.catalog import VERSIONS
from wyoming_kokoro.speech import (
    FRAME_SAMPLES,
    SAMPLE_RATE,
    US_ENGLISH,
    Pcm,
    Plan,
    Request,
    Style,
    Tokens,
)
from wyoming_kokoro.synthesis.casting import Cast
from wyoming_kokoro.synthesis.phrases import PhraseCache
from wyoming_kokoro.synthesis.pipeline import Pipeline
from wyoming_kokoro.synthesis.reading import ReadingOptions
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler
from wyoming_kokoro.synthesis.sound import Pauses
from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd

FRAMES_A_CHARACTER = 3


class HummingEngine:
    """Hums 75 ms for each character; a second of it costs `rtf` seconds."""

    name = "humming"
    device = "cpu"
    precision = "fp32"
    at_once = 1
    reads: Literal["text"] = "text"

    def __init__(self, rtf: float = 0.2) -> None:
        self.rtf = rtf
        self.cost = 0.0
        """Of the last call, in seconds."""
        self.spoken: list[str] = []
        self.lengths: list[float] = []
        """Of what was voiced, in seconds."""
        self.fails_at: str | None = None

    def plan(self, tokens: Tokens, style: Style, speed: float, seed: int) -> Plan:
        text = tokens.phonemes.text
        self.spoken.append(text)
        self.cost = 0.01
        frames = round(FRAMES_A_CHARACTER * len(text) / speed)
        nothing = np.zeros(2 * frames, np.float32)
        return Plan(tokens, frames, np.array([], np.int64), nothing, nothing)

    def voice(self, plan: Plan, span: range) -> Pcm:
        if plan.tokens.phonemes.text == self.fails_at:
            raise ZeroDivisionError("the engine stumbled")
        seconds = len(span) * FRAME_SAMPLES / SAMPLE_RATE
        self.lengths.append(seconds)
        self.cost = self.rtf * seconds
        return np.full(FRAME_SAMPLES * len(span), 0.5, np.float32)

    @property
    def breaths(self) -> int:
        return len(self.lengths)

    def warm_up(self) -> float:
        return self.rtf

    def close(self) -> None: ...


class OneVoice:
    """Casts the one engine for every request."""

    def __init__(self, engine: HummingEngine, refusal: KokoroError | None = None) -> None:
        self._engine = engine
        self._refusal = refusal

    async def cast(self, request: Request, uses: ExitStack) -> Cast:
        if self._refusal:
            raise self._refusal
        if request.voice:
            raise UnknownVoice(f"there is no voice {request.voice!r}")
        return Cast(self._engine, VERSIONS[0], {}, None, US_ENGLISH, True, 1.0, "hum")


class RememberingVoice(OneVoice):
    """Remembers the languages that were asked for."""

    def __init__(self, engine: HummingEngine) -> None:
        super().__init__(engine)
        self.languages: list[str | None] = []

    async def cast(self, request: Request, uses: ExitStack) -> Cast:
        self.languages.append(request.language)
        return await super().cast(request, uses)


def humming_pipeline(
    engine: HummingEngine,
    limits: Limits | None = None,
    refusal: KokoroError | None = None,
    pauses: Pauses | None = None,
    voice: OneVoice | None = None,
    *,
    detect_language: bool = False,
    scheduler: Scheduler | None = None,
    phrases: PhraseCache | None = None,
) -> Pipeline:
    """A pipeline in virtual time around `engine`."""
    limits = limits or Limits()
    scheduler = scheduler or Scheduler(limits, now=now, lane=lambda _name: VirtualLane(engine))
    return Pipeline(
        voice or OneVoice(engine, refusal),
        FrontEnd(),
        scheduler,
        limits,
        pauses or Pauses(),
        ReadingOptions(limits.sentence_characters, detect_language=detect_language),
        phrases=phrases,
        now=now,
    )


async def pieces(*texts: str | float) -> AsyncIterator[str]:
    """Text as it streams in; a number is a pause in seconds."""
    import asyncio

    for text in texts:
        if isinstance(text, str):
            yield text
        else:
            await asyncio.sleep(text)


def seconds_of(chunks: Iterable[bytes]) -> float:
    return sum(map(len, chunks)) / 2 / SAMPLE_RATE
