"""What a server and its processes hold: a process comes in, memory, descriptors and threads out."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import linear_regression

import psutil


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is held after so many requests."""

    requests: int
    megabytes: float
    """Of memory that no other process has (USS), of all its processes."""
    descriptors: int
    threads: int
    """Of the server's own process, as the descriptors."""


def holdings(pid: int, requests: int) -> Holdings:
    """Return what the server `pid` holds now."""
    server = psutil.Process(pid)
    family = [server, *server.children(recursive=True)]
    memory = 0
    for process in family:
        try:
            memory += process.memory_full_info().uss
        except psutil.NoSuchProcess:  # it was idle for long, and has ended
            continue
    return Holdings(requests, memory / 1e6, server.num_fds(), server.num_threads())


def growth(found: Sequence[Holdings], settled: float = 0.25) -> float:
    """Return by how many megabytes memory grows in 1,000 requests, by least squares over what comes
    after the share `settled` of all."""
    after = found[int(len(found) * settled) :]
    slope, _ = linear_regression([one.requests for one in after], [one.megabytes for one in after])
    return slope * 1000


def faults(found: Sequence[Holdings], most_growth: float = 1.0, most_spread: int = 4) -> list[str]:
    """Return what does not stay as it is, in words: memory that grows by more than `most_growth`
    megabytes in 1,000 requests, or descriptors or threads that grow by more than `most_spread`."""
    wrong = []
    if (by := growth(found)) > most_growth:
        wrong.append(f"memory grows by {by:.2f} MB in 1,000 requests")
    settled = found[len(found) // 4]
    for name in ("descriptors", "threads"):
        before, after = getattr(settled, name), getattr(found[-1], name)
        if after > before + most_spread:
            wrong.append(f"{name} grow from {before} to {after}")
    return wrong
