"""The log of the program: to standard error, and never filled by whoever asks the most."""

import logging
import sys
import time
from collections.abc import Callable

BURST = 10
"""Lines of one kind that may follow one another; then it is one a second."""


class Sparing(logging.Filter):
    """Lets of each kind of line, which are those of one place in the code, `BURST` through at once
    and one a second; says with the next one how many were left out. Debugging wants all."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now = now
        self._kinds: dict[tuple[str, int], _Kind] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a line is to be written."""
        if record.levelno < logging.INFO:
            return True
        kind = self._kinds.setdefault((record.pathname, record.lineno), _Kind(self._now()))
        if not kind.has_room(self._now()):
            kind.left_out += 1
            return False
        if kind.left_out:
            record.msg = f"{record.getMessage()} ({kind.left_out} more like this before)"
            record.args, kind.left_out = (), 0
        return True


class _Kind:
    """How many lines of a kind may be written."""

    def __init__(self, now: float) -> None:
        self._room = float(BURST)
        self._since = now
        self.left_out = 0

    def has_room(self, now: float) -> bool:
        """Return whether there is room for a line, and take it."""
        self._room = min(BURST, self._room + now - self._since)
        self._since = now
        if self._room < 1:
            return False
        self._room -= 1
        return True


def set_up_logging(level: str) -> None:
    """Log to standard error; other people's libraries only where something is wrong."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Sparing())
    logging.basicConfig(
        handlers=[handler],
        level=logging.WARNING,
        format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
    )
    logging.getLogger("wyoming_kokoro").setLevel(level.upper())
