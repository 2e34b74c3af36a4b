"""What the engines that run Kokoro's weights have in common: what they take, how they warm up."""

import time
from collections.abc import Sequence

import numpy as np

from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.errors import SynthesisFailed
from wyoming_kokoro.speech import (
    FRAME_SAMPLES,
    MAX_PHONEMES,
    SAMPLE_RATE,
    STYLE_SIZE,
    US_ENGLISH,
    Phonemes,
    Style,
    Tokens,
)

WARM_UP_TOKENS = (8, 60)
"""Of a word or two, and of a sentence of some four seconds."""

_WARM_UP_FRAMES = 60
"""Of each, voiced: as much as the first breath of a sentence. What comes after it is more of the
same, and nobody should wait for it before the server is ready."""


def check_sentence(tokens: Tokens, style: Style, symbols: int) -> None:
    """Return if a model that knows `symbols` tokens can speak these with that style.

    Raises:
        SynthesisFailed: it cannot.
    """
    if len(tokens.ids) > MAX_PHONEMES:
        raise SynthesisFailed(
            f"{len(tokens.ids)} tokens are too many for the model: "
            f"cut the sentence into pieces of at most {MAX_PHONEMES}"
        )
    for token in tokens.ids:
        if not 0 <= token < symbols:
            raise SynthesisFailed(
                f"the model has {symbols} tokens and no number {token}: "
                "these phonemes are of another model version"
            )
    if style.vector.shape != (STYLE_SIZE,):
        raise SynthesisFailed(
            f"the style has shape {style.vector.shape} instead of ({STYLE_SIZE},)"
        )


def speak_to_nobody(engine: Engine, lengths: Sequence[int] = WARM_UP_TOKENS) -> float:
    """Let `engine` begin sentences of so many tokens; see `Engine.warm_up`."""
    style = Style(np.zeros(STYLE_SIZE, np.float32), US_ENGLISH, female=True)
    for length in lengths:
        tokens = Tokens((1,) * length, Phonemes("", "", US_ENGLISH))
        began = time.perf_counter()
        plan = engine.plan(tokens, style, speed=1.0, seed=0)
        planned = time.perf_counter()
        breath = range(min(plan.frames, _WARM_UP_FRAMES))
        engine.voice(plan, breath)
        voiced = time.perf_counter()
    a_frame = (planned - began) / plan.frames + (voiced - planned) / len(breath)
    return a_frame * SAMPLE_RATE / FRAME_SAMPLES
