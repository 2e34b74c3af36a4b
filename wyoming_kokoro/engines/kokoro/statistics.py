"""The statistics that the generator normalizes by, predicted before a sample is made: covariates of
a sentence in, means and deviations out. With them any part of a sentence sounds as it does in the
whole.

The prediction is linear: slopes that all voices of a model share, and an intercept for each voice
(MansfieldPlumbing/Kokoro-Hexagon, docs/receipts, had shown it for one voice). Both are fitted to
sentences that were made whole, in `regression`. What the slopes are of is corrected first, where a
table has that, by a perceptron that knows the voice: how one sentence differs from another is not
the same in all voices.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.engines.kokoro.plan import Floats

CURVES = 5
"""Covariates that are not of the front's output: of the pitch, and of the length."""

_TYPICAL_HERTZ = 150.0
"""Pitch of a sentence that has none."""

_FAINTEST = 1e-5
"""Added to deviations before their logarithm is taken."""

FARTHEST = 6.0
"""Deviations from the mean beyond which a covariate counts no more: a line fitted to speech says
nothing of what is far from it."""

_FORMAT = 2
"""Of the file; another one is not read."""

_LARGEST = 127
"""Of integers that a matrix is kept in."""

_TINIEST = np.float32(1e-30)
"""Added to scales, which nothing may be divided by where they are 0."""


def covariates_of(hidden: Floats, pitch: Floats) -> Floats:
    """Return what a sentence's statistics are predicted from, (2 * channels + 5,).

    Mean, then logarithm of the deviation, over time of each channel of `hidden`, the front's output
    (512, 2 * frames); then frames and their logarithm, and of `pitch`, (2 * frames,), 0 where
    unvoiced, the voiced share and mean and deviation of its logarithm.
    """
    voiced = pitch[pitch > 0]
    logs = np.log(voiced) if len(voiced) else np.log([_TYPICAL_HERTZ])
    frames = len(pitch) / 2
    curve = [frames, np.log(frames), len(voiced) / len(pitch), logs.mean(), logs.std()]
    deviations = np.log(hidden.std(axis=1) + _FAINTEST)
    return np.concatenate([hidden.mean(axis=1), deviations, np.array(curve, np.float32)])


@dataclass(frozen=True, slots=True, eq=False)
class KnownVoice:
    """What is known of a voice."""

    center: Floats
    """The mean of its sentences' factors, (factors,)."""
    intercept: Floats
    """The mean of what the slopes leave of its sentences' targets, (2 * channels,)."""


@dataclass(frozen=True, slots=True, eq=False)
class Perceptron:
    """Corrects factors: one hidden layer, whose units are SiLU."""

    entering: Floats
    """Weights, (2 * factors, units): of factors less their voice's center, then of that center."""
    offsets: Floats
    """Of units, (units,)."""
    leaving: Floats
    """Weights, (units, factors)."""

    def correction(self, factors: Floats, center: Floats) -> Floats:
        """Return what is to be added to `factors`, (factors,), of a voice with this `center`."""
        entered = np.concatenate([factors - center, center]) @ self.entering + self.offsets
        return np.asarray(entered / (1 + np.exp(-entered)) @ self.leaving)


