"""How speech is sent over HTTP: while it is made, in order, and no longer than somebody listens."""

import asyncio
import base64
import json
import struct
from pathlib import Path

import httpx

from tests.support.speakers import HUM, Speaker
from tests.support.web import web_serving
from wyoming_kokoro.config import Limits
from wyoming_kokoro.web.asking import fields_in

SPEECH = "/v1/audio/speech"


async def test_sound_leaves_with_its_first_piece(tmp_path: Path) -> None:
    speaker = Speaker()
    async with web_serving(tmp_path, speaker) as (_, client):
        asked = {"input": "forever", "response_format": "pcm"}
        async with client.stream("POST", SPEECH, json=asked) as answer:
            first = await anext(answer.aiter_bytes())
    assert first[: len(HUM)] == HUM


async def test_a_client_that_leaves_stops_the_work(tmp_path: Path) -> None:
    speaker = Speaker()
    async with web_serving(tmp_path, speaker) as (_, client):
        for kind in ("pcm", "mp3"):
            speaker.cut_off.clear()
            asked = {"input": "forever", "response_format": kind}
            async with client.stream("POST", SPEECH, json=asked) as answer:
                await anext(answer.aiter_bytes())
            async with asyncio.timeout(20):
                await speaker.cut_off.wait()


async def test_a_client_that_leaves_before_the_first_sound_stops_the_work(tmp_path: Path) -> None:
    speaker = Speaker()
    speaker.may_speak.clear()
    async with web_serving(tmp_path, speaker) as (_, client):
        asking = asyncio.ensure_future(client.post(SPEECH, json={"input": "hum"}))
        await speaker.started.wait()
        asking.cancel()
        async with asyncio.timeout(20):
            await speaker.cut_off.wait()


async def test_a_request_is_not_paced_and_says_what_was_asked(tmp_path: Path) -> None:
    speaker = Speaker()
    async with web_serving(tmp_path, speaker) as (_, client):
        await client.post(SPEECH, json={"input": "hum", "voice": "af_heart", "speed": 9})
    [request] = speaker.requests
    assert (request.voice, request.rate, request.paced) == ("af_heart", 4.0, False)
    assert speaker.texts == ["hum"]


async def test_only_who_wants_the_times_of_words_has_them_looked_for(tmp_path: Path) -> None:
    speaker = Speaker()
    async with web_serving(tmp_path, speaker) as (_, client):
        for address in (SPEECH, "/dev/captioned_speech", "/v1/audio/captions"):
            assert (await client.post(address, json={"input": "hum"})).status_code == 200
        await client.post(SPEECH, json={"input": "hum", "stream_format": "sse"})
    assert speaker.timed == [False, True, True, False]


async def test_what_fails_before_the_first_sound_is_told(tmp_path: Path) -> None:
    async with web_serving(tmp_path) as (_, client):
        refused = await client.post(SPEECH, json={"input": "fail"})
        crashed = await client.post(SPEECH, json={"input": "crash"})
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "voice")
    assert crashed.status_code == 500
    assert crashed.json()["error"]["type"] == "server_error"
    assert "defect" not in crashed.text


async def test_what_fails_later_breaks_the_connection_off(tmp_path: Path) -> None:
    async with web_serving(tmp_path) as (_, client):
        asked = {"input": "hum hum fail", "response_format": "pcm"}
        sound = bytearray()
        try:
            async with client.stream("POST", SPEECH, json=asked) as answer:
                async for piece in answer.aiter_bytes():
                    sound += piece
            broken = False
        except httpx.RemoteProtocolError:
            broken = True
    assert answer.status_code == 200
    assert bytes(sound) == HUM * 2
    assert broken


async def test_who_reads_events_is_told_of_a_failure_too(tmp_path: Path) -> None:
    async with web_serving(tmp_path) as (_, client):
        asked = {"input": "hum fail", "stream_format": "sse", "response_format": "pcm"}
        lines = []
        try:
            async with client.stream("POST", SPEECH, json=asked) as answer:
                lines = [line async for line in answer.aiter_lines() if line]
        except httpx.RemoteProtocolError:
            pass
        async with client.stream("POST", SPEECH, json={**asked, "input": "hum"}) as answer:
            whole = [line async for line in answer.aiter_lines() if line]
    assert "speech.audio.done" in whole[-1]
    assert "speech.audio.done" not in "".join(lines)


