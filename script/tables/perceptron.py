"""Fits a table with a perceptron that corrects its factors: sentences that were made whole come in,
and how sensitive the sound is to each target; a table goes out. Needs PyTorch.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.engines.kokoro.regression import fit, with_voices
from wyoming_kokoro.engines.kokoro.statistics import Perceptron, StatisticsTable

COMPONENTS = 160
"""Of the front's output. With 120 the weighted squared error is 3 % larger, with 200 less than 1 %
smaller."""

UNITS = 2048

_TARGETS = 420
"""Principal components of the weighted targets that are fitted: 97 % of what varies."""

_EPOCHS, _BATCH = 80, 128
_RATE, _DECAY, _DROPOUT = 1e-3, 1.0, 0.5
"""AdamW's (Loshchilov and Hutter, 2019), with one cycle of the learning rate (Smith, 2018), and
dropout in the hidden layer. Weighted squared error on sentences of texts that were left out, of the
linear table's: 0.67; after 40 epochs with a decay of 0.3 it was 0.70, with half as many units then
0.71, with ReLU 0.75."""


def fit_with_perceptron(
    covariates: Floats,
    statistics: Floats,
    voices: Sequence[str],
    weigh: Callable[[Floats], Floats],
) -> StatisticsTable:
    """Return the table for sentences with these `covariates`, (sentences, 1029), and `statistics`,
    (sentences, 2, channels), and the `voices` that spoke them. `weigh` is given the squared errors
    that a linear table leaves and returns how much those of each target are to count, (2 *
    channels,)."""
    linear = fit(covariates, statistics, voices)
    targets = np.stack([linear.targets(one) for one in statistics])
    weights = weigh(squared_errors(linear, covariates, targets, voices))
    linear = fit(covariates, statistics, voices, weights, COMPONENTS)
    return _with_perceptron(linear, covariates, targets, voices, weights)


def squared_errors(
    table: StatisticsTable, covariates: Floats, targets: Floats, voices: Sequence[str]
) -> Floats:
    """Return the mean squared error of what `table` predicts of each target, (2 * channels,)."""
    total = np.zeros(targets.shape[1])
    for row, wanted, name in zip(covariates, targets, voices, strict=True):
        voice = table.voices[name]
        found = table.sloped(table.factors(row), voice.center) + voice.intercept
        total += np.square(found - wanted)
    return np.asarray(total / len(targets), np.float32)


def _with_perceptron(
    table: StatisticsTable,
    covariates: Floats,
    targets: Floats,
    voices: Sequence[str],
    weights: Floats,
) -> StatisticsTable:
    """Return `table` with a perceptron, and with other slopes."""
    groups = np.unique(np.asarray(voices), return_inverse=True)[1]
    factors = np.stack([table.factors(row) for row in covariates])
    centers = _means(factors, groups)
    weighted = (targets - _means(targets, groups)) * weights
    directions = _principal(weighted, _TARGETS)
    along, slopes_along = (one @ directions.T for one in (weighted, table.slopes * weights))
    perceptron, change = _fitted(
        factors, centers, groups, along.astype(np.float32), slopes_along.astype(np.float32)
    )
    slopes = table.slopes + (change @ directions) / weights
    bent = replace(table, perceptron=perceptron, slopes=np.asarray(slopes, np.float32))
    return with_voices(bent, covariates, targets, voices)


def _fitted(
    factors: Floats,
    centers: Floats,
    groups: np.ndarray[tuple[int], np.dtype[np.intp]],
    targets: Floats,
    slopes: Floats,
) -> tuple[Perceptron, Floats]:
    """Return the perceptron, and the change of the `slopes`, (factors, targets)."""
    import torch
    from torch import nn

    torch.manual_seed(0)
    relative = factors - centers
    # Both kinds of inputs have deviation 1 while weights decay.
    scales = np.concatenate([relative.std(axis=0), centers.std(axis=0)]) + np.float32(1e-6)
    inputs = torch.tensor(np.concatenate([relative, centers], axis=1) / scales)
    width = factors.shape[1]
    entering, leaving = nn.Linear(2 * width, UNITS), nn.Linear(UNITS, width, bias=False)
    nn.init.zeros_(leaving.weight)
    dropout, voices = nn.Dropout(_DROPOUT), nn.Embedding(int(groups.max()) + 1, targets.shape[1])
    nn.init.zeros_(voices.weight)
    final = nn.Parameter(torch.tensor(slopes))
    given, wanted = torch.tensor(relative), torch.tensor(targets)
    owners = torch.tensor(groups)
    decaying = [*entering.parameters(), *leaving.parameters(), *voices.parameters()]
    parts: list[dict[str, Any]] = [
        {"params": decaying, "weight_decay": _DECAY},
        {"params": [final]},
    ]
    optimizer = torch.optim.AdamW(parts, lr=_RATE, weight_decay=0.0)
    steps = _EPOCHS * -(-len(factors) // _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2 * _RATE, total_steps=steps)
    for _ in range(_EPOCHS):
        order = torch.randperm(len(factors))
        for begin in range(0, len(order), _BATCH):
            rows = order[begin : begin + _BATCH]
            hidden = dropout(nn.functional.silu(entering(inputs[rows])))
            found = (given[rows] + leaving(hidden)) @ final + voices(owners[rows])
            loss = ((found - wanted[rows]) ** 2).sum(1).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    perceptron = Perceptron(
        np.asarray(entering.weight.detach().numpy().T / scales[:, None], np.float32),
        np.asarray(entering.bias.detach().numpy(), np.float32),
        np.asarray(leaving.weight.detach().numpy().T, np.float32),
    )
    return perceptron, np.asarray(final.detach().numpy() - slopes, np.float32)


def _means(values: Floats, groups: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Floats:
    """Return the mean of each row's group, (rows, columns)."""
    sums = np.zeros((groups.max() + 1, values.shape[1]))
    np.add.at(sums, groups, values)
    return np.asarray((sums / np.bincount(groups)[:, None])[groups], np.float32)


def _principal(rows: Floats, number: int) -> Floats:
    """Return the directions in which `rows` vary most, (number, columns), of length 1; there are
    more columns than rows."""
    gram = rows.astype(np.float64) @ rows.T
    _, found = np.linalg.eigh(gram)
    directions = found[:, : -number - 1 : -1].T @ rows
    return np.asarray(directions / np.linalg.norm(directions, axis=1, keepdims=True), np.float32)
