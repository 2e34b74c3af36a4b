"""A house, simulated in virtual time: what rooms wait for when they give way to one another, and
when one request follows another. Print a table.
"""

from pathlib import Path

from script.benchmarks.figures import progress
from tests.support.costs import recorded
from tests.support.house import Heard, live

HOUSES = (
    (0.35, 2, 0),
    (0.35, 4, 0),
    (0.35, 5, 0),
    (0.35, 6, 0),
    (0.35, 8, 0),
    (0.35, 16, 0),
    (0.35, 2, 1),
    (0.25, 8, 0),
    (0.175, 8, 0),
    (0.175, 16, 0),
    (0.175, 8, 2),
    (0.6, 2, 0),
)
"""Real-time factor, rooms, and readers without end."""


def measure(seconds: int = 1500, calls: str = "") -> None:
    """Print first audio (the median and what 95 of 100 are within) and replies with gaps; and how
    much of the machine's time the speech took. The engine's speed varies as in the recording
    `calls`, if there is one."""
    recording = recorded(Path(calls)) if calls else []
    print(f"{'RTF':>6}{'rooms':>7}{'readers':>9}{'load':>7}{'one at a time':>30}{'giving way':>30}")
    for rtf, rooms, readers in progress(HOUSES, "houses"):
        in_turn = live(rtf, rooms, readers, in_turn=True, seconds=seconds, calls=recording)
        giving_way = live(rtf, rooms, readers, seconds=seconds, calls=recording)
        load = rtf * giving_way.speech / seconds
        cells = "".join(f"{_cell(heard):>30}" for heard in (in_turn, giving_way))
        print(f"{rtf:6}{rooms:7}{readers:9}{load:7.2f}{cells}", flush=True)


def _cell(heard: Heard) -> str:
    if not heard.firsts:
        return f"none of {heard.refused}"
    gaps = heard.gaps / len(heard.firsts)
    return f"{heard.within(50):.2f} s, {heard.within(95):.2f} s, {gaps:.1%}"
