"""Who uses something: users come and go, and whoever waits for there to be none is told."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Idleness:
    """Waits for something to be idle for `patience` seconds, from now on; for ever if that is 0.

    `on_idle` is called by the event loop, and only while there is no user.
    """

    def __init__(self, patience: float, on_idle: Callable[[], None] = lambda: None) -> None:
        self._patience = patience
        self._on_idle = on_idle
        self._users = 0
        self._none = asyncio.Event()
        self._none.set()
        self._timer: asyncio.TimerHandle | None = None
        self._wait()

    @contextmanager
    def used(self) -> Iterator[None]:
        """Return a context in which there is a user."""
        self._users += 1
        self._none.clear()
        self.stop()
        try:
            yield
        finally:
            self._users -= 1
            if not self._users:
                self._none.set()
                self._wait()

    async def unused(self) -> None:
        """Wait until there is no user; there is none when this returns."""
        while self._users:
            await self._none.wait()

    def stop(self) -> None:
        """Wait no more, until a user comes and goes."""
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _wait(self) -> None:
        if self._patience:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._patience, self._on_idle)
