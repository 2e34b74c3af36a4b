"""The server for HTTP: connections come in, bounded in number, and are ended in order."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Protocol

from uvicorn.server import ServerState

from wyoming_kokoro.config import Limits
from wyoming_kokoro.web.connections import Connection, configuration
from wyoming_kokoro.web.guard import Guard


class Listening(Protocol):
    """Listening sockets."""

    addresses: tuple[str, ...]

    def close(self) -> None:
        """Accept no more."""


Listen = Callable[[str, Callable[[socket.socket], None]], Awaitable[Listening]]
"""Listens at a URI and hands over each connection."""


class WebServer:
    """Serves HTTP: `start`, then `stop_accepting`, then `drain`."""

    def __init__(self, guard: Guard, limits: Limits) -> None:
        self._guard = guard
        self._limits = limits
        self._config = configuration(guard, limits)
        self._state = ServerState()
        self._accepting = set[asyncio.Task[None]]()
        self._listening: Listening | None = None
        self.addresses: tuple[str, ...] = ()

    @property
    def open_connections(self) -> int:
        """How many connections stand."""
        return len(self._state.connections)

    async def start(self, uri: str, listen: Listen) -> None:
        """Serve at `uri` from now on.

        Raises:
            ConfigurationError: nobody can listen there.
        """
        self._config.load()
        self._listening = await listen(uri, self._on_connection)
        self.addresses = self._listening.addresses

    def stop_accepting(self) -> None:
        """Take no more connections or requests; what is being answered goes on."""
        self._guard.stopping = True
        if self._listening is not None:
            self._listening.close()

    async def drain(self, seconds: float) -> None:
        """Close idle connections, let the others be answered, abort after `seconds`."""
        self.stop_accepting()
        for connection in list(self._state.connections):
            connection.shutdown()
        if self._state.tasks:
            await asyncio.wait(set(self._state.tasks), timeout=seconds)
        left = set(self._state.tasks)
        for task in left:
            task.cancel()
        for connection in list(self._state.connections):
            connection.transport.abort()
        if left:
            await asyncio.wait(left, timeout=1.0)

    def _on_connection(self, connection: socket.socket) -> None:
        if len(self._state.connections) + len(self._accepting) >= self._limits.connections:
            connection.close()
            return
        task = asyncio.create_task(self._accept(connection))
        self._accepting.add(task)
        task.add_done_callback(self._accepting.discard)

    async def _accept(self, connection: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.connect_accepted_socket(self._protocol, connection)
        except OSError:
            connection.close()

    def _protocol(self) -> Connection:
        return Connection(self._config, self._state, self._limits)
