"""What is played back in a simulated house is what was recorded, and a bound is one."""

from itertools import pairwise, repeat

import numpy as np
import pytest

from script.benchmarks import bound
from script.benchmarks.recorded import Alone
from tests.support.costs import KINDS, Call, Costs, recorded
from tests.support.places import ROOT

RECORDED = recorded(ROOT / "tests" / "support" / "calls.jsonl")


def test_calls_cost_what_the_real_time_factor_says_in_all() -> None:
    costs = Costs(RECORDED, 0.35, seed=0)
    spent = sum(costs.of(call.what, call.seconds) for call in 20 * RECORDED)
    made = 20 * sum(call.seconds for call in RECORDED if call.what != "plan")
    assert spent / made == pytest.approx(0.35, rel=0.05)


def test_what_calls_cost_varies_as_it_was_recorded() -> None:
    calls = [Call(what, 1.0, took) for took in (1.0, 1.0, 3.0, 3.0) for what in KINDS]
    costs = Costs(calls, 1.0, seed=0)
    drawn = [costs.of(what, seconds) for what, seconds in repeat(("later", 1.0), 1000)]
    low, high = min(drawn), max(drawn)
    assert high == pytest.approx(3 * low)
    changes = sum(one != other for one, other in pairwise(drawn))
    assert changes < 300  # of calls that follow one another, most were as fast as the one before


def test_the_same_seed_gives_the_same_costs() -> None:
    one, other = (Costs(RECORDED, 0.35, seed=7) for _ in range(2))
    assert [one.of("plan", 3.0) for _ in range(99)] == [other.of("plan", 3.0) for _ in range(99)]


def test_a_call_that_another_ran_beside_is_not_recorded_as_alone() -> None:
    first, second, later = Alone(), Alone(), Alone()
    with first, second:
        pass
    with later:
        pass
    assert (first.stayed, second.stayed, later.stayed) == (False, False, True)


def test_nobody_needs_to_be_left_out_where_each_is_alone_and_somebody_where_all_ask_at_once() -> (
    None
):
    due, cost = np.array([0.0, 0.5]), np.array([0.2, 0.2])
    apart = [bound.Reply(0, 10.0 * number, due, cost) for number in range(3)]
    at_once = [bound.Reply(0, 0.0, due, cost) for _ in range(3)]
    assert bound.left_out(apart, 0.2) == 0
    assert bound.left_out(at_once, 0.2) == pytest.approx(2)
    assert bound.left_out(at_once, 0.6) == pytest.approx(0)
