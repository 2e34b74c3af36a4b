"""Fits the table that statistics are predicted by: sentences that were made whole in, a table out.

Ridge regression (Hoerl and Kennard, 1970) of what differs from sentence to sentence of a voice, on
principal components of the front's output and on length and pitch.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.engines.kokoro.statistics import CURVES, StatisticsTable

COMPONENTS = 120
"""Of the front's output, at the most. With 40 the error on sentences that were not fitted to
is 8 % larger, with 350 2 % smaller."""

SENTENCES_A_COMPONENT = 3
"""Fitted to, at the least: with few sentences there are fewer components."""

RIDGE = 10.0
"""Weight of the penalty on slopes; covariates have variance 1."""


def fit(covariates: Floats, statistics: Floats, voices: Sequence[str]) -> StatisticsTable:
    """Return the table for sentences with these `covariates`, (sentences, 1029), and `statistics`,
    (sentences, 2, channels), and the `voices` that spoke them."""
    means, deviations = statistics[:, 0], statistics[:, 1]
    units = np.exp(np.log(deviations).mean(axis=0))
    targets = np.concatenate([means / units, np.log(deviations)], axis=1)
    groups = np.unique(np.asarray(voices), return_inverse=True)[1]
    within = _centered(covariates, groups)
    number = min(COMPONENTS, len(covariates) // SENTENCES_A_COMPONENT)
    components = _principal_components(within[:, :-CURVES], number)
    components = components.astype(np.float16).astype(np.float32)  # as they are kept
    factors = np.concatenate([within[:, :-CURVES] @ components.T, within[:, -CURVES:]], axis=1)
    scale = factors.std(axis=0) + 1e-9
    slopes = _ridge(factors / scale, _centered(targets, groups))
    center = covariates.mean(axis=0)
    shared = StatisticsTable(
        center=center[:-CURVES],
        components=components,
        curve_center=center[-CURVES:],
        scale=scale,
        slopes=slopes,
        units=units,
        intercepts={},
    )
    return with_intercepts(shared, covariates, targets, voices)


def with_intercepts(
    table: StatisticsTable, covariates: Floats, targets: Floats, voices: Sequence[str]
) -> StatisticsTable:
    """Return `table` with an intercept for each of the voices: the mean of what its slopes leave
    of the `targets`, (sentences, 2 * channels)."""
    left = targets - np.stack([table.sloped(row) for row in covariates])
    names = np.asarray(voices)
    intercepts = {name: left[names == name].mean(axis=0) for name in sorted(set(voices))}
    return replace(table, intercepts=intercepts)


def _centered(values: Floats, groups: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Floats:
    """Return `values`, (rows, columns), less the mean of their group's."""
    sums = np.zeros((groups.max() + 1, values.shape[1]))
    np.add.at(sums, groups, values)
    counts = np.bincount(groups)[:, None]
    return np.asarray(values - (sums / counts)[groups], np.float32)


def _principal_components(centered: Floats, number: int) -> Floats:
    """Return the `number` of directions in which `centered`, (rows, columns), varies most,
    (number, columns), each of length 1."""
    _, directions = np.linalg.eigh(centered.T.astype(np.float64) @ centered)
    return np.asarray(directions[:, : -number - 1 : -1].T, np.float32)


def _ridge(factors: Floats, targets: Floats) -> Floats:
    """Return the slopes of `targets`, (rows, targets), on `factors`, (rows, factors)."""
    factors = factors.astype(np.float64)
    gram = factors.T @ factors + RIDGE * np.eye(factors.shape[1])
    return np.asarray(np.linalg.solve(gram, factors.T @ targets), np.float32)
