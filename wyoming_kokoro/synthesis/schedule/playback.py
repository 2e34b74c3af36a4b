"""What was made of one request, on its way to the listener: breaths in, chunks out, paced by the
playback clock, which knows how much audio the listener has left.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any, TypeVar

from wyoming_kokoro import audio
from wyoming_kokoro.config import Limits
from wyoming_kokoro.speech import SAMPLE_RATE, Pcm

T = TypeVar("T")

Now = Callable[[], float]
"""Seconds of a monotonic clock."""

CHUNK_SECONDS = 0.05
"""Audio in a chunk."""

LARGE_CHUNK_SECONDS = 0.5
"""Audio in a chunk of a listener who is not paced, and further ahead than a paced one may be: what
each costs is not for those who wait."""

KEEP_ALIVE_SECONDS = 0.25
"""How far ahead silence is sent, at the most, while the text of a stream pauses."""

TEXT_PAUSE_SECONDS = 1.0
"""Without any text after which a stream counts as pausing. A language model that is writing
hesitates for less. It must be longer than what `Reading` waits for before that."""

CLOCK_SECONDS = 1e-6
"""By how much a timer may be early."""

COMFORTABLE_RTF = 0.9
"""Real-time factor up to which the start need not be held back."""

LONGEST_HEAD_START_SECONDS = 30.0
"""What is held back at the most."""

SLOW_BREATH_SECONDS = 2.0
"""Audio of a breath from an engine slower than that, at the most."""


class PlaybackClock:
    """Audio sent to one listener, minus the time since its first piece.

    A listener who has run dry waits, so what is sent next is heard at once: the clock starts anew.
    """

    def __init__(self, now: Now) -> None:
        self._now = now
        self._dry_at: float | None = None
        self.made_seconds = 0.0
        """Audio for this listener that is made, sent or not."""
        self.silence_seconds = 0.0
        """That of it which was made because text paused."""
        self.sent_seconds = 0.0
        self.underruns = 0
        """Moments at which the listener ran dry before more was sent."""

    @property
    def said_seconds(self) -> float:
        """Audio that is made of text, with its own pauses."""
        return self.made_seconds - self.silence_seconds

    @property
    def started(self) -> bool:
        """Whether anything was sent."""
        return self._dry_at is not None

    @property
    def left(self) -> float:
        """Seconds until the listener runs dry: 0 before the start, negative once dry."""
        return 0.0 if self._dry_at is None else self._dry_at - self._now()

    @property
    def supply(self) -> float | None:
        """Seconds until the listener runs dry, if what is made is sent in time; None before
        anything is made."""
        if not self.made_seconds and not self.started:
            return None
        return max(0.0, self.made_seconds - self.sent_seconds) + max(0.0, self.left)

    @property
    def is_kept_alive(self) -> bool:
        """Whether the listener has no more than is sent of silence while text pauses."""
        return self.supply is not None and self.supply <= KEEP_ALIVE_SECONDS + CHUNK_SECONDS

    def make(self, seconds: float) -> None:
        """Count audio that is made, and will be sent."""
        self.made_seconds += seconds

    def send(self, seconds: float) -> None:
        """Count audio that leaves now."""
        now = self._now()
        if self._dry_at is not None and self._dry_at < now:
            self.underruns += 1
        self._dry_at = max(now, self._dry_at or now) + seconds
        self.sent_seconds += seconds


class Playback:
    """A short queue between who makes the breaths and who sends them, by the playback clock."""

    def __init__(
        self, clock: PlaybackClock, limits: Limits, rtf: Callable[[], float], *, paced: bool = True
    ) -> None:
        """`rtf` tells the engine's real-time factor. One who is not `paced` has everything at
        once."""
        self._clock = clock
        self._limits = limits
        self._rtf = rtf
        self._paced = paced
        self._made: asyncio.Queue[Pcm | Exception | None] = asyncio.Queue(limits.breaths_ahead)
        self.expected_seconds = 0.0
        """Audio of all the text that is known so far, about."""

    @property
    def made_seconds(self) -> float:
        """Audio that was handed on so far."""
        return self._clock.made_seconds

    async def add(self, pcm: Pcm) -> None:
        """Hand on what was made, once there is room for it."""
        self._clock.make(len(pcm) / SAMPLE_RATE)
        await self._made.put(pcm)

    async def end(self, failure: Exception | None = None) -> None:
        """Say that nothing more will be made, or why."""
        await self._made.put(failure)

    def until_silence(self) -> float | None:
        """Return how long the listener can do without silence, None before anything was made."""
        supply = self._clock.supply
        return None if supply is None else max(0.0, supply - KEEP_ALIVE_SECONDS + CHUNK_SECONDS)

    def patience(self) -> float | None:
        """Return how long text may not come until there is something to do: to note that it pauses,
        or to send silence. None before anything was made."""
        silence = self.until_silence()
        return None if silence is None else min(silence, TEXT_PAUSE_SECONDS)

    async def keep_alive(self) -> None:
        """Hand on silence if the listener cannot do without any longer."""
        if (silence := self.until_silence()) is not None and silence < CLOCK_SECONDS:
            self._clock.silence_seconds += CHUNK_SECONDS
            await self.add(audio.silence(CHUNK_SECONDS))

    async def kept_alive(self, turn: Coroutine[Any, Any, T]) -> T:
        """Return what `turn` does; while it waits, hand on silence before the listener runs dry."""
        task = asyncio.ensure_future(turn)
        try:
            while not task.done():
                await asyncio.wait([task], timeout=self.until_silence())
                if not task.done():
                    await self.keep_alive()
            return task.result()
        finally:
            task.cancel()

    async def breaths(self) -> AsyncGenerator[Pcm]:
        """Yield what was made. Where the engine is slower than speech, hold the first breaths
        back until the rest, as far as its text is known, can follow without a gap.

        Raises:
            Exception: what `end` was told.
        """
        held: list[Pcm] = []
        while (made := await self._made.get()) is not None:
            if isinstance(made, Exception):
                raise made
            held.append(made)
            if self._clock.started or not self._paced or self._is_enough():
                while held:
                    yield held.pop(0)
        for pcm in held:
            yield pcm

    async def chunks(self, pcm: Pcm) -> AsyncGenerator[bytes]:
        """Yield `pcm` as 16-bit samples, each chunk when the listener should have it."""
        far = not self._paced and self._clock.left > self._limits.seconds_ahead
        seconds = LARGE_CHUNK_SECONDS if far else CHUNK_SECONDS
        for chunk in audio.chunks(audio.to_int16(pcm), seconds):
            early = self._clock.left - self._limits.seconds_ahead if self._paced else 0.0
            await asyncio.sleep(max(0.0, early))
            self._clock.send(len(chunk) / 2 / SAMPLE_RATE)
            yield chunk

    def _is_enough(self) -> bool:
        """Tell whether what is made lasts until the engine has made the rest of the known text."""
        rest = max(0.0, self.expected_seconds - self.made_seconds)
        # What is made comes a breath at a time, so the last one must be waited for as well.
        rest += SLOW_BREATH_SECONDS if rest else 0
        lack = rest * (self._rtf() / COMFORTABLE_RTF - 1)
        return self.made_seconds >= min(lack, LONGEST_HEAD_START_SECONDS)
