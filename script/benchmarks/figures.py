"""Figures of one run: medians, ratios of what was measured in turn, tables of both."""

import ctypes
import os
import signal
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

from tqdm import tqdm

P = ParamSpec("P")
T = TypeVar("T")

Series = Sequence[float]
"""What was measured of one figure, round by round."""

_PR_SET_PDEATHSIG = 1
"""Of prctl(2), on Linux."""

Measured = Mapping[str, Mapping[str, Series]]
"""Series by subject and figure."""


def ratio(ours: Series, theirs: Series) -> float:
    """Return the median of the ratios of what was measured in the same round: what slows the
    whole machine down for a while cancels out."""
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def table(measured: Measured, figures: Sequence[str], digits: int = 3) -> Iterator[str]:
    """Yield a line for each of `figures`: its median for each subject, - where it has none."""
    yield _row("", measured)
    for figure in figures:
        cells = (_cell(series.get(figure), digits) for series in measured.values())
        yield _row(figure, cells)


def comparison(
    measured: Measured, subjects: Sequence[str], peer: str, figures: Sequence[str]
) -> Iterator[str]:
    """Yield a line for each of `figures` that `peer` has: the ratio of each of `subjects` to it."""
    yield _row(f"over {peer}", subjects)
    for figure in figures:
        if theirs := measured[peer].get(figure):
            ours = (measured[name].get(figure) for name in subjects)
            yield _row(f"  {figure}", (f"{ratio(o, theirs):.3f}" if o else "-" for o in ours))


def _row(name: str, cells: "Sequence[str] | Iterator[str] | Measured") -> str:
    return f"{name:26}" + "".join(f"{cell:>16}" for cell in cells)


def _cell(series: Series | None, digits: int) -> str:
    return f"{statistics.median(series):.{digits}f}" if series else "-"


def end_with_parent() -> None:
    """Have this process killed when the one that has started it ends, however that happens."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == 1:
        raise SystemExit("whoever measures has ended")


def fresh(work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Return what `work` returns in a new process, where it is the first thing done; one that ends
    this process ends that one."""
    spawn = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn, initializer=end_with_parent) as pool:
        try:
            return pool.submit(work, *arguments, **named).result()
        except SystemExit:
            for process in active_children():  # else they are waited for
                process.kill()
            raise


def progress(steps: Sequence[T], what: str) -> Iterator[T]:
    """Yield `steps`, and tell standard error how far it has come and how long it will take."""
    yield from tqdm(steps, desc=what, mininterval=1, dynamic_ncols=True)


def resident_mb() -> float:
    """Return the memory of this process that is in RAM."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) / 1e3
