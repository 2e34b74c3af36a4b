"""Keeps peaks below full scale: PCM that may be too loud in, PCM that is not out, without a click.

Where a sample would be too loud, the gain has come down by then and goes up again later, both over
5 ms, so that no wave is bent at its top. What is never too loud passes as it is.
"""

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.speech import Pcm

Floats = npt.NDArray[np.float64]

CEILING = 10 ** (-1 / 20)
"""Greatest amplitude that is let out: -1 dB, which leaves room for what lies between the samples
(the permitted maximum of EBU R 128)."""

AHEAD_SAMPLES = 120
"""In which the gain comes down before a peak, and goes up after: 5 ms."""

HOLD_SAMPLES = 480
"""In which it stays down after a peak: 20 ms, so that it does not follow the single waves of a
voice, which come every 2 to 15 ms."""

_BEFORE_SAMPLES = HOLD_SAMPLES + AHEAD_SAMPLES
"""Of what was let out, what still has a say in the gain."""

_WINDOW = np.hanning(AHEAD_SAMPLES + 3)[1:-1]
_WEIGHTS = _WINDOW / _WINDOW.sum()
"""Of the mean that makes a ramp of a step in the gain, (121,)."""


class Limiter:
    """Limits one stream of samples. What comes out does not depend on how it is cut into pieces.

    The last 5 ms of what has come are kept back, because of what may follow.
    """

    def __init__(self) -> None:
        self._seen: Pcm = np.zeros(_BEFORE_SAMPLES, np.float32)
        """What still matters: the samples that the gain looks back on, then those kept back."""

    def limited(self, pcm: Pcm, *, last: bool = False) -> Pcm:
        """Return what is to be heard next, of all samples so far after the `last`."""
        seen = np.concatenate([self._seen, pcm])
        stop = len(seen) if last else max(_BEFORE_SAMPLES, len(seen) - AHEAD_SAMPLES)
        out = seen[_BEFORE_SAMPLES:stop]
        if len(seen) and np.abs(seen).max() > CEILING:
            out = (out * _gains(seen)[_BEFORE_SAMPLES:stop]).astype(np.float32)
        self._seen = seen[stop - _BEFORE_SAMPLES :].copy()
        return out


def _gains(pcm: Pcm) -> Floats:
    """Return the factor for each sample; exact but for the first `_BEFORE_SAMPLES`.

    The gain that a sample needs holds from 5 ms before it to 20 ms after; the mean over the 5 ms
    before each moment then makes ramps of the steps, and has come all the way down at the sample.
    """
    needed = np.minimum(1, CEILING / np.maximum(np.abs(pcm.astype(np.float64)), CEILING))
    window = HOLD_SAMPLES + AHEAD_SAMPLES + 1
    padded = np.pad(needed, (HOLD_SAMPLES, AHEAD_SAMPLES), constant_values=1)
    held = _least(padded, window)
    gains = np.convolve(np.pad(held, (AHEAD_SAMPLES, 0), constant_values=1), _WEIGHTS, "valid")
    return np.where(gains > 1 - 1e-9, 1, gains)  # where nothing is too loud, nothing is changed


def _least(values: Floats, window: int) -> Floats:
    """Return the least value in each window of so many, one for each place that it has."""
    span = 1
    while 2 * span <= window:
        values = np.minimum(values[:-span], values[span:])
        span *= 2
    rest = window - span
    return np.minimum(values[: len(values) - rest], values[rest:])
