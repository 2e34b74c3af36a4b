"""The parts of a start are added up and put in order."""

from script.benchmarks.start import Span, medians, summed


def test_a_part_that_is_done_twice_counts_from_the_first_time() -> None:
    rows = [
        ("background", "load", 2.0, 0.5, 0.25),
        ("background", "load", 1.0, 0.25, 0.25),
        ("text", "load", 3.0, 1.0, 1.0),
    ]
    assert summed(rows) == {
        ("background", "load"): Span(1.0, 0.75, 0.5),
        ("text", "load"): Span(3.0, 1.0, 1.0),
    }


def test_starts_are_told_by_their_medians_in_the_order_of_beginning() -> None:
    late, early = ("text", "late"), ("text", "early")
    starts = [
        {late: Span(5.0, 1.0, 1.0), early: Span(1.0, 1.0, 1.0)},
        {late: Span(7.0, 3.0, 2.0), early: Span(1.0, 9.0, 1.0), ("text", "once"): Span(0, 0, 0)},
        {late: Span(6.0, 2.0, 3.0), early: Span(1.0, 2.0, 1.0)},
    ]
    assert medians(starts) == [(early, Span(1.0, 2.0, 1.0)), (late, Span(6.0, 2.0, 2.0))]
