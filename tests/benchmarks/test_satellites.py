"""What is said of a house is what its rooms met, and what a benchmark has started ends with it."""

import subprocess
import sys

import pytest

from script.benchmarks.satellites import REPLY_SECONDS, House, rooms_of
from tests.support.house import THINKING_SECONDS
from tests.support.places import ROOT


def house(firsts: list[float], gaps: int = 0, refused: int = 0) -> House:
    return House(firsts, gaps, refused, 1.0, [])


def test_a_house_is_served_if_its_replies_have_no_gaps_and_begin_in_time() -> None:
    assert house([1.0] * 95 + [11.0] * 5).is_served(10)
    assert not house([1.0] * 94 + [11.0] * 6).is_served(10)
    assert not house([1.0] * 100, gaps=1).is_served(10)
    assert house([1.0] * 101, gaps=1).is_served(10)


def test_what_is_refused_is_not_served_and_counts_as_late_in_any_case() -> None:
    assert house([1.0] * 9, refused=1).late(1e9) == 1
    assert not house([1.0] * 9, refused=1).is_served(10)


@pytest.mark.parametrize(("rooms", "number"), [("3", 3), ("70%", 7), ("1%", 1)])
def test_a_share_of_what_a_server_can_make_is_a_number_of_rooms(rooms: str, number: int) -> None:
    each = REPLY_SECONDS / (REPLY_SECONDS + THINKING_SECONDS)
    assert rooms_of(rooms, able=10.5 * each) == number


CHILD = """
import threading
from script.benchmarks.figures import end_with_parent
end_with_parent()
print("here", flush=True)
threading.Event().wait()
"""

PARENT = f"""
import subprocess, sys
subprocess.run([sys.executable, "-c", {CHILD!r}])
"""


def test_what_a_benchmark_has_started_ends_with_it_though_it_is_killed() -> None:
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == b"here\n"
        parent.kill()
        assert parent.stdout.read() == b""  # its other end is closed: the child has ended as well
