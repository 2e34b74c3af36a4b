"""Memory of the model versions: each loaded alone, two at once, and what comes back when one is
closed. Every such life is led in a process of its own.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from script.benchmarks.figures import fresh, progress, resident_mb
from script.benchmarks.weights import FOLDER, prepare_version

if TYPE_CHECKING:
    from wyoming_kokoro.engines.base import Engine

LIVES = (("v0.19",), ("v1.0",), ("v1.1-zh",), ("v1.0", "v1.1-zh"))

Step = tuple[str, float, float]
"""What was done, the seconds that it took, and the memory (MB) in use after it."""


def measure(threads: int = 2, rounds: int = 3) -> None:
    """Print what each step leaves in memory, beside the floor: the bytes of the weights."""
    checkpoints = {version: prepare_version(version) for life in LIVES for version in life}
    measured: dict[tuple[str, ...], list[list[Step]]] = {life: [] for life in LIVES}
    for version in checkpoints:
        fresh(_lead, {version: checkpoints[version]}, threads)  # where it is compiled
    for _ in progress(range(rounds), "rounds"):
        for life, steps in measured.items():
            chosen = {version: checkpoints[version] for version in life}
            steps.append(fresh(_lead, chosen, threads))
    print(f"{'':28}{'s':>10}{'MB':>10}{'weights':>10}")
    for life, rows in measured.items():
        weights = sum(checkpoints[version].stat().st_size for version in life) / 1e6
        print(f"{' and '.join(life):48}{weights:10.0f}")
        for name, seconds, memory in _medians(rows):
            print(f"  {name:26}{seconds:10.2f}{memory:10.0f}")


def _medians(rows: list[list[Step]]) -> Iterator[Step]:
    for steps in zip(*rows, strict=True):
        yield steps[0][0], median(s for _, s, _ in steps), median(m for _, _, m in steps)


def _lead(checkpoints: dict[str, Path], threads: int) -> list[Step]:
    """Load these versions one after another, have each speak, close them, and load the last one
    again, as a server does for which a version is idle for a while."""
    from wyoming_kokoro.config import Settings
    from wyoming_kokoro.models.installed import local_checkpoint
    from wyoming_kokoro.synthesis.loading import load_engine

    settings = Settings(data_dir=FOLDER / "data", engine="onnx", threads=threads)
    engines: dict[str, Engine] = {}
    steps: list[Step] = []

    def load(version: str) -> None:
        model = local_checkpoint(checkpoints[version], cache=settings.data_dir / "cache")
        engines[version] = load_engine("onnx", model, settings, lambda: None, {})

    def speak(version: str) -> None:
        engines[version].warm_up()

    def close(version: str) -> None:
        engines.pop(version).close()

    def step(done: str, work: Callable[[str], None], version: str) -> None:
        began = time.perf_counter()
        work(version)
        steps.append((f"{version} {done}", time.perf_counter() - began, resident_mb()))

    steps.append(("nothing loaded", 0.0, resident_mb()))
    for version in checkpoints:
        step("loaded", load, version)
        step("has spoken", speak, version)
    for version in reversed(checkpoints):
        step("closed", close, version)
    again = next(reversed(checkpoints))
    step("loaded again", load, again)
    step("has spoken again", speak, again)
    step("closed again", close, again)
    return steps
