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

from script.benchmarks.weights import prepare_real
from tests.support.engines import HummingEngine, humming_pipeline, pieces
from tests.support.process import Program, running
from tests.support.virtual_time import now, run
from wyoming_kokoro.errors import KokoroError
from wyoming_kokoro.network import client
from wyoming_kokoro.speech import Request

TEXT = "The living room is twenty one degrees, and the washing machine will be ready soon."
SHORT = "The kitchen light is on, and the door to the garden is open."
"""For first bytes: as short as one may be that is not made whole, for what a sentence costs varies
by more than what formats cost."""

LONG = TEXT * 20
STREAMS = 10
FORMATS = ("pcm", "wav", "mp3", "opus", "aac", "flac")

SPEEDS = (0.02, 0.05, 0.08, 0.2)
"""Real-time factors of the engine in virtual time: ten rooms can be fed up to 0.09."""


def measure(rounds: int = 9) -> None:
    """Print first bytes, and first audio of a satellite beside others."""
    own = ("--checkpoint", str(prepare_real(export=False) / "kokoro-v1_0.pth"))
    for title, arguments in (("stand-in", ("--engine", "stand-in")), ("native", own)):
        with tempfile.TemporaryDirectory() as data:
            options = (*arguments, "--http", "tcp://127.0.0.1:0")
            with running(Path(data), *options) as program:
                program.wait_for("is ready" if title == "native" else "HTTP at")
                print(title)
                asyncio.run(_first_bytes(program, rounds))
                if title == "stand-in":  # of ten listeners Kokoro here would refuse most
                    asyncio.run(_newcomers(program, rounds))
    print("in virtual time: a newcomer's first audio beside ten streams, ms")
    print("  RTF      alone  Wyoming     HTTP")
    for rtf in SPEEDS:
        alone, *beside = (run(_newcomer(rtf, paced)) for paced in (None, True, False))
        print(
            f"  {rtf:4.2f}  {1000 * alone:7.0f}  " + "  ".join(f"{1000 * b:7.0f}" for b in beside)
        )


async def _first_bytes(program: Program, rounds: int) -> None:
    """Print when the first byte of a short sentence comes, and how much later than over Wyoming:
    the two ask one right after the other, each as often first, and the middle half of the
    differences is told beside their median."""
    address = program.wait_for(r"HTTP at http://(\S+)")[1]
    pairs: dict[str, list[tuple[float, float]]] = {kind: [] for kind in FORMATS}
    await _wyoming(program.uri)
    for number in range(rounds):
        for kind in FORMATS:
            wyoming = 0.0 if number % 2 else await _wyoming(program.uri)
            http = await _http(address, kind)
            pairs[kind].append((wyoming or await _wyoming(program.uri), http))
    base = statistics.median(wyoming for made in pairs.values() for wyoming, _ in made)
    print(f"  first byte, {'Wyoming':8}{1000 * base:8.1f} ms")
    for kind, made in pairs.items():
        later = sorted(1000 * (http - wyoming) for wyoming, http in made)
        middle = later[len(later) // 4 : (3 * len(later) + 3) // 4]
        print(
            f"  first byte, {kind:8}{1000 * statistics.median(http for _, http in made):8.1f} ms"
            f" {statistics.median(later):+8.1f} ({middle[0]:+.1f} to {middle[-1]:+.1f})"
        )


async def _newcomers(program: Program, rounds: int) -> None:
    """Print what a satellite waits for beside ten streams."""
    address = program.wait_for(r"HTTP at http://(\S+)")[1]
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
    """Return seconds until the first chunk; infinite where it was refused. All is read, so that the
    engine has nothing left to do."""
    began, first = time.perf_counter(), float("inf")
    try:
        async with client.speak(uri, SHORT, streaming=True) as speech:
            async for _ in speech:
                first = min(first, time.perf_counter() - began)
    except KokoroError:
        pass
    return first


async def _http(address: str, kind: str) -> float:
    """Return seconds until the first byte of sound; all is read."""
    began = time.perf_counter()
    reader, writer = await _asked(address, SHORT, kind)
    await reader.readuntil(b"\r\n\r\n")
    await reader.readline()  # the size of the first chunk
    await reader.readexactly(1)
    first = time.perf_counter() - began
    await reader.read()
    writer.close()
    return first


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
