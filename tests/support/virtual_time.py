"""An event loop whose clock jumps to the next timer: hours of waiting in no time."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar

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


class HasCost(Protocol):
    cost: float
    """Seconds that the work done last took."""


class VirtualLane:
    """A lane whose work takes virtual time: `Costly.seconds`, or else the cost of its engine."""

    def __init__(self, engine: HasCost | None = None) -> None:
        self._engine = engine
        self._free = asyncio.Lock()

    async def run(self, work: Callable[[], T]) -> T:
        async with self._free:
            if self._engine:
                self._engine.cost = 0.0
            result = work()
            cost = self._engine.cost if self._engine else 0.0
            await asyncio.sleep(work.seconds if isinstance(work, Costly) else cost)
            return result

    def close(self) -> None:
        """Nothing to end."""
