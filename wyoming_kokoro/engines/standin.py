"""The stand-in: espeak-ng speaks a sentence's text while no model is there to do it better."""

import logging
import time
from dataclasses import dataclass
from typing import Literal

import numpy as np

from wyoming_kokoro import espeak
from wyoming_kokoro.engines.spoken import spoken_plan, spoken_span
from wyoming_kokoro.errors import EspeakUnavailable, SynthesisFailed
from wyoming_kokoro.isolation.worker import Worker, WorkerFailed
from wyoming_kokoro.speech import SAMPLE_RATE, Pcm, Plan, Style, Tokens

log = logging.getLogger(__name__)


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


_SPEAKING_SECONDS = 20.0
"""In which espeak-ng must have spoken a passage; it takes a hundredth of the speech's length."""

_IDLE_SECONDS = 60.0
"""After which the process that speaks is ended: most often the model is there by then."""

_MEMORY_BYTES = 512 * 1024**2


class StandInEngine:
    """Speaks any language of the voices, at once and without weights, and sounds like a robot.

    It needs text and language of `Tokens.phonemes`, and of the style no more than the sex.
    """

    name = "stand-in"
    device = "cpu"
    precision = "int16"
    at_once = 1
    reads: Literal["tokens", "text"] = "text"

    def __init__(self) -> None:
        service = "wyoming_kokoro.espeak:service"
        self._espeak = Worker(service, memory_bytes=_MEMORY_BYTES, idle_seconds=_IDLE_SECONDS)

    def plan(self, tokens: Tokens, style: Style, speed: float, seed: int) -> Plan:  # noqa: ARG002 no noise to choose
        """Speak the sentence. Text without words gives the pause after a sentence alone, and so
        does one that espeak-ng does not survive, with a warning.

        Raises:
            SynthesisFailed: espeak-ng cannot be used.
        """
        timbre = _FEMALE if style.female else _MALE
        text, voice = tokens.phonemes.text, tokens.phonemes.language.espeak
        try:
            spoken = self._speak(text, voice, timbre, speed)
        except EspeakUnavailable as error:
            raise SynthesisFailed(f"the stand-in cannot speak: {error}") from error
        except WorkerFailed as failure:
            log.warning("a passage of %d characters is skipped: %s", len(text), failure)
            spoken = np.zeros(0, np.float32)
        pause = np.zeros(round(_PAUSE_SECONDS * SAMPLE_RATE), np.float32)
        return spoken_plan(tokens, np.concatenate([_resampled(_trimmed(spoken)), pause]))

    def voice(self, plan: Plan, span: range) -> Pcm:
        """Return the samples of those frames; see `Engine.voice`."""
        return spoken_span(plan, span)

    def warm_up(self) -> float:
        """Load the library, where that is possible: `plan` says what is wrong if it is not."""
        began = time.perf_counter()
        try:
            spoken = self._speak("I am ready to speak.", "en-us", _FEMALE, 1.0)
        except (EspeakUnavailable, SynthesisFailed, WorkerFailed):
            return 0.0
        return (time.perf_counter() - began) * espeak.SAMPLE_RATE / len(spoken)

    def close(self) -> None:
        """End the process that speaks."""
        self._espeak.close()

    def _speak(self, text: str, voice: str, timbre: _Timbre, speed: float) -> Pcm:
        """Return the samples that espeak-ng makes, at its own rate, within -1..1."""
        rate = round(espeak.WORDS_A_MINUTE * speed)
        asked = [text, f"{voice}+{timbre.variant}", rate, timbre.pitch, timbre.volume]
        spoken = self._espeak.ask(asked, _SPEAKING_SECONDS)
        return np.frombuffer(spoken, np.int16).astype(np.float32) / np.float32(32_768)


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
