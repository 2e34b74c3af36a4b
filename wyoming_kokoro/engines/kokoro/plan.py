"""What Kokoro decides about a sentence before it makes a sample. Numpy only: every engine that runs
the model's weights in stages shares it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.speech import Plan

Floats = npt.NDArray[np.float32]

TIMBRE_SIZE = 128
"""Values of a style that the decoder reads; the predictor reads the rest."""

VOICED_HERTZ = 10.0
"""Pitch above which the model's source is voiced (`voiced_threshod` of kokoro's Generator)."""

CURVE_STEPS = 2
"""Values of pitch and energy, and columns of the front's output, in a frame: 80 a second."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class KokoroPlan(Plan):
    """A sentence as the predictor and the decoder's front leave it, ready for the generator."""

    hidden: Floats
    """What the decoder's front makes of the whole sentence: shape (512, 2 * frames)."""

    source: Callable[[range], Floats]
    """Makes, for frames, magnitudes, then phases, of the harmonic source's short-time spectrum
    (n_fft 20, hop 5): shape (22, 120 * frames + 1). It makes them anew at each call."""

    style: Floats
    """Shape (256,): timbre, then prosody."""

    voice: str
    """Which voice pack the style is of."""

    covariates: Floats
    """What its statistics are predicted from, (1029,); see `statistics.covariates_of`."""

    statistics: Floats | None
    """Means and deviations that the generator normalizes parts of the sentence by, (2, 9216); see
    `places`. None where they cannot be predicted for this voice."""

    makeshift: bool = False
    """Whether the statistics are those of the sentence's first part, as nothing is known of its
    voice or model yet."""

    @property
    def divisible(self) -> bool:
        """Whether its statistics are known before all of it is made."""
        return self.statistics is not None

    @property
    def timbre(self) -> Floats:
        """The part of the style that the decoder reads, shape (128,)."""
        return self.style[:TIMBRE_SIZE]

    def hidden_of(self, frames: range) -> Floats:
        """Return what the generator reads of the front for `frames`: (512, 2 * len(frames))."""
        return self.hidden[:, CURVE_STEPS * frames.start : CURVE_STEPS * frames.stop]


def voiced_pitch(curve: Floats) -> Floats:
    """Return the pitch in hertz of a predicted `curve`, 0 where the model's source is unvoiced."""
    return np.where(curve > VOICED_HERTZ, curve, np.float32(0))
