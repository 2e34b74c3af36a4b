"""The threads of a machine, lent to the calls that an engine answers at once: sessions and when
each call is due come in, and the results of the sessions go out.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from threading import Condition
from typing import TYPE_CHECKING

from wyoming_kokoro.engines.onnx.sessions import Array, OnnxSession

if TYPE_CHECKING:
    from wyoming_kokoro.engines.onnx.sessions import Held


class ThreadBudget:
    """So many threads, for as many calls as there are.

    A session runs when it has its threads: more than the processor has cores would get in one
    another's way. Of the sessions that wait for threads, one of the call that is due first goes
    first. A call that is overdue has all to itself: what others filled its gaps with would still
    run when it goes on.
    """

    def __init__(self, threads: int, now: Callable[[], float] = time.monotonic) -> None:
        self._free = threads
        self._now = now
        self._calls: list[Call] = []
        self._waiting: list[Call] = []
        """A call for each of its sessions that waits."""
        self._numbers = count()
        self._changed = Condition()

    @contextmanager
    def call(self, due: float) -> Iterator["Call"]:
        """Enter a call, and leave it at the end of the context."""
        call = Call(self, (due, next(self._numbers)))
        with self._changed:
            self._calls.append(call)
        try:
            yield call
        finally:
            with self._changed:
                self._calls.remove(call)
                self._changed.notify_all()

    def is_alone(self, call: "Call") -> bool:
        """Tell whether no other call's sessions are started beside those of `call`."""
        with self._changed:
            return len(self._calls) == 1 or self._first(self._overdue) is call

    @contextmanager
    def lent(self, threads: int, call: "Call") -> Iterator[None]:
        """Wait for so many threads, and give them back at the end of the context."""
        with self._changed:
            self._waiting.append(call)
            self._changed.wait_for(lambda: self._may_have(threads, call))
            self._waiting.remove(call)
            self._free -= threads
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._free += threads
                self._changed.notify_all()

    def _may_have(self, threads: int, call: "Call") -> bool:
        first = self._first(self._overdue) or self._first(self._waiting)
        return first is call and threads <= self._free

    @property
    def _overdue(self) -> list["Call"]:
        return [call for call in self._calls if call.due[0] <= self._now()]

    @staticmethod
    def _first(calls: list["Call"]) -> "Call | None":
        return min(calls, key=lambda call: call.due, default=None)


class Call:
    """A call of an engine that is being answered; `due` says when, and breaks ties."""

    def __init__(self, budget: ThreadBudget, due: tuple[float, int]) -> None:
        self._budget = budget
        self.due = due

    @property
    def alone(self) -> bool:
        """Whether it shares the threads with no other."""
        return self._budget.is_alone(self)

    def run(self, session: OnnxSession, **inputs: "Array | Held") -> list[Array]:
        """Run a session when there are threads for it; see `OnnxSession.run`."""
        with self._budget.lent(session.threads, self):
            return session.run(**inputs)

    def held(self, session: OnnxSession, **inputs: "Array | Held") -> "list[Held]":
        """Run a session when there are threads for it; see `OnnxSession.held`."""
        with self._budget.lent(session.threads, self):
            return session.held(**inputs)