async def test_requests_beyond_those_that_may_wait_are_429(tmp_path: Path) -> None:
    speaker = Speaker()
    speaker.may_speak.clear()
    async with web_serving(tmp_path, speaker, Limits(queued_requests=2)) as (_, client):
        waiting = [
            asyncio.ensure_future(client.post(SPEECH, json={"input": "hum"})) for _ in range(2)
        ]
        while len(speaker.requests) < 2:  # noqa: ASYNC110 nobody tells of the second one
            await asyncio.sleep(0)
        refused = await client.post(SPEECH, json={"input": "hum"})
        speaker.may_speak.set()
        answers = await asyncio.gather(*waiting)
        again = await client.post(SPEECH, json={"input": "hum"})
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert refused.json()["error"]["type"] == "rate_limit_error"
    assert [answer.status_code for answer in (*answers, again)] == [200, 200, 200]


async def test_several_requests_of_one_connection_are_answered_in_order(tmp_path: Path) -> None:
    speaker = Speaker()
    body = [json.dumps({"input": "hum " * n, "response_format": "wav"}).encode() for n in (3, 1)]
    async with web_serving(tmp_path, speaker) as (server, _):
        host, port = server.addresses[0].removeprefix("tcp://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        for one in body:
            head = f"POST {SPEECH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(one)}\r\n"
            writer.write(head.encode() + b"\r\n" + one)
        writer.write(b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        answers = await reader.read()
        writer.close()
    assert answers.count(b"HTTP/1.1 200 OK") == 3
    assert speaker.texts == ["hum hum hum ", "hum "]
    header = struct.pack("<4sI", b"RIFF", 0xFFFFFFFF)
    assert answers.count(header) == 2


async def test_captioned_speech_has_the_shape_that_kokoro_fastapi_gives_it(tmp_path: Path) -> None:
    async with web_serving(tmp_path) as (_, client):
        asked = {"input": "hum hum", "response_format": "pcm"}
        lines = await client.post("/dev/captioned_speech", json=asked)
        whole = await client.post("/dev/captioned_speech", json={**asked, "stream": False})
    pieces = [json.loads(line) for line in lines.text.splitlines()]
    assert lines.headers["content-type"] == "application/x-ndjson"
    assert [base64.b64decode(piece["audio"]) for piece in pieces] == [HUM, HUM]
    assert whole.headers["content-type"] == "application/json"
    assert whole.json() == {
        "audio": base64.b64encode(HUM * 2).decode(),
        "audio_format": "audio/pcm",
        "timestamps": [],
    }


async def test_the_server_finishes_what_it_says_before_it_stops(tmp_path: Path) -> None:
    speaker = Speaker()
    speaker.may_speak.clear()
    async with web_serving(tmp_path, speaker) as (server, client):
        asked = {"input": "hum hum", "response_format": "pcm"}
        asking = asyncio.ensure_future(client.post(SPEECH, json=asked))
        await speaker.started.wait()
        draining = asyncio.ensure_future(server.drain(20))
        await asyncio.sleep(0)
        speaker.may_speak.set()
        answer = await asking
        await draining
    assert answer.content == HUM * 2


async def test_a_speech_without_end_is_cut_off_at_the_deadline(tmp_path: Path) -> None:
    speaker = Speaker()
    async with (
        web_serving(tmp_path, speaker) as (server, client),
        client.stream("POST", SPEECH, json={"input": "forever"}) as answer,
    ):
        await anext(answer.aiter_bytes())
        await server.drain(0)
        assert speaker.cut_off.is_set()


def test_half_of_an_emoji_is_left_out_of_what_is_asked_for() -> None:
    """Nothing that is written in UTF-8 can hold it: captions, errors, a database."""
    body = json.dumps({"input": "One \ud83d two \U0001f600.", "voice": ["\ude00"], "\udfff": 1})
    assert fields_in(body.encode()) == {"input": "One  two \U0001f600.", "voice": [""], "": 1}
