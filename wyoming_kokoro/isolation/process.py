"""What runs in the process of a `Worker`, and the messages that go between the two.

A message is a byte for its kind, four for the length of its body, and the body.
"""

import contextlib
import json
import logging
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any

from wyoming_kokoro.errors import KokoroError

Handler = Callable[[Any], Any]
"""Answers a request. Both are what JSON can hold; an answer may also be bytes."""

Service = Callable[..., Handler]
"""Makes the handler, from a function to call whenever something is about to be loaded that takes
long, and the worker's arguments."""

_AT_ONCE, _MOST_AT_ONCE = 1 << 14, 1 << 20
"""Bytes that are asked for at least, and at the most."""

ORPHANED_SECONDS = 120
"""After which a request is given up here: the parent, which ends it sooner, must have gone."""


class Kind(Enum):
    """What a message is."""

    READY = b"R"
    BUSY = b"B"
    """Something is loaded that takes long."""
    LOGGED = b"L"
    """JSON: logger, level and message of a log record."""
    JSON = b"J"
    """A request, or the answer to one."""
    BYTES = b"Y"
    """An answer."""
    REFUSED = b"K"
    """JSON: class and message of a `KokoroError` that the service raised."""
    FAULTY = b"F"
    """JSON: class and place of another exception."""


def send(connection: socket.socket, kind: Kind, body: bytes = b"") -> None:
    """Send one message, however large; the other side takes it."""
    connection.sendall(kind.value + len(body).to_bytes(4, "big") + body)


class Messages:
    """What comes in over a socket, message by message. A small one takes a single call."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._held = bytearray()

    def receive(self, deadline: float | None = None, largest: int = 2**32) -> tuple[Kind, bytes]:
        """Return the kind and the body of the next message.

        Raises:
            TimeoutError: it has not come by `deadline`, a time of the monotonic clock.
            OSError: the other side has gone.
            ValueError: it is no message, or its body has more than `largest` bytes.
        """
        header = self._take(5, deadline)
        length = int.from_bytes(header[1:], "big")
        if length > largest:
            raise ValueError(f"a message of {length} bytes")
        return Kind(header[:1]), self._take(length, deadline)

    def _take(self, length: int, deadline: float | None) -> bytes:
        while (missing := length - len(self._held)) > 0:
            if deadline is not None:
                self._connection.settimeout(max(1e-3, deadline - time.monotonic()))
            part = self._connection.recv(min(max(missing, _AT_ONCE), _MOST_AT_ONCE))
            if not part:
                raise ConnectionResetError
            self._held += part
        taken = bytes(self._held[:length])
        del self._held[:length]
        return taken


class _Records(logging.Handler):
    """Sends log records to the parent, which knows where they go."""

    def __init__(self, connection: socket.socket) -> None:
        super().__init__()
        self._connection = connection

    def emit(self, record: logging.LogRecord) -> None:
        told = [record.name, record.levelno, record.getMessage()]
        send(self._connection, Kind.LOGGED, json.dumps(told).encode())


def _main(level: str, service: str, memory_bytes: str, idle_seconds: str, *arguments: str) -> None:
    """Serve the parent, who is at the other end of standard input, until it has gone."""
    connection = socket.socket(fileno=os.dup(sys.stdin.fileno()))
    _confine(int(memory_bytes))
    logging.basicConfig(level=int(level), handlers=[_Records(connection)])
    module, _, name = service.partition(":")

    def busy() -> None:
        send(connection, Kind.BUSY)

    handler: Handler = getattr(import_module(module), name)(busy, *arguments)
    send(connection, Kind.READY)
    messages = Messages(connection)
    while (request := _next_request(connection, messages, idle_seconds)) is not None:
        signal.alarm(ORPHANED_SECONDS)
        send(connection, *_answer(handler, json.loads(request)))
        signal.alarm(0)


def _confine(memory_bytes: int) -> None:
    """Bound what this process takes. Signals to the whole group are the parent's to handle: it
    may still want what is being made."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    limit = memory_bytes if most == resource.RLIM_INFINITY else min(memory_bytes, most)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # crashes on purpose would fill the disk


def _next_request(connection: socket.socket, messages: Messages, idle_seconds: str) -> bytes | None:
    """Return the next request, None when the parent has gone or asks for nothing any more."""
    wanted_until = time.monotonic() + float(idle_seconds) if idle_seconds else None
    with contextlib.suppress(OSError):
        _, body = messages.receive(wanted_until)
        if idle_seconds:
            connection.settimeout(None)
        return body
    return None


def _answer(handler: Handler, request: Any) -> tuple[Kind, bytes]:  # noqa: ANN401 what JSON holds
    """Return the kind and the body of the message that answers `request`."""
    try:
        answer = handler(request)
    except KokoroError as error:
        return Kind.REFUSED, json.dumps([type(error).__name__, str(error)]).encode()
    except Exception as error:  # its message may hold the request: where it was raised must do
        return Kind.FAULTY, json.dumps(_place_of(error)).encode()
    if isinstance(answer, bytes):
        return Kind.BYTES, answer
    return Kind.JSON, json.dumps(answer).encode()


def _place_of(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = trace and f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
    return f"{type(error).__name__} at {place}"


if __name__ == "__main__":
    _main(*sys.argv[1:])
