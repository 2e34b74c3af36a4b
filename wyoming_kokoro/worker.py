"""A process of its own for native code that reads what clients send: requests go in one after the
other, answers come out, within a bounded time and in bounded memory.

What crashes, hangs or grows there costs one request: the process ends, and the next request
starts another. Requests and answers are JSON, or bytes, over a socket pair. Nothing that comes
back is executed or trusted to have a size, for the process may have been taken over by its input.

    parent                                  child
    Worker(service).ask(request, seconds)   service(busy, *arguments)(request)
"""

import contextlib
import json
import logging
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from wyoming_kokoro import errors
from wyoming_kokoro.errors import KokoroError, ShuttingDown

log = logging.getLogger(__name__)

Handler = Callable[[Any], Any]
"""Answers a request. Both are what JSON can hold; an answer may also be bytes."""

Service = Callable[..., Handler]
"""Makes the handler, from a function to call whenever something is about to be loaded that takes
long, and the worker's arguments."""

LOADING_SECONDS = 60.0
"""For the process to start, and for each thing that its service loads."""

LARGEST_ANSWER = 64 * 1024 * 1024
"""Bytes of an answer, at the most."""

ORPHANED_SECONDS = 120
"""After which a request is given up by the child itself: its parent, which ends it sooner, must
have gone."""

_READY, _BUSY, _LOGGED, _JSON, _BYTES, _REFUSED, _FAULTY = b"R", b"B", b"L", b"J", b"Y", b"K", b"F"
"""What a message is: the first byte of each. The next four are its length."""


class WorkerFailed(Exception):
    """The process died, took too long or has a fault. The message says which, and never what the
    request was."""


class Worker:
    """A process that serves requests, started when it is first asked. Safe for use by threads;
    they take turns."""

    def __init__(
        self, service: str, *arguments: str, memory_bytes: int, idle_seconds: float | None = None
    ) -> None:
        """`service` is the `module:name` of a `Service`. The process has at most `memory_bytes` of
        address space, and ends by itself when it was not asked for `idle_seconds`."""
        self._command = [service, str(memory_bytes), str(idle_seconds or ""), *arguments]
        self._child: _Child | None = None
        self._lock = threading.Lock()
        self._closed = False

    def ask(self, request: Any, seconds: float) -> Any:  # noqa: ANN401 what JSON can hold
        """Return the service's answer to `request`, made within `seconds`, loading excepted.

        Raises:
            KokoroError: the service raised it.
            WorkerFailed: there is no answer; the next request meets a new process.
            ShuttingDown: the worker was closed.
        """
        with self._lock:
            try:
                return self._running().ask(request, seconds)
            except _IdleExit:
                self._child = None
                return self._running().ask(request, seconds)
            except WorkerFailed:
                self._child = None
                raise

    def start(self) -> None:
        """Start the process already, without waiting for it."""
        with self._lock:
            self._running()

    def close(self) -> None:
        """End the process, also in the middle of a request, which fails then."""
        self._closed = True
        if child := self._child:
            child.end()

    @property
    def pid(self) -> int | None:
        """Number of the process, None while there is none."""
        return self._child.process.pid if self._child else None

    def _running(self) -> "_Child":
        if self._closed:
            raise ShuttingDown("the server is stopping")
        if self._child and self._child.process.poll() is not None:
            self._child.end()
            self._child = None
        self._child = self._child or _Child(self._command)
        return self._child


class _IdleExit(Exception):
    """The process had ended by itself before the request reached it."""


