"""Trials as a check might have made them, and a table that predicts nothing in particular."""

from collections.abc import Iterable

import numpy as np

from wyoming_kokoro.check.measures import Silence
from wyoming_kokoro.check.trial import OTHER_NOISE, Difference, Sound, Trial
from wyoming_kokoro.engines.kokoro.statistics import CURVES, KnownVoice, StatisticsTable
from wyoming_kokoro.engines.verdict import BREATHS

SOUND = Sound(3.0, -23.0, 0.5, Silence(0.15, 0.05, 0.1), 5.5)
FLOOR = Difference(0.5, 0.3, 0.1)
NEAR = Difference(0.6, 0.5, -0.2)
FAR = Difference(4.0, 0.5, -0.2)
STEPPING = Difference(0.6, 6.0, -0.2)
LOUDER = Difference(0.6, 0.5, 4.0)


def trial(
    breaths: Difference = NEAR,
    sound: Sound | None = SOUND,
    trouble: str = "",
    joins: int = 2,
    **reduced: Difference,
) -> Trial:
    """One sentence of af_heart."""
    differences = {OTHER_NOISE: FLOOR, BREATHS: breaths, **reduced}
    found = differences if sound else {}
    return Trial("af_heart", "en_US", "Hello.", sound, joins, found, trouble)


def made_up_table(channels: int, voices: Iterable[str] = ()) -> StatisticsTable:
    """A table in which all sentences of a voice are alike: means 0 and deviations 1."""
    random = np.random.default_rng(0)
    known = KnownVoice(np.zeros(4 + CURVES, np.float32), np.zeros(2 * channels, np.float32))
    return StatisticsTable(
        center=np.zeros(1024, np.float32),
        components=random.standard_normal((4, 1024), dtype=np.float32) / np.float32(32),
        curve_center=np.zeros(CURVES, np.float32),
        scale=np.ones(4 + CURVES, np.float32),
        slopes=np.zeros((4 + CURVES, 2 * channels), np.float32),
        units=np.ones(channels, np.float32),
        voices=dict.fromkeys(voices, known),
    )
