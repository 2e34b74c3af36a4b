"""What the Supervisor of Home Assistant is told, by a server that listens to the same HTTP API."""

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.process import running
from wyoming_kokoro.network.discovery.supervisor import SupervisorDiscovery
from wyoming_kokoro.synthesis.schedule.lanes import ThreadLane

SECONDS = 20.0  # to fail by, never to wait for
OK = b'HTTP/1.1 200 OK\r\n\r\n{"result": "ok", "data": {"uuid": "1"}}'
STARTING = (
    b"HTTP/1.1 400 Bad Request\r\n\r\n"
    b'{"result": "error", "message": "System is not ready with state: setup"}'
)
ADDRESSES = ["tcp://0.0.0.0:10200"]


class Supervisor:
    """Answers what it is given to answer, one answer a request, and remembers the requests."""

    def __init__(self, answers: Sequence[bytes]) -> None:
        self._answers = list(answers)
        self.requests: list[tuple[str, dict[str, str], Any]] = []
        self.asked = asyncio.Semaphore(0)
        self.port = 0

    async def requests_seen(self, number: int) -> None:
        async with asyncio.timeout(SECONDS):
            for _ in range(number):
                await self.asked.acquire()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        fields = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        body = json.loads(await reader.readexactly(int(fields["content-length"])))
        self.requests.append((head[0], fields, body))
        writer.write(self._answers.pop(0))
        await writer.drain()
        writer.close()
        self.asked.release()


@asynccontextmanager
async def supervisor(*answers: bytes) -> AsyncIterator[Supervisor]:
    it = Supervisor(answers)
    server = await asyncio.start_server(it.serve, "127.0.0.1", 0)
    it.port = server.sockets[0].getsockname()[1]
    async with server:
        yield it


@asynccontextmanager
async def told(port: int, addresses: Sequence[str] = ADDRESSES) -> AsyncIterator[None]:
    lane = ThreadLane("supervisor")
    discovery = SupervisorDiscovery("secret", lane.run, "127.0.0.1", port, longest_pause=0)
    await discovery.start(addresses)
    try:
        yield
    finally:
        await discovery.stop()
        lane.close()


class Log(logging.Handler):
    """What is logged, for those who wait for it."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._coming: asyncio.Queue[logging.LogRecord] = asyncio.Queue()
        self.warnings: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno == logging.WARNING:
            self.warnings.append(record.getMessage())
        self._coming.put_nowait(record)

    async def wait_for(self, part: str) -> None:
        """Wait for a message with `part` in it."""
        async with asyncio.timeout(SECONDS):
            while part not in (await self._coming.get()).getMessage():
                pass


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[Log]:
    caplog.set_level(logging.INFO)
    handler = Log()
    logging.getLogger("wyoming_kokoro").addHandler(handler)
    yield handler
    logging.getLogger("wyoming_kokoro").removeHandler(handler)


async def test_the_supervisor_is_told_the_name_and_port_of_this_container(
    log: Log,
) -> None:
    async with supervisor(OK) as it, told(it.port):
        await log.wait_for("Home Assistant was told of this server")
    [(request, fields, message)] = it.requests
    assert request == "POST /discovery HTTP/1.1"
    assert fields["authorization"] == "bearer secret"
    assert fields["content-type"] == "application/json"
    uri = f"tcp://{socket.gethostname()}:10200"
    assert message == {"service": "wyoming", "config": {"uri": uri}}


async def test_a_refusal_is_named_once_and_tried_again(log: Log) -> None:
    async with supervisor(STARTING, STARTING, OK) as it, told(it.port):
        await log.wait_for("Home Assistant was told of this server")
    [warning] = log.warnings
    assert "400: System is not ready with state: setup" in warning
    assert "port 10200" in warning
    assert "secret" not in warning
    assert len(it.requests) == 3


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (b"", "no HTTP"),
        (b"220 mail.example\r\n", "no HTTP"),
        (b"HTTP/1.1 403 Forbidden\r\n\r\nno", "403: no reason given"),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n[]", "403: no reason given"),
        (b"HTTP/1.1 banana\r\n\r\n", "no HTTP"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", "no HTTP"),
        (b"HTTP/1.1 200 OK\r\n" + b"x" * 70_000 + b"\r\n\r\n", "no HTTP"),
    ],
)
async def test_whatever_answers_instead_of_the_supervisor_only_makes_a_warning(
    answer: bytes, complaint: str, log: Log
) -> None:
    async with supervisor(answer, OK) as it, told(it.port):
        await it.requests_seen(2)
        await log.wait_for("Home Assistant was told of this server")
    [warning] = log.warnings
    assert complaint in warning


async def test_a_supervisor_that_is_not_there_is_no_end_of_anything(
    log: Log,
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        async with told(unused.getsockname()[1]):
            await log.wait_for("the Supervisor cannot be reached")


async def test_nothing_is_told_of_a_server_that_cannot_be_reached(
    log: Log,
) -> None:
    async with supervisor() as it, told(it.port, ["unix:///run/kokoro.sock"]):
        await log.wait_for("nothing to announce")
    assert not it.requests


def test_inside_an_app_the_server_tells_the_supervisor_and_serves_without_it(
    tmp_path: Path,
) -> None:
    with running(tmp_path, "--engine", "stand-in", SUPERVISOR_TOKEN="secret") as program:  # noqa: S106 any word
        program.wait_for("does not know of this server yet: the Supervisor cannot be reached")
        assert program.stop() == 0
        assert "secret" not in program.log
        assert "Traceback" not in program.log
