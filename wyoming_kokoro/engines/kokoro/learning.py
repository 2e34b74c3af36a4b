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
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.engines.kokoro.regression import fit
from wyoming_kokoro.engines.kokoro.statistics import StatisticsTable, read_arrays, read_table

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


@dataclass(slots=True)
class _Taught:
    """What sentences have taught of a voice."""

    sentences: int = 0
    intercept: Floats = field(default_factory=lambda: np.zeros(1, np.float32))

    def add(self, left: Floats) -> None:
        """Take in what the slopes leave of another sentence's targets."""
        self.sentences += 1
        self.intercept = self.intercept + (left - self.intercept) / np.float32(self.sentences)


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
            intercept = self._intercept(table, voice) if table else None
        if table is None or intercept is None:
            return None
        return table.statistics(table.sloped(covariates) + intercept)

    def wants(self, voice: str, frames: int) -> bool:
        """Return whether a sentence of so many frames would teach something, made whole."""
        if not voice or frames < SHORTEST_FRAMES:
            return False
        with self._lock:
            if self._table is None:
                return True
            known = voice in self._table.intercepts
            return not known and self._voice(voice).sentences < TAUGHT_SENTENCES

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
        taught = self._voice(voice)
        taught.add(table.targets(statistics) - table.sloped(covariates))
        values = {"sentences": np.array(taught.sentences), "intercept": taught.intercept}
        self._keep(f"{voice}.npz", {**values, "table": np.array(table.digest)})
        self._forget_files()
        if taught.sentences == 1:
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

    def _intercept(self, table: StatisticsTable, voice: str) -> Floats | None:
        if (known := table.intercepts.get(voice)) is not None:
            return known
        taught = self._voice(voice)
        return taught.intercept if taught.sentences else None

    def _voice(self, voice: str) -> _Taught:
        """Return what is known of a voice, read from the folder the first time."""
        if voice not in self._taught:
            self._taught[voice] = self._read_voice(voice)
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

    def _read_voice(self, voice: str) -> _Taught:
        arrays = read_arrays(self._folder / f"{voice}.npz") if self._folder else {}
        if arrays.keys() != {"sentences", "intercept", "table"} or self._table is None:
            return _Taught()
        if str(arrays["table"]) != self._table.digest:
            return _Taught()
        intercept = arrays["intercept"].astype(np.float32)
        fits = intercept.shape == self._table.slopes.shape[1:] and np.isfinite(intercept).all()
        return _Taught(int(arrays["sentences"]), intercept) if fits else _Taught()

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
