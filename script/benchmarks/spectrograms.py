"""Pictures of one sentence of the real voice for docs/sound.md: whole, in breaths that are
normalized by their own statistics, and in breaths as they are.
"""

from dataclasses import replace

import numpy as np

from script.benchmarks.speaking import real_voice
from tests.support.hearing import PICTURE_HOP, spectrogram, write_png
from tests.support.places import ROOT
from tests.support.speaking import Sentence
from wyoming_kokoro.check.trial import Take
from wyoming_kokoro.engines.kokoro.plan import KokoroPlan
from wyoming_kokoro.speech import FRAME_SAMPLES

DOCS = ROOT / "docs"

SENTENCE = Sentence(
    "if_sara", "it_IT", "La lampada della camera è accesa, ma la finestra è rimasta aperta."
)
"""Italian was misheard in breaths with statistics of their own."""

_TICK = 8
"""Rows at the top of the picture in which a join is marked."""


def draw(threads: int = 2) -> None:
    """Write the pictures; that of the breaths as they are only where the voice is calibrated."""
    voice = real_voice(threads)
    take = voice.take(SENTENCE)
    assert isinstance(take.plan, KokoroPlan)
    own = Take(replace(take.plan, statistics=None), take.whole)
    sounds = {"whole": take.heard, "own-statistics": own.in_breaths(voice.engine)}
    if take.plan.divisible:
        sounds["breaths"] = take.in_breaths(voice.engine)
    for name, pcm in sounds.items():
        picture = spectrogram(pcm)
        ends = np.cumsum([len(breath) for breath in take.breaths[:-1]])
        if name != "whole":
            picture[:_TICK, ends * FRAME_SAMPLES // PICTURE_HOP] = 255
        write_png(DOCS / f"sound-{name}.png", picture)
        print(f"{name}: {take.difference(pcm)}")
