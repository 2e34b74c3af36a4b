"""Lanes: threads that take work off the event loop, one call after another. A call goes in, what it
returns or raises comes out. The one bridge between the event loop and threads.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from typing import Any, Protocol, TypeVar

from wyoming_kokoro.errors import ShuttingDown

T = TypeVar("T")


class Lane(Protocol):
    """Something that runs one call after another, off the event loop."""

    async def run(self, work: Callable[[], T]) -> T:
        """Run `work` when those before it are done; return or raise what it does.

        Raises:
            ShuttingDown: the lane was closed before it began.
        """

    def close(self) -> None:
        """Start nothing more."""


class ThreadLane:
    """A lane of one daemon thread: a call that never returns cannot keep the process alive."""

    def __init__(self, name: str) -> None:
        self._calls: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            call()
            del call  # it holds what it was called with: a sentence, and its buffers

    async def run(self, work: Callable[[], T]) -> T:
        """Run `work` in the thread, in this task's context; see `Lane.run`. What it raises that no
        future can, or that is no `Exception`, comes out as the cause of a `RuntimeError`."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def settle(setter: Callable[[Any], None], value: object) -> None:
            if not future.done():
                setter(value)

        def call() -> None:
            if future.cancelled():
                return
            try:
                self._require_open()
                outcome: tuple[Callable[[Any], None], object] = (future.set_result, work())
            except BaseException as error:
                outcome = (future.set_exception, _as_exception(error))
            with suppress(RuntimeError):  # the loop is closed, and nobody waits
                loop.call_soon_threadsafe(settle, *outcome)

        self._require_open()
        self._calls.put(partial(copy_context().run, call))
        return await future

    def _require_open(self) -> None:
        if self._closed:
            raise ShuttingDown("the server is stopping")

    def close(self) -> None:
        """End the thread after the call that it is in; those that wait are refused."""
        self._closed = True
        self._calls.put(None)


def _as_exception(error: BaseException) -> Exception:
    """Return `error`, or what stands for it where awaiting it would end more than the caller, look
    like a cancellation, or not be possible at all."""
    if isinstance(error, Exception) and not isinstance(error, StopIteration):
        return error
    stand_in = RuntimeError(f"{type(error).__name__} was raised by a call in a thread")
    stand_in.__cause__ = error
    return stand_in
