"""Speech as floats in, as the bytes that go to a listener out; and how levels are told."""

from collections.abc import Iterator

import numpy as np

from wyoming_kokoro.speech import SAMPLE_RATE, Pcm

AUDIBLE = 0.01
"""Amplitude from which a sample is heard: -40 dB of full scale."""

FULL_SCALE = 32_767
"""The largest sample of 16 bits."""

_SAMPLE_BYTES = 2


def gain_for(decibels: float) -> float:
    """Return the factor that changes levels by so many decibels."""
    return float(10 ** (decibels / 20))


def to_int16(pcm: Pcm) -> bytes:
    """Return `pcm` as 16-bit little-endian samples: rounded, and clipped to -1..1."""
    scaled = np.rint(np.clip(pcm, -1, 1) * np.float32(FULL_SCALE))
    return bytes(scaled.astype("<i2").data)


def silence(seconds: float) -> Pcm:
    """Return silence, shape (24000 * seconds,)."""
    return np.zeros(round(seconds * SAMPLE_RATE), np.float32)


def chunks(samples: bytes, seconds: float) -> Iterator[bytes]:
    """Cut 16-bit `samples` at 24 kHz into pieces of `seconds`; the last one has what is left."""
    size = round(seconds * SAMPLE_RATE) * _SAMPLE_BYTES
    for start in range(0, len(samples), size):
        yield samples[start : start + size]
