"""What the server has done, in sums, and the line of log that tells them."""

import logging

import numpy as np
import pytest

from wyoming_kokoro.synthesis.figures import BUCKETS, Figures, RequestLog, resident_bytes


def spoken(first_audio: float) -> RequestLog:
    """The record of a request that was heard after so many seconds."""
    times = iter((0.0, 0.0, first_audio))
    record = RequestLog(lambda: next(times))
    record.text_came()
    record.sounded(np.full(24_000, 0.5, np.float32))
    record.characters, record.engine_seconds, record.underruns = 10, 0.4, 1
    record.kept = 2
    return record


def test_requests_are_summed_by_how_they_ended_and_how_soon_they_were_heard() -> None:
    figures = Figures()
    for first in (0.05, 0.25, 100.0):
        figures.note("spoken", spoken(first))
    figures.note("overloaded", RequestLog(lambda: 0.0))
    figures.refuse("http-401")
    assert figures.outcomes == {"spoken": 3, "overloaded": 1}
    assert figures.refusals == {"http-401": 1}
    assert [figures.first_audio[BUCKETS.index(bound)] for bound in (0.1, 0.3)] == [1, 1]
    assert figures.first_audio[-1] == 1
    assert (figures.audio_seconds, figures.characters, figures.underruns) == (3.0, 30, 3)
    assert figures.kept == 6
    assert figures.realtime_factor == pytest.approx(0.4)


def test_they_are_written_where_there_is_something_new(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "wyoming_kokoro")
    figures = Figures()
    figures.write()
    assert caplog.text == ""
    figures.note("spoken", spoken(0.5))
    for _ in range(2):
        figures.write(if_new=True)
    assert caplog.text.count("so far: 1 requests, 0 cancelled, 0 failed, 0 refused") == 1
    assert "first audio 500 ms" in caplog.text
    figures.write()
    assert caplog.text.count("so far") == 2


def test_memory_is_that_of_this_process() -> None:
    assert resident_bytes() > 10_000_000
