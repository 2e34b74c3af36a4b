"""An event loop whose clock jumps to the next timer: hours of waiting in no time."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _JumpingSelector(selectors.DefaultSelector):
    """Never waits; what the loop wanted to wait is added to `now`."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("every task waits for something that will never happen")
        self.now += max(0.0, timeout)
        return super().select(0)


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """For code without sockets and threads: `time()` moves only when all tasks wait."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run `main` to its end in virtual time."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(main)


def now() -> float:
    """Virtual seconds."""
    return asyncio.get_running_loop().time()


class Costly:
    """Work of a known cost, for a `VirtualLane`."""

    def __init__(self, seconds: float, result: object = None) -> None:
        self.seconds = seconds
        self.result = result

    def __call__(self) -> Any:
        return self.result


class VirtualLane:
    """A lane whose work takes virtual time: `Costly.seconds`, or what `cost()` says after it."""

    def __init__(self, cost: Callable[[], float] = lambda: 0.0) -> None:
        self._cost = cost
        self._free = asyncio.Lock()

    async def run(self, work: Callable[[], T]) -> T:
        async with self._free:
            result = work()
            await asyncio.sleep(work.seconds if isinstance(work, Costly) else self._cost())
            return result

    def close(self) -> None:
        """Nothing to end."""
