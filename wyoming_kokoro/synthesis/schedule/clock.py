"""The playback clock: how much audio a listener has left, from what was sent and when."""

from collections.abc import Callable

Now = Callable[[], float]
"""Seconds of a monotonic clock."""


class PlaybackClock:
    """Audio sent to one listener, minus the time since its first piece.

    A listener who has run dry waits, so what is sent next is heard at once: the clock starts anew.
    """

    def __init__(self, now: Now) -> None:
        self._now = now
        self._dry_at: float | None = None
        self.made_seconds = 0.0
        """Audio for this listener that is made, sent or not."""
        self.sent_seconds = 0.0
        self.underruns = 0
        """Moments at which the listener ran dry before more was sent."""

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
