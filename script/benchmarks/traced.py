"""Runs the program with a stopwatch on each part of its start: arguments in, spans out, as lines of
JSON in the file that the environment names.
"""

import builtins
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SPANS = "BENCH_SPANS"
"""Variable with the path of the file to write to."""

BEGAN = "BENCH_BEGAN"
"""Variable with the moment at which the process was started: system-wide `perf_counter`."""

NOTABLE_SECONDS = 0.01
"""Imports that take less are told with those that they are part of."""

_importing = threading.local()


@contextmanager
def span(name: str) -> Iterator[None]:
    """Write down when what is inside began, and how long it took this thread."""
    clock, cpu = time.perf_counter(), time.thread_time()
    try:
        yield
    finally:
        took = time.perf_counter() - clock
        _write(name, clock - _BEGAN, took, time.thread_time() - cpu)


def main() -> None:
    """Run the program."""
    _write("the interpreter", 0.0, time.perf_counter() - _BEGAN, time.thread_time())
    builtins.__import__ = _timed_import
    with span("import what listens"):
        import wyoming_kokoro.app.serving
        import wyoming_kokoro.network.server  # noqa: F401 what the program imports a moment later
    _watch()
    from wyoming_kokoro.cli.main import main as program

    program()


def _watch() -> None:
    """Put stopwatches on what takes long once the server listens."""
    from wyoming_kokoro.engines.kokoro.engine import KokoroEngine
    from wyoming_kokoro.engines.native.front import NativeFront
    from wyoming_kokoro.engines.native.generator import NativeGenerator
    from wyoming_kokoro.engines.native.network import NativeNetwork
    from wyoming_kokoro.engines.native.prosody import NativeProsody
    from wyoming_kokoro.engines.native.text import NativeText
    from wyoming_kokoro.models.installed import InstalledModel
    from wyoming_kokoro.network.server import Server
    from wyoming_kokoro.synthesis import loading, making, preparing
    from wyoming_kokoro.text.pronouncing.isolated import IsolatedFrontEnd
    from wyoming_kokoro.voices.store import VoiceStore

    _time(Server, "start", lambda *_: "bind")
    _time(IsolatedFrontEnd, "phonemize", lambda *_: "its process and the first sentence")
    _time(preparing.Preparation, "_make", lambda one: f"all of {one.version.name}")
    _time(making, "local_checkpoint", lambda *_: "find it")
    _time(InstalledModel, "sha256", lambda *_: "tell which it is")
    _time(loading, "packaged_table", lambda *_: "read the table of statistics")
    _time(loading, "read_checkpoint", lambda *_: "read the checkpoint, for each part")
    _time(NativeNetwork, "__init__", lambda *_: "pack the network")
    _time(NativeFront, "__init__", lambda *_: "... its front")
    _time(NativeProsody, "__init__", lambda *_: "... its prosody")
    _time(NativeGenerator, "__init__", lambda *_: "... its generator")
    _time(NativeText, "__init__", lambda *_: "... its text")
    _time(KokoroEngine, "warm_up", lambda *_: "warm up")
    _time(VoiceStore, "pack", lambda *_: "voice")


def _time(owner: Any, name: str, label: Callable[..., str]) -> None:
    """Replace a function by one that does the same and writes down how long it took."""
    function = getattr(owner, name)

    def timed(*arguments: Any, **named: Any) -> Any:
        with span(label(*arguments)):
            return function(*arguments, **named)

    setattr(owner, name, timed)


def _timed_import(name: str, *details: Any, **named: Any) -> Any:
    """Import as Python does; of imports within imports, only the outermost is told."""
    if getattr(_importing, "within", False):
        return _import(name, *details, **named)
    _importing.within = True
    clock, cpu = time.perf_counter(), time.thread_time()
    try:
        return _import(name, *details, **named)
    finally:
        _importing.within = False
        took = time.perf_counter() - clock
        if took > NOTABLE_SECONDS:
            _write(f"import {name}", clock - _BEGAN, took, time.thread_time() - cpu)


def _write(name: str, begins: float, took: float, cpu: float) -> None:
    row = [threading.current_thread().name, name, begins, took, cpu]
    with _FILE.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


_import = builtins.__import__
_BEGAN = float(os.environ.get(BEGAN, 0))
_FILE = Path(os.environ.get(SPANS, os.devnull))
