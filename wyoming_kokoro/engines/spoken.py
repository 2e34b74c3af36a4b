"""Speech that is made whole: samples come in, a plan that holds them goes out, then spans of it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.speech import FRAME_SAMPLES, Pcm, Plan, Tokens

UNKNOWN = np.zeros(0, np.int64)
"""Durations of an engine that knows none."""


@dataclass(frozen=True, slots=True, eq=False)
class SpokenPlan(Plan):
    """A sentence that is spoken already."""

    pcm: Pcm
    """Shape (600 * frames,)."""


def spoken_plan(
    tokens: Tokens, samples: Pcm, durations: npt.NDArray[np.int64] = UNKNOWN
) -> SpokenPlan:
    """Return the plan of a sentence whose `samples`, at 24 kHz, are filled up with silence to whole
    frames. Its energy is the root mean square of each half frame; its pitch is not known."""
    frames = -(-len(samples) // FRAME_SAMPLES)
    pcm = np.zeros(frames * FRAME_SAMPLES, np.float32)
    pcm[: len(samples)] = samples
    halves = pcm.reshape(2 * frames, FRAME_SAMPLES // 2)
    return SpokenPlan(
        tokens=tokens,
        frames=frames,
        durations=durations,
        f0=np.zeros(2 * frames, np.float32),
        energy=np.sqrt(np.mean(halves**2, axis=1)),
        pcm=pcm,
    )


def spoken_span(plan: Plan, span: range) -> Pcm:
    """Return the samples of `span`, as a copy.

    Raises:
        TypeError: `plan` does not hold its samples.
    """
    if not isinstance(plan, SpokenPlan):
        raise TypeError(f"a {type(plan).__name__} is not of this engine's making")
    return plan.pcm[FRAME_SAMPLES * span.start : FRAME_SAMPLES * span.stop].copy()
