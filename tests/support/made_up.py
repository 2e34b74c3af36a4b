"""Trials as a check might have made them."""

from wyoming_kokoro.check.measures import Silence
from wyoming_kokoro.check.trial import OTHER_NOISE, Difference, Sound, Trial
from wyoming_kokoro.engines.verdict import BREATHS, WHOLE_FRONT

SOUND = Sound(3.0, -23.0, 0.5, Silence(0.15, 0.05, 0.1), 5.5)
FLOOR = Difference(0.5, 0.3, 0.1)
NEAR = Difference(0.6, 0.5, -0.2)
FAR = Difference(4.0, 0.5, -0.2)
STEPPING = Difference(0.6, 6.0, -0.2)
LOUDER = Difference(0.6, 0.5, 4.0)


def trial(
    breaths: Difference = NEAR,
    whole_front: Difference | None = NEAR,
    sound: Sound | None = SOUND,
    trouble: str = "",
    joins: int = 2,
    **reduced: Difference,
) -> Trial:
    """One sentence of af_heart."""
    differences = {OTHER_NOISE: FLOOR, BREATHS: breaths, **reduced}
    if whole_front:
        differences[WHOLE_FRONT] = whole_front
    found = differences if sound else {}
    return Trial("af_heart", "en_US", "Hello.", sound, joins, found, trouble)
