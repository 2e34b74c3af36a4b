"""What Kokoro decides about a sentence before it makes a sample, and the piece of it that a span
of frames is made from. Numpy only: every engine that runs the model's weights shares it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.speech import FRAME_SAMPLES, Pcm, Plan

Floats = npt.NDArray[np.float32]

TIMBRE_SIZE = 128
"""Values of a style that the decoder reads; the predictor reads the rest."""

VOICED_HERTZ = 10.0
"""Pitch above which the model's source is voiced (`voiced_threshod` of kokoro's Generator)."""

CURVE_STEPS = 2
"""Values of pitch and energy in a frame: 80 a second."""

SPECTRUM_STEPS = 120
"""Columns of the source's spectrum in a frame, one more at the end: 600 samples at a hop of 5."""

CONTEXT_FRAMES = 10
"""Frames on each side of a span that the decoder is run on too, and whose samples are dropped:
the receptive field of its front. The generator's own is 4.5 frames."""


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """What the decoder is run on to voice a span: its frames and the context around them."""

    features: Floats
    """Shape (512, frames)."""

    curve: Floats
    """Shape (2 * frames,)."""

    energy: Floats
    """Shape (2 * frames,)."""

    source: Floats
    """Shape (22, 120 * frames + 1)."""

    timbre: Floats
    """Shape (128,)."""

    emitted: slice
    """The samples of the decoder's output that are the span's; the rest is context."""

    def emit(self, samples: Pcm) -> Pcm:
        """Return the span's own part of the decoder's output, shape (600 * frames,), as a copy."""
        return samples[self.emitted].copy()


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

    def window(self, span: range) -> Window:
        """Return what voices the frames of `span`; for all frames that is the whole plan.

        Raises:
            ValueError: `span` is empty, has gaps, or leaves the sentence.
        """
        if span.step != 1 or not 0 <= span.start < span.stop <= self.frames:
            raise ValueError(f"{span} is no span of a sentence of {self.frames} frames")
        first = max(0, span.start - CONTEXT_FRAMES)
        last = min(self.frames, span.stop + CONTEXT_FRAMES)
        steps = slice(CURVE_STEPS * first, CURVE_STEPS * last)
        return Window(
            features=self.features[:, first:last],
            curve=self.curve[steps],
            energy=self.energy[steps],
            source=self.source[:, SPECTRUM_STEPS * first : SPECTRUM_STEPS * last + 1],
            timbre=self.style[:TIMBRE_SIZE],
            emitted=slice(
                FRAME_SAMPLES * (span.start - first), FRAME_SAMPLES * (span.stop - first)
            ),
        )


def voiced_pitch(curve: Floats) -> Floats:
    """Return the pitch in hertz of a predicted `curve`, 0 where the model's source is unvoiced."""
    return np.where(curve > VOICED_HERTZ, curve, np.float32(0))
