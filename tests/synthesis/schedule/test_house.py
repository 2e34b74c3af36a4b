"""A house full of rooms, beside the same house with one request at a time; in virtual time."""

from statistics import fmean

import pytest

from tests.support.costs import recorded
from tests.support.house import live
from tests.support.places import ROOT
from wyoming_kokoro.engines.base import AT_ONCE

ROOMS_AT_HALF, ROOMS_AT_SEVEN_TENTHS = 4, 8
"""That ask for half of what a machine can make whose real-time factor is `RTF`, and for 0.7 of what
one can whose factor is 0.25."""

RTF = 0.35


RECORDED = recorded(ROOT / "tests" / "support" / "calls.jsonl")
"""How the speed of the native engine varied, on two cores."""


@pytest.mark.slow
@pytest.mark.parametrize(("rtf", "rooms"), [(RTF, 8), (RTF, 16), (RTF / 2, 16)])
def test_a_full_house_waits_and_does_not_stutter(rtf: float, rooms: int) -> None:
    heard = live(rtf, rooms, seconds=240, calls=RECORDED)
    in_turn = live(rtf, rooms, in_turn=True, seconds=240, calls=RECORDED)
    assert heard.gaps <= len(heard.firsts) / 100
    assert fmean(heard.firsts) <= 1.1 * fmean(in_turn.firsts)
    assert heard.within(95) <= 1.25 * in_turn.within(95)
    assert not heard.refused


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rtf", "rooms", "share"), [(RTF, ROOMS_AT_HALF, 0.5), (0.25, ROOMS_AT_SEVEN_TENTHS, 0.6)]
)
def test_rooms_that_a_machine_can_feed_wait_for_a_part_of_what_one_request_at_a_time_takes(
    rtf: float, rooms: int, share: float
) -> None:
    heard = live(rtf, rooms, seconds=900, calls=RECORDED)
    in_turn = live(rtf, rooms, in_turn=True, seconds=300, calls=RECORDED)
    assert heard.gaps <= len(heard.firsts) / 100
    assert heard.within(95) < share * in_turn.within(95)


@pytest.mark.parametrize("at_once", [1, AT_ONCE])
def test_readers_and_rooms_that_fit_on_a_machine_have_no_gaps(at_once: int) -> None:
    heard = live(RTF, 2, 1, at_once=at_once, seconds=300)
    alone = live(RTF, 1, seconds=300)
    assert not heard.gaps
    assert heard.within(50) <= 2 * alone.within(50)
