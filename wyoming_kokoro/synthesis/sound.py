"""One sentence on its way from the engine to a listener: the samples of its breaths in, what is
heard of them out, without the silence that the model puts around it, as loud as the voice should
be.

The plan knows about where that silence is, the samples know it exactly. So quiet is kept back until
it is clear whether anything follows: between two sounds it is let go, at the end it is cut.
"""

from dataclasses import dataclass

import numpy as np

from wyoming_kokoro.audio import AUDIBLE
from wyoming_kokoro.audio.limiter import Limiter
from wyoming_kokoro.errors import SynthesisFailed
from wyoming_kokoro.speech import FRAME_SAMPLES, SAMPLE_RATE, Pcm, Plan
from wyoming_kokoro.synthesis.breaths import sound_ends

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

SILENT = 1e-4
"""Largest amplitude of what is no sound: -80 dB of full scale."""

LEAST_GAIN = 0.5
"""What is audible is judged by as it will be heard, but as if at no less than this: who turns the
voices down wants whole words all the same."""


@dataclass(frozen=True, slots=True)
class Pauses:
    """Silence that is put into speech, in seconds."""

    sentence: float = 0.3
    """After a sentence, at the most; the voice's own pause is cut to this."""

    tail: float = 0.0
    """After the last sentence; players that cut endings off want some."""

    lead: float = 0.0
    """Before the first sound; players that swallow the start want some."""


class SentenceSound:
    """The sound of one sentence."""

    def __init__(self, plan: Plan, voiced: range, pause_seconds: float, gain: float) -> None:
        """The frames `voiced` of `plan` will come; `pause_seconds` are left of the silence after
        them, and `gain` is the factor by which they are made louder."""
        ends = FRAME_SAMPLES * (sound_ends(plan) - voiced.start)
        self._ends = Ends(pause_seconds, ends, AUDIBLE / max(gain, LEAST_GAIN))
        self._gain = np.float32(gain)
        self._text = plan.tokens.phonemes.text
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

    def check(self) -> None:
        """Make sure that there is a sound, where the sentence has a letter.

        Raises:
            SynthesisFailed: nothing was made that anybody could hear, however loud it is played.
        """
        if not any(map(str.isalpha, self._text)):
            return
        if float(np.abs(self.as_made).max(initial=0.0)) < SILENT:
            raise SynthesisFailed(
                "the engine made no sound of a sentence: the model's files or the voice may be "
                "damaged; fetch them again with `wyoming-kokoro download`, or choose another voice"
            )

    @property
    def as_heard(self) -> Pcm:
        """What was heard so far."""
        return np.concatenate(self._heard)


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
