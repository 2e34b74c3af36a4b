"""The client against small real servers: `wyoming`'s own, and some that misbehave."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.event import Event, async_read_event, async_write_event
from wyoming.info import Attribution, Describe, Info, TtsProgram
from wyoming.ping import Pong
from wyoming.server import AsyncEventHandler, AsyncServer, AsyncTcpServer
from wyoming.tts import SynthesizeStop, SynthesizeStopped

from wyoming_kokoro import errors
from wyoming_kokoro.network.client import describe, speak
from wyoming_kokoro.speech import Request

START = AudioStart(24_000, 2, 1, timestamp=0).event()
STOP = AudioStop(timestamp=0).event()
STOPPED = SynthesizeStopped().event()
INFO = Info(
    tts=[
        TtsProgram(
            name="kokoro",
            attribution=Attribution("a", "b"),
            installed=True,
            description="speaks",
            version="1",
            voices=[],
            supports_synthesize_streaming=True,
        )
    ]
)

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def chunk(audio: bytes) -> Event:
    return AudioChunk(24_000, 2, 1, audio).event()


class Server:
    """What a server was sent, and what it answers to each type of event."""

    def __init__(self, answers: dict[str, list[Event]]) -> None:
        self.answers = answers
        self.received: list[Event] = []
        self.client_gone = asyncio.Event()

    def types(self) -> list[str]:
        return [event.type for event in self.received]

    def handler(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> AsyncEventHandler:
        server = self

        class Handler(AsyncEventHandler):
            async def handle_event(self, event: Event) -> bool:
                server.received.append(event)
                for answer in server.answers.get(event.type, []):
                    await self.write_event(answer)
                return True

            async def disconnect(self) -> None:
                server.client_gone.set()

        return Handler(reader, writer)


@asynccontextmanager
async def serving(answers: dict[str, list[Event]]) -> AsyncIterator[tuple[str, Server]]:
    """Run a server of the `wyoming` package on a free port of loopback."""
    server, wyoming_server = Server(answers), AsyncTcpServer("127.0.0.1", 0)
    await wyoming_server.start(server.handler)
    assert isinstance(wyoming_server._server, asyncio.Server)
    port = wyoming_server._server.sockets[0].getsockname()[1]
    try:
        yield f"tcp://127.0.0.1:{port}", server
    finally:
        await asyncio.wait_for(server.client_gone.wait(), 5)
        await wyoming_server.stop()


@asynccontextmanager
async def talking(talk: Talk) -> AsyncIterator[str]:
    """Run a server that reads the first event and then does what `talk` does."""
    ended = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await async_read_event(reader)
            await talk(reader, writer)
        finally:
            writer.close()
            ended.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        await asyncio.wait_for(ended.wait(), 5)


def answering(*events: Event) -> AbstractAsyncContextManager[str]:
    """Run a server that sends these events to whatever it is asked, then closes."""

    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for event in events:
            await async_write_event(event, writer)

    return talking(talk)


def sending(raw: bytes) -> AbstractAsyncContextManager[str]:
    """Run a server that sends these bytes to whatever it is asked, then closes."""

    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()

    return talking(talk)


async def until_client_leaves(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    while await reader.read(4096):
        pass


async def spoken(uri: str, text: str | AsyncIterator[str] = "Hello.", **options: Any) -> bytes:
    async with speak(uri, text, **options) as speech:
        return b"".join([samples async for samples in speech])


async def test_describe_returns_what_the_server_offers() -> None:
    async with serving({"describe": [INFO.event()]}) as (uri, server):
        assert await describe(uri) == INFO
    assert server.types() == [Describe().event().type]


async def test_describe_speaks_to_a_unix_socket(tmp_path: Path) -> None:
    path = tmp_path / "kokoro.socket"
    server, wyoming_server = (
        Server({"describe": [INFO.event()]}),
        AsyncServer.from_uri(f"unix://{path}"),
    )
    await wyoming_server.start(server.handler)
    assert await describe(f"unix://{path}") == INFO
    await asyncio.wait_for(server.client_gone.wait(), 5)
    await wyoming_server.stop()


async def test_describe_skips_events_that_are_no_answer() -> None:
    async with answering(Pong().event(), Event("news"), INFO.event()) as uri:
        assert await describe(uri) == INFO


async def test_text_is_sent_as_one_request_and_its_samples_come_back() -> None:
    answer = [START, chunk(b"\1\2"), chunk(b"\3\4"), STOP]
    request = Request(voice="af_heart", text_format="ssml")
    async with serving({"synthesize": answer}) as (uri, server), speak(uri, "Hello.", request) as s:
        assert (s.rate, s.width, s.channels) == (24_000, 2, 1)
        assert [samples async for samples in s] == [b"\1\2", b"\3\4"]
    assert [event.data for event in server.received] == [
        {"text": "Hello.", "voice": {"name": "af_heart"}, "text_format": "ssml"}
    ]


async def test_a_language_without_a_voice_is_sent_and_no_choice_is_not() -> None:
    async with serving({"synthesize": [START, STOP]}) as (uri, server):
        assert await spoken(uri, request=Request(language="fr_FR")) == b""
        assert await spoken(uri) == b""
    assert server.received[0].data["voice"] == {"language": "fr_FR"}
    assert server.received[1].data == {"text": "Hello."}


async def test_a_stream_is_sent_in_the_order_home_assistant_sends_it() -> None:
    async def pieces() -> AsyncIterator[str]:
        yield "One. "
        yield "Two."

    answers = {"synthesize-stop": [START, chunk(b"\1\2"), STOP, STOPPED]}
    async with serving(answers) as (uri, server):
        assert await spoken(uri, pieces(), streaming=True, request=Request("af_sky")) == b"\1\2"
    assert [(event.type, event.data) for event in server.received] == [
        ("synthesize-start", {"voice": {"name": "af_sky"}}),
        ("synthesize-chunk", {"text": "One. "}),
        ("synthesize-chunk", {"text": "Two."}),
        ("synthesize", {"text": "One. Two.", "voice": {"name": "af_sky"}}),
        ("synthesize-stop", {}),
    ]


async def test_speech_is_heard_while_text_is_still_to_come() -> None:
    heard = asyncio.Event()

    async def pieces() -> AsyncIterator[str]:
        yield "One. "
        await asyncio.wait_for(heard.wait(), 5)
        yield "Two."

    answers = {"synthesize-chunk": [START, chunk(b"\1\2")], "synthesize-stop": [STOP, STOPPED]}
    async with serving(answers) as (uri, server), speak(uri, pieces(), streaming=True) as speech:
        async for _ in speech:
            heard.set()
    assert server.types()[-1] == SynthesizeStop().event().type


async def test_text_that_is_slow_to_come_is_not_the_servers_silence() -> None:
    async def pieces() -> AsyncIterator[str]:
        yield "One. "
        await asyncio.sleep(0.2)  # the slowness is the point: four times the silence allowed
        yield "Two."

    answers = {"synthesize-stop": [START, chunk(b"\1\2"), STOP, STOPPED]}
    async with serving(answers) as (uri, _):
        got = await spoken(uri, pieces(), streaming=True, silence_seconds=0.05)
    assert got == b"\1\2"


async def test_what_the_source_of_the_text_raises_reaches_the_listener() -> None:
    async def pieces() -> AsyncIterator[str]:
        yield "One. "
        raise LookupError("the text is lost")

    async with serving({}) as (uri, _):
        with pytest.raises(LookupError, match="the text is lost"):
            async with speak(uri, pieces(), streaming=True):
                pass


async def test_leaving_early_ends_the_connection() -> None:
    async with serving({"synthesize": [START, chunk(b"\1\2")]}) as (uri, server):
        async with speak(uri, "Hello."):
            assert not server.client_gone.is_set()
        await asyncio.wait_for(server.client_gone.wait(), 5)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("unknown-voice", errors.UnknownVoice),
        ("overloaded", errors.Overloaded),
        ("bad-request", errors.BadRequest),
        ("too-large", errors.TooLarge),
        ("model-unavailable", errors.ModelUnavailable),
        ("synthesis-failed", errors.SynthesisFailed),
        ("ValueError", errors.KokoroError),
        (None, errors.KokoroError),
    ],
)
async def test_an_error_event_is_raised_with_its_text_and_the_class_of_its_code(
    code: str | None, kind: type[errors.KokoroError]
) -> None:
    async with answering(Error("no voice 'x'; try af_heart", code).event()) as uri:
        with pytest.raises(errors.KokoroError, match="no voice 'x'; try af_heart") as caught:
            await spoken(uri)
    assert type(caught.value) is kind
    assert caught.value.code == (code or "internal-error")


async def test_an_error_between_samples_is_raised_after_them() -> None:
    got = []
    async with answering(START, chunk(b"\1\2"), Error("out of memory").event()) as uri:
        with pytest.raises(errors.KokoroError, match="out of memory"):
            async with speak(uri, "Hello.") as speech:
                async for samples in speech:
                    got.append(samples)  # noqa: PERF401 - a comprehension would lose them
    assert got == [b"\1\2"]


async def test_an_error_in_answer_to_describe_is_raised() -> None:
    async with answering(Error("full", "overloaded").event()) as uri:
        with pytest.raises(errors.Overloaded, match="full"):
            await describe(uri)


async def test_a_port_where_nothing_listens_is_named_with_the_remedy(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        uri = f"tcp://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(errors.ServerUnreachable, match=f"nothing listens at {uri} .*--uri"):
            await describe(uri)
    with pytest.raises(errors.ServerUnreachable, match="nothing listens at unix://"):
        await describe(f"unix://{tmp_path}/none.socket")


async def test_a_host_that_nobody_knows_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(errors.ServerUnreachable, match="host of tcp://kitchen:10200 is not known"):
        await describe("tcp://kitchen:10200")


@pytest.mark.parametrize(
    "uri",
    ["", "kitchen", "tcp://kitchen", "tcp://:1", "tcp://a:b", "tcp://[::1", "stdio://", "unix://"],
)
async def test_a_uri_that_names_no_server_is_refused(uri: str) -> None:
    with pytest.raises(errors.ConfigurationError, match=r"--uri is .*tcp://HOST:PORT or unix://"):
        await describe(uri)


async def test_a_server_that_does_not_answer_is_given_up() -> None:
    async with talking(until_client_leaves) as uri:
        with pytest.raises(errors.ServerUnreachable, match=r"not answered for 0\.05 s"):
            await describe(uri, seconds=0.05)
    async with talking(until_client_leaves) as uri:
        with pytest.raises(errors.ServerUnreachable, match=r"not answered for 0\.05 s"):
            await spoken(uri, silence_seconds=0.05)


async def test_a_server_that_chatters_without_describing_itself_is_given_up() -> None:
    async def chatter(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await async_write_event(Pong().event(), writer)
                await asyncio.sleep(0)
        except ConnectionError:
            return

    async with talking(chatter) as uri:
        with pytest.raises(errors.ServerUnreachable, match="not answered"):
            await describe(uri, seconds=0.1)


async def test_an_answer_that_ends_early_is_an_error() -> None:
    for events in ([], [START], [START, chunk(b"\1\2")]):
        async with answering(*events) as uri:
            with pytest.raises(errors.BadAnswer, match=f"{uri} closed the connection before"):
                await spoken(uri)


async def test_an_answer_without_audio_is_an_error() -> None:
    async with answering(STOP) as uri:
        with pytest.raises(errors.BadAnswer, match="without any audio"):
            await spoken(uri)
    async with answering(STOPPED) as uri:
        with pytest.raises(errors.BadAnswer, match="without any audio"):
            await spoken(uri, streaming=True)


async def test_a_stream_of_several_cycles_in_one_format_is_one_speech() -> None:
    cycle = [START, chunk(b"\1\2"), STOP]
    async with answering(*cycle, *cycle, STOPPED) as uri:
        assert await spoken(uri, streaming=True) == b"\1\2\1\2"


async def test_a_format_that_changes_within_the_answer_is_an_error() -> None:
    async with answering(START, AudioStart(22_050, 2, 1).event(), STOP) as uri:
        with pytest.raises(errors.BadAnswer, match="changed the format"):
            await spoken(uri)


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"{not json}\n",
        b'{"type": 5}\n',
        b'{"type": "audio-chunk", "payload_length": 1000000000000}\n',
        b'{"type": "info", "data_length": 1000000000000}\n',
        b'{"type": "info"' + b" " * 100_000 + b"}\n",
        b'{"type": "audio-start", "payload_length": 4}\n12',
    ],
)
async def test_bytes_that_are_not_the_protocol_are_refused_without_keeping_them(raw: bytes) -> None:
    async with sending(raw) as uri:
        with pytest.raises(errors.BadAnswer, match=f"the server at {uri} "):
            await spoken(uri)


@pytest.mark.parametrize(
    "data",
    [{}, {"rate": "24000", "width": 2, "channels": 1}, {"rate": 24_000, "width": 0, "channels": 1}],
)
async def test_a_damaged_description_of_the_audio_is_refused(data: dict[str, Any]) -> None:
    async with answering(Event("audio-start", data)) as uri:
        with pytest.raises(errors.BadAnswer, match=f"the server at {uri} "):
            await spoken(uri)


async def test_a_damaged_info_is_refused() -> None:
    line = json.dumps({"type": "info", "data": {"tts": [{"name": "kokoro"}]}})
    async with sending(f"{line}\n".encode()) as uri:
        with pytest.raises(errors.BadAnswer, match="damaged 'info' event"):
            await describe(uri)
