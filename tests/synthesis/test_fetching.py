"""Voices on their way, for whoever waits for them and when nobody does any more."""

import threading

import pytest

from wyoming_kokoro.config import Limits
from wyoming_kokoro.errors import DownloadFailed, ModelUnavailable
from wyoming_kokoro.models.catalog import VERSIONS, ModelVersion
from wyoming_kokoro.synthesis.fetching import VoiceFetching
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler

PATIENCE = 10.0
"""Seconds after which what should come is taken as not coming."""


class Hub:
    """Has one voice, which comes when it is let; no other."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.let = threading.Event()

    def fetch(self, _version: ModelVersion, name: str) -> None:
        self.asked.append(name)
        self.let.wait(PATIENCE)
        if name != "af_heart":
            raise DownloadFailed(f"{name} is not there")


async def test_a_voice_that_nobody_waits_for_any_more_still_comes() -> None:
    scheduler, hub = Scheduler(Limits()), Hub()
    voices = VoiceFetching(scheduler, hub.fetch)
    for _ in range(3):
        with pytest.raises(ModelUnavailable, match="af_heart is still being fetched"):
            await voices.fetched(VERSIONS[0], ("af_heart",), 0.0)
    hub.let.set()
    await voices.fetched(VERSIONS[0], ("af_heart",), PATIENCE)
    scheduler.close()
    assert hub.asked == ["af_heart"]


async def test_why_a_voice_failed_is_told_once_if_it_was_given_up_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    scheduler, hub = Scheduler(Limits()), Hub()
    voices = VoiceFetching(scheduler, hub.fetch)
    for _ in range(3):
        with pytest.raises(ModelUnavailable, match="still being fetched"):
            await voices.fetched(VERSIONS[0], ("nobody",), 0.0)
    hub.let.set()
    with pytest.raises(DownloadFailed):
        await voices.fetched(VERSIONS[0], ("nobody",), PATIENCE)
    with pytest.raises(DownloadFailed):
        await voices.fetched(VERSIONS[0], ("nobody",), PATIENCE)
    scheduler.close()
    assert caplog.messages == ["nobody is not there"], "the second time, who asked was told"


async def test_of_several_voices_each_that_can_be_had_comes() -> None:
    scheduler, hub = Scheduler(Limits()), Hub()
    voices = VoiceFetching(scheduler, hub.fetch)
    hub.let.set()
    with pytest.raises(DownloadFailed, match="nobody is not there"):
        await voices.fetched(VERSIONS[0], ("nobody", "af_heart", "nobody_else"), PATIENCE)
    scheduler.close()
    assert hub.asked == ["nobody", "af_heart", "nobody_else"]
