"""What clients did wrong goes to the log, however much of it there is."""

import asyncio
import logging

from wyoming_kokoro.errors import KokoroError

_LOG = logging.getLogger(__name__)

_SECONDS = 1.0


class Complaints:
    """Logs at most one line a second, so that no client can fill a disk."""

    def __init__(self) -> None:
        self._next = 0.0
        self._left_out = 0

    def log(self, client: str, error: KokoroError) -> None:
        """Log that `client` was answered with `error`, unless a line was just written."""
        now = asyncio.get_running_loop().time()
        if now < self._next:
            self._left_out += 1
            return
        before = f" ({self._left_out} more before)" if self._left_out else ""
        _LOG.warning("%s: %s: %s%s", client, error.code, error, before)
        self._next = now + _SECONDS
        self._left_out = 0
