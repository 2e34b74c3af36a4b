"""The noise in the voice's source: a seed and a range of frames in, normal deviates out."""

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.speech import FRAME_SAMPLES

HARMONICS = 9
"""Sines in the harmonic source: the fundamental and eight overtones, each with its own noise."""


def source_noise(seed: int, frames: range, columns: int = HARMONICS) -> npt.NDArray[np.float32]:
    """Return standard normal noise for `frames`: float32, shape (600 * len(frames), columns).

    A sample's noise depends on the seed and on its position in the sentence only, not on which
    frames are asked for: Philox4x64 (Salmon et al., "Parallel Random Numbers: As Easy as 1, 2,
    3", 2011), keyed by the seed modulo 2**64, with the frame's number in the second word of its
    counter; a frame draws far fewer than the 2**64 blocks that the first word counts.
    """
    noise = np.empty((len(frames), FRAME_SAMPLES, columns), np.float32)
    for row, frame in zip(noise, frames, strict=True):
        bits = np.random.Philox(key=seed % 2**64, counter=[0, frame, 0, 0])
        np.random.Generator(bits).standard_normal(dtype=np.float32, out=row)
    return noise.reshape(-1, columns)
