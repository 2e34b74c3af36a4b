"""A judge of sound: DNSMOS, without the packages that speechmos takes for what is not used here.

PCM in; how listeners would rate it, 1 (bad) to 5 (excellent), out: the speech, the background, and
all in all (Reddy, Gopal and Cutler, "DNSMOS P.835", 2022).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from tests.support.index_files import judge_file
from tests.support.recogniser import HEARD_RATE, at_16_khz
from wyoming_kokoro.speech import Pcm

SECONDS = 9.01
"""That the network judges at once; shorter sounds are repeated, longer ones judged each second."""

_SIGNAL = (-0.08397278, 1.22083953, 0.0052439)
_BACKGROUND = (-0.13166888, 1.60915514, -0.39604546)
_OVERALL = (-0.06766283, 1.11546468, 0.04602535)
"""Polynomials from what the network gives to ratings: `get_polyfit_val` of speechmos 0.0.1.1."""


@dataclass(frozen=True, slots=True)
class Rating:
    """1 to 5."""

    signal: float
    background: float
    overall: float


def rate(pcm: Pcm) -> Rating:
    """Return how `pcm`, 24 kHz, would be rated.

    Raises:
        NotInstalled: speechmos is not.
    """
    return rate_at_16_khz(at_16_khz(pcm))


def rate_at_16_khz(samples: Pcm) -> Rating:
    """Return the mean over windows of 9.01 s, a second apart, of `samples`, within -1..1."""
    while len(samples) < int(SECONDS * HEARD_RATE):
        samples = np.append(samples, samples)
    windows = [samples[span] for span in _windows(len(samples))]
    raw = [_network().run(None, {"input_1": window[None]})[0][0] for window in windows]
    curves = (_SIGNAL, _BACKGROUND, _OVERALL)
    ratings = [
        float(np.mean(np.polyval(curve, column)))
        for curve, column in zip(curves, np.array(raw, np.float64).T, strict=True)
    ]
    return Rating(*ratings)


def _windows(length: int) -> Iterator[slice]:
    """Yield what speechmos judges of a sound: none that ends in its last second, and none of which
    its arithmetic finds the end a sample too early."""
    for second in range(int(length // HEARD_RATE - SECONDS) + 1):
        span = slice(second * HEARD_RATE, int((second + SECONDS) * HEARD_RATE))
        if span.stop - span.start >= int(SECONDS * HEARD_RATE):
            yield span


@cache
def _network() -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(
        str(judge_file()), options, providers=["CPUExecutionProvider"]
    )
