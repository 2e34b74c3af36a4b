"""How speech is measured: PCM in, figures out. Levels are in dB relative to full scale, as RMS."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.speech import SAMPLE_RATE, Pcm

Floats = npt.NDArray[np.float64]

FAINTEST_DB = -120.0
"""Level of what is silent altogether."""

SILENT_DB = -30.0
"""Level of silence, relative to that of the whole utterance."""

_SILENCE_SAMPLES = 240
"""In which silence is looked for: 10 ms."""

_SIZE, _HOP = 1024, 300
"""Samples in a column of the spectrum, 43 ms, and from one to the next, 12.5 ms."""

_BANDS = 80
"""Mel bands, as many as in the spectrograms that such models are trained with."""

_RANGE_DB = 70.0
"""Below the loudest band by which a band counts as silent."""

STEP_SAMPLES = 4800
"""On either side of a join over which the level is taken: 0.2 s, about a syllable."""


def level(pcm: Pcm) -> float:
    """Return the level of `pcm` in dBFS; a sine at full scale has -3."""
    return _decibels(_power(pcm), 10 ** (FAINTEST_DB / 10))


def level_change(pcm: Pcm, whole: Pcm) -> float:
    """Return by how many dB `pcm` is louder than `whole`; below 0 where it is fainter."""
    return level(pcm) - level(whole)


@dataclass(frozen=True, slots=True)
class Silence:
    """Shares of an utterance that are silent, 0 to 1."""

    before: float
    within: float
    after: float


def silence(pcm: Pcm) -> Silence:
    """Return how much of `pcm` is silent: 30 dB below the whole, over 10 ms."""
    pieces = pcm[: len(pcm) // _SILENCE_SAMPLES * _SILENCE_SAMPLES].reshape(-1, _SILENCE_SAMPLES)
    powers = np.mean(np.square(pieces, dtype=np.float64), axis=1)
    sounding = np.flatnonzero(powers > _power(pcm) * 10 ** (SILENT_DB / 10))
    if not len(sounding):
        return Silence(1.0, 0.0, 0.0)
    first, last = int(sounding[0]), int(sounding[-1])
    within = last + 1 - first - len(sounding)
    return Silence(first / len(powers), within / len(powers), 1 - (last + 1) / len(powers))


def log_mel_distance(pcm: Pcm, whole: Pcm) -> float:
    """Return how far `pcm` is from `whole`, of the same length, in dB: 0 if they are equal.

    The RMS log spectral distance (Gray and Markel, "Distance measures for speech processing",
    1976) over mel bands, averaged over time. What lies 70 dB below the loudest band of `whole`
    counts as equally silent.
    """
    ours, theirs = _mel_powers(pcm), _mel_powers(whole)
    floor = max(theirs.max(), 1e-12) * 10 ** (-_RANGE_DB / 10)
    difference = 10 * np.log10(np.maximum(ours, floor) / np.maximum(theirs, floor))
    return float(np.sqrt(np.mean(np.square(difference), axis=1)).mean())


def level_steps(pcm: Pcm, whole: Pcm, joins: Sequence[int]) -> list[float]:
    """Return by how many dB the level changes at each of the `joins`, in samples, where it does
    not in `whole`.

    Gain is the level of `pcm` less that of `whole`; a step is the gain in the 0.2 s after a join
    less that in the 0.2 s before, without its sign. Levels are 30 dB below the whole at the
    least, so that what is faint in a pause does not count.
    """
    floor = max(_power(whole), 1e-12) * 10 ** (SILENT_DB / 10)

    def gain(begin: int, end: int) -> float:
        span = slice(max(0, begin), end)
        return _decibels(_power(pcm[span]), floor) - _decibels(_power(whole[span]), floor)

    return [
        abs(gain(join, join + STEP_SAMPLES) - gain(join - STEP_SAMPLES, join)) for join in joins
    ]


def _power(pcm: Pcm) -> float:
    return float(np.mean(np.square(pcm, dtype=np.float64))) if len(pcm) else 0.0


def _decibels(power: float, floor: float) -> float:
    return 10 * float(np.log10(max(power, floor)))


def _mel_powers(pcm: Pcm) -> Floats:
    """Return the power in each mel band over time, (columns, bands)."""
    padded = np.pad(pcm.astype(np.float64), _SIZE // 2)
    columns = np.lib.stride_tricks.sliding_window_view(padded, _SIZE)[::_HOP]
    spectrum = np.fft.rfft(columns * np.hanning(_SIZE + 1)[:-1], axis=1)
    return np.asarray(np.square(np.abs(spectrum)) @ mel_filters())


@cache
def mel_filters() -> Floats:
    """Return triangular filters, (bins, bands), that rise and fall between mels evenly spaced from
    0 to 12 kHz. m = 2595 log10(1 + f / 700) (O'Shaughnessy, "Speech Communication", 1987)."""
    highest = 2595 * np.log10(1 + SAMPLE_RATE / 2 / 700)
    corners = 700 * (10 ** (np.linspace(0, highest, _BANDS + 2) / 2595) - 1)
    hertz = np.fft.rfftfreq(_SIZE, 1 / SAMPLE_RATE)[:, None]
    low, middle, high = corners[:-2], corners[1:-1], corners[2:]
    rising, falling = (hertz - low) / (middle - low), (high - hertz) / (high - middle)
    return np.maximum(0, np.minimum(rising, falling))
