"""One sentence on its way from the engine to a listener: the samples of its breaths in, what is
heard of them out, without the silence around it, as loud as the voice should be.
"""

import numpy as np

from wyoming_kokoro.audio import AUDIBLE
from wyoming_kokoro.audio.limiter import Limiter
from wyoming_kokoro.speech import FRAME_SAMPLES, SAMPLE_RATE, Pcm, Plan
from wyoming_kokoro.synthesis.breaths import sound_ends
from wyoming_kokoro.synthesis.ends import Ends

SILENT = 1e-4
"""Largest amplitude of what is no sound: -80 dB of full scale."""

LEAST_GAIN = 0.5
"""What is audible is judged by as it will be heard, but as if at no less than this: who turns the
voices down wants whole words all the same."""


class SentenceSound:
    """The sound of one sentence."""

    def __init__(self, plan: Plan, voiced: range, pause_seconds: float, gain: float) -> None:
        """The frames `voiced` of `plan` will come; `pause_seconds` are left of the silence after
        them, and `gain` is the factor by which they are made louder."""
        ends = FRAME_SAMPLES * (sound_ends(plan) - voiced.start)
        self._ends = Ends(pause_seconds, ends, AUDIBLE / max(gain, LEAST_GAIN))
        self._gain = np.float32(gain)
        self._limiter = Limiter()
        self._made: list[Pcm] = []
        self._heard: list[Pcm] = []

    def heard(self, pcm: Pcm, *, last: bool) -> Pcm:
        """Return what is heard next, after a breath was made, `pcm`, float32, (samples,). Of a
        breath that is all quiet it may be nothing."""
        heard = self._ends.heard(pcm, last=last)
        self._made.append(heard)
        self._heard.append(self._limiter.limited(heard * self._gain, last=last))
        return self._heard[-1]

    @property
    def begins(self) -> float:
        """Seconds of silence that were cut off before what is heard."""
        return self._ends.begins / SAMPLE_RATE

    @property
    def as_made(self) -> Pcm:
        """What was heard so far, as loud as the engine has made it."""
        return np.concatenate(self._made)

    @property
    def is_silent(self) -> bool:
        """Whether nothing was made that anybody could hear, however loud it is played."""
        return float(np.abs(self.as_made).max(initial=0.0)) < SILENT

    @property
    def as_heard(self) -> Pcm:
        """What was heard so far."""
        return np.concatenate(self._heard)
