"""What clients over HTTP may not do: each attack ends soon, and others are served all the same."""

import asyncio
import contextlib
import logging
from pathlib import Path

import pytest

from tests.support.speakers import Speaker
from tests.support.web import web_serving
from wyoming_kokoro.config import Limits
from wyoming_kokoro.web.guard import CLIENTS, Rates
from wyoming_kokoro.web.server import WebServer

SPEECH = "/v1/audio/speech"
SOON = Limits(frame_seconds=0.05, write_stall_seconds=0.05)


async def opened(server: WebServer) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = server.addresses[0].removeprefix("tcp://").split(":")
    return await asyncio.open_connection(host, int(port))


async def answer_to(server: WebServer, data: bytes) -> bytes:
    """What comes until the server closes."""
    reader, writer = await opened(server)
    writer.write(data)
    answer = b""
    with contextlib.suppress(ConnectionError):
        async with asyncio.timeout(20):
            answer = await reader.read()
    writer.close()
    return answer


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GET /",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: b",
        b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /",
        b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    ],
)
async def test_a_client_that_does_not_go_on_is_closed(data: bytes, tmp_path: Path) -> None:
    async with web_serving(tmp_path, limits=SOON) as (server, _):
        answer = await answer_to(server, data)
    assert (b"200 OK" in answer) == (b"live" in data)


async def test_a_body_that_does_not_come_is_408(tmp_path: Path) -> None:
    head = f"POST {SPEECH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{{"
    async with web_serving(tmp_path, limits=SOON) as (server, _):
        answer = await answer_to(server, head.encode())
    assert answer.startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize(
    "head",
    [
        "Content-Length: 99999999999\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n" + ("10000\r\n" + "a" * 65_536 + "\r\n") * 5,
    ],
)
async def test_a_body_that_is_too_large_is_413(head: str, tmp_path: Path) -> None:
    data = f"POST {SPEECH} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{head}".encode()
    async with web_serving(tmp_path) as (server, _):
        reader, writer = await opened(server)
        writer.write(data)
        line = await reader.readline()
        writer.close()
    assert line.startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01",
        b'{"type": "describe"}\n\n\n',
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"GET /" + b"a" * 200_000,
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 50_000,
    ],
)
async def test_what_is_no_http_is_refused_and_closed(
    data: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with web_serving(tmp_path) as (server, client):
        answer = await answer_to(server, data)
        assert (await client.get("/health/live")).status_code == 200
    assert answer == b"" or answer.startswith(b"HTTP/1.1 400")
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_client_that_takes_nothing_is_dropped(tmp_path: Path) -> None:
    speaker = Speaker()
    async with web_serving(tmp_path, speaker, SOON) as (server, client):
        _, writer = await opened(server)
        body = b'{"input": "forever", "response_format": "pcm"}'
        head = f"POST {SPEECH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        async with asyncio.timeout(20):
            await speaker.cut_off.wait()
        writer.close()
        assert (await client.get("/health/live")).status_code == 200


async def test_connections_beyond_the_limit_are_closed_and_others_come_later(
    tmp_path: Path,
) -> None:
    async with web_serving(tmp_path, limits=Limits(connections=3)) as (server, client):
        held = [await opened(server) for _ in range(3)]
        for _, writer in held:
            writer.write(b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        for reader, _ in held:
            assert b"200 OK" in await reader.readline()
        assert await answer_to(server, b"") == b""
        for _, writer in held:
            writer.close()
            await writer.wait_closed()
        async with asyncio.timeout(20):
            while server.open_connections:  # noqa: ASYNC110 nobody tells of their end
                await asyncio.sleep(0)
        assert (await client.get("/health/live")).status_code == 200


@pytest.mark.parametrize("header", ["bytes=0-0", "bytes=" + "0-0," * 3_000 + "1-2", "bytes=-1"])
async def test_a_range_changes_nothing(header: str, tmp_path: Path) -> None:
    async with web_serving(tmp_path) as (_, client):
        whole = await client.get("/page.js")
        ranged = await client.get("/page.js", headers={"Range": header})
    assert (ranged.status_code, ranged.content) == (200, whole.content)
    assert ranged.headers["accept-ranges"] == "none"


async def test_a_query_changes_nothing_that_does_not_read_it(tmp_path: Path) -> None:
    async with web_serving(tmp_path) as (_, client):
        plain = (await client.get("/v1/audio/voices")).json()
        odd = (await client.get("/v1/audio/voices?" + "&".join(["a=b"] * 2_000))).json()
    assert odd == plain


@pytest.mark.parametrize(
    "path",
    ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/page/../openapi.json", "//etc", "/x"],
)
async def test_no_path_of_a_request_opens_a_file(path: str, tmp_path: Path) -> None:
    async with web_serving(tmp_path) as (server, _):
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        answer = await answer_to(server, head.encode())
    assert answer.startswith(b"HTTP/1.1 404")


async def test_requests_come_no_faster_than_they_may(tmp_path: Path) -> None:
    limits = Limits(http_requests_a_second=0.001, http_burst=3)
    async with web_serving(tmp_path, limits=limits) as (_, client):
        answers = [await client.get("/health/live") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert "retry-after" in answers[-1].headers


async def test_no_more_addresses_are_remembered_than_fit(tmp_path: Path) -> None:
    rates = Rates(1.0, 5)
    for number in range(3 * CLIENTS):
        rates.take(str(number))
    assert rates.remembered == CLIENTS


async def test_the_wrong_method_is_told_the_right_ones(tmp_path: Path) -> None:
    async with web_serving(tmp_path) as (_, client):
        answer = await client.delete("/lexicon")
    assert answer.status_code == 405
    assert {"GET", "PUT"} <= set(answer.headers["allow"].split(", "))
