"""What the calls of an engine cost, as they were recorded on a machine: its calls in, those of a
machine of any speed out, which vary as they did there.

A call takes what one of its kind takes that makes or plans so much, by a line through all that were
recorded, times a factor. The factors follow one another as they were recorded, from a place chosen
by chance on, which changes now and then, so that they have the distribution and the autocorrelation
of the recording: the stationary bootstrap (Politis and Romano 1994).
"""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

KINDS = ("plan", "first", "later")

STRETCH_CALLS = 20
"""Recorded calls that are played back one after the other, in the mean."""


@dataclass(frozen=True)
class Call:
    """A call of an engine that was recorded; it had the engine for itself."""

    what: str
    """`plan` of a sentence, `first` part of one, or a `later` part."""
    seconds: float
    """Of speech that it planned or made."""
    took: float


def recorded(path: Path) -> list[Call]:
    """Return the calls of a recording, in their order: a line of JSON each."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Call(**json.loads(line)) for line in lines]


class Costs:
    """What calls cost on a machine whose real-time factor is `rtf`, as they vary in `calls`."""

    def __init__(self, calls: Sequence[Call], rtf: float, seed: int) -> None:
        self._chance = random.Random(seed)
        self._lines = {what: _line(calls, what) for what in KINDS}
        self._factors = [call.took / self._usual(call.what, call.seconds) for call in calls]
        made = sum(call.seconds for call in calls if call.what != "plan")
        self._scale = rtf * made / sum(call.took for call in calls)
        self._next = 0

    def _usual(self, what: str, seconds: float) -> float:
        at_least, a_second = self._lines[what]
        return at_least + a_second * seconds

    def of(self, what: str, seconds: float) -> float:
        """Return what the next call costs, which plans or makes so many seconds."""
        if self._chance.random() < 1 / STRETCH_CALLS:
            self._next = self._chance.randrange(len(self._factors))
        factor = self._factors[self._next % len(self._factors)]
        self._next += 1
        return self._scale * factor * self._usual(what, seconds)


def _line(calls: Sequence[Call], what: str) -> tuple[float, float]:
    """Return what calls of a kind take at least, and what a second of speech takes besides; that
    of which the factors are nearest to 1."""
    some = [call for call in calls if call.what == what]
    seconds = np.array([call.seconds for call in some])
    took = np.array([call.took for call in some])
    columns = np.stack((np.ones_like(seconds), seconds), axis=1) / took[:, None]
    at_least, a_second = np.linalg.lstsq(columns, np.ones_like(took), rcond=None)[0]
    return max(0.0, float(at_least)), float(a_second)
