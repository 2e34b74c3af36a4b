"""A server: a URI comes in, every connection becomes a session, and all are ended in order."""

import asyncio
import logging
import socket
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from typing import Any

from wyoming_kokoro.config import Limits
from wyoming_kokoro.errors import KokoroError, Overloaded, ShuttingDown
from wyoming_kokoro.network.listener import Listener, listen
from wyoming_kokoro.network.session import Complaints, Session, SessionContext, Speaker
from wyoming_kokoro.network.stdio import open_stdio
from wyoming_kokoro.speech import SAMPLE_RATE

_LOG = logging.getLogger(__name__)

_ABORT_SECONDS = 1.0
"""How long sessions may take to release their speaker after the deadline."""


class Server:
    """Serves Wyoming clients: `start`, then `stop_accepting`, then `drain`.

    `describe` returns the encoded answer to `describe`; it is asked anew each time, on the event
    loop, so it must know the answer.
    """

    def __init__(
        self,
        speaker: Speaker,
        describe: Callable[[], bytes],
        limits: Limits,
        sample_rate: int = SAMPLE_RATE,
        refused: Callable[[str], None] = lambda _code: None,
    ) -> None:
        """Clients get sound at `sample_rate` hertz. `refused` is told the code of each error that a
        client was answered with."""
        self._limits = limits
        complaints = Complaints(refused)
        self._context = SessionContext(
            speaker, describe, limits, self._waiting, complaints, sample_rate
        )
        self._listener: Listener | None = None
        self._stopping = False
        self._sessions = set[Session]()
        self._served = set[asyncio.Task[None]]()
        self._refused = set[asyncio.Task[None]]()
        self.addresses: tuple[str, ...] = ()
        """What clients connect to, as URIs, with the ports really used."""
        self.finished = asyncio.Event()
        """Set when no client can come any more: the one on standard input has gone."""

    async def start(self, uri: str) -> None:
        """Serve at `tcp://host:port`, `unix://path` or `stdio://` from now on.

        Raises:
            ConfigurationError: the URI is none of these, or nobody can listen there.
        """
        if uri == "stdio://":
            streams = await open_stdio(self._limits.header_bytes)
            self.addresses = (uri,)
            task = self._spawn(self._served, self._serve(*streams))
            task.add_done_callback(lambda _: self.finished.set())
        else:
            self._listener = await listen(uri, self._on_connection)
            self.addresses = self._listener.addresses

    def stop_accepting(self) -> None:
        """Take no more connections; those that stand go on."""
        self._stopping = True
        if self._listener is not None:
            self._listener.close()

    async def drain(self, seconds: float) -> None:
        """Close idle connections, let the others speak to their end, abort after `seconds`.

        May be called again with fewer seconds while it still waits.
        """
        self.stop_accepting()
        for session in self._sessions:
            session.stop()
        await _wait_for(self._served | self._refused, seconds)
        for session in self._sessions:
            session.abort()
        left = self._served | self._refused
        for task in left:
            task.cancel()
        await _wait_for(left, _ABORT_SECONDS)

    def _waiting(self) -> int:
        return sum(session.waiting for session in self._sessions)

    def _on_connection(self, connection: socket.socket) -> None:
        if len(self._served) < self._limits.connections:
            task = self._spawn(self._served, self._serve_socket(connection))
        elif len(self._refused) < self._limits.connections:
            full = Overloaded(f"{len(self._served)} connections are open; close one or wait")
            task = self._spawn(self._refused, self._serve_socket(connection, full))
        else:
            connection.close()
            return
        # A task that is cancelled before its first step runs nothing of its own, no `finally`.
        task.add_done_callback(lambda ended: connection.close() if ended.cancelled() else None)

    async def _serve_socket(
        self, connection: socket.socket, refusal: KokoroError | None = None
    ) -> None:
        try:
            reader, writer = await asyncio.open_connection(
                sock=connection, limit=self._limits.header_bytes
            )
        except BaseException:
            connection.close()
            raise
        await self._serve(reader, writer, refusal)

    async def _serve(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        refusal: KokoroError | None = None,
    ) -> None:
        if self._stopping:
            refusal = ShuttingDown("the server stops; connect again later")
        with ExitStack() as ending:
            ending.callback(_drop, writer)
            session = Session(reader, writer, self._context)
            self._sessions.add(session)
            ending.callback(self._sessions.discard, session)
            await (session.refuse(refusal) if refusal else session.run())

    def _spawn(
        self, tasks: set[asyncio.Task[None]], work: Coroutine[Any, Any, None]
    ) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        task.add_done_callback(_log_failure)
        return task


def _drop(writer: asyncio.StreamWriter) -> None:
    """Drop the connection of a session that could not be made, or has not closed its own."""
    if not writer.is_closing():
        writer.transport.abort()


async def _wait_for(tasks: set[asyncio.Task[None]], seconds: float) -> None:
    if tasks:
        await asyncio.wait(tasks, timeout=seconds)


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (failure := task.exception()):
        _LOG.error("a connection failed", exc_info=failure)
