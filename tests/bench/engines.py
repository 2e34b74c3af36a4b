"""First audio, real-time factor and memory against the peers, as ratios of one run."""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.bench.subjects import OURS, PEERS, SUBJECTS
from tests.bench.weights import prepare

Answer = dict[str, float]

FIGURES = ("first", "audible", "rtf", "load", "resident_mb", "peak_mb")


class Child:
    """A subject in its process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.loaded = self._answer()

    def ask(self, what: str) -> Answer:
        """Have it done; return the figures."""
        assert self._process.stdin
        self._process.stdin.write(what + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Answer:
        assert self._process.stdout
        answer: Answer = json.loads(self._process.stdout.readline())
        return answer


@contextmanager
def child(name: str, folder: Path, threads: int) -> Iterator[Child]:
    """Start a subject; end it."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.subjects"]
    with subprocess.Popen(
        [*command, name, str(folder), str(threads)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Child(process)
        if process.stdin:
            process.stdin.close()


def measure(rounds: int = 7, threads: int = 2, mixed: int = 100) -> None:
    """Print each figure's median for each subject, and ours over theirs, taken in turn."""
    folder = prepare()
    figures: dict[str, dict[str, list[float]]] = {name: {} for name in SUBJECTS}
    with ExitStack() as stack:
        children = {n: stack.enter_context(child(n, folder, threads)) for n in SUBJECTS}
        for name, subject in children.items():
            figures[name]["load"] = [subject.loaded["load"]]
            subject.ask("whole")
        for _ in range(rounds):
            for what in ("first", "whole"):
                for name, subject in children.items():
                    for figure, value in subject.ask(what).items():
                        figures[name].setdefault(figure, []).append(value)
    for name in SUBJECTS:
        with child(name, folder, threads) as subject:
            for figure, value in subject.ask(f"mixed {mixed}").items():
                figures[name][figure] = [value]
    _print(figures)


def _print(figures: dict[str, dict[str, list[float]]]) -> None:
    print(f"{'':14}" + "".join(f"{name:>16}" for name in SUBJECTS))
    for figure in FIGURES:
        medians = (statistics.median(figures[name][figure]) for name in SUBJECTS)
        print(f"{figure:14}" + "".join(f"{median:16.3f}" for median in medians))
    for peer in PEERS:
        print(f"over {peer}")
        for figure in FIGURES:
            ratios = (_ratio(figures[name][figure], figures[peer][figure]) for name in OURS)
            print(f"  {figure:12}" + "".join(f"{ratio:16.3f}" for ratio in ratios))


def _ratio(ours: list[float], theirs: list[float]) -> float:
    """Return the median of ratios of what was measured one right after the other."""
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
