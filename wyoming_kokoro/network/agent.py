"""Tells a balancer how much more a node can take, in the words of HAProxy's agent check: a
connection comes in, a line goes out.

`up ready NN%` is the share of its usual load that the node should get, `drain` that it should get
no new connections, and keep those it has (HAProxy 2.6, configuration manual, section 5.2,
"agent-check").
"""

import asyncio
import socket
from collections.abc import Callable

from wyoming_kokoro.network.listener import Listener, listen

_LEAST_PERCENT = 1
"""Of a node that has no room. With none at all it would be left out, and where all have none, so
would everybody."""

_NOTICED_SECONDS = 0.2
"""After the line was sent, in which the balancer reads it."""


class Agent:
    """Answers agent checks: `start`, then `drain`, then `close`."""

    def __init__(self, free: Callable[[], float]) -> None:
        """`free` tells which share of what the node can do, 0 to 1, nobody uses now."""
        self._free = free
        self._draining = False
        self._told = asyncio.Event()
        self._listener: Listener | None = None
        self.addresses: tuple[str, ...] = ()

    async def start(self, uri: str) -> None:
        """Listen.

        Raises:
            ConfigurationError: nobody can listen there.
        """
        self._listener = await listen(uri, self._answer, "--agent")
        self.addresses = self._listener.addresses

    async def drain(self, seconds: float) -> None:
        """Say from now on that no new connections are wanted; return when the balancer has heard
        it, or after so many `seconds`."""
        self._draining = True
        try:
            async with asyncio.timeout(seconds):
                await self._told.wait()
                await asyncio.sleep(_NOTICED_SECONDS)
        except TimeoutError:
            return

    def close(self) -> None:
        """Answer no more."""
        if self._listener:
            self._listener.close()

    def line(self) -> str:
        """Return what a check is answered with now."""
        if self._draining:
            return "drain\n"
        return f"up ready {max(_LEAST_PERCENT, round(100 * self._free()))}%\n"

    def _answer(self, connection: socket.socket) -> None:
        """Answer a check. The line fits into the buffer of a socket, so nobody is waited for."""
        with connection:
            try:
                connection.send(self.line().encode())
            except OSError:
                return
        if self._draining:
            self._told.set()
