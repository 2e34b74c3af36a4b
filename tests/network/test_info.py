"""The answer to `describe`."""

import asyncio
import logging
import threading
from collections.abc import Callable

import pytest

from wyoming_kokoro.errors import UnknownVoice
from wyoming_kokoro.network.info import Description, build_info
from wyoming_kokoro.network.wire import encode
from wyoming_kokoro.speech import LANGUAGES, Voice

HEART = Voice("af_heart", LANGUAGES[0], female=True, description="Heart (US English, female)")
GEORGE = Voice("bm_george", LANGUAGES[1], female=False, description="George (UK English, male)")


def test_home_assistant_finds_one_installed_streaming_program_named_kokoro() -> None:
    (program,) = build_info([HEART], "1.2.3").tts
    assert program.name == "kokoro"
    assert program.installed
    assert program.supports_synthesize_streaming
    assert program.version == "1.2.3"
    assert program.attribution.url.startswith("https://")


def test_a_voice_has_its_label_and_the_language_code_home_assistant_wants() -> None:
    (voice,) = build_info([HEART], "1").tts[0].voices
    assert voice.name == "af_heart"
    assert voice.description == "Heart (US English, female)"
    assert voice.languages == ["en_US"]
    assert voice.installed
    assert voice.speakers is None


def test_the_same_voices_in_any_order_are_the_same_bytes() -> None:
    forward = encode(build_info([HEART, GEORGE], "1").event())
    backward = encode(build_info([GEORGE, HEART], "1").event())
    assert forward == backward


def test_a_voice_that_appears_is_described_from_the_next_refresh_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    voices = [HEART]
    description = Description(lambda: voices, "1")
    before = description.encoded()
    description.refresh()
    assert description.encoded() is before
    voices.append(GEORGE)
    assert description.encoded() is before
    description.refresh()
    assert b"bm_george" in description.encoded()
    assert caplog.messages == ["now offered: bm_george"]


def test_an_answer_does_not_ask_for_the_voices() -> None:
    asked: list[None] = []

    def voices() -> list[Voice]:
        asked.append(None)
        return [HEART]

    description = Description(voices, "1")
    assert [description.encoded() for _ in range(9)] == [description.encoded()] * 9
    assert len(asked) == 1


def test_voices_that_cannot_be_told_for_once_are_described_as_they_were(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answers: list[list[Voice] | Exception] = [[HEART], UnknownVoice("gone"), OSError("gone"), []]

    def voices() -> list[Voice]:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    description = Description(voices, "1")
    before = description.encoded()
    description.refresh()
    description.refresh()
    assert description.encoded() is before
    assert caplog.messages == ["the voices cannot be listed anew: gone"]
    description.refresh()
    assert description.encoded() != before


async def test_voices_are_looked_for_elsewhere_than_on_the_event_loop() -> None:
    threads: list[int] = []
    enough = asyncio.Event()

    def voices() -> list[Voice]:
        threads.append(threading.get_ident())
        return [HEART]

    async def elsewhere(call: Callable[[], None]) -> None:
        await asyncio.to_thread(call)
        if len(threads) > 3:
            enough.set()

    description = Description(voices, "1")
    keeping = asyncio.create_task(description.keep_current(elsewhere, 0.0))
    await enough.wait()
    keeping.cancel()
    assert threading.get_ident() not in threads[1:]
