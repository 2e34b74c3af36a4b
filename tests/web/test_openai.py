"""Speech as OpenAI's own client, Open WebUI and SillyTavern ask for it, from the program."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args

import httpx
import numpy as np
import pytest
from openai import APIStatusError, BadRequestError, NotFoundError, OpenAI

from tests.support.places import ROOT
from tests.support.process import running
from tests.support.web import PATIENCE, SERVING, UNHURRIED, decoded, http_of
from wyoming_kokoro.web.asking import OPENAI_VOICES

Format = Literal["mp3", "opus", "aac", "flac", "wav", "pcm"]
TEXT = "Good morning. It is seven degrees outside."

TYPES = {
    "mp3": "audio/mpeg",
    "opus": "audio/ogg; codecs=opus",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "pcm": "audio/pcm",
}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    source, folder = UNHURRIED.format(more=""), tmp_path_factory.mktemp("data")
    with running(folder, *SERVING, program=source) as program:
        yield http_of(program)
        assert "Traceback" not in program.log


@pytest.fixture(scope="module")
def client(url: str) -> OpenAI:
    return OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0, timeout=PATIENCE)


def spoken(client: OpenAI, kind: Format, **asked: Any) -> bytes:
    request = {"model": "tts-1", "voice": "alloy", "input": TEXT, **asked}
    return client.audio.speech.create(response_format=kind, **request).content


@pytest.fixture(scope="module")
def samples(client: OpenAI) -> np.ndarray[Any, Any]:
    return np.frombuffer(spoken(client, "pcm"), "<i2") / 32_768


@pytest.mark.parametrize("kind", get_args(Format)[:-1])
def test_each_format_is_the_same_speech(
    kind: Format, client: OpenAI, samples: np.ndarray[Any, Any]
) -> None:
    heard = decoded(spoken(client, kind))
    most = 0 if kind in ("wav", "flac") else 2_400  # encoders begin with silence of their own
    assert abs(len(heard) - len(samples)) <= most
    size = 1 << 18
    product = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(samples, size))
    alike = np.fft.irfft(product) / (np.linalg.norm(heard) * np.linalg.norm(samples))
    assert alike.max() > 0.97
    assert (alike.argmax() + most) % size <= 2 * most


@pytest.mark.parametrize("kind", get_args(Format))
def test_the_content_type_says_what_is_sent(kind: Format, client: OpenAI) -> None:
    answer = client.audio.speech.with_raw_response.create(
        model="tts-1", voice="alloy", input="Hello.", response_format=kind
    )
    assert answer.headers["content-type"] == TYPES[kind]
    assert answer.headers["x-accel-buffering"] == "no"
    assert "content-length" not in answer.headers


def test_a_streamed_wav_says_that_its_length_is_not_known(client: OpenAI) -> None:
    sound = spoken(client, "wav")
    assert sound[4:8] == sound[40:44] == b"\xff" * 4
    assert sound[44:] == spoken(client, "pcm")


def test_mp3_has_no_header_that_tells_a_length(client: OpenAI) -> None:
    sound = spoken(client, "mp3")
    assert sound[:2] == b"\xff\xf3"  # a frame of MPEG-2, at once
    assert b"Xing" not in sound
    assert b"Info" not in sound


def test_mp3_is_what_is_sent_where_nothing_else_is_asked_for(url: str) -> None:
    answer = httpx.post(f"{url}/v1/audio/speech", json={"input": "Hello."}, timeout=PATIENCE)
    assert answer.headers["content-type"] == "audio/mpeg"


def test_events_hold_the_same_sound_as_the_file(client: OpenAI) -> None:
    with client.audio.speech.with_streaming_response.create(
        model="tts-1", voice="alloy", input=TEXT, response_format="pcm", stream_format="sse"
    ) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = [line for line in answer.iter_lines() if line]
    events = [json.loads(line.removeprefix("data: ")) for line in lines]
    sound = b"".join(base64.b64decode(event["audio"]) for event in events[:-1])
    assert {event["type"] for event in events[:-1]} == {"speech.audio.delta"}
    assert sound == spoken(client, "pcm")
    usage = events[-1]["usage"]
    assert events[-1]["type"] == "speech.audio.done"
    assert usage["input_tokens"] + usage["output_tokens"] == usage["total_tokens"] > 0


@pytest.mark.parametrize("voice", OPENAI_VOICES)
def test_every_voice_of_openai_speaks(voice: str, client: OpenAI) -> None:
    assert spoken(client, "pcm", voice=voice, input="Yes.")


def test_a_voice_may_be_an_object_a_blend_or_have_a_speed(client: OpenAI) -> None:
    plain = spoken(client, "pcm", voice="af_heart")
    assert spoken(client, "pcm", voice={"id": "af_heart"}) == plain
    assert spoken(client, "pcm", voice="af_heart(2)+bf_emma(1)")
    assert len(spoken(client, "pcm", voice="af_heart@2")) < len(plain)


def test_speed_is_brought_within_what_the_model_can(client: OpenAI) -> None:
    lengths = [len(spoken(client, "pcm", speed=speed)) for speed in (0.25, 0.5, 1, 2, 4)]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] == lengths[1] > lengths[2] > lengths[3] == lengths[4]


def test_fields_that_nobody_knows_are_ignored(client: OpenAI) -> None:
    extra = {"volume_multiplier": 2, "return_download_link": True, "normalization_options": {}}
    assert spoken(client, "pcm", extra_body=extra, instructions="Whisper.") == spoken(client, "pcm")


def test_ssml_is_read_as_such_where_it_is_said_to_be(client: OpenAI) -> None:
    text = "<speak>One.<break time='2s'/>Two.</speak>"
    marked = spoken(client, "pcm", input=text, extra_body={"ssml": True})
    assert len(marked) > 2 * 48_000


def test_text_without_anything_to_say_is_a_sound_all_the_same(client: OpenAI) -> None:
    assert spoken(client, "pcm", input="…") == bytes(4_800)


@pytest.mark.parametrize("model", ["kokoro", "kokoro-v1.0", "gpt-4o-mini-tts", "x/Kokoro-82M"])
def test_names_of_models_that_mean_kokoro(model: str, client: OpenAI) -> None:
    assert spoken(client, "pcm", model=model, input="Yes.")


def test_another_version_speaks_with_its_own_voices(client: OpenAI) -> None:
    assert spoken(client, "pcm", model="kokoro-v0.19", voice="af_bella", input="Yes.")
    with pytest.raises(BadRequestError, match=r"v0\.19"):
        spoken(client, "pcm", model="kokoro-v0.19", voice="jf_alpha", input="Yes.")


def test_the_language_chooses_the_voice_where_none_is_named(url: str) -> None:
    asked = {"input": "Uno, due, tre.", "lang_code": "i", "response_format": "pcm"}
    italian = httpx.post(f"{url}/v1/audio/speech", json=asked, timeout=PATIENCE).content
    named = {**asked, "voice": "if_sara", "lang_code": None}
    assert italian == httpx.post(f"{url}/v1/audio/speech", json=named, timeout=PATIENCE).content


@pytest.mark.parametrize(
    ("asked", "field", "message"),
    [
        ({"voice": "nobody"}, "voice", "there is no voice 'nobody'"),
        ({"voice": {"name": "af_heart"}}, "voice", "must be a name"),
        ({"voice": ["af_heart"]}, "voice", "must be a name"),
        ({"input": "  "}, "input", "not empty"),
        ({"speed": "fast"}, "speed", "number"),
        ({"response_format": "midi"}, "response_format", "mp3, opus"),
        ({"stream_format": "morse"}, "stream_format", "audio, sse"),
        ({"extra_body": {"lang_code": "tlh"}, "voice": None}, "lang_code", "no voice speaks"),
    ],
)
def test_a_bad_field_is_named_as_openai_does(
    asked: dict[str, Any], field: str, message: str, client: OpenAI
) -> None:
    request = {"model": "tts-1", "voice": "alloy", "input": TEXT, **asked}
    with pytest.raises(BadRequestError) as caught:
        client.audio.speech.create(**request)
    body: Any = caught.value.body
    assert (caught.value.status_code, body["param"], body["type"]) == (
        400,
        field,
        "invalid_request_error",
    )
    assert message in body["message"]


def test_a_text_that_is_too_long_is_413(client: OpenAI) -> None:
    with pytest.raises(APIStatusError) as caught:
        spoken(client, "pcm", input="a" * 20_001)
    assert caught.value.status_code == 413
    assert "20000" in str(caught.value)


def test_a_model_that_is_none_is_404(client: OpenAI) -> None:
    with pytest.raises(NotFoundError, match=r"kokoro-v1\.0"):
        spoken(client, "pcm", model="whisper-1")


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"input": NaN}', b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_json_object_is_400(body: bytes, url: str) -> None:
    answer = httpx.post(f"{url}/v1/audio/speech", content=body, timeout=PATIENCE)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_models_are_listed_and_found(client: OpenAI) -> None:
    names = [model.id for model in client.models.list()]
    assert {"kokoro", "kokoro-v1.0", "tts-1"} <= set(names)
    assert client.models.retrieve("kokoro-v0.19").owned_by == "hexgrad"
    with pytest.raises(NotFoundError):
        client.models.retrieve("whisper-1")


def test_voices_are_listed_for_each_kind_of_client(url: str) -> None:
    voices = httpx.get(f"{url}/v1/audio/voices").json()["voices"]
    named = {voice["id"]: voice["name"] for voice in voices}  # as Open WebUI reads them
    assert named["af_heart"] == "Heart (US English, female)"
    assert httpx.get(f"{url}/v1/audio/voices?legacy=true").json()["voices"] == list(named)
    zotero = httpx.get(f"{url}/v1/voices").json()
    heart = {"id": "af_heart", "label": "Heart (US English, female)", "locale": "en-US"}
    assert heart in zotero


def test_open_webui_lists_and_speaks(url: str) -> None:
    """As `routers/audio.py` of open-webui asks: its own headers, and no format."""
    base = f"{url}/v1"
    models = httpx.get(f"{base}/audio/models").json()["models"]
    voices = {v["id"]: v["name"] for v in httpx.get(f"{base}/audio/voices").json()["voices"]}
    headers = {
        "Content-Type": "application/json",
        "Authorization": "Bearer sk-1",
        "X-OpenWebUI-User-Name": "Ada",
        "X-OpenWebUI-User-Id": "1",
        "X-OpenWebUI-User-Email": "ada@example.com",
        "X-OpenWebUI-User-Role": "user",
    }
    payload = {"input": TEXT, "voice": next(iter(voices)), "model": models[0]["id"]}
    answer = httpx.post(f"{base}/audio/speech", json=payload, headers=headers, timeout=PATIENCE)
    assert answer.status_code == 200
    assert len(decoded(answer.content)) > 24_000


def test_sillytavern_speaks(url: str) -> None:
    """As its server sends what `openai-compatible.js` asks for: a slider's speed, and no key."""
    payload = {
        "input": TEXT,
        "response_format": "mp3",
        "voice": "shimmer",
        "speed": 0.25,
        "model": "tts-1",
    }
    headers = {"Content-Type": "application/json", "Authorization": "Bearer"}
    answer = httpx.post(f"{url}/v1/audio/speech", json=payload, headers=headers, timeout=PATIENCE)
    assert answer.headers["content-type"] == "audio/mpeg"
    assert len(decoded(answer.content)) > 24_000


def test_one_server_speaks_both_protocols_and_counts_both_in_figures_that_the_page_names(
    tmp_path: Path,
) -> None:
    with running(tmp_path, *SERVING) as program:
        url = http_of(program)
        httpx.post(f"{url}/v1/audio/speech", json={"input": "Hello."}, timeout=PATIENCE)
        figures = httpx.get(f"{url}/metrics").text
        assert httpx.get(f"{url}/health/live").status_code == 200
        assert httpx.get(f"{url}/health/ready").status_code == 200
        assert program.stop() == 0
        assert "so far: 1 requests" in program.log
    assert 'kokoro_requests_total{outcome="spoken"} 1.0' in figures
    assert "kokoro_first_audio_seconds_count 1.0" in figures
    assert "process_resident_memory_bytes" in figures
    page = (ROOT / "docs/http.md").read_text(encoding="utf-8")
    told = re.findall(r"^# TYPE (kokoro_\w+)", figures, re.MULTILINE)
    assert [name for name in told if name not in page] == []
