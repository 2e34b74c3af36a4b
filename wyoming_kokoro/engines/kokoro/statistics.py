"""The statistics that the generator normalizes by, predicted before a sample is made: covariates of
a sentence in, means and deviations out. With them any part of a sentence sounds as it does in the
whole.

The prediction is linear: slopes that all voices of a model share, and an intercept for each voice
(MansfieldPlumbing/Kokoro-Hexagon, docs/receipts, had shown it for one voice). Both are fitted to
sentences that were made whole, in `regression`.
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

_FORMAT = 1
"""Of the file; another one is not read."""


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
    """(components + 5, 2 * channels)."""
    units: Floats
    """(channels,)."""
    intercepts: Mapping[str, Floats]
    """Of voices, by the digests of their packs: (2 * channels,) each."""
    ranges: Floats | None = None
    """The largest magnitude of each channel that the generator's styled convolutions read,
    (channels,), in the sentences that it was fitted to; None where they were not watched."""

    @property
    def digest(self) -> str:
        """Tells this table from any other that was fitted: what one of them taught a voice says
        nothing to another."""
        values = np.concatenate([self.center, self.scale, self.units])
        return hashlib.sha256(values.astype(np.float32).tobytes()).hexdigest()[:16]

    def sloped(self, covariates: Floats) -> Floats:
        """Return the targets of a sentence, (2 * channels,), less its voice's intercept."""
        moments, curve = covariates[:-CURVES], covariates[-CURVES:]
        components = self.components @ (moments - self.center)
        factors = np.concatenate([components, curve - self.curve_center]) / self.scale
        bounded = np.clip(factors, -FARTHEST, FARTHEST)
        return np.asarray(bounded @ self.slopes, np.float32)

    def targets(self, statistics: Floats) -> Floats:
        """Return `statistics`, (2, channels), as targets."""
        means, deviations = statistics
        return np.concatenate([means / self.units, np.log(deviations)])

    def statistics(self, targets: Floats) -> Floats:
        """Return targets as statistics, (2, channels)."""
        means, logs = np.split(targets, 2)
        return np.stack([means * self.units, np.exp(logs)])

    def save(self, path: Path) -> None:
        """Write the table to `path`, in float16 where that is exact enough.

        Raises:
            OSError: it cannot be written.
        """
        names = sorted(self.intercepts)
        arrays: dict[str, Any] = {
            "format": np.array(_FORMAT),
            "center": self.center.astype(np.float32),
            "components": self.components.astype(np.float16),
            "curve_center": self.curve_center.astype(np.float32),
            "scale": self.scale.astype(np.float32),
            "slopes": self.slopes.astype(np.float16),
            "units": self.units.astype(np.float32),
            "voices": np.array(names, "U64"),
            "intercepts": np.array([self.intercepts[name] for name in names], np.float16),
        }
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
    names = ("center", "components", "curve_center", "scale", "slopes", "units")
    if arrays.get("format") != _FORMAT or not arrays.keys() >= {*names, "voices", "intercepts"}:
        return None
    shared = {name: arrays[name].astype(np.float32) for name in names}
    intercepts = arrays["intercepts"].astype(np.float32)
    voices = map(str, arrays["voices"])
    return StatisticsTable(
        **shared,
        intercepts=dict(zip(voices, intercepts, strict=True)),
        ranges=arrays.get("ranges"),
    )


def read_arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of an `.npz` file by name; none where it is missing or damaged."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return dict(arrays)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}
