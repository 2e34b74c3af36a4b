"""Where a planned sentence is cut into breaths: a plan in, spans of frames out; their PCM joined.

The cuts lie where the voice pauses: in punctuation, else where it is unvoiced and quietest. The
first breath is short, so that it is heard soon; later ones are as long as the engine can make in
well under the time that the one before takes to play.
"""

from collections.abc import Iterator

import numpy as np

from wyoming_kokoro.speech import FRAME_SAMPLES, SAMPLE_RATE, Pcm, Plan

FRAMES_A_SECOND = SAMPLE_RATE // FRAME_SAMPLES

FIRST_FRAMES = (30, 60)
"""Of the first breath: 0.75 to 1.5 s."""

PATIENT_FRAMES = 80
"""Up to where a pause is looked for before the first breath is cut without one: 2 s."""

LATER_COST_SECONDS = 0.6
"""Engine time of a later breath, at the most."""

LATER_FRAMES = (60, 200)
"""Least and most of a later breath's upper bound: 1.5 to 5 s."""

SHORTEST_FRAMES = 20
"""What is left of a sentence is not cut off if it is shorter than this: 0.5 s."""

PAUSES = frozenset(".,;:!?—…。、，！？；：")
"""Symbols whose duration is mostly silence."""

FADE_SAMPLES = 240
"""Of the cross-fade between two breaths: 10 ms."""


def next_breath(plan: Plan, voiced: range, start: int, rtf: float) -> range:
    """Return the breath of `plan` that begins at the frame `start`.

    `voiced` are the frames to be spoken at all, and `rtf` the engine's measured real-time factor
    times the streams that share it, 0 where it is not known yet.
    """
    least, most, patient = _bounds(start == voiced.start, rtf)
    if voiced.stop - start <= most + SHORTEST_FRAMES:
        return range(start, voiced.stop)
    patient = min(patient, voiced.stop - start - SHORTEST_FRAMES)
    pause = _longest_pause(plan, range(start + least, start + patient + 1))
    cut = pause or _quietest(plan, range(start + least, start + most + 1))
    return range(start, cut)


def _bounds(first: bool, rtf: float) -> tuple[int, int, int]:
    """Return the least and most frames of a breath, and up to where a pause is worth waiting."""
    if first:
        return *FIRST_FRAMES, PATIENT_FRAMES
    affordable = LATER_COST_SECONDS / rtf * FRAMES_A_SECOND if rtf else 0
    most = int(np.clip(affordable, *LATER_FRAMES))
    return most // 2, most, most


def _longest_pause(plan: Plan, frames: range) -> int | None:
    """Return the middle of the longest pause that punctuation makes within `frames`."""
    pausing = [
        range(max(start, frames.start), min(stop, frames.stop))
        for start, stop, symbol in _spans(plan)
        if symbol in PAUSES
    ]
    longest = max(pausing, key=len, default=range(0))
    return (longest.start + longest.stop) // 2 if len(longest) else None


def _spans(plan: Plan) -> Iterator[tuple[int, int, str]]:
    """Yield first frame, end frame and symbol of each token but the paddings."""
    if len(plan.durations) == 0:
        return
    ends = np.cumsum(plan.durations)
    for symbol, start, stop in zip(plan.tokens.symbols, ends, ends[1:], strict=False):
        yield int(start), int(stop), symbol


def _quietest(plan: Plan, frames: range) -> int:
    """Return the frame of least energy among the unvoiced ones, among all if there is none."""
    values = slice(2 * frames.start, 2 * frames.stop)  # two a frame
    energy = plan.energy[values].reshape(-1, 2).mean(axis=1)
    unvoiced = plan.f0[values].reshape(-1, 2).max(axis=1) == 0
    if unvoiced.any():
        energy = np.where(unvoiced, energy, np.inf)
    return frames.start + int(energy.argmin())


class Joiner:
    """Joins the PCM of breaths that overlap by a frame, cross-faded over 10 ms."""

    def __init__(self) -> None:
        self._tail: Pcm = np.zeros(0, np.float32)

    def join(self, pcm: Pcm, *, last: bool) -> Pcm:
        """Return what can be heard of a breath, `pcm`; all but the `last` are a frame too long."""
        joined = pcm.copy()
        fade = len(self._tail)
        if fade:
            rising = np.linspace(0, 1, fade, dtype=np.float32)
            joined[:fade] = self._tail * (1 - rising) + joined[:fade] * rising
        if last:
            return joined
        end = len(joined) - FRAME_SAMPLES
        self._tail = joined[end : end + FADE_SAMPLES].copy()
        return joined[:end]
