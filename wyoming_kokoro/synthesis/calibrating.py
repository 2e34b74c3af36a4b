"""Teaches a model its statistics while nobody speaks: an engine that still wants sentences and what
it is to say in, a model that breathes out.

Until then its sentences are voiced whole, and teach it too.
"""

import logging
from collections.abc import Iterable
from functools import partial

from wyoming_kokoro.engines.kokoro.engine import KokoroEngine
from wyoming_kokoro.engines.onnx.compiled.calibration_sentences import CalibrationSentence
from wyoming_kokoro.speech import FRAME_SAMPLES, SAMPLE_RATE, US_ENGLISH, Phonemes, Style, Tokens
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler

log = logging.getLogger(__name__)

BUDGET_SECONDS = 300.0
"""Of the engine's time after a start, at the most."""

LONGEST_SECONDS = 5.0
"""Of a sentence, which would take more memory than the breaths of later ones."""

SPEEDS = (1.0, 0.85, 1.2, 0.7, 1.6)
"""Of the sentences, by turns: what is learned at one speed is wrong at another."""


async def calibrate(
    scheduler: Scheduler, engine: KokoroEngine, sentences: Iterable[CalibrationSentence]
) -> None:
    """Have `engine` speak `sentences` to nobody, one at a time and only while nobody else speaks,
    until it wants no more or has spent enough time on it.

    Raises:
        KokoroError: it cannot speak any more.
    """
    stream = scheduler.open(in_background=True)
    try:
        for number, sentence in enumerate(sentences):
            if not engine.lacks or stream.engine_seconds > BUDGET_SECONDS:
                return
            await scheduler.idle()
            if number == 0:
                log.info("the model is calibrated while nobody speaks")
            tokens = Tokens(sentence.ids, Phonemes("", "", US_ENGLISH))
            style = Style(sentence.style, US_ENGLISH, female=True, voice=sentence.voice)
            speed = SPEEDS[number % len(SPEEDS)]
            plan = await scheduler.plan(
                stream, engine, partial(engine.plan, tokens, style, speed, number)
            )
            seconds = plan.frames * FRAME_SAMPLES / SAMPLE_RATE
            if seconds > LONGEST_SECONDS:
                continue
            whole = partial(engine.voice, plan, range(plan.frames))
            await scheduler.voice(stream, engine, whole, seconds)
    finally:
        scheduler.close_stream(stream)
