"""A front and its nodes: who speaks, who speaks instead, and what is told of the fleet."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from tests.support.speakers import HUM, VOICES, Speaker, serving
from wyoming_kokoro.config import Limits
from wyoming_kokoro.errors import ConfigurationError, Overloaded, UnknownVoice
from wyoming_kokoro.network import client
from wyoming_kokoro.network.fleet import differences, warn_of_differences
from wyoming_kokoro.network.front import Front
from wyoming_kokoro.network.info import build_info
from wyoming_kokoro.network.server import Server
from wyoming_kokoro.speech import Request, Voice

QUICK = Limits(error_linger_seconds=0.05)


class Dying(Speaker):
    """Takes a request, and is gone before or after its first sound."""

    def __init__(self, sounds: int) -> None:
        super().__init__()
        self.sounds = sounds

    async def speak(
        self, request: Request, text: AsyncIterator[str], on_words: object = None
    ) -> AsyncGenerator[bytes, None]:
        self.requests.append(request)
        for _ in range(self.sounds):
            yield HUM
        raise Overloaded("there is too much to do")


@asynccontextmanager
async def fronted(*speakers: Speaker) -> AsyncIterator[tuple[str, list[Server]]]:
    """A front and servers behind it; its URI, and the servers."""
    async with AsyncExitStack() as stack:
        servers = [await stack.enter_async_context(serving(one, QUICK)) for one in speakers]
        front = Front([server.addresses[0] for server in servers])
        await front.begin()
        server = Server(front, front.describe, QUICK)
        await server.start("tcp://127.0.0.1:0")
        try:
            yield server.addresses[0], servers
        finally:
            await server.drain(0)


async def heard(uri: str, text: str | AsyncIterator[str], *, streaming: bool = False) -> bytes:
    sound = b""
    async with client.speak(uri, text, Request("af_heart"), streaming=streaming) as speech:
        async for pcm in speech:
            sound += pcm
    return sound


async def test_requests_are_shared_out_by_how_many_each_node_has() -> None:
    speakers = [Speaker() for _ in range(3)]
    for one in speakers:
        one.may_speak.clear()
    async with fronted(*speakers) as (uri, _):
        asked = [asyncio.create_task(heard(uri, "one two")) for _ in range(6)]
        await asyncio.gather(*(one.started.wait() for one in speakers))
        while sum(len(one.requests) for one in speakers) < 6:  # noqa: ASYNC110 it tells of the first
            await asyncio.sleep(0.01)
        for one in speakers:
            one.may_speak.set()
        sounds = await asyncio.gather(*asked)
    assert [len(one.requests) for one in speakers] == [2, 2, 2]
    assert set(sounds) == {HUM * 2}
    assert {one.requests[0].voice for one in speakers} == {"af_heart"}


@pytest.mark.parametrize("streaming", [False, True])
async def test_a_request_whose_node_fails_before_its_first_sound_is_spoken_by_another(
    streaming: bool,
) -> None:
    dying, other = Dying(0), Speaker()
    async with fronted(dying, other) as (uri, _):
        for _ in range(2):
            assert await heard(uri, "one two three", streaming=streaming) == HUM * 3
    assert len(dying.requests) == 1, "it is avoided for a while"
    assert other.texts == ["one two three"] * 2


async def test_a_stream_is_repeated_from_its_beginning_while_it_still_comes() -> None:
    dying, other = Dying(0), Speaker()

    async def text() -> AsyncIterator[str]:
        yield "one "
        async with asyncio.timeout(20):
            await other.started.wait()
        yield "two"

    async with fronted(dying, other) as (uri, _):
        assert await heard(uri, text(), streaming=True) == HUM * 2
    assert other.texts == ["one two"]


async def test_a_node_that_is_gone_is_not_missed() -> None:
    speakers = [Speaker(), Speaker()]
    async with fronted(*speakers) as (uri, servers):
        await servers[0].drain(0)
        for _ in range(3):
            assert await heard(uri, "one") == HUM
    assert len(speakers[1].requests) == 3


async def test_a_request_that_has_sounded_is_not_begun_again() -> None:
    dying, other = Dying(3), Speaker()
    async with fronted(dying, other) as (uri, _):
        with pytest.raises(Overloaded):
            await heard(uri, "one two")
    assert not other.requests


async def test_what_is_nobodys_fault_but_the_clients_is_not_tried_again() -> None:
    speakers = [Speaker(), Speaker()]
    async with fronted(*speakers) as (uri, _):
        with pytest.raises(UnknownVoice, match="nearest is 'af_heart'"):
            await heard(uri, "fail")
    assert sum(len(one.requests) for one in speakers) == 1


async def test_where_no_node_can_the_last_reason_is_told() -> None:
    async with fronted(Dying(0), Dying(0)) as (uri, _):
        with pytest.raises(Overloaded, match="too much to do"):
            await heard(uri, "one")


async def test_a_client_that_leaves_ends_the_work_of_its_node() -> None:
    speaker = Speaker()
    async with fronted(speaker) as (uri, _):
        async with client.speak(uri, "forever") as speech:
            async for _pcm in speech:
                break
        async with asyncio.timeout(20):
            await speaker.cut_off.wait()


async def test_the_front_describes_itself_as_its_nodes_do() -> None:
    async with fronted(Speaker(), Speaker()) as (uri, servers):
        frames = []
        for address in (uri, servers[0].addresses[0]):
            host, port = address.removeprefix("tcp://").split(":")
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(b'{"type":"describe"}\n')
            writer.write_eof()
            async with asyncio.timeout(20):
                frames.append(await reader.read())
            writer.close()
    assert frames[0] == frames[1]
    assert b"af_heart" in frames[0]


async def test_nodes_that_differ_are_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    mine = build_info(VOICES, "1.0")
    front = Front(["tcp://127.0.0.1:1"])
    for _ in range(2):
        front._tell("tcp://other:1", differences(mine, build_info(VOICES[:1], "1.1")))
    assert [record.getMessage().partition(": ")[2] for record in caplog.records] == [
        "the version is 1.0 here and 1.1 there",
        "only here: bm_george",
    ]


def test_descriptions_that_differ_in_small_things_differ() -> None:
    voice = VOICES[0]
    other = Voice(voice.name, voice.language, voice.female, "Another description")
    assert differences(build_info(VOICES, "1"), build_info(VOICES, "1")) == []
    told = differences(build_info([voice], "1"), build_info([other], "1"))
    assert told == ["the voices have other languages or descriptions"]


async def test_a_node_compares_itself_with_the_fleet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with serving(Speaker(), QUICK) as server:
        theirs = await client.describe(server.addresses[0])
        await warn_of_differences(server.addresses[0], theirs)
        assert "describes itself as this node does" in caplog.text
        await warn_of_differences(server.addresses[0], build_info((), "none"))
        assert "only there: af_heart, bm_george" in caplog.text
    await warn_of_differences(server.addresses[0], theirs)
    assert "nobody of the fleet answers yet" in caplog.text


async def test_a_front_without_nodes_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="--nodes"):
        Front([])
