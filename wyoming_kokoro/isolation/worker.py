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
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import Any

from wyoming_kokoro import errors
from wyoming_kokoro.errors import KokoroError, ShuttingDown, SynthesisFailed
from wyoming_kokoro.isolation import process
from wyoming_kokoro.isolation.process import Kind, Messages, send

LOADING_SECONDS = 60.0
"""For the process to start, and for each thing that its service loads."""

LARGEST_ANSWER = 64 * 1024 * 1024
"""Bytes of an answer, at the most."""


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
            SynthesisFailed: the process does not start, whatever the request.
            WorkerFailed: there is no answer; the next request meets a new process.
            ShuttingDown: the worker was closed, before or meanwhile.
        """
        with self._lock:
            try:
                with contextlib.suppress(_IdleExit):
                    return self._running().ask(request, seconds)
                return self._running().ask(request, seconds)
            except (SynthesisFailed, WorkerFailed):
                if self._closed:  # the process failed because it was ended
                    raise _stopping() from None
                raise

    def start(self) -> None:
        """Start the process already, without waiting for it.

        Raises:
            SynthesisFailed: the machine grants none.
        """
        with self._lock:
            self._running()

    def close(self) -> None:
        """End the process, also in the middle of a request, which fails then."""
        self._closed = True
        if child := self._child:
            child.process.kill()
            with self._lock:
                child.end()

    @property
    def pid(self) -> int | None:
        """Number of the process, None while there is none."""
        return self._child.process.pid if self._child else None

    def _running(self) -> "_Child":
        if self._closed:
            raise _stopping()
        if self._child and self._child.process.poll() is not None:
            self._child.end()
            self._child = None
        self._child = self._child or _Child(self._command)
        if self._closed:  # since a moment: whoever did it may not have seen this one
            self._child.process.kill()
        return self._child


class _IdleExit(WorkerFailed):
    """The process ended by itself, most likely before the request reached it."""


class _Child:
    """The process as its parent sees it."""

    def __init__(self, command: list[str]) -> None:
        self._socket, theirs = socket.socketpair()
        self._messages = Messages(self._socket)
        level = str(logging.getLogger().getEffectiveLevel())
        with theirs:
            try:
                # Nothing that a library prints may get into the output, which can be a client's.
                self.process = subprocess.Popen(  # noqa: S603 (this program itself)
                    [sys.executable, "-m", process.__name__, level, *command],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            except OSError as error:
                self._socket.close()
                raise _not_started(str(error)) from error
        self._ready = False

    def ask(self, request: Any, seconds: float) -> Any:  # noqa: ANN401 what JSON can hold
        if not self._ready:
            self._wait_for_start()
        try:
            send(self._socket, Kind.JSON, json.dumps(request).encode())
        except OSError:
            raise self._ended() from None
        kind, body = self._receive(seconds)
        if kind is Kind.BYTES:
            return body
        answer = self._parsed(body)
        if kind is Kind.JSON:
            return answer
        if kind is Kind.REFUSED:
            raise _error_named(*answer)
        raise self._failed(f"has a fault: {answer}")

    def _wait_for_start(self) -> None:
        try:
            self._receive(LOADING_SECONDS)
        except WorkerFailed as failure:  # no text is at fault: to read another way is no remedy
            raise _not_started(str(failure)) from None
        self._ready = True

    def end(self) -> None:
        """End the process now."""
        self.process.kill()
        self.process.wait()
        self._socket.close()

    def _receive(self, seconds: float) -> tuple[Kind, bytes]:
        """Return the next message that is an answer. Log records on the way are passed on, and
        whenever something is loaded there is more time."""
        deadline = time.monotonic() + seconds
        while True:
            kind, body = self._message(deadline)
            if kind is Kind.LOGGED:
                name, level, message = self._parsed(body)
                logging.getLogger(str(name)).log(int(level), "%s", message)
            elif kind is Kind.BUSY:
                deadline = time.monotonic() + LOADING_SECONDS
            else:
                return kind, body

    def _message(self, deadline: float) -> tuple[Kind, bytes]:
        try:
            return self._messages.receive(deadline, LARGEST_ANSWER)
        except TimeoutError:
            raise self._failed("did not answer in time") from None
        except ValueError:
            raise self._failed("sent what is no message") from None
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
            return _IdleExit("the process that reads it ended with 0")
        return self._failed(f"ended with {signal.Signals(-status).name if status < 0 else status}")

    def _failed(self, why: str) -> WorkerFailed:
        """End the process; return the error that says `why`."""
        self.end()
        return WorkerFailed(f"the process that reads it {why}")


def _stopping() -> ShuttingDown:
    return ShuttingDown("the server is stopping")


def _not_started(why: str) -> SynthesisFailed:
    return SynthesisFailed(
        f"no process starts to read text in ({why}); see that there is memory for one, and that "
        "the limits on memory and processes leave room"
    )


def _error_named(name: str, message: str) -> KokoroError:
    """Return the error that a service raised."""
    kind = getattr(errors, name, None)
    if isinstance(kind, type) and issubclass(kind, KokoroError):
        return kind(message)
    return KokoroError(message)
