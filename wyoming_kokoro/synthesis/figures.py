"""What was spoken, by whom, and how quickly it was heard: a line of log a request, and sums over
all requests.
"""

import asyncio
import logging
import resource
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from wyoming_kokoro.audio import AUDIBLE
from wyoming_kokoro.speech import SAMPLE_RATE, Pcm
from wyoming_kokoro.synthesis.schedule.playback import Now

log = logging.getLogger(__name__)

BUCKETS = (0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0)
"""Upper bounds, in seconds, that first audio is counted by."""

LOG_SECONDS = 900.0
"""Between two lines of them in the log."""


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


@dataclass(eq=False)
class Figures:
    """Sums over all requests since the start."""

    outcomes: Counter[str] = field(default_factory=Counter)
    """Requests by how they ended: `spoken`, `cancelled`, or the code of an error."""
    refusals: Counter[str] = field(default_factory=Counter)
    """Errors that clients were answered with, by code."""
    first_audio: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    """How many were heard within each of `BUCKETS`, and later."""
    first_audio_seconds: float = 0.0
    characters: int = 0
    audio_seconds: float = 0.0
    engine_seconds: float = 0.0
    underruns: int = 0
    kept: int = 0
    """Sentences that were spoken before, and not made again."""
    _told: int = 0

    def note(self, outcome: str, record: RequestLog) -> None:
        """Count a request that has ended."""
        self.outcomes[outcome] += 1
        self.characters += record.characters
        self.audio_seconds += record.audio_seconds
        self.engine_seconds += record.engine_seconds
        self.underruns += record.underruns
        self.kept += record.kept
        if record.first_audio is not None:
            self.first_audio[bisect_left(BUCKETS, record.first_audio)] += 1
            self.first_audio_seconds += record.first_audio

    def refuse(self, code: str) -> None:
        """Count an error that a client was answered with."""
        self.refusals[code] += 1

    @property
    def realtime_factor(self) -> float:
        """Seconds of an engine for a second of audio, over all requests; 0 before any."""
        return self.engine_seconds / self.audio_seconds if self.audio_seconds else 0.0

    def write(self, *, if_new: bool = False) -> None:
        """Write them to the log as one line, unless there is nothing to tell; with `if_new`, only
        where there is something since the last time."""
        heard, ended = sum(self.first_audio), sum(self.outcomes.values())
        told = ended + sum(self.refusals.values())
        if not told or (if_new and told == self._told):
            return
        self._told = told
        failed = ended - self.outcomes["spoken"] - self.outcomes["cancelled"]
        log.info(
            "so far: %d requests, %d cancelled, %d failed, %d refused; first audio %.0f ms on "
            "average, audio %.0f s, RTF %.3f, underruns %d, kept %d, memory %.0f MB",
            ended,
            self.outcomes["cancelled"],
            failed,
            sum(self.refusals.values()),
            1000 * self.first_audio_seconds / heard if heard else 0.0,
            self.audio_seconds,
            self.realtime_factor,
            self.underruns,
            self.kept,
            resident_bytes() / 1e6,
        )

    async def write_at_times(self, seconds: float = LOG_SECONDS) -> None:
        """Write what is new to the log every so many `seconds`, until cancelled."""
        while True:
            await asyncio.sleep(seconds)
            self.write(if_new=True)


def resident_bytes() -> int:
    """Return the memory of this process, without those that it has started."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()
