"""A client of a Wyoming server: its URI and text in, its description or its speech out.

For `say --uri`, `health` and `bench`. Sends what Home Assistant sends, in the same order.
"""

import asyncio
import socket
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from typing import NoReturn, TypeVar, cast
from urllib.parse import urlsplit

from wyoming.audio import AudioChunk, AudioFormat, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.event import Event, Eventable
from wyoming.info import Describe, Info
from wyoming.tts import (
    Synthesize,
    SynthesizeChunk,
    SynthesizeStart,
    SynthesizeStop,
    SynthesizeStopped,
    SynthesizeVoice,
)

from wyoming_kokoro.config import Limits
from wyoming_kokoro.errors import (
    BadAnswer,
    BadRequest,
    ConfigurationError,
    KokoroError,
    ServerUnreachable,
    TimedOut,
)
from wyoming_kokoro.network.wire import EventReader, EventWriter, PeerGone
from wyoming_kokoro.speech import Request

_INFO_BYTES = 1024 * 1024  # a server with many models describes itself at length

_Message = TypeVar("_Message", bound=Eventable)


class Speech:
    """Speech on its way: the format of its samples, and the samples as they arrive.

    Iterate over it once for the bytes of each chunk: signed little-endian samples of `width`
    bytes, channels interleaved.
    """

    def __init__(self, connection: "_Connection", start: AudioFormat, last_event: str) -> None:
        self._connection = connection
        self._last_event = last_event
        self.rate = start.rate
        self.width = start.width
        self.channels = start.channels
        for value in (self.rate, self.width, self.channels):
            if type(value) is not int or value < 1:
                connection.refuse(f"describes its audio with the number {value!r}")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (event := await self._connection.receive()).type != self._last_event:
            if AudioStart.is_type(event.type):
                self._check_format(self._connection.parse(AudioStart, event))
            elif AudioChunk.is_type(event.type) and event.payload:
                yield event.payload

    def _check_format(self, start: AudioFormat) -> None:
        """Refuse a second `audio-start` of another format: a listener cannot follow it."""
        if (start.rate, start.width, start.channels) != (self.rate, self.width, self.channels):
            self._connection.refuse("changed the format of the samples within its answer")


async def describe(uri: str, seconds: float = 5.0) -> Info:
    """Ask the server at `uri` what it offers; wait that many seconds at most.

    Raises:
        ConfigurationError: the URI is none that a client can connect to.
        ServerUnreachable: nothing answers there in time.
        BadAnswer: what answers is no Wyoming server.
        KokoroError: the server answered with an error.
    """
    try:
        async with asyncio.timeout(seconds), _connected(uri, seconds) as connection:
            await connection.send(Describe().event())
            while not Info.is_type((event := await connection.receive()).type):
                pass
    except TimeoutError:
        raise ServerUnreachable(_silent(uri, seconds)) from None
    return connection.parse(Info, event)


@asynccontextmanager
async def speak(
    uri: str,
    text: str | AsyncIterator[str],
    request: Request | None = None,
    *,
    streaming: bool = False,
    silence_seconds: float = 30.0,
) -> AsyncIterator[Speech]:
    """Have the server at `uri` speak `text`; leave the context early to make it stop.

    Entered when the speech begins. With `streaming`, which only servers understand whose
    description says so, each piece of `text` is sent as soon as it is there, else all of it at
    once. Once the text is sent the server may be silent for `silence_seconds` between two events;
    the text itself may take as long as it likes. The seed of `request` is not sent: the protocol
    has no place for it.

    Raises:
        ConfigurationError, ServerUnreachable, BadAnswer: as `describe`, here and while iterating.
        KokoroError: the server answered with an error; the class is that of its code.
    """
    pieces = _one(text) if isinstance(text, str) else text
    events = (_streamed if streaming else _whole)(pieces, request or Request())
    last_event = (SynthesizeStopped() if streaming else AudioStop()).event().type
    async with _connected(uri, silence_seconds) as connection, connection.sending(events):
        while not AudioStart.is_type((event := await connection.receive()).type):
            if event.type == last_event:
                connection.refuse("ended its answer without any audio")
        yield Speech(connection, connection.parse(AudioStart, event), last_event)


async def _one(text: str) -> AsyncIterator[str]:
    yield text


async def _whole(pieces: AsyncIterator[str], request: Request) -> AsyncGenerator[Event]:
    text = "".join([piece async for piece in pieces])
    yield Synthesize(text, _voice(request), _text_format(request)).event()


async def _streamed(pieces: AsyncIterator[str], request: Request) -> AsyncGenerator[Event]:
    """Make the events of a stream, with the whole text for servers that cannot stream."""
    yield SynthesizeStart(_voice(request), _text_format(request)).event()
    sent = []
    async for piece in pieces:
        sent.append(piece)
        yield SynthesizeChunk(piece).event()
    yield Synthesize("".join(sent), _voice(request), _text_format(request)).event()
    yield SynthesizeStop().event()


def _voice(request: Request) -> SynthesizeVoice | None:
    if request.voice is None and request.language is None:
        return None
    return SynthesizeVoice(name=request.voice, language=request.language)


