"""Where a planned sentence is cut into breaths: a plan in, spans of frames out.

Their samples, one after another, are those of the sentence, so cuts may lie anywhere. What is
heard first is short, so that it comes soon, and long enough for a second one to be made meanwhile.
Later ones are as long as the engine can make in well under the time for which the listener has
enough; they end where the voice pauses, in punctuation, else where it is unvoiced and quietest, in
case that the next one comes late.
"""

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.speech import FRAME_SAMPLES, SAMPLE_RATE, Pcm, Plan

FRAMES_A_SECOND = SAMPLE_RATE // FRAME_SAMPLES

FIRST_FRAMES = (20, 60)
"""Least and most of the first breath: 0.5 to 1.5 s."""

LATER_COST_SECONDS, SHARED_COST_SECONDS = 0.6, 0.3
"""Engine time of a later breath, at the most: of an engine that answers one call at a time, which
makes a breath in a window with what is around it, and of one that answers several, which goes on
where it was."""

SUPPLY_SHARE = 0.6
"""Engine time of a later breath, of the time for which the listener has enough, at the most."""

LATER_FRAMES, SHARED_FRAMES = (32, 200), (20, 200)
"""Least and most of a later breath's upper bound: 0.8 to 5 s, and from 0.5 s on where calls share
the engine."""

SHORTEST_FRAMES = 20
"""What is left of a sentence is not cut off if it is shorter than this: 0.5 s."""

SHORT_FRAMES = 80
"""Of a sentence that is always voiced whole, at the most: 2 s. Of such its statistics are predicted
worst."""

WHOLE_SECONDS = LATER_FRAMES[1] / FRAMES_A_SECOND
"""Of a sentence that is voiced whole though it could be divided, at the most: no more than of a
breath, so that memory is bounded and others do not wait for longer."""

WHOLE_MARGIN = 1.5
"""How often a sentence that is voiced whole could be made before its listener runs dry."""

SOUNDING_ENERGY = -2.5
"""Above which a frame sounds. The models plan the logarithm of the spectrum's norm, 2 to 9 in
speech and -7 to -10 in silence; engines that know no more plan the amplitude, which is above."""

ONSET_FRAMES = 2
"""What is made before the first frame that sounds. No sample before that was audible."""

FADE_FRAMES = 1
"""Made after the pause, to fade out over."""

PAUSES = frozenset(".,;:!?—…。、，！？；：")
"""Symbols whose duration is mostly silence."""


def voiced_frames(plan: Plan, pause_seconds: float) -> range:
    """Return the frames of `plan` that are to be made: from shortly before the first sound to
    `pause_seconds` after the last one, as far as the plan knows; what is heard of them, the samples
    decide (`Ends`).

    All frames of a plan in which nothing sounds; never none.
    """
    sounding = np.flatnonzero(_energy(plan) > SOUNDING_ENERGY)
    start = max(0, int(sounding[0]) - ONSET_FRAMES) if len(sounding) else 0
    pause = math.ceil(pause_seconds * FRAMES_A_SECOND) + FADE_FRAMES
    stop = min(plan.frames, sound_ends(plan) + pause)
    return range(start, max(stop, start + 1))


def sound_ends(plan: Plan) -> int:
    """Return the frame in which `plan` has no more sound, and none after it.

    It is where the energy falls for good: on the real voice at the last audible frame or up to
    0.45 s later, the later the fainter the voice. Where the energy does not tell, it is where the
    last symbol ends that is no pause.
    """
    sounding = np.flatnonzero(_energy(plan) > SOUNDING_ENERGY)
    stop = int(sounding[-1]) + 1 if len(sounding) else plan.frames
    return _last_sound(plan) if stop == plan.frames and len(plan.durations) else stop


def _energy(plan: Plan) -> npt.NDArray[np.float32]:
    """Return the energy of each frame, (frames,)."""
    energy: npt.NDArray[np.float32] = plan.energy.reshape(-1, 2).mean(axis=1)
    return energy


def _last_sound(plan: Plan) -> int:
    """Return the frame at which the last symbol that is no pause ends."""
    end = plan.frames - int(plan.durations[-1])
    for start, stop, symbol in reversed(list(_spans(plan))):
        if symbol not in PAUSES | {" "}:
            return stop
        end = start
    return end


def is_voiced_whole(plan: Plan, voiced: range, supply: float, rtf: float) -> bool:
    """Return whether `plan` is voiced at once, which is as the model itself speaks it.

    So is a sentence that cannot be divided, a short one, and one that is made long before its
    listener runs dry, in `supply` seconds. `voiced` and `rtf` are as for `next_breath`.
    """
    if not plan.divisible or len(voiced) <= SHORT_FRAMES:
        return True
    seconds = plan.frames / FRAMES_A_SECOND
    return seconds <= WHOLE_SECONDS and 0 < WHOLE_MARGIN * rtf * seconds <= supply


def next_breath(
    plan: Plan,
    voiced: range,
    start: int,
    rtf: float,
    supply: float | None = None,
    *,
    shared: bool = False,
) -> range:
    """Return the breath of `plan` that begins at the frame `start`, short ones where the engine is
    `shared` by several calls at once.

    `voiced` are the frames to be spoken at all, `rtf` is the engine's measured real-time factor
    times the streams that share it, 0 where it is not known yet, and `supply` are the seconds for
    which the listener has enough, None where nothing was made for it yet.
    """
    most = _first(rtf, shared) if supply is None else _later(rtf, supply, shared)
    if voiced.stop - start <= most + SHORTEST_FRAMES:
        return range(start, voiced.stop)
    if supply is None:
        return range(start, start + most)
    frames = range(start + most // 2, start + most + 1)
    return range(start, _longest_pause(plan, frames) or _quietest(plan, frames))


def _first(rtf: float, shared: bool) -> int:
    """Return the frames of the first breath: while it plays, a second one can be made."""
    least, _ = SHARED_FRAMES if shared else LATER_FRAMES
    return int(np.clip(least * rtf / SUPPLY_SHARE, *FIRST_FRAMES))


def _later(rtf: float, supply: float, shared: bool) -> int:
    """Return the most frames of a breath that is not the first."""
    cost = SHARED_COST_SECONDS if shared else LATER_COST_SECONDS
    seconds = min(cost, SUPPLY_SHARE * supply)
    bounds = SHARED_FRAMES if shared else LATER_FRAMES
    return int(np.clip(seconds / rtf * FRAMES_A_SECOND if rtf else 0, *bounds))


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


def heard(whole: Pcm, voiced: range) -> Pcm:
    """Return what is made of a sentence that was not voiced in breaths: of `whole`, (600 *
    plan.frames,), the frames `voiced`, (600 * len(voiced),)."""
    return whole[FRAME_SAMPLES * voiced.start : FRAME_SAMPLES * voiced.stop]
