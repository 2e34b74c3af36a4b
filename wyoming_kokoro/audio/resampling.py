"""Speech at another sample rate: 16-bit samples at 24 kHz come in piece by piece, and leave so."""

import numpy as np

from wyoming_kokoro.audio import FULL_SCALE, to_int16
from wyoming_kokoro.speech import SAMPLE_RATE


class Resampler:
    """Changes the sample rate of one piece of speech (soxr, which is as good as 16 bits tell)."""

    def __init__(self, rate: int) -> None:
        """Make samples at `rate` hertz."""
        import soxr

        # Not in 16 bits: soxr would dither them, and silence were no silence.
        self._stream = soxr.ResampleStream(SAMPLE_RATE, rate, 1, "float32", "HQ")

    def resampled(self, samples: bytes, *, last: bool = False) -> bytes:
        """Return the 16-bit samples that are known after these; all that are left with the `last`
        ones, after which there may be no more. The first come some milliseconds late."""
        pcm = np.frombuffer(samples, "<i2").astype(np.float32) / np.float32(FULL_SCALE)
        return to_int16(self._stream.resample_chunk(pcm, last))
