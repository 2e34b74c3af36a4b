"""A house full of rooms, beside the same house with one request at a time; in virtual time."""

from statistics import fmean

import pytest

from tests.support.house import live
from wyoming_kokoro.engines.base import AT_ONCE

ROOMS_AT_HALF = 4
"""That ask for half of what a machine can make whose real-time factor is `RTF`."""

RTF = 0.35


@pytest.mark.slow
@pytest.mark.parametrize(("rtf", "rooms"), [(RTF, 8), (RTF, 16), (RTF / 2, 16)])
def test_a_full_house_waits_and_does_not_stutter(rtf: float, rooms: int) -> None:
    heard, in_turn = live(rtf, rooms, seconds=150), live(rtf, rooms, in_turn=True, seconds=150)
    assert heard.gaps <= len(heard.firsts) / 100
    assert fmean(heard.firsts) < fmean(in_turn.firsts)
    assert heard.within(95) <= 1.25 * in_turn.within(95)
    assert not heard.refused


@pytest.mark.slow
def test_rooms_on_half_of_a_machine_wait_less_than_half_of_what_one_request_at_a_time_takes() -> (
    None
):
    heard = live(RTF, ROOMS_AT_HALF)
    assert heard.gaps <= len(heard.firsts) / 100
    assert heard.within(95) < live(RTF, ROOMS_AT_HALF, in_turn=True).within(95) / 2


@pytest.mark.parametrize("at_once", [1, AT_ONCE])
def test_readers_and_rooms_that_fit_on_a_machine_have_no_gaps(at_once: int) -> None:
    heard = live(RTF, 2, 1, at_once=at_once, seconds=300)
    alone = live(RTF, 1, seconds=300)
    assert not heard.gaps
    assert heard.within(50) <= 2 * alone.within(50)
