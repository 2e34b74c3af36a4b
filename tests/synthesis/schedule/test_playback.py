"""The playback clock."""

from wyoming_kokoro.synthesis.schedule.playback import PlaybackClock


class Time:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_a_clock_that_has_not_started_counts_as_dry_now() -> None:
    clock = PlaybackClock(Time())
    assert (clock.started, clock.left) == (False, 0.0)


def test_what_is_left_is_what_was_sent_minus_the_time_since_the_first() -> None:
    time = Time()
    clock = PlaybackClock(time)
    clock.send(2.0)
    time.seconds += 0.5
    clock.send(1.0)
    assert (clock.started, clock.left, clock.sent_seconds) == (True, 2.5, 3.0)


def test_a_listener_that_ran_dry_starts_anew_with_what_is_sent_next() -> None:
    time = Time()
    clock = PlaybackClock(time)
    clock.send(1.0)
    time.seconds += 3.0
    assert clock.left == -2.0
    clock.send(1.0)
    assert (clock.left, clock.underruns) == (1.0, 1)


def test_the_supply_counts_what_is_made_and_not_sent_yet() -> None:
    time = Time()
    clock = PlaybackClock(time)
    assert clock.supply is None
    clock.make(3.0)
    assert clock.supply == 3.0
    clock.send(1.0)
    time.seconds += 0.5
    assert clock.supply == 2.5
    time.seconds += 9.0
    assert clock.supply == 2.0
