"""Ratios and tables say what was measured."""

import os

import pytest

from script.benchmarks.figures import comparison, fresh, ratio, resident_mb, table

MEASURED = {
    "ours": {"RTF": [0.2, 0.4, 0.9], "load": [1.0]},
    "theirs": {"RTF": [0.4, 0.8, 0.9], "load": [2.0]},
    "floor": {"RTF": [0.1, 0.1, 0.1]},
}


def test_a_ratio_is_of_what_was_measured_in_the_same_round() -> None:
    # The second round was slow for both.
    assert ratio([1.0, 10.0, 1.0], [2.0, 20.0, 2.0]) == 0.5
    assert ratio([0.2, 0.4, 0.9], [0.4, 0.8, 0.9]) == 0.5


def test_series_of_other_lengths_have_no_ratio() -> None:
    with pytest.raises(ValueError, match="shorter"):
        ratio([1.0, 2.0], [1.0])


def test_a_table_has_the_medians_and_nothing_where_nothing_was_measured() -> None:
    head, rtf, load = table(MEASURED, ("RTF", "load"), digits=2)
    assert head.split() == ["ours", "theirs", "floor"]
    assert rtf.split() == ["RTF", "0.40", "0.80", "0.10"]
    assert load.split() == ["load", "1.00", "2.00", "-"]


def test_a_comparison_has_the_figures_that_the_peer_has() -> None:
    lines = list(comparison(MEASURED, ("ours", "theirs"), "floor", ("RTF", "load")))
    assert [line.split() for line in lines] == [
        ["over", "floor", "ours", "theirs"],
        ["RTF", "4.000", "8.000"],
    ]


def test_what_is_measured_fresh_runs_in_a_process_of_its_own() -> None:
    assert fresh(os.getpid) != os.getpid()


def grown_mb() -> float:
    """By how much memory grows that is written to."""
    before = resident_mb()
    held = bytearray(b"x") * 50_000_000
    return resident_mb() - before if held else 0


def test_memory_is_that_of_this_process() -> None:
    """In a new one, where no memory lies ready that was let go of."""
    assert fresh(grown_mb) > 45
