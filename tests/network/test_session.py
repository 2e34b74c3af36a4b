"""What a client of the `wyoming` package is promised, over real sockets."""

import asyncio
import logging
import socket
import struct
from typing import Any

import numpy as np
import pytest
import soxr
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.info import Info
from wyoming.tts import (
    Synthesize,
    SynthesizeChunk,
    SynthesizeStart,
    SynthesizeStop,
    SynthesizeVoice,
)

from tests.support.speakers import (
    HUM,
    Speaker,
    client_of,
    event,
    open_raw,
    read_until,
    serving,
    sound_of,
    types,
)
from wyoming_kokoro.config import Limits
from wyoming_kokoro.network.wire import encode
from wyoming_kokoro.speech import Request

WHOLE = ["audio-start", "audio-chunk", "audio-stop"]
STREAM = [*WHOLE, "synthesize-stopped"]


async def test_describe_is_answered_with_the_voices() -> None:
    async with serving() as server, client_of(server) as client:
        await client.write_event(event("describe"))
        answer = await client.read_event()
    assert answer is not None
    (program,) = Info.from_event(answer).tts
    assert program.name == "kokoro"
    assert [voice.name for voice in program.voices] == ["af_heart", "bm_george"]


async def test_ping_is_answered_with_its_text() -> None:
    async with serving() as server, client_of(server) as client:
        for text in ("here?", None):
            await client.write_event(event("ping", text=text))
            answer = await client.read_event()
            assert answer == event("pong", text=text)


async def test_synthesize_is_one_cycle_of_audio_with_timestamps_in_milliseconds() -> None:
    async with serving() as server, client_of(server) as client:
        await client.write_event(Synthesize("one two three").event())
        events = await read_until(client, "audio-stop")
    assert types(events) == ["audio-start", *["audio-chunk"] * 3, "audio-stop"]
    assert AudioStart.from_event(events[0]) == AudioStart(24_000, 2, 1, timestamp=0)
    chunks = [AudioChunk.from_event(each) for each in events[1:-1]]
    assert [chunk.timestamp for chunk in chunks] == [0, 40, 80]
    assert {(chunk.rate, chunk.width, chunk.channels) for chunk in chunks} == {(24_000, 2, 1)}
    assert AudioStop.from_event(events[-1]).timestamp == 120
    assert sound_of(events) == HUM * 3


