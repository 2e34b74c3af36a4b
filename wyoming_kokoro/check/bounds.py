"""What a check holds figures against, and where each bound comes from. No more than conventions:
published figures are of other metrics, and nobody is known to have listened to what they are of.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bound:
    """Within what a figure of a whole sentence must lie."""

    what: str
    least: float
    most: float
    unit: str
    reason: str
    """For people who break it."""

    def __str__(self) -> str:
        return f"{self._number(self.least)} to {self._shown(self.most)}"

    def breach(self, value: float) -> str:
        """Return how `value` lies outside, "" if it does not."""
        if self.least <= value <= self.most:
            return ""
        side, limit = ("below", self.least) if value < self.least else ("above", self.most)
        return f"{self.what} is {self._shown(value)}, {side} {self._shown(limit)}: {self.reason}"

    def _shown(self, value: float) -> str:
        return f"{self._number(value)}{self.unit}"

    def _number(self, value: float) -> str:
        return f"{100 * value:.0f}" if self.unit == "%" else f"{value:.3g}"


LEVEL = Bound("level", -36, -10, " dBFS", "speech is made for about -23 dBFS")
"""EBU R 128 levels broadcasts to -23 LUFS, and what Kokoro makes lies near it. 13 dB to either side
is well beyond the 10 dB that sound twice as loud, or half."""

PEAK = Bound("peak", 0.01, 1, "", "beyond 1 sound is clipped, and far below nothing is said")
"""Samples become whole numbers of 16 bits, in which 1 is the largest; 0.01 is -40 dBFS, from where
on a request counts as heard (`synthesis.figures`)."""

SILENCE_BEFORE = Bound("silence before", 0, 0.5, "%", "a voice begins within half a second")
"""Kokoro makes 18 frames before the first sound, 0.45 s of the 1.2 s that its shortest sentences
last (docs/receipts/norm-calibration-host-20260925.md of MansfieldPlumbing/Kokoro-Hexagon)."""

SILENCE_WITHIN = Bound("silence within", 0, 0.4, "%", "pauses within a sentence are short")
"""No source: the sentences have one comma at the most, and a voice that is silent two fifths of the
time stumbles."""

SILENCE_AFTER = Bound("silence after", 0, 0.5, "%", "a voice ends within half a second")
"""Kokoro makes 0.3 to 0.7 s after the last sound of a short sentence (voicebox, pull request 1030;
gptme, pull request 420)."""

RATE = Bound("rate", 2.5, 12, " syllables/s", "people speak 5 to 8")
"""From 5.2 in Mandarin to 7.8 in Japanese (Pellegrino, Coupé and Marsico, "A cross-language
perspective on speech information rate", 2011); half of one, half as much again as the other."""

SOUND_BOUNDS = (LEVEL, PEAK, SILENCE_BEFORE, SILENCE_WITHIN, SILENCE_AFTER, RATE)
"""Of every whole sentence."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """By how many dB something may differ from the whole sentence in fp32; or by as much as the
    same sentence with another noise does, if that is more: of these two takes neither is wrong."""

    distance: float
    step: float
    level: float
    """To either side."""


JOINED = Allowance(distance=1.8, step=1.5, level=1.5)
"""Of sentences in breaths, from what is noticed on the real voice ("Which distance does anybody
notice?" in docs/sound.md).

Distance: the largest degree at which nobody noticed anything, neither a recogniser nor DNSMOS, is
1.8 dB. At the next, 3.3 dB, one word of ten was misheard in Italian; where each breath is
normalized by its own statistics, at 4.2 dB and more, DNSMOS falls by a tenth.

Step: of sentences rated alike the largest is 1.3 dB, and of those that fall by a tenth the least is
2.9 dB; what is told apart in a steady sound is 1 dB. Level: as much.
"""

REDUCED = Allowance(distance=0.75, step=1.0, level=1.0)
"""Of whole sentences in reduced precision.

Less than half of what breaths are allowed, a convention: these errors are noise, which lies
between the harmonics and is heard sooner than another timbre. In docs/PHASE2_PRECISION.md of
mdenil/kokoro-rust a decoder in bfloat16 is as far off as a fifth of another noise, and one in int8
with one scale for each tensor two and a half times as far as another noise, "most likely to be
audibly degraded": 1.1 dB by what another noise makes here.

Step and level: a change by 1 dB is just noticed.
"""
