"""The bounded reader and the writer, without sockets; time is virtual."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wyoming.event import Event, async_read_event

from tests.support import virtual_time
from wyoming_kokoro.config import Limits
from wyoming_kokoro.errors import BadRequest, TimedOut, TooLarge
from wyoming_kokoro.network.wire import EventReader, PeerGone, encode

LIMITS = Limits()


def stream_of(sent: bytes) -> asyncio.StreamReader:
    stream = asyncio.StreamReader(limit=LIMITS.header_bytes)
    stream.feed_data(sent)
    stream.feed_eof()
    return stream


async def read_all(sent: bytes) -> list[Event]:
    reader = EventReader(stream_of(sent), LIMITS, lambda: virtual_time.now())
    events = []
    while (event := await reader.read()) is not None:
        events.append(event)
    return events


def read(sent: bytes) -> list[Event]:
    return virtual_time.run(read_all(sent))


def line(**header: Any) -> bytes:
    return json.dumps(header).encode() + b"\n"


def test_events_follow_one_another_and_the_stream_ends_with_none() -> None:
    data = b'{"text": "two"}'
    sent = line(type="one") + line(type="two", data_length=len(data)) + data + line(type="three")
    assert read(sent) == [Event("one"), Event("two", {"text": "two"}), Event("three")]


def test_data_in_the_line_is_read_and_the_block_is_merged_over_it() -> None:
    block = b'{"b": 3}'
    sent = line(type="x", data={"a": 1, "b": 2}, data_length=len(block)) + block
    assert read(sent) == [Event("x", {"a": 1, "b": 3})]


def test_a_payload_is_left_out_and_the_next_event_is_found() -> None:
    size = LIMITS.payload_bytes
    sent = line(type="audio-chunk", payload_length=size) + bytes(size) + line(type="ping")
    assert [event.type for event in read(sent)] == ["audio-chunk", "ping"]


def test_lengths_that_are_null_are_absent() -> None:
    assert read(line(type="x", data_length=None, payload_length=None)) == [Event("x")]


def test_text_of_every_script_arrives_whole() -> None:
    text = "Grüß dich, 世界 \U0001f600 \x00 e\u0301"
    escaped = json.dumps({"text": text}).encode()
    assert "\\ud83d" in escaped.decode()
    plain = json.dumps({"text": text}, ensure_ascii=False).encode()
    for block in (escaped, plain):
        assert read(line(type="x", data_length=len(block)) + block) == [Event("x", {"text": text})]


@pytest.mark.parametrize("field", ["data_length", "payload_length"])
@pytest.mark.parametrize("length", ['"5"', "5.5", "true", "-1", "NaN", "Infinity", "1e400", "[]"])
def test_a_length_is_a_whole_number(field: str, length: str) -> None:
    with pytest.raises(BadRequest):
        read(f'{{"type": "x", "{field}": {length}}}\n'.encode())


@pytest.mark.parametrize("field", ["data_length", "payload_length"])
def test_a_length_over_its_limit_is_refused_before_a_byte_is_read(field: str) -> None:
    with pytest.raises(TooLarge, match=field):
        read(line(type="x", **{field: 10**12}))


def test_a_line_over_its_limit_is_refused() -> None:
    with pytest.raises(TooLarge, match="65536"):
        read(b'{"type": "' + b"x" * LIMITS.header_bytes)


def test_a_line_at_its_limit_is_read() -> None:
    filler = "x" * (LIMITS.header_bytes - len(line(type="x", data={"": ""})))
    assert read(line(type="x", data={"": filler})) == [Event("x", {"": filler})]


@pytest.mark.parametrize(
    "sent",
    [b'{"type": "x"', line(type="x", data_length=9) + b"{", line(type="x", payload_length=9)],
)
def test_an_end_within_an_event_is_a_bad_request(sent: bytes) -> None:
    with pytest.raises(BadRequest, match="middle of an event"):
        read(sent)


def test_half_a_surrogate_pair_is_refused_wherever_it_hides() -> None:
    for data in ({"text": "\ud800"}, {"\udfff": 1}, {"voice": [{"name": "a\udc00"}]}):
        with pytest.raises(BadRequest, match="UTF-8"):
            read(line(type="x", data=data))


def test_deep_nesting_is_a_bad_request() -> None:
    deep = b'{"a":' + b"[" * 60_000
    with pytest.raises(BadRequest, match="deep"):
        read(deep + b"\n")
    deep += b"[" * 100_000
    with pytest.raises(BadRequest, match="deep"):
        read(line(type="x", data_length=len(deep)) + deep)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_with_a_documented_error(sent: bytes) -> None:
    read_or_refuse(sent)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
HEADERS = st.dictionaries(
    st.sampled_from(["type", "data", "data_length", "payload_length", "version", "other"]),
    st.sampled_from(["x", 0, 1, 7, 40, {"text": "t"}]) | JSON,
)
BLOCKS = JSON.map(json.dumps).map(str.encode) | st.binary(max_size=60)


@given(st.lists(st.tuples(HEADERS, BLOCKS), min_size=1, max_size=3))
def test_almost_events_are_read_or_refused_with_a_documented_error(
    frames: list[tuple[dict[str, Any], bytes]],
) -> None:
    read_or_refuse(b"".join(json.dumps(header).encode() + b"\n" + b for header, b in frames))


def read_or_refuse(sent: bytes) -> None:
    try:
        events = read(sent)
    except BadRequest as refusal:
        assert str(refusal)
    else:
        assert all(isinstance(event.type, str) for event in events)
        assert all(isinstance(event.data, dict) for event in events)


@given(
    kind=st.text(max_size=20),
    data=st.dictionaries(
        st.text(max_size=9), JSON.filter(lambda value: value == value), max_size=4
    ),
    payload=st.none() | st.binary(min_size=1, max_size=99),
)
def test_what_is_encoded_the_wyoming_package_reads(
    kind: str, data: dict[str, Any], payload: bytes | None
) -> None:
    event = Event(kind, json.loads(json.dumps(data)), payload)

    async def decoded() -> Event | None:
        return await async_read_event(stream_of(encode(event)))

    received = virtual_time.run(decoded())
    assert json.dumps(vars(received), default=repr) == json.dumps(vars(event), default=repr)


def test_a_client_that_says_nothing_is_refused_when_the_idle_limit_has_passed() -> None:
    async def listen() -> float:
        reader = EventReader(asyncio.StreamReader(), LIMITS, lambda: 0.0)
        with pytest.raises(TimedOut, match="300 s"):
            await reader.read()
        return virtual_time.now()

    assert virtual_time.run(listen()) == LIMITS.idle_seconds


def test_the_idle_limit_does_not_run_while_the_client_owes_nothing() -> None:
    spoken_until = 1000.0

    async def listen() -> float:
        reader = EventReader(
            asyncio.StreamReader(), LIMITS, lambda: min(virtual_time.now(), spoken_until)
        )
        with pytest.raises(TimedOut):
            await reader.read()
        return virtual_time.now()

    assert virtual_time.run(listen()) == spoken_until + LIMITS.idle_seconds


def test_an_event_sent_a_byte_a_second_is_refused_at_the_frame_limit() -> None:
    async def listen() -> float:
        stream = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        for second, byte in enumerate(line(type="describe")):
            loop.call_later(second, stream.feed_data, bytes([byte]))
        with pytest.raises(TimedOut, match="10 s"):
            await EventReader(stream, LIMITS, virtual_time.now).read()
        return virtual_time.now()

    assert virtual_time.run(listen()) == LIMITS.frame_seconds


@pytest.mark.parametrize("after", [b"", b'{"type'])
@pytest.mark.parametrize("failure", [ConnectionResetError("reset"), TimeoutError("keep-alive")])
def test_a_lost_connection_is_not_taken_for_a_slow_client(after: bytes, failure: OSError) -> None:
    async def listen() -> None:
        stream = asyncio.StreamReader()
        stream.feed_data(after)
        asyncio.get_running_loop().call_soon(stream.set_exception, failure)
        with pytest.raises(PeerGone):
            await EventReader(stream, LIMITS, virtual_time.now).read()

    virtual_time.run(listen())