class _Child:
    """The process as its parent sees it."""

    def __init__(self, command: list[str]) -> None:
        self._socket, theirs = socket.socketpair()
        with theirs:
            # Nothing of what a library prints may get into the output, which can be a client's.
            self.process = subprocess.Popen(  # noqa: S603 (this program itself)
                [sys.executable, "-m", __name__, *_log_level(), *command],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self._ready = False

    def ask(self, request: Any, seconds: float) -> Any:  # noqa: ANN401 what JSON can hold
        if not self._ready:
            self._receive(LOADING_SECONDS)
            self._ready = True
        try:
            _send(self._socket, _JSON, json.dumps(request).encode())
        except OSError:
            raise self._ended() from None
        kind, body = self._receive(seconds)
        if kind == _BYTES:
            return body
        answer = self._parsed(body)
        if kind == _JSON:
            return answer
        if kind == _REFUSED:
            raise _error_named(*answer)
        raise self._failed(f"has a fault: {answer}")

    def end(self) -> None:
        """End the process now."""
        self.process.kill()
        self.process.wait()
        self._socket.close()

    def _receive(self, seconds: float) -> tuple[bytes, bytes]:
        """Return the next message that is an answer. Log records on the way are passed on, and
        whenever something is loaded there is more time."""
        deadline = time.monotonic() + seconds
        while True:
            kind, body = self._message(deadline)
            if kind == _LOGGED:
                name, level, message = self._parsed(body)
                logging.getLogger(str(name)).log(int(level), "%s", message)
            elif kind == _BUSY:
                deadline = time.monotonic() + LOADING_SECONDS
            else:
                return kind, body

    def _message(self, deadline: float) -> tuple[bytes, bytes]:
        try:
            kind, length = _header(_read(self._socket, 5, deadline))
            if length > LARGEST_ANSWER:
                raise self._failed("sent too much")
            return kind, _read(self._socket, length, deadline)
        except TimeoutError:
            raise self._failed("did not answer in time") from None
        except OSError:
            raise self._ended() from None

    def _parsed(self, body: bytes) -> Any:  # noqa: ANN401 what JSON can hold
        try:
            return json.loads(body)
        except ValueError:
            raise self._failed("sent what is no message") from None

    def _ended(self) -> Exception:
        """Return the error to raise for a process that has closed its end."""
        try:
            status = self.process.wait(1)
        except subprocess.TimeoutExpired:
            return self._failed("does not listen")
        if status == 0:
            self.end()
            return _IdleExit()
        return self._failed(f"ended with {signal.Signals(-status).name if status < 0 else status}")

    def _failed(self, why: str) -> WorkerFailed:
        """End the process; return the error that says `why`."""
        self.end()
        return WorkerFailed(f"the process that reads it {why}")


def _error_named(name: str, message: str) -> KokoroError:
    """Return the error that a service raised."""
    kind = getattr(errors, name, None)
    if isinstance(kind, type) and issubclass(kind, KokoroError):
        return kind(message)
    return KokoroError(message)


def _log_level() -> list[str]:
    return [str(logging.getLogger().getEffectiveLevel())]


def _send(connection: socket.socket, kind: bytes, body: bytes = b"") -> None:
    connection.sendall(kind + len(body).to_bytes(4, "big") + body)


def _header(header: bytes) -> tuple[bytes, int]:
    return header[:1], int.from_bytes(header[1:], "big")


def _read(connection: socket.socket, length: int, deadline: float | None = None) -> bytes:
    """Return the next `length` bytes.

    Raises:
        TimeoutError: they have not come by `deadline`.
        OSError: the other side has gone.
    """
    parts = bytearray()
    while len(parts) < length:
        if deadline is not None:
            connection.settimeout(max(1e-3, deadline - time.monotonic()))
        part = connection.recv(min(length - len(parts), 1 << 20))
        if not part:
            raise ConnectionResetError
        parts += part
    return bytes(parts)


class _Records(logging.Handler):
    """Sends log records to the parent, which knows where they go."""

    def __init__(self, connection: socket.socket) -> None:
        super().__init__()
        self._connection = connection

    def emit(self, record: logging.LogRecord) -> None:
        told = [record.name, record.levelno, record.getMessage()]
        _send(self._connection, _LOGGED, json.dumps(told).encode())


def _main(level: str, service: str, memory_bytes: str, idle_seconds: str, *arguments: str) -> None:
    """Serve the parent, who is at the other end of standard input, until it has gone."""
    connection = socket.socket(fileno=os.dup(sys.stdin.fileno()))
    _confine(int(memory_bytes))
    logging.basicConfig(level=int(level), handlers=[_Records(connection)])
    module, _, name = service.partition(":")

    def busy() -> None:
        _send(connection, _BUSY)

    handler: Handler = getattr(import_module(module), name)(busy, *arguments)
    _send(connection, _READY)
    while (request := _next_request(connection, idle_seconds)) is not None:
        signal.alarm(ORPHANED_SECONDS)
        _send(connection, *_answer(handler, request))
        signal.alarm(0)


def _confine(memory_bytes: int) -> None:
    """Bound what this process takes. Signals to the whole group are the parent's to handle: it
    may still want what is being made."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # crashes on purpose would fill the disk


def _next_request(connection: socket.socket, idle_seconds: str) -> Any:  # noqa: ANN401 JSON
    """Return the next request, None when the parent has gone or asks for nothing any more."""
    connection.settimeout(float(idle_seconds) if idle_seconds else None)
    with contextlib.suppress(OSError):
        header = _read(connection, 5)
        connection.settimeout(None)
        return json.loads(_read(connection, _header(header)[1]))
    return None


def _answer(handler: Handler, request: Any) -> tuple[bytes, bytes]:  # noqa: ANN401 JSON
    """Return the kind and the body of the message that answers `request`."""
    try:
        answer = handler(request)
    except KokoroError as error:
        return _REFUSED, json.dumps([type(error).__name__, str(error)]).encode()
    except Exception as error:  # its message may hold the request: where it was raised must do
        return _FAULTY, json.dumps(_place_of(error)).encode()
    return (_BYTES, answer) if isinstance(answer, bytes) else (_JSON, json.dumps(answer).encode())


def _place_of(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = trace and f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
    return f"{type(error).__name__} at {place}"


if __name__ == "__main__":
    _main(*sys.argv[1:])
