"""What the server has done so far: one request after the other in, counts and a line of log out."""

import asyncio
import logging
import resource
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from wyoming_kokoro.synthesis.request_log import RequestLog

log = logging.getLogger(__name__)

BUCKETS = (0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0)
"""Upper bounds, in seconds, that first audio is counted by."""

LOG_SECONDS = 900.0
"""Between two lines of them in the log."""


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
