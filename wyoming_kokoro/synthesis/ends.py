"""Where one sentence begins and ends to a listener: its samples in, as they are made; what is heard
out, without the silence that the model puts around it.

The plan knows about where that is, the samples know it exactly. So quiet is kept back until it is
clear whether anything follows: between two sounds it is let go, at the end it is cut.
"""

import numpy as np

from wyoming_kokoro.audio import AUDIBLE
from wyoming_kokoro.speech import SAMPLE_RATE, Pcm

LEAD_SAMPLES = 960
"""What is kept before the first audible sample: 40 ms, in which a soft sound sets in."""

FADE_SAMPLES = 240
"""In which a sentence rises out of silence, and falls back into it: 10 ms."""

LONGEST_QUIET_SAMPLES = SAMPLE_RATE
"""Quiet that is kept back at the most, 1 s. What is quiet for longer is let go as it is."""

GAP_SAMPLES = 1200
"""Quiet after which a sound is another one, 50 ms; the pulses of a creaking voice are nearer."""

FAULT_SAMPLES = 480
"""What is silent before the first audible sample of a fault, in which it sets in: 20 ms."""


class Ends:
    """Cuts the ends of one sentence. What comes out does not depend on how it is cut into pieces.

    A sample is audible from an amplitude on. A sound that sets in after `sound_ends`, where by the
    plan the sentence is over, is a fault of the model (clicks in its last padding): from there on
    there is silence.
    """

    def __init__(self, pause_seconds: float, sound_ends: int, audible: float = AUDIBLE) -> None:
        """`pause_seconds` are what is left of the silence after the last audible sample, and
        `sound_ends` is a sample of the sentence."""
        self._rest = max(round(pause_seconds * SAMPLE_RATE), FADE_SAMPLES)
        self._sound_ends = sound_ends
        self._audible = audible
        self._kept: Pcm = np.zeros(0, np.float32)
        self._come = 0
        """Samples that have come; of these the last ones are kept."""
        self._first: int | None = None
        """The first audible sample."""
        self._quiet_from = 0
        """The sample after the last audible one."""
        self._fault: int | None = None
        """The first audible sample of a fault."""
        self._begins: int | None = None
        """Where what is heard begins."""

    @property
    def begins(self) -> int:
        """The sample at which what is heard begins, 0 where that is not known yet."""
        return self._begins or 0

    def heard(self, pcm: Pcm, *, last: bool) -> Pcm:
        """Return what is heard next, after `pcm` has come, float32, (samples,); it may be nothing.
        With the `last` samples of the sentence all that is left of it."""
        if self._fault is not None:
            pcm = np.zeros_like(pcm)
        self._listen(pcm)
        self._kept = np.concatenate([self._kept, pcm])
        self._come += len(pcm)
        if self._fault is not None and pcm.any():  # it has just come
            self._silence(self._fault - FAULT_SAMPLES)
        if self._begins is None:
            self._begin(last=last)
        if self._begins is None:
            return self._kept[:0]
        heard = self._take(self._end() if last else self._certain())
        if last:
            _fade_out(heard[-FADE_SAMPLES:])
        return heard

    def _listen(self, pcm: Pcm) -> None:
        """Note where the sound that comes begins and ends."""
        loud = self._come + np.flatnonzero(np.abs(pcm) > self._audible)
        if not len(loud):
            return
        if self._first is None:
            self._first = self._quiet_from = int(loud[0])
        late = loud[np.searchsorted(loud, self._sound_ends) :]
        early = loud[: len(loud) - len(late)]
        if len(early):
            self._quiet_from = int(early[-1]) + 1
        gaps = np.flatnonzero(np.diff(late, prepend=self._quiet_from - 1) > GAP_SAMPLES)
        if len(gaps):
            self._fault, late = int(late[gaps[0]]), late[: gaps[0]]
        if len(late):
            self._quiet_from = int(late[-1]) + 1

    def _silence(self, begin: int) -> None:
        """Make the sound fall silent up to the sample `begin`, and be silent from there on."""
        silent = max(0, begin - self._come + len(self._kept))
        _fade_out(self._kept[max(0, silent - FADE_SAMPLES) : silent])
        self._kept[silent:] = 0

    def _begin(self, *, last: bool) -> None:
        """Decide where what is heard begins, if that is clear. Silence that is too long to be the
        model's padding is meant."""
        waits = self._first is None and self._come <= LONGEST_QUIET_SAMPLES and not last
        if waits:
            return
        is_meant = self._first is None or self._first > LONGEST_QUIET_SAMPLES
        self._begins = 0 if is_meant else max(0, (self._first or 0) - LEAD_SAMPLES)
        self._kept = self._kept[self._begins :]

    def _end(self) -> int:
        """Return up to where what has come is heard, if nothing audible follows."""
        if self._come - self._quiet_from > self._rest + LONGEST_QUIET_SAMPLES:
            return self._come
        return min(self._come, self._quiet_from + self._rest)

    def _certain(self) -> int:
        """Return up to where what has come is heard, as it is, whatever follows."""
        before_fault = max(self._come, self._sound_ends) - FAULT_SAMPLES - FADE_SAMPLES
        return min(self._end() - FADE_SAMPLES, before_fault)

    def _take(self, stop: int) -> Pcm:
        """Return what is kept up to the sample `stop`, faded in at the beginning."""
        start = self._come - len(self._kept)
        taken, self._kept = np.split(self._kept, [max(0, stop - start)])
        taken = taken.copy()
        if (risen := start - (self._begins or 0)) < FADE_SAMPLES:
            rising = taken[: FADE_SAMPLES - risen]
            rising *= np.linspace(0, 1, FADE_SAMPLES, dtype=np.float32)[risen:][: len(rising)]
        return taken


def _fade_out(pcm: Pcm) -> None:
    """Fade out `pcm`, the last 10 ms before silence or what there is of them, in place."""
    pcm *= np.linspace(1, 0, FADE_SAMPLES, dtype=np.float32)[FADE_SAMPLES - len(pcm) :]
