"""A fresh machine: from an empty folder to the first Kokoro sound by the starter, and on to the
released weights; with the memory of all processes."""

import asyncio
import hashlib
import tempfile
import threading
import time
from pathlib import Path

import psutil

from script.benchmarks.service import TEXT
from script.benchmarks.weights import prepare
from tests.support.hub import Fault, Hub
from tests.support.process import Program, running
from wyoming_kokoro.models.catalog import version_named
from wyoming_kokoro.network import client

_PROGRAM = """
from dataclasses import replace
from wyoming_kokoro.models import catalog, starter
old, *others = catalog.VERSIONS
checkpoint = replace(old.checkpoint, size={size}, sha256={digest!r})
catalog.VERSIONS = (replace(old, checkpoint=checkpoint, config=None), *others)
starter._WEIGHTS_OF = {digest!r}
catalog.ModelVersion.files = lambda version, _voices: (version.checkpoint,)
from wyoming_kokoro.cli.main import main
main()
"""
"""The server, for which another file is the released checkpoint: nobody has that one here."""

_INTERVAL = 0.1


class _Memory:
    """Samples the proportional set size of a process and all below it."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._ended = threading.Event()
        self._peak = 0
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def peak(self) -> float:
        """Return the most since this was last asked, in MB."""
        peak, self._peak = self._peak, 0
        return peak / 1e6

    def stop(self) -> None:
        """Sample no more."""
        self._ended.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._ended.wait(_INTERVAL):
            self._peak = max(self._peak, _tree(self._process))


def _tree(process: psutil.Process) -> int:
    total = 0
    try:
        for one in (process, *process.children(recursive=True)):
            total += one.memory_full_info().pss
    except psutil.Error:  # one that has ended meanwhile
        pass
    return total


def measure() -> None:
    """Print times and memory, with a synthetic checkpoint in place of the released one."""
    measure_with(prepare(export=False) / "kokoro-v1_0.pth")


def measure_with(released: Path) -> None:
    """Print times and memory, with this checkpoint of v1.0 in place of the released one."""
    content = released.read_bytes()
    version = version_named("v1.0")
    with Hub() as hub, tempfile.TemporaryDirectory() as data:
        hub.publish(version, {version.checkpoint.path: content})
        hub.spoil(version, version.checkpoint.path, Fault("stall", after=1000))
        source = _PROGRAM.format(size=len(content), digest=hashlib.sha256(content).hexdigest())
        del content
        with running(
            Path(data), program=source, HF_ENDPOINT=hub.url, WYOMING_KOKORO_WEIGHTS="auto"
        ) as program:
            memory = _Memory(program.process.pid)
            asyncio.run(_follow(program, memory, hub))
            memory.stop()


async def _follow(program: Program, memory: _Memory, hub: Hub) -> None:
    began, spent = time.perf_counter(), _spent(program)
    uri = program.uri
    _print("listening", began, spent, program, memory)
    await asyncio.to_thread(program.wait_for, "v1.0 is ready")
    _print("starter ready", began, spent, program, memory)
    await _first_chunk(uri)
    _print("first Kokoro sound", began, spent, program, memory)
    hub.resume.set()
    await asyncio.to_thread(program.wait_for, "the weights of v1.0 change")
    _print("released fetched", began, spent, program, memory)
    await asyncio.to_thread(program.wait_for, "v1.0 speaks with the released weights")
    _print("compiled, weights changed", began, spent, program, memory)
    await _first_chunk(uri)
    _print("spoken with the released", began, spent, program, memory)


async def _first_chunk(uri: str) -> None:
    async with client.speak(uri, TEXT, streaming=True, silence_seconds=600) as speech:
        async for _ in speech:
            return


def _spent(program: Program) -> float:
    """Return the processor's seconds of the process and of those below it that have ended."""
    times = psutil.Process(program.process.pid).cpu_times()
    return times.user + times.system + times.children_user + times.children_system


def _print(what: str, began: float, spent: float, program: Program, memory: _Memory) -> None:
    seconds, work = time.perf_counter() - began, _spent(program) - spent
    print(f"{what:32}{seconds:8.2f} s  CPU {work:6.2f} s  peak {memory.peak():6.0f} MB", flush=True)