@pytest.mark.parametrize("rate", [16_000, 22_050, 48_000])
async def test_clients_get_sound_at_the_sample_rate_that_was_set(rate: int) -> None:
    async with serving(sample_rate=rate) as server, client_of(server) as client:
        await client.write_event(Synthesize("one two three").event())
        events = await read_until(client, "audio-stop")
        await client.write_event(Synthesize("").event())
        silent = await read_until(client, "audio-stop")
    assert AudioStart.from_event(events[0]) == AudioStart(rate, 2, 1, timestamp=0)
    chunks = [AudioChunk.from_event(each) for each in events[1:-1]]
    assert {(chunk.rate, chunk.width, chunk.channels) for chunk in chunks} == {(rate, 2, 1)}
    done = [sum(chunk.samples for chunk in chunks[:number]) for number in range(len(chunks))]
    assert [chunk.timestamp for chunk in chunks] == [before * 1000 // rate for before in done]
    assert AudioStop.from_event(events[-1]).timestamp == 120
    whole = soxr.resample(np.frombuffer(HUM * 3, "<i2").astype(np.float32), 24_000, rate)
    np.testing.assert_allclose(np.frombuffer(sound_of(events), "<i2"), whole, atol=2)
    assert sound_of(silent) == bytes(rate // 10 * 2)


async def test_a_stream_is_spoken_while_its_text_arrives() -> None:
    speaker = Speaker()
    async with serving(speaker) as server, client_of(server) as client:
        await client.write_event(SynthesizeStart().event())
        await client.write_event(SynthesizeChunk("one ").event())
        assert types(await read_until(client, "audio-chunk")) == WHOLE[:2]
        await client.write_event(SynthesizeChunk("two").event())
        assert types(await read_until(client, "audio-chunk")) == ["audio-chunk"]
        await client.write_event(SynthesizeStop().event())
        events = await read_until(client, "synthesize-stopped")
    assert types(events) == ["audio-stop", "synthesize-stopped"]
    assert speaker.texts == ["one two"]


async def test_the_compatibility_copy_within_a_stream_is_not_spoken() -> None:
    speaker = Speaker()
    async with serving(speaker) as server, client_of(server) as client:
        for each in (
            SynthesizeStart(),
            SynthesizeChunk("hello"),
            Synthesize("hello"),
            SynthesizeStop(),
        ):
            await client.write_event(each.event())
        assert types(await read_until(client, "synthesize-stopped")) == STREAM
    assert speaker.texts == ["hello"]


async def test_streams_and_whole_requests_take_turns_on_one_connection() -> None:
    async with serving() as server, client_of(server) as client:
        for _ in range(3):
            await client.write_event(SynthesizeStart().event())
            await client.write_event(SynthesizeChunk("hello").event())
            await client.write_event(SynthesizeStop().event())
            assert types(await read_until(client, "synthesize-stopped")) == STREAM
            await client.write_event(Synthesize("hello").event())
            assert types(await read_until(client, "audio-stop")) == WHOLE


@pytest.mark.parametrize("text", ["", " ", "\n"])
async def test_text_without_words_is_answered_with_a_short_silence(text: str) -> None:
    async with serving() as server, client_of(server) as client:
        await client.write_event(Synthesize(text).event())
        events = await read_until(client, "audio-stop")
        assert types(events) == WHOLE
        assert sound_of(events) == bytes(4800)
        await client.write_event(SynthesizeStart().event())
        await client.write_event(SynthesizeChunk(text).event())
        await client.write_event(SynthesizeStop().event())
        assert types(await read_until(client, "synthesize-stopped")) == STREAM


async def test_a_stream_without_any_chunk_is_answered_with_a_short_silence() -> None:
    async with serving() as server, client_of(server) as client:
        await client.write_event(SynthesizeStart().event())
        await client.write_event(SynthesizeStop().event())
        assert types(await read_until(client, "synthesize-stopped")) == STREAM


@pytest.mark.parametrize(
    ("fields", "request_"),
    [
        ({}, Request()),
        ({"voice": None, "text_format": None, "context": {"a": 1}}, Request()),
        ({"voice": {}}, Request()),
        ({"voice": {"name": "af_heart@1.1", "speaker": "x"}}, Request(voice="af_heart@1.1")),
        ({"voice": {"name": None, "language": "en_GB"}}, Request(language="en_GB")),
        ({"voice": {"name": ""}, "text_format": "ssml"}, Request(text_format="ssml")),
        ({"voice": {"name": "../../etc/passwd"}}, Request(voice="../../etc/passwd")),
    ],
)
async def test_the_fields_of_a_request_reach_the_speaker(
    fields: dict[str, Any], request_: Request
) -> None:
    speaker = Speaker()
    async with serving(speaker) as server, client_of(server) as client:
        await client.write_event(event("synthesize", text="hello", **fields))
        await read_until(client, "audio-stop")
        await client.write_event(event("synthesize-start", **fields))
        await client.write_event(event("synthesize-stop"))
        await read_until(client, "synthesize-stopped")
    assert speaker.requests == [request_, request_]


async def test_the_voice_object_of_the_wyoming_package_is_understood() -> None:
    speaker = Speaker()
    async with serving(speaker) as server, client_of(server) as client:
        for voice in (SynthesizeVoice(name="bm_george"), SynthesizeVoice(language="fr_FR")):
            await client.write_event(Synthesize("hello", voice=voice).event())
            await read_until(client, "audio-stop")
    assert speaker.requests == [Request(voice="bm_george"), Request(language="fr_FR")]


async def test_describe_and_ping_are_answered_while_speech_is_being_made() -> None:
    speaker = Speaker()
    async with serving(speaker) as server, client_of(server) as client:
        speaker.may_speak.clear()
        await client.write_event(Synthesize("hello").event())
        await speaker.started.wait()
        await client.write_event(event("describe"))
        await client.write_event(event("ping", text="?"))
        assert types(await read_until(client, "pong")) == ["info", "pong"]
        speaker.may_speak.set()
        assert types(await read_until(client, "audio-stop")) == WHOLE


async def test_unknown_events_and_programs_are_skipped() -> None:
    async with serving() as server, client_of(server) as client:
        await client.write_event(event("transcribe", language="en"))
        await client.write_event(AudioChunk(16_000, 2, 1, bytes(65_536)).event())
        for name in ("kokoro", "another"):
            await client.write_event(event("select-program", name=name))
        await client.write_event(Synthesize("hello").event())
        assert types(await read_until(client, "audio-stop")) == WHOLE


async def test_requests_are_answered_in_the_order_they_were_asked() -> None:
    speaker = Speaker()
    texts = ["one", "two", "three", "four"]
    async with serving(speaker) as server:
        reader, writer = await open_raw(server)
        writer.write(b"".join(encode(Synthesize(text).event()) for text in texts))
        writer.write_eof()
        answer = await reader.read()
        writer.close()
    assert speaker.texts == texts
    assert answer.count(b'"type": "audio-stop"') == len(texts)


async def test_a_byte_at_a_time_and_fifty_events_at_once_are_answered_alike() -> None:
    sent = b"".join(encode(event("ping", text=str(number))) for number in range(50))
    answers = []
    async with serving() as server:
        for step in (1, len(sent)):
            reader, writer = await open_raw(server)
            for start in range(0, len(sent), step):
                writer.write(sent[start : start + step])
                await writer.drain()
            writer.write_eof()
            answers.append(await reader.read())
            writer.close()
    assert answers[0] == answers[1]
    assert answers[0].count(b"pong") == 50


async def test_a_second_start_ends_the_first_stream() -> None:
    speaker = Speaker()
    async with serving(speaker) as server, client_of(server) as client:
        for each in (
            SynthesizeStart(),
            SynthesizeChunk("one"),
            SynthesizeStart(),
            SynthesizeChunk("two"),
            SynthesizeStop(),
        ):
            await client.write_event(each.event())
        assert types(await read_until(client, "synthesize-stopped")) == STREAM
        assert types(await read_until(client, "synthesize-stopped")) == STREAM
    assert speaker.texts == ["one", "two"]


@pytest.mark.parametrize("kind", ["synthesize-chunk", "synthesize-stop"])
async def test_a_chunk_or_stop_outside_of_a_stream_is_told_how_to_begin_one(kind: str) -> None:
    async with serving() as server, client_of(server) as client:
        await client.write_event(event(kind, text="hello"))
        (answer,) = await read_until(client)
        error = Error.from_event(answer)
    assert error.code == "bad-request"
    assert "synthesize-start" in error.text


@pytest.mark.parametrize("streamed", [False, True])
async def test_a_failure_is_told_with_its_code_and_ends_the_connection(streamed: bool) -> None:
    async with serving() as server, client_of(server) as client:
        if streamed:
            await client.write_event(SynthesizeStart().event())
            await client.write_event(SynthesizeChunk("one fail").event())
        else:
            await client.write_event(Synthesize("one fail").event())
        events = await read_until(client)
    assert types(events) == ["audio-start", "audio-chunk", "error"]
    error = Error.from_event(events[-1])
    assert error.code == "unknown-voice"
    assert "af_heart" in error.text


async def test_a_client_that_still_sends_text_is_not_reset_by_an_error() -> None:
    async with serving() as server, client_of(server) as client:
        await client.write_event(SynthesizeStart().event())
        await client.write_event(SynthesizeChunk("fail").event())
        assert types(await read_until(client)) == ["error"]
        for _ in range(50):  # the server has ended its half, and reads on
            await client.write_event(SynthesizeChunk("more text " * 50).event())
            await asyncio.sleep(0)
        await client.write_event(SynthesizeStop().event())


async def test_a_client_that_never_stops_sending_is_closed_after_the_linger() -> None:
    limits = Limits(error_linger_seconds=0.05)
    async with serving(limits=limits) as server:
        _, writer = await open_raw(server)
        writer.write(b"nonsense\n")
        with pytest.raises(ConnectionError):
            while True:
                writer.write(bytes(1000))
                await writer.drain()
        writer.close()


async def test_a_defect_is_told_as_internal_error_and_logged_once_with_its_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with serving() as server, client_of(server) as client:
        await client.write_event(Synthesize("crash").event())
        (answer,) = await read_until(client)
        error = Error.from_event(answer)
    assert error.code == "internal-error"
    assert "defect" not in error.text
    (record,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError


async def test_text_over_the_limit_is_refused_whole_or_in_chunks() -> None:
    async with serving(limits=Limits(text_characters=10)) as server:
        async with client_of(server) as client:
            await client.write_event(Synthesize("0123456789").event())
            assert types(await read_until(client, "audio-stop")) == WHOLE
            await client.write_event(Synthesize("0123456789X").event())
            (answer,) = await read_until(client)
            assert Error.from_event(answer).code == "too-large"
        async with client_of(server) as client:
            await client.write_event(SynthesizeStart().event())
            for character in "0123456789X":
                await client.write_event(SynthesizeChunk(character).event())
            answers = await read_until(client)
            assert Error.from_event(answers[-1]).code == "too-large"


async def test_more_requests_than_may_wait_on_a_connection_are_overloaded() -> None:
    speaker = Speaker()
    speaker.may_speak.clear()
    async with serving(speaker) as server, client_of(server) as client:
        for _ in range(5):
            await client.write_event(Synthesize("hello").event())
        (answer,) = await read_until(client)
        assert Error.from_event(answer).code == "overloaded"


async def test_more_requests_than_may_wait_in_all_are_overloaded_until_one_is_done() -> None:
    speaker = Speaker()
    speaker.may_speak.clear()
    async with serving(speaker, Limits(queued_requests=2)) as server:
        async with client_of(server) as first, client_of(server) as second:
            await first.write_event(Synthesize("hello").event())
            await first.write_event(Synthesize("hello").event())
            await first.write_event(event("ping"))
            assert types(await read_until(first, "pong")) == ["pong"]
            await second.write_event(Synthesize("hello").event())
            (answer,) = await read_until(second)
            assert Error.from_event(answer).code == "overloaded"
            speaker.may_speak.set()
            assert types(await read_until(first, "audio-stop")) == WHOLE
            assert types(await read_until(first, "audio-stop")) == WHOLE
        async with client_of(server) as third:
            await third.write_event(Synthesize("hello").event())
            assert types(await read_until(third, "audio-stop")) == WHOLE


async def test_a_request_being_spoken_does_not_wait() -> None:
    async with (
        serving(limits=Limits(queued_requests=1)) as server,
        client_of(server) as first,
        client_of(server) as second,
    ):
        await first.write_event(SynthesizeStart().event())
        await first.write_event(SynthesizeChunk("hello").event())
        await read_until(first, "audio-chunk")
        await second.write_event(Synthesize("hello").event())
        assert types(await read_until(second, "audio-stop")) == WHOLE


@pytest.mark.parametrize("streamed", [False, True])
async def test_a_client_that_ends_its_half_is_answered_in_full(streamed: bool) -> None:
    speaker = Speaker()
    speaker.may_speak.clear()
    request = [event("synthesize", text="hello")]
    if streamed:
        request = [event("synthesize-start"), event("synthesize-chunk", text="hello")]
    async with serving(speaker) as server:
        reader, writer = await open_raw(server)
        writer.write(b"".join(map(encode, request)))
        writer.write_eof()
        await speaker.started.wait()
        speaker.may_speak.set()
        answer = await reader.read()
        writer.close()
    assert answer.count(HUM) == 1
    assert answer.count(b'"type": "audio-stop"') == 1
    assert answer.count(b'"type": "synthesize-stopped"') == streamed


async def test_a_client_that_resets_the_connection_stops_the_work_at_once() -> None:
    speaker = Speaker()
    speaker.may_speak.clear()
    async with serving(speaker) as server:
        _, writer = await open_raw(server)
        writer.write(encode(Synthesize("hello").event()) * 3)
        await speaker.started.wait()
        reset = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
        writer.transport.abort()
        await speaker.cut_off.wait()
    assert speaker.texts == ["hello"]


async def test_a_client_that_closes_while_it_is_spoken_to_stops_the_work() -> None:
    speaker = Speaker()
    async with serving(speaker) as server:
        _, writer = await open_raw(server)
        writer.write(encode(Synthesize("forever").event()))
        await speaker.started.wait()
        writer.close()
        await speaker.cut_off.wait()


async def test_a_client_that_reads_nothing_is_dropped_while_others_are_served() -> None:
    speaker = Speaker()
    async with serving(speaker, Limits(write_stall_seconds=0.2)) as server:
        _, deaf = await open_raw(server)
        deaf.transport.pause_reading()  # type: ignore[attr-defined]  # it is a ReadTransport too
        deaf.write(encode(Synthesize("forever").event()))
        await speaker.started.wait()
        while not speaker.cut_off.is_set():
            async with client_of(server) as client:
                await client.write_event(Synthesize("hello").event())
                assert types(await read_until(client, "audio-stop")) == WHOLE
        deaf.close()


async def test_an_idle_client_is_told_and_closed() -> None:
    async with serving(limits=Limits(idle_seconds=0.05)) as server, client_of(server) as client:
        (answer,) = await read_until(client)
    assert Error.from_event(answer).code == "timed-out"


async def test_a_client_that_waits_for_its_answer_is_not_idle() -> None:
    speaker = Speaker()
    speaker.may_speak.clear()
    async with (
        serving(speaker, Limits(idle_seconds=0.05)) as server,
        client_of(server) as patient,
        client_of(server) as idle,
    ):
        await patient.write_event(Synthesize("hello").event())
        await read_until(idle)  # the idle limit has passed for both
        speaker.may_speak.set()
        assert types(await read_until(patient, "audio-stop")) == WHOLE


async def test_an_open_stream_whose_text_never_comes_is_timed_out() -> None:
    async with serving(limits=Limits(idle_seconds=0.05)) as server, client_of(server) as client:
        await client.write_event(SynthesizeStart().event())
        (answer,) = await read_until(client)
    assert Error.from_event(answer).code == "timed-out"


@pytest.mark.parametrize("ending", ["fail", "crash"])
async def test_the_text_of_requests_is_not_logged_at_any_level(
    ending: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving() as server, client_of(server) as client:
        await client.write_event(event("no-such-event"))
        await client.write_event(Synthesize(f"my secret {ending}").event())
        await read_until(client)
    assert "secret" not in caplog.text
    assert "'no-such-event' is skipped" in caplog.text
    assert ("unknown-voice" if ending == "fail" else "an answer failed") in caplog.text
