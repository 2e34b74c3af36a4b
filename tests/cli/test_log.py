"""No client fills the log."""

import logging

import pytest

from wyoming_kokoro.cli.log import BURST, Sparing


class Clock:
    now = 0.0


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lines(clock: Clock) -> list[str]:
    """What is written, through a filter of its own."""
    written: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(record.getMessage())

    handler = Keep()
    handler.addFilter(Sparing(lambda: clock.now))
    log = logging.getLogger("tests.sparing")
    log.handlers, log.propagate = [handler], False
    log.setLevel(logging.DEBUG)
    return written


def complain(number: int) -> None:
    logging.getLogger("tests.sparing").warning("a client asks for voice %d", number)


def test_of_one_kind_come_a_few_lines_at_once_and_then_one_a_second(
    clock: Clock, lines: list[str]
) -> None:
    for number in range(1000):
        complain(number)
    assert len(lines) == BURST
    clock.now = 1.0
    complain(1000)
    complain(1001)
    assert lines[BURST:] == [f"a client asks for voice 1000 ({1000 - BURST} more like this before)"]
    clock.now = 100.0
    complain(1002)
    assert lines[-1] == "a client asks for voice 1002 (1 more like this before)"
    assert len(lines) == BURST + 2


def test_one_kind_leaves_room_for_others_and_debugging_wants_all(lines: list[str]) -> None:
    log = logging.getLogger("tests.sparing")
    for number in range(50):
        complain(number)
    log.error("the engine is dead")
    assert lines[-1] == "the engine is dead"
    for number in range(50):
        log.debug("%d", number)
    assert len(lines) == BURST + 51


def test_long_ago_is_forgotten(clock: Clock, lines: list[str]) -> None:
    for _ in range(3):
        clock.now += 1e6
        for number in range(2 * BURST):
            complain(number)
    assert len(lines) == 3 * BURST
