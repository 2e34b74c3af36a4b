"""How loud speech is to a listener: PCM in, LUFS out, by Recommendation ITU-R BS.1770-4.

The signal is weighted as the head and the ear do (K-weighting), its power is taken over blocks of
0.4 s, and blocks in which nobody speaks do not count.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.speech import SAMPLE_RATE, Pcm

BLOCK_SAMPLES = 9600
"""Of a gating block, 0.4 s; the next one begins a quarter of it later."""

SILENT_LUFS = -70.0
"""Blocks below do not count (the absolute gate); nor is anything said to be fainter."""

RELATIVE_GATE_LU = -10.0
"""Blocks this far below the mean of those that are left do not count either."""

_OFFSET = -0.691
"""Makes a sine of 997 Hz at full scale -3.01 LUFS."""

_RINGING_SAMPLES = SAMPLE_RATE // 2
"""After which nothing is left of a pulse in the filters: the slower one decays by e in 8 ms."""

_FILTERS_RATE = 48_000
"""That the coefficients below are for."""

_FILTERS = (
    (
        (1.53512485958697, -2.69169618940638, 1.19839281085285),
        (-1.69065929318241, 0.73248077421585),
    ),
    ((1.0, -2.0, 1.0), (-1.99004745483398, 0.99007225036621)),
)
"""Coefficients b0 to b2, and a1 and a2, of the two stages: tables 1 and 2 of Annex 1."""


def loudness(pcm: Pcm) -> float:
    """Return the integrated loudness of `pcm`, (samples,) at 24 kHz, in LUFS; -70 where it is
    silent or shorter than a block."""
    powers = _block_powers(k_weighted(pcm))
    heard = powers[_lufs(powers) > SILENT_LUFS]
    if not len(heard):
        return SILENT_LUFS
    heard = heard[_lufs(heard) > _lufs(heard.mean()) + RELATIVE_GATE_LU]
    return float(_lufs(heard.mean()))


def k_weighted(pcm: Pcm) -> npt.NDArray[np.float64]:
    """Return `pcm` through the two filters of BS.1770, (samples,).

    They are applied to the spectrum, where those for 48 kHz can be used as they are. It is made of
    so much silence more that what rings on at the end does not come round to the beginning.
    """
    size = _smooth_size(len(pcm) + _RINGING_SAMPLES)
    spectrum = np.fft.rfft(pcm.astype(np.float64), size) * _response(size)
    return np.asarray(np.fft.irfft(spectrum, size)[: len(pcm)])


def _block_powers(weighted: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the mean power of each block."""
    if len(weighted) < BLOCK_SAMPLES:
        return np.zeros(0)
    quarters = weighted[: len(weighted) // (BLOCK_SAMPLES // 4) * (BLOCK_SAMPLES // 4)]
    energies = np.square(quarters).reshape(-1, BLOCK_SAMPLES // 4).sum(axis=1)
    return np.convolve(energies, np.ones(4), "valid") / BLOCK_SAMPLES


def _lufs(power: npt.ArrayLike) -> npt.NDArray[np.float64]:
    return np.asarray(_OFFSET + 10 * np.log10(np.maximum(power, 1e-30)))


@lru_cache(maxsize=4)
def _response(size: int) -> npt.NDArray[np.complex128]:
    """Return what the filters do to each frequency of a spectrum of `size` samples at 24 kHz."""
    delay = np.exp(-2j * np.pi * np.fft.rfftfreq(size, 1 / SAMPLE_RATE) / _FILTERS_RATE)
    response = np.ones(len(delay), np.complex128)
    for (b0, b1, b2), (a1, a2) in _FILTERS:
        response *= (b0 + delay * (b1 + delay * b2)) / (1 + delay * (a1 + delay * a2))
    return response


def _smooth_size(least: int) -> int:
    """Return a size at which spectra are quick to make, no less than `least`."""
    step = 1 << max(0, least.bit_length() - 4)
    return -(-least // step) * step
