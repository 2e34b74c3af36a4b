"""Fits the table that statistics are predicted by: sentences that were made whole in, a table out.

Ridge regression (Hoerl and Kennard, 1970) of what differs from sentence to sentence of a voice, on
principal components of the front's output and on length and pitch; of many components those
combinations that tell most about the statistics (reduced-rank regression: Izenman, 1975).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.engines.kokoro.statistics import CURVES, StatisticsTable

COMPONENTS = 120
"""Of the front's output that a table has, at the most: its size is theirs. Fitted to 4,334
sentences, the squared error on 615 of other texts is 5 % larger with 80 and 18 % larger with 40."""

SENTENCES_A_COMPONENT = 3
"""Fitted to, at the least: with few sentences there are fewer components."""

DIRECTIONS = 600
"""Of which components are combined, at the most, those along which the output varies most. The
squared error is 3 % larger with 350, 1 % with 1,024; and 17 % with these 120 uncombined."""

SENTENCES_A_DIRECTION = 4
"""Fitted to, at the least."""

RIDGE = 10.0
"""Weight of the penalty on slopes; covariates have variance 1."""


def fit(
    covariates: Floats,
    statistics: Floats,
    voices: Sequence[str],
    weights: Floats | None = None,
    components: int = COMPONENTS,
) -> StatisticsTable:
    """Return the table for sentences with these `covariates`, (sentences, 1029), and `statistics`,
    (sentences, 2, channels), and the `voices` that spoke them. Components are those that tell most
    about targets times these `weights`, (2 * channels,), at most so many."""
    means, deviations = statistics[:, 0], statistics[:, 1]
    units = np.exp(np.log(deviations).mean(axis=0))
    targets = np.concatenate([means / units, np.log(deviations)], axis=1)
    groups = np.unique(np.asarray(voices), return_inverse=True)[1]
    within = _centered(covariates, groups)
    within_targets = _centered(targets, groups)
    weighted = within_targets if weights is None else within_targets * weights
    directions = _components(within, weighted, components)
    directions = directions.astype(np.float16).astype(np.float32)  # as they are kept
    center = covariates.mean(axis=0)
    scale = _factors(covariates - center, directions).std(axis=0) + 1e-9
    slopes = _ridge(_factors(within, directions) / scale, within_targets)
    shared = StatisticsTable(
        center=center[:-CURVES],
        components=directions,
        curve_center=center[-CURVES:],
        scale=scale,
        slopes=slopes,
        units=units,
        voices={},
    )
    return with_voices(shared, covariates, targets, voices)


def with_voices(
    table: StatisticsTable, covariates: Floats, targets: Floats, voices: Sequence[str]
) -> StatisticsTable:
    """Return `table` knowing each of the voices, by its sentences' `covariates` and `targets`,
    (sentences, 2 * channels)."""
    factors = np.stack([table.factors(row) for row in covariates])
    names = np.asarray(voices)
    known = {
        name: table.known(factors[names == name], targets[names == name].mean(axis=0))
        for name in sorted(set(voices))
    }
    return replace(table, voices=known)


def _centered(values: Floats, groups: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Floats:
    """Return `values`, (rows, columns), less the mean of their group's."""
    sums = np.zeros((groups.max() + 1, values.shape[1]))
    np.add.at(sums, groups, values)
    counts = np.bincount(groups)[:, None]
    return np.asarray(values - (sums / counts)[groups], np.float32)


def _factors(centered: Floats, components: Floats) -> Floats:
    """Return what slopes are of, (sentences, components + 5), for centered covariates."""
    along = centered[:, :-CURVES] @ components.T
    return np.concatenate([along, centered[:, -CURVES:]], axis=1)


def _components(covariates: Floats, targets: Floats, most: int) -> Floats:
    """Return the directions of the front's output, (components, 1024), that a table is to have, at
    `most` so many, for centered `covariates` and `targets`."""
    output, curves = covariates[:, :-CURVES], covariates[:, -CURVES:]
    number = min(most, len(output) // SENTENCES_A_COMPONENT)
    directions = min(DIRECTIONS, len(output) // SENTENCES_A_DIRECTION)
    if directions <= number:
        return _principal_components(output, number)
    principal = _principal_components(output, directions)
    along = output @ principal.T
    scale = np.concatenate([along.std(axis=0), curves.std(axis=0)]) + np.float32(1e-9)
    factors = np.asarray(np.concatenate([along, curves], axis=1) / scale, np.float32)
    slopes = _ridge(factors, targets)[:directions]
    best = _most_telling(factors[:, :directions], slopes, number)
    found = best.T @ (principal / scale[:directions, None])
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def _most_telling(factors: Floats, slopes: Floats, number: int) -> Floats:
    """Return the combinations of factors, (factors, number), that by these `slopes`, (factors,
    targets), account for most of what they say of the targets together.

    What is said is factors @ slopes; its principal components are found by a matrix of the size of
    the factors, since there are many more targets.
    """
    exact = factors.astype(np.float64)
    root = np.linalg.cholesky(exact.T @ exact + np.eye(exact.shape[1]))
    products = slopes.astype(np.float64) @ slopes.T
    _, directions = np.linalg.eigh(root.T @ products @ root)
    return np.asarray(products @ (root @ directions[:, : -number - 1 : -1]))


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