def _text_format(request: Request) -> str | None:
    """Return nothing for plain text: servers older than the field take it for granted."""
    return None if request.text_format == "text" else request.text_format


class _Connection:
    """A connection to the server at `uri`, whose failures are errors that name it."""

    def __init__(
        self, uri: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float
    ) -> None:
        self._uri = uri
        self._seconds = seconds
        limits = Limits(data_bytes=_INFO_BYTES, idle_seconds=seconds)
        self._reader = EventReader(reader, limits, self._quiet_since, keep_payloads=True)
        self._writer = EventWriter(writer, stall_seconds=seconds)
        self._now = asyncio.get_running_loop().time
        self._active_at = self._now()
        self._sender: asyncio.Task[None] | None = None

    def _quiet_since(self) -> float:
        """Since when it is the server's turn: not while text is still to come."""
        if self._sender is not None and not self._sender.done():
            return self._now()
        return self._active_at

    async def send(self, event: Event) -> None:
        """Send `event`.

        Raises:
            PeerGone: the server takes nothing more; `receive` knows whether it said why.
        """
        await self._writer.send(event)
        self._active_at = self._now()

    @asynccontextmanager
    async def sending(self, events: AsyncGenerator[Event]) -> AsyncIterator[None]:
        """Send `events` in the background. What their source raises comes out of `receive`."""
        self._sender = asyncio.create_task(self._send_all(events))
        try:
            yield
        finally:
            self._sender.cancel()
            await asyncio.wait({self._sender})

    async def _send_all(self, events: AsyncGenerator[Event]) -> None:
        try:
            async with aclosing(events):
                async for event in events:
                    await self.send(event)
        except PeerGone:
            return
        except Exception:
            self._writer.abort()  # wakes `receive`
            raise

    async def receive(self) -> Event:
        """Return the next event.

        Raises:
            KokoroError: the server sent an error, fell silent, or ended the connection.
        """
        try:
            event = await self._reader.read()
        except TimedOut:
            raise ServerUnreachable(_silent(self._uri, self._seconds)) from None
        except BadRequest:
            self.refuse("sent something that is not the Wyoming protocol: check --uri")
        except PeerGone:
            event = None
        if event is None:
            if self._sender is not None and self._sender.done():
                self._sender.result()
            self.refuse("closed the connection before its answer was complete")
        if Error.is_type(event.type):
            raise _error(event)
        self._active_at = self._now()
        return event

    def parse(self, message: type[_Message], event: Event) -> _Message:
        """Return `event` as a message of that class."""
        try:
            return cast(_Message, message.from_event(event))
        except (KeyError, TypeError, ValueError, AttributeError):
            self.refuse(f"sent a damaged {event.type!r} event")

    def refuse(self, what_it_did: str) -> NoReturn:
        """Raise `BadAnswer`."""
        raise BadAnswer(f"the server at {self._uri} {what_it_did}")


@asynccontextmanager
async def _connected(uri: str, seconds: float) -> AsyncIterator[_Connection]:
    """Connect, within `seconds`. At the end the connection is dropped, not drained: that
    is how the server learns that nobody listens any more."""
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await _open(uri)
    except TimeoutError:
        raise ServerUnreachable(_silent(uri, seconds)) from None
    except socket.gaierror:
        raise ServerUnreachable(f"the host of {uri} is not known: check --uri") from None
    except OSError as error:
        reason = error.strerror or "connection refused"  # of several addresses, none tells
        raise ServerUnreachable(
            f"nothing listens at {uri} ({reason}): start the server or check --uri"
        ) from None
    try:
        yield _Connection(uri, reader, writer, seconds)
    finally:
        writer.transport.abort()
        with suppress(OSError):
            await writer.wait_closed()


async def _open(uri: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    limit = Limits().header_bytes
    with suppress(ValueError):  # a port that is no number, brackets that do not close
        parts = urlsplit(uri)
        if parts.scheme == "unix" and (path := parts.netloc + parts.path):
            return await asyncio.open_unix_connection(path, limit=limit)
        if parts.scheme == "tcp" and parts.hostname and parts.port:
            return await asyncio.open_connection(parts.hostname, parts.port, limit=limit)
    raise ConfigurationError(f"--uri is {uri!r}, but must be tcp://HOST:PORT or unix://PATH")


def _silent(uri: str, seconds: float) -> str:
    return f"{uri} has not answered for {seconds:g} s: is a Wyoming server running there?"


def _error(event: Event) -> KokoroError:
    """Return the error that an `error` event tells of, its text and code as they were sent."""
    text, code = event.data.get("text"), event.data.get("code")
    error = _class_of(code)(str(text or "the server reports an error without saying which"))
    if isinstance(code, str):
        error.code = code
    return error


def _class_of(code: object) -> type[KokoroError]:
    """Return the most general error of this code, `KokoroError` where none has it."""
    classes: list[type[KokoroError]] = [KokoroError]
    for candidate in classes:
        if candidate.code == code:
            return candidate
        classes.extend(candidate.__subclasses__())
    return KokoroError
