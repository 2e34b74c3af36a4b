"""What Kokoro decides about a sentence before it makes a sample, and the piece of it that a span
of frames is made from. Numpy only: every engine that runs the model's weights shares it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.engines.kokoro.windows import Window, window_around
from wyoming_kokoro.speech import Plan

Floats = npt.NDArray[np.float32]

TIMBRE_SIZE = 128
"""Values of a style that the decoder reads; the predictor reads the rest."""

VOICED_HERTZ = 10.0
"""Pitch above which the model's source is voiced (`voiced_threshod` of kokoro's Generator)."""

CURVE_STEPS = 2
"""Values of pitch and energy in a frame: 80 a second."""

SPECTRUM_STEPS = 120
"""Columns of the source's spectrum in a frame, one more at the end: 600 samples at a hop of 5."""


@dataclass(frozen=True, slots=True, eq=False)
class KokoroPlan(Plan):
    """A sentence as Kokoro's predictor leaves it, ready for its decoder."""

    curve: Floats
    """Pitch as predicted, shape (2 * frames,): `f0` before its unvoiced values were set to 0.
    The decoder reads both, the curve for its features and the voicing through `source`."""

    features: Floats
    """Encoded phonemes, each held for its duration: shape (512, frames)."""

    source: Floats
    """Magnitudes, then phases, of the harmonic source's short-time spectrum (n_fft 20, hop 5):
    shape (22, 120 * frames + 1)."""

    style: Floats
    """Shape (256,): timbre, then prosody."""

    @property
    def content(self) -> range:
        """The frames between the padding before and after the tokens."""
        return range(int(self.durations[0]), self.frames - int(self.durations[-1]))

    @property
    def timbre(self) -> Floats:
        """The part of the style that the decoder reads, shape (128,)."""
        return self.style[:TIMBRE_SIZE]

    def window(self, span: range, step: int = 1) -> Window:
        """Return what voices the frames of `span`: for all frames that is the whole plan. `step` is
        as for `window_around`.

        Raises:
            ValueError: `span` is empty, has gaps, or leaves the sentence.
        """
        if span.step != 1 or not 0 <= span.start < span.stop <= self.frames:
            raise ValueError(f"{span} is no span of a sentence of {self.frames} frames")
        return window_around(span, self.content, self.frames, step)

    def front_inputs(self, frames: range) -> tuple[Floats, Floats, Floats]:
        """Return what the decoder's front reads for `frames`: features, (512, frames), and pitch
        and energy, (2 * frames,) each."""
        steps = slice(CURVE_STEPS * frames.start, CURVE_STEPS * frames.stop)
        return self.features[:, frames.start : frames.stop], self.curve[steps], self.energy[steps]

    def source_of(self, frames: range) -> Floats:
        """Return what the generator reads of the source for `frames`: (22, 120 * frames + 1)."""
        return self.source[:, SPECTRUM_STEPS * frames.start : SPECTRUM_STEPS * frames.stop + 1]


def voiced_pitch(curve: Floats) -> Floats:
    """Return the pitch in hertz of a predicted `curve`, 0 where the model's source is unvoiced."""
    return np.where(curve > VOICED_HERTZ, curve, np.float32(0))
