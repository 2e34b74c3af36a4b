"""Loading voices: files of their own, blends and archives, against the peers and the bare reading.

The first load of each is made in a new process. Whether the files are in the system's cache is the
same for all, because every one was read shortly before.
"""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from script.benchmarks.figures import Series, comparison, fresh, progress, table
from script.benchmarks.weights import prepare_voices

VOICE, OTHER = "af_heart", "bm_george"
PACK_BYTES = 510 * 256 * 4
AGAIN = 25
"""Loads after the first one, of which the median counts."""

Load = Callable[[], Any]


class Ways(NamedTuple):
    """Ways to load a voice: from its file whenever it is asked for, and as it is kept."""

    read: Load
    kept: Load | None = None


def _bytes_of(*files: Path) -> Ways:
    """Return the floor: as many bytes as the packs have, read and not looked at."""
    return Ways(lambda: [np.fromfile(file, np.uint8, PACK_BYTES) for file in files])


def _ours(folder: Path, source: Any, name: str) -> Ways:
    from wyoming_kokoro.models.catalog import version_named
    from wyoming_kokoro.voices.store import VoiceStore

    version = version_named("v1.0")

    def store(cache: int) -> Load:
        opened = VoiceStore("v1.0", version.voices, 510, folder, source=source, cache_packs=cache)
        return lambda: opened.pack(opened.resolve(name))

    return Ways(store(0), store(64))


def _torch(*files: Path) -> Ways:
    """Return how `kokoro.KPipeline` loads a voice, or the plain mean of several."""
    import torch

    def read() -> Any:
        packs = [torch.load(file, weights_only=True) for file in files]
        return packs[0] if len(packs) == 1 else torch.mean(torch.stack(packs), dim=0)

    return Ways(read)


def _kokoro_onnx(archive: Path) -> Ways:
    """Return how kokoro-onnx loads a voice: the archive is opened once, and each use of a name
    reads it anew."""
    opened: list[Any] = []

    def read() -> Any:
        return np.load(archive)[VOICE]

    def kept() -> Any:
        opened[:] = opened or [np.load(archive)]
        return opened[0][VOICE]

    return Ways(read, kept)


def _subjects(folder: Path) -> Mapping[str, Mapping[str, Callable[[], Ways]]]:
    """Return ways to load by what is loaded and by who loads it; the floor and ours come first."""
    own, raw, archives = folder / "pt", folder / "bin", folder / "archive"
    pt, other, floats = own / f"{VOICE}.pt", own / f"{OTHER}.pt", raw / f"{VOICE}.bin"
    [archive] = archives.iterdir()
    blend = f"{VOICE}(2)+{OTHER}"
    return {
        "a voice, .pt": {
            "bytes": lambda: _bytes_of(pt),
            "wyoming-kokoro": lambda: _ours(own, "individual", VOICE),
            "kokoro": lambda: _torch(pt),
        },
        "a voice, .bin": {
            "bytes": lambda: _bytes_of(floats),
            "wyoming-kokoro": lambda: _ours(raw, "individual", VOICE),
        },
        "a blend of two, .pt": {
            "bytes": lambda: _bytes_of(pt, other),
            "wyoming-kokoro": lambda: _ours(own, "individual", blend),
            "kokoro": lambda: _torch(pt, other),
        },
        "a voice of an archive": {
            "bytes": lambda: _bytes_of(archive),
            "wyoming-kokoro": lambda: _ours(archives, "combined", VOICE),
            "kokoro-onnx": lambda: _kokoro_onnx(archive),
        },
    }


def measure(rounds: int = 5) -> None:
    """Print what loading costs, first and later, and its ratio to the floor and to the peer."""
    folder = prepare_voices()
    measured: dict[str, dict[str, dict[str, list[float]]]] = {}
    for _ in progress(range(rounds), "rounds"):
        for what, subjects in _subjects(folder).items():
            for name in subjects:
                series = measured.setdefault(what, {}).setdefault(name, {})
                for figure, value in fresh(_times, folder, what, name).items():
                    series.setdefault(figure, []).append(value)
    for what, series_of in measured.items():
        _print(what, series_of)


def _print(what: str, measured: Mapping[str, Mapping[str, Series]]) -> None:
    figures = ["import, ms", "first, ms", "first, CPU ms", "again, ms", "kept, ms"]
    print(f"\n{what}", *table(measured, figures), sep="\n")
    for peer in measured:
        if peer != "wyoming-kokoro":
            print(*comparison(measured, list(measured), peer, figures[1:]), sep="\n")


def _times(folder: Path, what: str, name: str) -> dict[str, float]:
    """Return how many milliseconds it takes in this process, which has loaded nothing yet."""
    began = time.perf_counter()
    read, kept = _subjects(folder)[what][name]()
    times = {"import, ms": 1e3 * (time.perf_counter() - began)}
    times["first, CPU ms"], times["first, ms"] = _spent(read)
    times["again, ms"] = median(_spent(read)[1] for _ in range(AGAIN))
    if kept:
        kept()
        times["kept, ms"] = median(_spent(kept)[1] for _ in range(AGAIN))
    return times


def _spent(load: Load) -> tuple[float, float]:
    """Return milliseconds of the processor, and on the clock, that `load` takes."""
    cpu, clock = time.process_time(), time.perf_counter()
    load()
    return 1e3 * (time.process_time() - cpu), 1e3 * (time.perf_counter() - clock)
