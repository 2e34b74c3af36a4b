"""One line of log a request: what was spoken, by whom, and how quickly it was heard."""

import logging

import numpy as np

from wyoming_kokoro.audio import AUDIBLE
from wyoming_kokoro.speech import SAMPLE_RATE, Pcm
from wyoming_kokoro.synthesis.schedule.playback import Now

log = logging.getLogger(__name__)


class RequestLog:
    """Gathers the figures of one request while it is spoken."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self._asked = now()
        self._first_audio: float | None = None
        self._has_text = False
        self.voice = "-"
        self.engine = "-"
        self.characters = 0
        self.audio_seconds = 0.0
        self.engine_seconds = 0.0
        self.underruns = 0
        self.kept = 0
        """Sentences that were spoken before, and not made again."""

    @property
    def first_audio(self) -> float | None:
        """Seconds from the request's last needed byte to its first audible sample."""
        return self._first_audio

    def text_came(self) -> None:
        """Note that the first sentence is complete: from here on the listener waits for us."""
        if not self._has_text:
            self._has_text, self._asked = True, self._now()

    def sounded(self, pcm: Pcm) -> None:
        """Note that the listener begins to hear `pcm`, which may begin with silence."""
        if self._first_audio is None and (loud := np.abs(pcm) > AUDIBLE).any():
            self._first_audio = self._now() - self._asked + float(loud.argmax()) / SAMPLE_RATE
        self.audio_seconds += len(pcm) / SAMPLE_RATE

    def write(self, outcome: str) -> None:
        """Write the line. `outcome` is `spoken`, `cancelled`, or the code of an error:
        `internal-error` for a fault of ours, whose traceback is for whoever handles it."""
        first = "none" if self._first_audio is None else f"{1000 * self._first_audio:.0f} ms"
        rtf = self.engine_seconds / self.audio_seconds if self.audio_seconds else 0.0
        log.info(
            "%s: voice %s, %d characters, first audio %s, audio %.2f s, RTF %.3f, "
            "underruns %d, kept %d, engine %s",
            outcome,
            self.voice,
            self.characters,
            first,
            self.audio_seconds,
            rtf,
            self.underruns,
            self.kept,
            self.engine,
        )
