"""Predicts the statistics of sentences on this machine, and learns from those that are made whole:
a model's table and a folder in, predictions out.

A voice that the table has no intercept for is taught by its first whole sentences; a model without
a table by about a hundred of them. What was learned is kept in the folder.
"""

import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.engines.kokoro.regression import fit
from wyoming_kokoro.engines.kokoro.statistics import (
    KnownVoice,
    StatisticsTable,
    read_arrays,
    read_table,
)

log = logging.getLogger(__name__)

TAUGHT_SENTENCES = 3
"""Sentences that teach a voice its intercept. After one it is known to 0.02-0.03 deviations, after
three to 0.017-0.03, and more gain little."""

TABLE_SENTENCES = 120
"""Sentences that a table is fitted to where a model has none."""

SHORTEST_FRAMES = 60
"""Of a sentence that teaches: 1.5 s. What is shorter is mostly pause."""

MOST_VOICES = 200
"""That are remembered, in memory and in the folder, 74 KB each; the one that was used, or taught,
longest ago is forgotten. Blends are voices too, and clients may ask for any number of them."""

_TABLE, _OBSERVED = _NO_VOICES = ("table.npz", "observed.npz")


@dataclass(frozen=True, slots=True, eq=False)
class _Taught:
    """What sentences have taught of a voice."""

    factors: Floats
    """Theirs, (sentences, factors)."""
    targets: Floats
    """In the mean, (2 * channels,)."""
    known: KnownVoice | None
    """None where there were no sentences."""


@dataclass(frozen=True, slots=True, eq=False)
class _Observed:
    """A sentence that was made whole."""

    voice: str
    covariates: Floats
    statistics: Floats


