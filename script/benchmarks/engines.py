"""First audio, real-time factor and memory against the peers, as ratios of one run, and what the
arithmetic alone would take: of the real voice, since integers want to know its values.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from script.benchmarks.figures import comparison, fresh, progress, table
from script.benchmarks.floor import count_sentence
from script.benchmarks.subjects import OURS, PEERS, SENTENCE, SUBJECTS, Answer
from script.benchmarks.weights import prepare_real

FIGURES = (
    "first chunk, s",
    "first audio, s",
    "first chunk, CPU s",
    "RTF",
    "RTF, CPU",
    "GFLOP/s",
    "load, s",
    "load, CPU s",
    "resident, MB",
    "peak, MB",
)

Figures = dict[str, dict[str, list[float]]]


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
    command = [sys.executable, "-W", "ignore", "-m", "script.benchmarks.subjects"]
    with subprocess.Popen(
        [*command, name, str(folder), str(threads)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **({"OPENBLAS_NUM_THREADS": str(threads)} if name == "floor" else {})},
    ) as process:
        yield Child(process)
        if process.stdin:
            process.stdin.close()


def measure(rounds: int = 7, threads: int = 2, mixed: int = 100) -> None:
    """Print each figure's median for each subject, and ours over theirs, taken in turn."""
    folder = prepare_real()
    gflop, seconds = fresh(count_sentence, folder, SENTENCE)
    figures: Figures = {name: {} for name in SUBJECTS}
    _take_turns(figures, folder, threads, rounds, gflop)
    _remember(figures, folder, threads, mixed)
    print(f"a sentence of {seconds:.2f} s takes {gflop:.0f} GFLOP: {gflop / seconds:.1f} a second")
    print(*table(figures, FIGURES), sep="\n")
    compared = [figure for figure in FIGURES if figure != "GFLOP/s"]
    for peer in PEERS:
        print(*comparison(figures, list(OURS), peer, compared), sep="\n")
    print(*comparison(figures, [*OURS, *PEERS], "floor", ("RTF", "RTF, CPU")), sep="\n")


def _take_turns(figures: Figures, folder: Path, threads: int, rounds: int, gflop: float) -> None:
    """Have every subject speak the sentence in each round, so that noise meets all of them."""
    for name in progress(list(OURS), "compiling and calibrating, where that is to be done"):
        with child(name, folder, threads):
            pass
    with ExitStack() as stack:
        children = {}
        for name in progress(list(SUBJECTS), "loading"):
            children[name] = stack.enter_context(child(name, folder, threads))
            _add(figures[name], _load(children[name].loaded))
            children[name].ask("whole")
        for _ in progress(range(rounds), "rounds"):
            for name, subject in children.items():
                if name != "floor":
                    _add(figures[name], _first(subject.ask("first")))
            for name, subject in children.items():
                _add(figures[name], _whole(subject.ask("whole"), gflop))


def _remember(figures: Figures, folder: Path, threads: int, mixed: int) -> None:
    """Have each subject speak sentences of any length in a process of its own, and see what stays
    in memory."""
    for name in (*OURS, *PEERS):
        with child(name, folder, threads) as subject:
            answer = subject.loaded
            for _ in progress(range(mixed), f"memory of {name}"):
                answer = subject.ask("mixed")
            _add(figures[name], {"resident, MB": answer["resident"], "peak, MB": answer["peak"]})


def _add(series: dict[str, list[float]], figures: Mapping[str, float]) -> None:
    for figure, value in figures.items():
        series.setdefault(figure, []).append(value)


def _load(answer: Answer) -> Answer:
    return {"load, s": answer["took"], "load, CPU s": answer["worked"]}


def _first(answer: Answer) -> Answer:
    return {
        "first chunk, s": answer["first"],
        "first audio, s": answer["audible"],
        "first chunk, CPU s": answer["worked"],
    }


def _whole(answer: Answer, gflop: float) -> Answer:
    return {
        "RTF": answer["took"] / answer["audio"],
        "RTF, CPU": answer["worked"] / answer["audio"],
        "GFLOP/s": gflop / answer["took"],
    }
