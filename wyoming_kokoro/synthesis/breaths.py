"""Where a planned sentence is cut into breaths: a plan in, spans of frames out; their PCM joined.

The cuts lie where the voice pauses: in punctuation, else where it is unvoiced and quietest. The
first breath is short, so that it is heard soon; later ones are as long as the engine can make in
well under the time that the one before takes to play.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

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

WHOLE_SECONDS = 8.0
"""Of a sentence that is voiced whole though it could be divided, at the most: memory is bounded,
and others wait."""

WHOLE_MARGIN = 1.5
"""How often a sentence that is voiced whole could be made before its listener runs dry."""

ONSET_FRAMES = 3
"""What is kept of the padding before the first symbol, where its sound begins
(`join_timestamps` of hexgrad/kokoro's pipeline counts from there)."""

PAUSES = frozenset(".,;:!?—…。、，！？；：")
"""Symbols whose duration is mostly silence."""

FADE_SAMPLES = 240
"""Of the cross-fade between two breaths: 10 ms."""


def voiced_frames(plan: Plan, pause_seconds: float) -> range:
    """Return the frames of `plan` that are to be heard: without the model's padding before the
    first sound, and with no more than `pause_seconds` of the silence after the last one.

    The silence is known from the durations; frames in it that have the energy of speech are kept.
    All frames of a plan without durations; never none.
    """
    if len(plan.durations) == 0:
        return range(plan.frames)
    energy = plan.energy.reshape(-1, 2).mean(axis=1)
    loud = energy > _speech_energy(plan, energy)
    start = max(0, int(plan.durations[0]) - ONSET_FRAMES)
    start = int(loud[:start].argmax()) if loud[:start].any() else start
    last_sound = _last_sound(plan)
    after = np.flatnonzero(loud[last_sound:])
    sound_ends = last_sound + (int(after[-1]) + 1 if len(after) else 0)
    stop = min(plan.frames, sound_ends + round(pause_seconds * FRAMES_A_SECOND))
    return range(start, max(stop, start + 1))


def _speech_energy(plan: Plan, energy: npt.NDArray[np.float32]) -> float:
    """Return the energy above which a frame of padding is taken for speech: half way between the
    padding's own, at its quietest, and the median of the sentence's. `energy` is that of each
    frame, (frames,), in the engine's own scale."""
    first, last = int(plan.durations[0]), int(plan.durations[-1])
    content = energy[first : plan.frames - last]
    padding = np.concatenate([energy[:first], energy[plan.frames - last :]])
    if not len(content) or not len(padding):
        return float("inf")
    return float(np.median(content) + padding.min()) / 2


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

    So is a sentence that cannot be divided, one of a single breath, and one that is made long
    before its listener runs dry, in `supply` seconds. `voiced` and `rtf` are as for `next_breath`.
    """
    if not plan.divisible or len(voiced) <= FIRST_FRAMES[1] + SHORTEST_FRAMES:
        return True
    seconds = plan.frames / FRAMES_A_SECOND
    return seconds <= WHOLE_SECONDS and 0 < WHOLE_MARGIN * rtf * seconds <= supply


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


def heard(whole: Pcm, voiced: range) -> Pcm:
    """Return what is heard of a sentence that was not voiced in breaths: of `whole`, (600 *
    plan.frames,), the frames `voiced`, (600 * len(voiced),), faded in and out."""
    cut = whole[FRAME_SAMPLES * voiced.start : FRAME_SAMPLES * voiced.stop]
    return CrossFade().join(cut, last=True)


class CrossFade:
    """Joins the PCM of a sentence's breaths, which overlap by a frame.

    They are cross-faded over 10 ms. The sentence itself is faded in and out: it is cut out of
    faint noise.
    """

    def __init__(self) -> None:
        self._tail: Pcm = np.zeros(FADE_SAMPLES, np.float32)  # a sentence rises out of silence

    def join(self, pcm: Pcm, *, last: bool) -> Pcm:
        """Return what is heard of a breath, `pcm`, float32, (samples,). All but the `last` are a
        frame too long, to be faded over, and come back without it."""
        joined = pcm.copy()
        rising = np.linspace(0, 1, FADE_SAMPLES, dtype=np.float32)
        joined[:FADE_SAMPLES] = self._tail * (1 - rising) + joined[:FADE_SAMPLES] * rising
        if last:
            joined[-FADE_SAMPLES:] *= rising[::-1]
            return joined
        end = len(joined) - FRAME_SAMPLES
        self._tail = joined[end : end + FADE_SAMPLES].copy()
        return joined[:end]