@dataclass(frozen=True, slots=True, eq=False)
class StatisticsTable:
    """What all voices of a model have in common. Statistics are compared as targets, (2 *
    channels,): means in units of `units`, then logarithms of deviations."""

    center: Floats
    """Subtracted from the covariates of the front's output, (1024,)."""
    components: Floats
    """Their principal components, (components, 1024)."""
    curve_center: Floats
    """Subtracted from the other covariates, (5,)."""
    scale: Floats
    """What components and other covariates are divided by, (components + 5,)."""
    slopes: Floats
    """Of these factors, (factors, 2 * channels)."""
    units: Floats
    """(channels,)."""
    voices: Mapping[str, KnownVoice]
    """By the digests of their packs."""
    perceptron: Perceptron | None = None
    ranges: Floats | None = None
    """The largest magnitude of each channel that the generator's styled convolutions read,
    (channels,), in the sentences that it was fitted to; None where they were not watched."""

    @property
    def digest(self) -> str:
        """Tells this table from any other that was fitted: what one of them taught a voice says
        nothing to another."""
        values = [self.center, self.scale, self.units]
        if self.perceptron:
            values.append(self.perceptron.offsets)
        return hashlib.sha256(np.concatenate(values).astype(np.float32).tobytes()).hexdigest()[:16]

    def factors(self, covariates: Floats) -> Floats:
        """Return what a sentence's targets are linear in, (factors,): components of its covariates,
        and those that are not of the front's output."""
        moments, curve = covariates[:-CURVES], covariates[-CURVES:]
        components = self.components @ (moments - self.center)
        found = np.concatenate([components, curve - self.curve_center]) / self.scale
        return np.asarray(np.clip(found, -FARTHEST, FARTHEST), np.float32)

    def sloped(self, factors: Floats, center: Floats) -> Floats:
        """Return the targets of a sentence with these `factors`, (2 * channels,), less its voice's
        intercept; `center` is its voice's."""
        if self.perceptron:
            factors = factors + self.perceptron.correction(factors, center)
        return np.asarray(factors @ self.slopes, np.float32)

    def predicted(self, factors: Floats, voice: KnownVoice) -> Floats:
        """Return the statistics, (2, channels), of a sentence of a voice with these `factors`."""
        return self.statistics(self.sloped(factors, voice.center) + voice.intercept)

    def known(self, factors: Floats, targets: Floats) -> KnownVoice:
        """Return what sentences of a voice tell of it: with these `factors`, (sentences, factors),
        and with `targets`, (2 * channels,), in the mean."""
        center = factors.mean(axis=0)
        sloped = np.mean([self.sloped(row, center) for row in factors], axis=0)
        return KnownVoice(center, targets - sloped)

    def targets(self, statistics: Floats) -> Floats:
        """Return `statistics`, (2, channels), as targets."""
        means, deviations = statistics
        return np.concatenate([means / self.units, np.log(deviations)])

    def statistics(self, targets: Floats) -> Floats:
        """Return targets as statistics, (2, channels)."""
        means, logs = np.split(targets, 2)
        return np.stack([means * self.units, np.exp(logs)])

    def save(self, path: Path) -> None:
        """Write the table to `path`, in float16 and 8 bits where these are exact enough.

        Raises:
            OSError: it cannot be written.
        """
        names = sorted(self.voices)
        known = [self.voices[name] for name in names]
        arrays: dict[str, Any] = {
            "format": np.array(_FORMAT),
            "center": self.center.astype(np.float32),
            "components": self.components.astype(np.float16),
            "curve_center": self.curve_center.astype(np.float32),
            "scale": self.scale.astype(np.float32),
            "units": self.units.astype(np.float32),
            "voices": np.array(names, "U64"),
            "centers": np.array([voice.center for voice in known], np.float16),
            "intercepts": np.array([voice.intercept for voice in known], np.float16),
            **_quantized("slopes", self.slopes),
        }
        if self.perceptron:
            arrays["offsets"] = self.perceptron.offsets.astype(np.float32)
            arrays |= _quantized("entering", self.perceptron.entering)
            arrays |= _quantized("leaving", self.perceptron.leaving)
        if self.ranges is not None:
            arrays["ranges"] = self.ranges.astype(np.float32)
        with path.open("wb") as file:
            np.savez_compressed(file, **arrays)


def packaged_table(fingerprint: str) -> StatisticsTable | None:
    """Return the table that this package has for the model with this fingerprint, None where it has
    none; see `data/README.md`."""
    return read_table(Path(__file__).with_name("data") / f"{fingerprint[:16]}.npz")


def read_table(path: Path) -> StatisticsTable | None:
    """Return the table at `path`, None where there is none, or one that cannot be used."""
    arrays = read_arrays(path)
    if arrays.get("format") != _FORMAT:
        return None
    try:
        return _table(arrays)
    except (KeyError, ValueError):  # of another kind, or of parts that do not fit
        return None


def _table(arrays: Mapping[str, npt.NDArray[Any]]) -> StatisticsTable:
    names = ("center", "components", "curve_center", "scale", "units")
    shared = {name: arrays[name].astype(np.float32) for name in names}
    known = map(
        KnownVoice, *(arrays[name].astype(np.float32) for name in ("centers", "intercepts"))
    )
    return StatisticsTable(
        **shared,
        slopes=_matrix(arrays, "slopes"),
        voices=dict(zip(map(str, arrays["voices"]), known, strict=True)),
        perceptron=_perceptron(arrays) if "offsets" in arrays else None,
        ranges=arrays.get("ranges"),
    )


def _perceptron(arrays: Mapping[str, npt.NDArray[Any]]) -> Perceptron:
    return Perceptron(_matrix(arrays, "entering"), arrays["offsets"], _matrix(arrays, "leaving"))


def _quantized(name: str, matrix: Floats) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays that `matrix` is kept in: integers, and scales of its rows and columns."""
    columns = np.sqrt(np.mean(np.square(matrix), axis=0, dtype=np.float32)) + _TINIEST
    even = matrix / columns
    rows = np.abs(even).max(axis=1, keepdims=True) / _LARGEST + _TINIEST
    integers = np.rint(even / rows).astype(np.int8)
    return {name: integers, f"{name}_rows": rows, f"{name}_columns": columns}


def _matrix(arrays: Mapping[str, npt.NDArray[Any]], name: str) -> Floats:
    scaled = arrays[name] * arrays[f"{name}_rows"] * arrays[f"{name}_columns"]
    return np.asarray(scaled, np.float32)


def read_arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of an `.npz` file by name; none where it is missing or damaged."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return dict(arrays)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}
