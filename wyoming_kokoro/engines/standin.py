"""The stand-in: espeak-ng speaks a sentence's text while no model is there to do it better."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from wyoming_kokoro import espeak
from wyoming_kokoro.engines.spoken import spoken_plan, spoken_span
from wyoming_kokoro.errors import EspeakUnavailable, SynthesisFailed
from wyoming_kokoro.speech import SAMPLE_RATE, Pcm, Plan, Style, Tokens


@dataclass(frozen=True, slots=True)
class _Timbre:
    """A variant of espeak-ng's voices and its settings."""

    variant: str
    pitch: int
    volume: int
    """Brings speech to about -20 dBFS (RMS), with peaks below -3 dBFS."""


# Both without flutter, whose phase would make every utterance another one. Among those a
# recognizer of natural speech understands these best.
_MALE = _Timbre("michel", pitch=50, volume=85)
_FEMALE = _Timbre("miguel", pitch=99, volume=60)

_AUDIBLE = 0.003
"""Amplitude below which the ends of an utterance count as silence (-50 dBFS)."""

_EDGE_SECONDS = 0.01
"""What is kept of the silence on either side of an utterance."""

_PAUSE_SECONDS = 0.2
"""Silence after a sentence, before the next one may begin."""


class StandInEngine:
    """Speaks any language of the voices, at once and without weights, and sounds like a robot.

    It needs text and language of `Tokens.phonemes`, and of the style no more than the sex.
    """

    name = "stand-in"
    device = "cpu"
    precision = "int16"
    at_once = 1
    reads: Literal["tokens", "text"] = "text"

    def plan(self, tokens: Tokens, style: Style, speed: float, seed: int) -> Plan:  # noqa: ARG002 no noise to choose
        """Speak the sentence. Text without words gives the pause after a sentence alone.

        Raises:
            SynthesisFailed: espeak-ng cannot be used.
        """
        timbre = _FEMALE if style.female else _MALE
        try:
            spoken = espeak.samples(
                tokens.phonemes.text,
                f"{tokens.phonemes.language.espeak}+{timbre.variant}",
                rate=round(espeak.WORDS_A_MINUTE * speed),
                pitch=timbre.pitch,
                volume=timbre.volume,
            )
        except EspeakUnavailable as error:
            raise SynthesisFailed(f"the stand-in cannot speak: {error}") from error
        pause = np.zeros(round(_PAUSE_SECONDS * SAMPLE_RATE), np.float32)
        return spoken_plan(tokens, np.concatenate([_resampled(_trimmed(spoken)), pause]))

    def voice(self, items: Sequence[tuple[Plan, range]]) -> list[Pcm]:
        """Return the samples of those frames; see `Engine.voice`."""
        return [spoken_span(plan, span) for plan, span in items]

    def warm_up(self) -> float:
        """Load the library, where that is possible: `plan` says what is wrong if it is not."""
        began = time.perf_counter()
        try:
            spoken = espeak.samples("I am ready to speak.", "en-us")
        except EspeakUnavailable:
            return 0.0
        return (time.perf_counter() - began) * espeak.SAMPLE_RATE / len(spoken)

    def close(self) -> None:
        """Keep the library: the front end reads with it too."""


def _trimmed(spoken: Pcm) -> Pcm:
    """Return `spoken`, at 22,050 Hz, without the silence before and after; empty if it is all."""
    audible = np.flatnonzero(np.abs(spoken) > _AUDIBLE)
    if not len(audible):
        return spoken[:0]
    edge = round(_EDGE_SECONDS * espeak.SAMPLE_RATE)
    return spoken[max(0, audible[0] - edge) : audible[-1] + edge]


def _resampled(spoken: Pcm) -> Pcm:
    import soxr

    resampled: Pcm = soxr.resample(spoken, espeak.SAMPLE_RATE, SAMPLE_RATE)
    return resampled
