"""Runs the program and writes down what each call of the engine took: arguments in, calls out, as
lines of JSON in the file that the environment names; see `tests/support/costs.py`.
"""

import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import ClassVar, ParamSpec, TypeVar
from weakref import WeakSet

import numpy as np

from tests.support.costs import Call
from wyoming_kokoro.engines.base import DUE
from wyoming_kokoro.engines.kokoro.engine import KokoroEngine
from wyoming_kokoro.speech import SAMPLE_RATE, Plan
from wyoming_kokoro.synthesis.breaths import FRAMES_A_SECOND

P = ParamSpec("P")
T = TypeVar("T")

CALLS = "BENCH_CALLS"
"""Variable with the path of the file to write to."""


def main() -> None:
    """Run the program."""
    from wyoming_kokoro.cli.main import main as program

    begun = WeakSet[Plan]()
    plan = _recorded(KokoroEngine.plan, lambda *_, **__: "plan")
    voice = _recorded(KokoroEngine.voice, partial(_part, begun))
    setattr(KokoroEngine, "plan", plan)  # noqa: B010 an assignment would be to a method
    setattr(KokoroEngine, "voice", voice)  # noqa: B010
    program()


def _part(begun: WeakSet[Plan], _engine: object, plan: Plan, *_: object, **__: object) -> str:
    """Return whether a plan is voiced for the first time or goes on."""
    part = "later" if plan in begun else "first"
    begun.add(plan)
    return part


def _recorded(method: Callable[P, T], what: Callable[..., str]) -> Callable[P, T]:
    """Return a method that does the same and writes down what it took. Left out is what nobody
    waits for, as while it warms up, and what another call ran beside."""

    def recorded(*arguments: P.args, **named: P.kwargs) -> T:
        name, alone, began = what(*arguments, **named), Alone(), time.perf_counter()
        with alone:
            made = method(*arguments, **named)
        took = time.perf_counter() - began
        if DUE.get() and alone.stayed:
            line = json.dumps(asdict(Call(name, _seconds(made), round(took, 4))))
            with Path(os.environ[CALLS]).open("a", encoding="utf-8") as file:
                file.write(line + "\n")
        return made

    return recorded


def _seconds(made: object) -> float:
    """Return how much speech a plan is of, or samples are."""
    if isinstance(made, Plan):
        return made.frames / FRAMES_A_SECOND
    assert isinstance(made, np.ndarray)
    return len(made) / SAMPLE_RATE


class Alone:
    """A call that runs, and notes whether another did meanwhile."""

    _running: ClassVar[set["Alone"]] = set()
    _lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self) -> None:
        self.stayed = True

    def __enter__(self) -> None:
        with self._lock:
            self._running.add(self)
            self._note()

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._running.remove(self)

    def _note(self) -> None:
        for call in self._running:
            call.stayed = len(self._running) == 1
