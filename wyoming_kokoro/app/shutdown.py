"""Why and how the server ends: signals and failures in, an exit code out."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any

from wyoming_kokoro.errors import KokoroError

INTERRUPTED = 130
"""Exit code of a process that was ended by Ctrl+C, as shells have it."""


class Shutdown:
    """Why and how the server ends."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.hurry = asyncio.Event()
        """Set when it was asked a second time, by somebody who does not want to wait."""
        self.why = "its client has gone"
        self.exit_code = 0

    def on_signals(self) -> None:
        """End on SIGTERM and SIGINT; on a second SIGINT at once."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._signal, number)

    def fail(self, error: KokoroError) -> None:
        """End because of `error`."""
        self.why, self.exit_code = str(error), error.exit_code
        self._event.set()

    async def unless_asked(self, work: Coroutine[Any, Any, None]) -> bool:
        """Do `work`, but give it up as soon as there is a reason to end; return whether there is
        none. Raises what `work` does.
        """
        doing, asked = asyncio.ensure_future(work), asyncio.ensure_future(self._event.wait())
        await asyncio.wait([doing, asked], return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        if self._event.is_set():
            doing.cancel()
        await asyncio.wait([doing])
        if not doing.cancelled():
            doing.result()
        return not self._event.is_set()

    async def unless_hurried(self, work: Coroutine[Any, Any, None]) -> None:
        """Do `work`, but give it up as soon as somebody does not want to wait."""
        doing, hurry = asyncio.ensure_future(work), asyncio.ensure_future(self.hurry.wait())
        await asyncio.wait([doing, hurry], return_when=asyncio.FIRST_COMPLETED)
        for task in (doing, hurry):
            task.cancel()

    async def wait(self, *others: Coroutine[Any, Any, KokoroError | bool]) -> None:
        """Wait for the first reason to end, here or among `others`."""
        tasks = [asyncio.ensure_future(other) for other in (self._event.wait(), *others)]
        done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in rest:
            task.cancel()
        for task in done:
            if isinstance(reason := task.result(), KokoroError):
                self.fail(reason)

    def _signal(self, number: signal.Signals) -> None:
        if self._event.is_set() and number == signal.SIGINT:
            self.exit_code = INTERRUPTED
            self.hurry.set()
        self.why = number.name
        self._event.set()
