"""Frames that are no events: each is refused, and nobody else notices."""

import asyncio
import gc
import json
import logging
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from wyoming.error import Error
from wyoming.event import async_read_event
from wyoming.tts import Synthesize

from tests.support.speakers import client_of, event, open_raw, read_until, serving, types
from wyoming_kokoro.config import Limits
from wyoming_kokoro.network.wire import encode

MIB = 1024 * 1024


def line(**header: Any) -> bytes:
    return json.dumps(header).encode() + b"\n"


def with_data(data: bytes, kind: str = "describe") -> bytes:
    return line(type=kind, data_length=len(data)) + data


def with_length(length: str) -> bytes:
    return b'{"type": "describe", "data_length": ' + length.encode() + b"}\n"


def with_payload(length: str) -> bytes:
    return b'{"type": "describe", "payload_length": ' + length.encode() + b"}\n"


FRAMES = {
    "blank line": b"\n",
    "header not JSON": b'{"type": describe}\n',
    "header a list": b"[]\n",
    "header a number": b"5\n",
    "header null": b"null\n",
    "header a string": b'"describe"\n',
    "header not UTF-8": b'{"type": "\xff\xfe"}\n',
    "header of 65 KiB": b'{"type": "' + b"x" * 66_560 + b'"}\n',
    "line without end": b'{"type": "' + b"x" * 200_000,
    "header nested 60,000 deep": b'{"type": ' + b"[" * 60_000 + b"\n",
    "no type": b"{}\n",
    "type a number": line(type=5),
    "type a list": line(type=["describe"]),
    "type null": line(type=None),
    "data a list": line(type="describe", data=[]),
    "data a string": line(type="describe", data="x"),
    "data null": line(type="describe", data=None),
    "data_length a string": with_length('"5"'),
    "data_length a fraction": with_length("5.5"),
    "data_length true": with_length("true"),
    "data_length negative": with_length("-1"),
    "data_length NaN": with_length("NaN"),
    "data_length 1e400": with_length("1e400"),
    "data_length of 5,000 digits": with_length("9" * 5000),
    "data_length of a terabyte": with_length(str(10**12)),
    "payload_length a string": with_payload('"5"'),
    "payload_length a fraction": with_payload("5.5"),
    "payload_length true": with_payload("true"),
    "payload_length negative": with_payload("-1"),
    "payload_length 1e400": with_payload("1e400"),
    "payload_length of a terabyte": with_payload(str(10**12)),
    "data block a list": with_data(b"[1, 2]"),
    "data block not JSON": with_data(b"{]"),
    "data block not UTF-8": with_data(b'{"a": "\xc3"}'),
    "data block nested 100,000 deep": with_data(b'{"a":' * 20_000),
    "text with half a surrogate pair": with_data(b'{"text": "\\ud800"}', "synthesize"),
    "text missing": with_data(b'{"a": 1}', "synthesize"),
    "text a number": with_data(b'{"text": 5}', "synthesize"),
    "text a list": with_data(b'{"text": ["a"]}', "synthesize"),
    "voice a string": with_data(b'{"text": "a", "voice": "af"}', "synthesize"),
    "voice a list": with_data(b'{"text": "a", "voice": []}', "synthesize"),
    "voice name a number": with_data(b'{"text": "a", "voice": {"name": 5}}', "synthesize"),
    "speaker a list": with_data(b'{"text": "a", "voice": {"speaker": []}}', "synthesize"),
    "language true": with_data(b'{"voice": {"language": true}}', "synthesize-start"),
    "text_format a number": with_data(b'{"text": "a", "text_format": 1}', "synthesize"),
    "text_format unknown": with_data(b'{"text": "a", "text_format": "x"}', "synthesize"),
    "ping text a number": with_data(b'{"text": 1}', "ping"),
    "program without a name": line(type="select-program"),
    "chunk outside of a stream": with_data(b'{"text": "a"}', "synthesize-chunk"),
    "stop outside of a stream": line(type="synthesize-stop"),
    "HTTP request": b"GET / HTTP/1.1\r\nHost: kokoro\r\n\r\n",
    "TLS hello": bytes.fromhex("16030100c8010000c40303") + bytes(range(200)),
    "SMB probe": b"\x00\x00\x00\x85\xffSMB\x72\x00\x00\x00\x00\x18\x53\xc8",
    "NUL bytes": bytes(100),
}

