"""Where the time goes between the start of the server and the moment when it is ready."""

import json
import statistics
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from script.benchmarks import traced
from script.benchmarks.figures import progress
from script.benchmarks.weights import FOLDER, prepare_real
from tests.support.process import running

PROGRAM = "from script.benchmarks.traced import main; main()"

LANES = {"MainThread": "", "text": "text", "fetching v1.0": "files", "loading": "model"}
"""Threads by the name that they have there, and what they do here: side by side, but for Python's
own lock."""

Part = tuple[str, str]
"""A thread and what it does."""


class Span(NamedTuple):
    """When a part began, the seconds that it took, and those that its thread was at work."""

    begins: float
    takes: float
    works: float


def measure(rounds: int = 5) -> None:
    """Print the parts of a start in a folder that is known, at the median of the rounds."""
    checkpoint = prepare_real(export=False) / "kokoro-v1_0.pth"
    _start(checkpoint)  # tells which checkpoint it is
    starts = [_start(checkpoint) for _ in progress(range(rounds), "starts")]
    print(f"{'':38}{'begins, s':>10}{'takes, s':>10}{'works, s':>10}")
    for (lane, part), span in medians(starts):
        name = f"{LANES[lane]:6}{part}" if LANES.get(lane) else part
        print(f"{name:38}" + "".join(f"{seconds:10.3f}" for seconds in span))


def _start(checkpoint: Path) -> Mapping[Part, Span]:
    """Start the server and stop it as soon as it is ready; return what it did."""
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as file:
        began = time.perf_counter()
        environment = {traced.SPANS: file.name, traced.BEGAN: repr(began)}
        options = ("--checkpoint", str(checkpoint))
        with running(FOLDER / "data", *options, program=PROGRAM, **environment) as program:
            program.wait_for("listening at")
            listens = time.perf_counter() - began
            program.wait_for("is ready")
            ready = time.perf_counter() - began
            program.stop()
        parts = summed(json.loads(line) for line in file)
    ends = {("", "it listens"): Span(listens, 0, 0), ("", "it is ready"): Span(ready, 0, 0)}
    return {**parts, **ends}


def summed(rows: Iterable[tuple[str, str, float, float, float]]) -> dict[Part, Span]:
    """Return one span for each part, however often it was done: from when it first began, as long
    as all of them took."""
    parts: dict[Part, Span] = {}
    for lane, name, begins, takes, works in rows:
        before = parts.get((lane, name), Span(begins, 0, 0))
        first = min(begins, before.begins)
        parts[lane, name] = Span(first, before.takes + takes, before.works + works)
    return parts


def medians(starts: Sequence[Mapping[Part, Span]]) -> list[tuple[Part, Span]]:
    """Return the median of each part that all `starts` have, in the order in which they began."""
    common = [part for part in starts[0] if all(part in start for start in starts)]
    found = {
        part: Span(*map(statistics.median, zip(*(start[part] for start in starts), strict=True)))
        for part in common
    }
    return sorted(found.items(), key=lambda item: (item[1].begins, -item[1].takes))
