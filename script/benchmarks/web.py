"""Speech over HTTP beside Wyoming, in one run and in turn: when the first byte comes, and what a
satellite waits for beside ten streams of either."""

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from script.benchmarks.weights import prepare
from tests.support.engines import HummingEngine, humming_pipeline, pieces
from tests.support.process import Program, running
from tests.support.virtual_time import now, run
from wyoming_kokoro.errors import KokoroError
from wyoming_kokoro.network import client
from wyoming_kokoro.speech import Request

TEXT = "The living room is twenty one degrees, and the washing machine will be ready soon."
LONG = TEXT * 20
STREAMS = 10
FORMATS = ("pcm", "wav", "mp3", "opus", "aac", "flac")

SPEEDS = (0.02, 0.05, 0.08, 0.2)
"""Real-time factors of the engine in virtual time: ten rooms can be fed up to 0.09."""


def measure(rounds: int = 9) -> None:
    """Print first bytes, and first audio of a satellite beside others."""
    folder = prepare(export=False)
    own = ("--checkpoint", str(folder / "kokoro-v1_0.pth"))
    for title, arguments in (("stand-in", ("--engine", "stand-in")), ("onnx", own)):
        with tempfile.TemporaryDirectory() as data:
            options = (*arguments, "--http", "tcp://127.0.0.1:0")
            with running(Path(data), *options) as program:
                program.wait_for("is ready" if title == "onnx" else "HTTP at")
                print(title)
                asyncio.run(_measure_one(program, rounds))
    print("in virtual time: a newcomer's first audio beside ten streams, ms")
    print("  RTF      alone  Wyoming     HTTP")
    for rtf in SPEEDS:
        alone, *beside = (run(_newcomer(rtf, paced)) for paced in (None, True, False))
        print(
            f"  {rtf:4.2f}  {1000 * alone:7.0f}  " + "  ".join(f"{1000 * b:7.0f}" for b in beside)
        )


async def _measure_one(program: Program, rounds: int) -> None:
    address = program.wait_for(r"HTTP at http://(\S+)")[1]
    first: dict[str, list[float]] = {}
    for _ in range(rounds):  # in turn, so that what else the machine does is shared
        first.setdefault("Wyoming", []).append(await _wyoming(program.uri))
        for kind in FORMATS:
            first.setdefault(kind, []).append(await _http(address, kind))
    base = statistics.median(first["Wyoming"])
    for name, seconds in first.items():
        middle = statistics.median(seconds)
        print(f"  first byte, {name:8}{1000 * middle:8.1f} ms {1000 * (middle - base):+8.1f}")
    kinds: tuple[tuple[str, Callable[[], Coroutine[Any, Any, None]]], ...] = (
        ("Wyoming", lambda: _read_wyoming(program.uri)),
        ("HTTP", lambda: _read_http(address)),
    )
    for name, read in kinds:
        async with _beside(read):
            waits = [await _wyoming(program.uri) for _ in range(rounds)]
        told = ", ".join(f"{1000 * wait:.0f}" for wait in sorted(waits))
        print(f"  satellite beside {STREAMS} of {name:8} {told} ms")


async def _wyoming(uri: str) -> float:
    """Return seconds until the first chunk; infinite where it was refused."""
    began = time.perf_counter()
    try:
        async with client.speak(uri, TEXT, streaming=True) as speech:
            async for _ in speech:
                return time.perf_counter() - began
    except KokoroError:
        pass
    return float("inf")


async def _http(address: str, kind: str) -> float:
    began = time.perf_counter()
    reader, writer = await _asked(address, TEXT, kind)
    await reader.readuntil(b"\r\n\r\n")
    await reader.readline()  # the size of the first chunk
    await reader.readexactly(1)
    writer.close()
    return time.perf_counter() - began


async def _asked(
    address: str, text: str, kind: str
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, _, port = address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    body = json.dumps({"input": text, "response_format": kind}).encode()
    head = f"POST /v1/audio/speech HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
    writer.write(head.encode() + b"Connection: close\r\n\r\n" + body)
    return reader, writer


@asynccontextmanager
async def _beside(read: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """Have ten streams read as fast as they come, again and again."""

    async def again() -> None:
        while True:
            await read()

    reading = [asyncio.ensure_future(again()) for _ in range(STREAMS)]
    await asyncio.sleep(3)  # until they speak
    try:
        yield
    finally:
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)


async def _read_wyoming(uri: str) -> None:
    try:
        async with client.speak(uri, LONG, streaming=True) as speech:
            async for _ in speech:
                pass
    except KokoroError:
        await asyncio.sleep(1)


async def _read_http(address: str) -> None:
    reader, writer = await _asked(address, LONG, "mp3")
    try:
        while await reader.read(1 << 16):
            pass
    finally:
        writer.close()


async def _newcomer(rtf: float, paced: bool | None) -> float:
    """Return when a newcomer's first chunk comes that asks after ten seconds of ten others."""
    pipeline = humming_pipeline(HummingEngine(rtf=rtf))

    async def listen() -> None:
        async for _ in pipeline.speak(Request(paced=bool(paced)), pieces(f"{TEXT} " * 60)):
            pass

    others = [] if paced is None else [asyncio.ensure_future(listen()) for _ in range(STREAMS)]
    await asyncio.sleep(10)
    asked = now()
    try:
        await anext(pipeline.speak(Request(), pieces(TEXT)))
        return now() - asked
    except KokoroError:
        return float("inf")
    finally:
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