TRUNCATED = {
    "end within a line": b'{"type": "describe"',
    "end within data": line(type="describe", data_length=10) + b"{",
    "end within a payload": line(type="describe", payload_length=10) + b"12345",
}


@contextmanager
def no_traceback(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail if anything is logged with a traceback, also by tasks that nobody awaited."""
    yield
    gc.collect()
    assert [record for record in caplog.records if record.exc_info] == []
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def refusal_of(frame: bytes, *, end: bool) -> Error:
    async with serving() as server, client_of(server) as bystander:
        reader, writer = await open_raw(server)
        writer.write(frame)
        if end:
            writer.write_eof()
        answer = await async_read_event(reader)
        assert answer is not None
        assert await reader.read() == b""
        writer.close()
        await bystander.write_event(event("describe"))
        assert types(await read_until(bystander, "info")) == ["info"]
    return Error.from_event(answer)


@pytest.mark.parametrize("name", FRAMES)
async def test_a_frame_that_is_no_event_is_refused_with_an_error_and_a_close(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    with no_traceback(caplog):
        error = await refusal_of(FRAMES[name], end=False)
    assert error.code in ("bad-request", "too-large")
    assert len(error.text) > 10


@pytest.mark.parametrize("name", TRUNCATED)
async def test_a_connection_that_ends_within_an_event_is_told_so(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    with no_traceback(caplog):
        assert (await refusal_of(TRUNCATED[name], end=True)).code == "bad-request"


async def test_an_event_sent_too_slowly_is_timed_out(caplog: pytest.LogCaptureFixture) -> None:
    with no_traceback(caplog):
        async with serving(limits=Limits(frame_seconds=0.1)) as server:
            reader, writer = await open_raw(server)
            writer.write(b'{"type"')
            answer = await async_read_event(reader)
            writer.close()
    assert answer is not None
    assert Error.from_event(answer).code == "timed-out"


async def test_many_bad_clients_leave_few_lines_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with serving() as server:
        began = asyncio.get_running_loop().time()
        for _ in range(50):
            reader, writer = await open_raw(server)
            writer.write(b"GET / HTTP/1.1\r\n\r\n")
            await reader.read()
            writer.close()
        seconds = asyncio.get_running_loop().time() - began
    assert 1 <= len(caplog.records) <= 1 + seconds


async def test_two_hundred_megabytes_of_payloads_take_no_memory() -> None:
    header, piece = line(type="audio-chunk", payload_length=MIB), bytes(MIB // 32)
    async with serving() as server:
        reader, writer = await open_raw(server)
        with measured_growth() as growth:
            for _ in range(200):
                writer.write(header)
                for _ in range(32):
                    writer.write(piece)
                    await writer.drain()
            writer.write(encode(event("ping", text="still here")))
            assert b"pong" in await reader.readuntil(b"still here")
        writer.close()
    assert growth[0] < MIB


async def test_a_payload_said_to_be_two_hundred_megabytes_is_refused_unread() -> None:
    async with serving(limits=Limits(error_linger_seconds=0.1)) as server:
        reader, writer = await open_raw(server)
        with measured_growth() as growth:
            writer.write(line(type="audio-chunk", payload_length=200 * MIB))
            answer = await async_read_event(reader)
            with suppress(ConnectionError):  # once the linger is over
                for _ in range(200):
                    writer.write(bytes(MIB))
                    await writer.drain()
        writer.close()
    assert answer is not None
    assert Error.from_event(answer).code == "too-large"
    assert growth[0] < 10 * MIB


@contextmanager
def measured_growth() -> Iterator[list[int]]:
    """Give a list whose only item becomes the peak of memory within, over what was there."""
    growth: list[int] = []
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    try:
        yield growth
        growth.append(tracemalloc.get_traced_memory()[1] - before)
    finally:
        tracemalloc.stop()


async def test_a_voice_name_of_ten_kilobytes_is_only_a_name() -> None:
    async with serving() as server, client_of(server) as client:
        await client.write_event(event("synthesize", text="hello", voice={"name": "a\0b" * 4000}))
        assert types(await read_until(client, "audio-stop"))[-1] == "audio-stop"


@pytest.mark.parametrize(
    "text", ["\U0001f600" * 20_000, "a" + "\u0301" * 19_999, "\u202e\u2066 txet \x00\x07", "?!..."]
)
async def test_odd_text_is_answered(text: str) -> None:
    async with serving() as server, client_of(server) as client:
        await client.write_event(Synthesize(text).event())
        assert types(await read_until(client, "audio-stop"))[-1] == "audio-stop"
