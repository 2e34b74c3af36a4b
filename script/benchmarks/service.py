"""The server as a client meets it: start, `describe` while it loads and speaks, first audio."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from script.benchmarks.weights import prepare_real
from tests.support.process import Program, running
from wyoming_kokoro import espeak
from wyoming_kokoro.network import client

TEXT = "The living room is twenty one degrees, and the washing machine will be ready soon."


def measure(rounds: int = 5) -> None:
    """Print what a client waits for, with the stand-in and with the real voice."""
    folder = prepare_real(export=False)
    own = ("--checkpoint", str(folder / "kokoro-v1_0.pth"))
    for title, arguments in (("stand-in", ("--engine", "stand-in")), ("native", own)):
        with tempfile.TemporaryDirectory() as data:
            # The second start knows which checkpoint it is.
            for start in ("cold", "warm"):
                print(f"{title}, {start}")
                with running(Path(data), *arguments) as program:
                    asyncio.run(_measure_one(program, title, rounds))


async def _measure_one(program: Program, title: str, rounds: int) -> None:
    began = time.perf_counter()
    uri = program.uri
    await client.describe(uri)
    print(f"  start to first describe   {time.perf_counter() - began:8.2f} s")
    ready = "engine stand-in" if title == "stand-in" else "is ready"
    loading = await _describes(uri, lambda: ready in program.log)
    print(f"  start to ready            {time.perf_counter() - began:8.2f} s")
    _print_latencies("describe while loading", loading)
    first = [await _first_audio(uri) for _ in range(rounds)]
    for name, seconds in (("chunk", [a for a, _ in first]), ("audible", [b for _, b in first])):
        print(f"  first {name:20}{1000 * statistics.median(seconds):8.0f} ms")
    speaking = asyncio.gather(*(_first_audio(uri, to_end=True) for _ in range(4)))
    _print_latencies("describe, 4 rooms speaking", await _describes(uri, speaking.done))
    print(f"  worst first audio of them {1000 * max(b for _, b in await speaking):8.0f} ms")
    if title == "stand-in":
        floor = [_floor() for _ in range(rounds)]
        print(f"  floor: espeak-ng alone    {1000 * statistics.median(floor):8.0f} ms")


async def _describes(uri: str, done: Callable[[], bool]) -> list[float]:
    """Describe every 20 ms until `done`; return how long each answer took."""
    latencies = []
    while not done():
        began = time.perf_counter()
        await client.describe(uri)
        latencies.append(time.perf_counter() - began)
        await asyncio.sleep(0.02)
    return latencies


async def _first_audio(uri: str, *, to_end: bool = False) -> tuple[float, float]:
    """Return seconds until the first chunk came, and until its first audible sample is heard."""
    began, first, samples = time.perf_counter(), 0.0, b""
    async with client.speak(uri, TEXT, streaming=True, silence_seconds=600) as speech:
        async for pcm in speech:
            first = first or time.perf_counter() - began
            samples += pcm
            if len(samples) > 48_000 and not to_end:
                break
    audible = np.abs(np.frombuffer(samples, "<i2")) > 327
    return first, first + float(audible.argmax()) / 24_000


def _floor() -> float:
    began = time.perf_counter()
    espeak.samples(TEXT, "en-us")
    return time.perf_counter() - began


def _print_latencies(name: str, latencies: list[float]) -> None:
    if latencies:
        p50, p99 = np.percentile(latencies, [50, 99]) * 1000
        worst = max(latencies) * 1000
        print(f"  {name:26}{p50:8.1f} ms p50, {p99:.1f} ms p99, {worst:.1f} ms at worst")
