"""What the inverse short-time Fourier transform multiplies with, whatever runs it."""

import numpy as np

from wyoming_kokoro.engines.kokoro.plan import Floats


def inverse_basis(size: int) -> Floats:
    """Return the samples that each bin of a one-sided spectrum stands for: (size + 2, size).

    Rows are real parts, then imaginary parts. All bins but the first and the last stand for their
    mirror image too, hence twice as much.
    """
    bins = np.arange(size // 2 + 1)
    angles = 2 * np.pi / size * np.outer(bins, np.arange(size))
    share = np.where((bins == 0) | (bins == size // 2), 1, 2)[:, None] / size
    return np.concatenate([share * np.cos(angles), -share * np.sin(angles)]).astype(np.float32)