class StatisticsPredictor:
    """Predicts, and learns. Any thread may ask.

    `table` is that of the model, None where it has none; `folder` is where what is learned is kept,
    None for nowhere. Sentences are of voices by the digests of their packs.
    """

    def __init__(self, table: StatisticsTable | None = None, folder: Path | None = None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._taught: OrderedDict[str, _Taught] = OrderedDict()
        self._table = table or (read_table(folder / _TABLE) if folder else None)
        self._ranges: Floats | None = None
        """The largest so far, of a model without a table; see `StatisticsTable.ranges`."""
        self._observed = [] if self._table else self._read_observed()

    @property
    def lacks(self) -> int:
        """How many sentences the table that all voices have in common still wants."""
        with self._lock:
            return 0 if self._table else TABLE_SENTENCES - len(self._observed)

    @property
    def ranges(self) -> Floats | None:
        """The largest magnitude of each channel that the generator's styled convolutions read,
        (channels,); None where they are not known yet."""
        with self._lock:
            return self._table.ranges if self._table else None

    def predicted(self, voice: str, covariates: Floats) -> Floats | None:
        """Return the statistics, (2, channels), of a sentence with these `covariates`; None where
        its voice, or the model, is not known yet."""
        with self._lock:
            table = self._table
            known = self._known(table, voice) if table else None
        if table is None or known is None:
            return None
        return table.predicted(table.factors(covariates), known)

    def wants(self, voice: str, frames: int) -> bool:
        """Return whether a sentence of so many frames would teach something, made whole."""
        if not voice or frames < SHORTEST_FRAMES:
            return False
        with self._lock:
            if self._table is None:
                return True
            if voice in self._table.voices:
                return False
            return len(self._voice(self._table, voice).factors) < TAUGHT_SENTENCES

    def learn(
        self, voice: str, covariates: Floats, statistics: Floats, ranges: Floats | None = None
    ) -> None:
        """Learn from a sentence: `statistics`, (2, channels), are its own, and so are `ranges`,
        (channels,), where they are watched."""
        if not np.isfinite(statistics).all():
            return
        with self._lock:
            if self._table is None:
                if ranges is not None:
                    known = ranges if self._ranges is None else self._ranges
                    self._ranges = np.maximum(ranges, known)
                self._collect(_Observed(voice, covariates, statistics))
            else:
                self._teach(self._table, voice, covariates, statistics)

    def _teach(
        self, table: StatisticsTable, voice: str, covariates: Floats, statistics: Floats
    ) -> None:
        before = self._voice(table, voice)
        factors = np.concatenate([before.factors, table.factors(covariates)[None]])
        change = (table.targets(statistics) - before.targets) / np.float32(len(factors))
        taught = _taught(table, factors, before.targets + change)
        self._taught[voice] = taught
        values = {"factors": taught.factors, "targets": taught.targets}
        self._keep(f"{voice}.npz", {**values, "table": np.array(table.digest)})
        self._forget_files()
        if len(factors) == 1:
            log.info("a voice was calibrated by its first sentence, and is voiced in breaths now")

    def _collect(self, observed: _Observed) -> None:
        """Take in a sentence, and fit the table once there are enough."""
        self._observed.append(observed)
        voices = [one.voice for one in self._observed]
        covariates = np.stack([one.covariates for one in self._observed])
        statistics = np.stack([one.statistics for one in self._observed])
        if len(voices) < TABLE_SENTENCES:
            values = {"covariates": covariates, "statistics": statistics}
            if self._ranges is not None:
                values["ranges"] = self._ranges
            self._keep(_OBSERVED, {**values, "voices": np.array(voices, "U64")})
            return
        table = replace(fit(covariates, statistics, voices), ranges=self._ranges)
        self._table, self._observed = table, []
        log.info("the model was calibrated by %d sentences, and breathes now", len(voices))
        self._write(table.save, _TABLE)
        if self._folder:
            (self._folder / _OBSERVED).unlink(missing_ok=True)

    def _known(self, table: StatisticsTable, voice: str) -> KnownVoice | None:
        return table.voices.get(voice) or self._voice(table, voice).known

    def _voice(self, table: StatisticsTable, voice: str) -> _Taught:
        """Return what is known of a voice, read from the folder the first time."""
        if voice not in self._taught:
            self._taught[voice] = self._read_voice(table, voice)
            if len(self._taught) > MOST_VOICES:
                self._taught.popitem(last=False)
        self._taught.move_to_end(voice)
        return self._taught[voice]

    def _forget_files(self) -> None:
        """Leave the folder no more voices than are to be remembered."""
        if self._folder is None:
            return
        with suppress(OSError):  # another server on the same folder may have been first
            voices = [path for path in self._folder.glob("*.npz") if path.name not in _NO_VOICES]
            voices.sort(key=lambda path: path.stat().st_mtime_ns)
            for path in voices[:-MOST_VOICES]:
                path.unlink(missing_ok=True)

    def _read_voice(self, table: StatisticsTable, voice: str) -> _Taught:
        factors, channels = table.slopes.shape
        nothing = _Taught(np.zeros((0, factors), np.float32), np.zeros(channels, np.float32), None)
        arrays = read_arrays(self._folder / f"{voice}.npz") if self._folder else {}
        if arrays.keys() != {"factors", "targets", "table"}:
            return nothing
        rows, targets = arrays["factors"], arrays["targets"]
        alike = str(arrays["table"]) == table.digest and targets.shape == (channels,)
        alike = alike and rows.shape[1:] == (factors,) and 1 <= len(rows) <= TAUGHT_SENTENCES
        if not alike or not all(
            values.dtype.kind == "f" and np.isfinite(values).all() for values in (rows, targets)
        ):
            return nothing
        return _taught(table, rows.astype(np.float32), targets.astype(np.float32))

    def _read_observed(self) -> list[_Observed]:
        arrays = read_arrays(self._folder / _OBSERVED) if self._folder else {}
        self._ranges = arrays.pop("ranges", None)
        if arrays.keys() != {"voices", "covariates", "statistics"}:
            return []
        rows = zip(arrays["voices"], arrays["covariates"], arrays["statistics"], strict=True)
        return [_Observed(str(voice), *values) for voice, *values in rows]

    def _keep(self, name: str, values: Mapping[str, Any]) -> None:
        """Write arrays to the file `name` of the folder."""

        def write(path: Path) -> None:
            with path.open("wb") as file:
                np.savez(file, **values)

        self._write(write, name)

    def _write(self, write: Callable[[Path], None], name: str) -> None:
        """Have `write` make the file `name` in the folder; it appears whole or not at all. What
        cannot be kept is learned again after the next start."""
        if self._folder is None:
            return
        draft = self._folder / f"{name}.{os.getpid()}.tmp"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write(draft)
            draft.replace(self._folder / name)
        except OSError as error:
            log.warning("what was learned of a voice is not kept: %s", error)
            draft.unlink(missing_ok=True)


def _taught(table: StatisticsTable, factors: Floats, targets: Floats) -> _Taught:
    """Return what sentences with these factors and mean targets teach of their voice."""
    return _Taught(factors, targets, table.known(factors, targets))
