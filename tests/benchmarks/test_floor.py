"""The arithmetic of layers is counted as textbooks have it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from script.benchmarks.floor import SENTENCE_FILE, Matrices, counted, gflop_of_matrices

pytestmark = pytest.mark.torch

torch = pytest.importorskip("torch")


@pytest.mark.parametrize(
    ("layer", "shape", "expected"),
    [
        (lambda: torch.nn.Linear(8, 4), (3, 8), 2 * 3 * 8 * 4),
        (lambda: torch.nn.Conv1d(6, 4, 3, padding=1), (1, 6, 10), 2 * 10 * 6 * 4 * 3),
        (lambda: torch.nn.Conv1d(6, 6, 3, padding=1, groups=6), (1, 6, 10), 2 * 10 * 6 * 3),
        (lambda: torch.nn.ConvTranspose1d(6, 4, 4, stride=2), (1, 6, 10), 2 * 10 * 6 * 4 * 4),
        (lambda: torch.nn.LSTM(8, 5), (7, 8), 2 * 7 * 4 * 5 * (8 + 5)),
        (lambda: torch.nn.LSTM(8, 5, bidirectional=True), (7, 8), 2 * 2 * 7 * 4 * 5 * (8 + 5)),
        (lambda: torch.nn.Sequential(torch.nn.ReLU()), (7, 8), 0),
    ],
)
def test_a_multiplication_counts_two(
    layer: Callable[[], Any], shape: tuple[int, ...], expected: int
) -> None:
    model = torch.nn.Sequential(layer())
    with counted(model) as operations:
        model(torch.zeros(shape))
    assert sum(operations) == expected
    model(torch.zeros(shape))
    assert sum(operations) == expected, "it still counts after the end"


def test_two_matrices_take_twice_the_cube_of_their_side() -> None:
    assert gflop_of_matrices(1, 1000) == 2.0
    assert gflop_of_matrices(3, 1000) == 6.0


def test_the_floor_makes_the_audio_of_the_sentence_that_it_stands_for(tmp_path: Path) -> None:
    np.save(tmp_path / SENTENCE_FILE, np.array([gflop_of_matrices(2), 1.25]))
    assert Matrices(tmp_path, 1).whole("") == 1.25
