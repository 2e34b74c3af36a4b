"""A speaker that hums instead of speaking, and a server with clients around it."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from wyoming.client import AsyncClient
from wyoming.event import Event

from wyoming_kokoro.config import Limits
from wyoming_kokoro.errors import UnknownVoice
from wyoming_kokoro.network.info import Description
from wyoming_kokoro.network.server import Server
from wyoming_kokoro.speech import LANGUAGES, Request, Voice

VOICES = (
    Voice("af_heart", LANGUAGES[0], female=True, description="Heart (US English, female)"),
    Voice("bm_george", LANGUAGES[1], female=False, description="George (British English, male)"),
)

HUM = b"\x10\x27\xf0\xd8" * 480
"""40 ms of a tone."""

READ_SECONDS = 20.0
"""Longest that any test waits for an event; nothing is expected to come near it."""


class Speaker:
    """Hums once for each word. Some words mean something: fail, crash, forever."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.timed: list[bool] = []
        """Whether it was asked when words are heard, by request."""
        self.texts: list[str] = []
        self.may_speak = asyncio.Event()
        """Cleared to hold all speech back."""
        self.may_speak.set()
        self.started = asyncio.Event()
        """Set when a request is begun."""
        self.cut_off = asyncio.Event()
        """Set when a request is canceled before its end."""

    async def speak(
        self, request: Request, text: AsyncIterator[str], on_words: object = None
    ) -> AsyncGenerator[bytes, None]:
        self.requests.append(request)
        self.timed.append(on_words is not None)
        self.texts.append("")
        turn = len(self.texts) - 1
        self.started.set()
        try:
            async for piece in text:
                self.texts[turn] += piece
                for word in piece.split():
                    async for pcm in self._hum(word):
                        yield pcm
        except (GeneratorExit, asyncio.CancelledError):
            self.cut_off.set()
            raise

    async def _hum(self, word: str) -> AsyncGenerator[bytes, None]:
        await self.may_speak.wait()
        if word == "fail":
            raise UnknownVoice("no voice is named 'nobody'; nearest is 'af_heart'")
        if word == "crash":
            raise ZeroDivisionError("a defect")
        yield HUM
        while word == "forever":
            await asyncio.sleep(0)
            yield HUM


@asynccontextmanager
async def serving(
    speaker: Speaker | None = None,
    limits: Limits | None = None,
    uri: str = "tcp://127.0.0.1:0",
    sample_rate: int = 24_000,
) -> AsyncIterator[Server]:
    """Run a server; whoever is left at the end is aborted."""
    description = Description(lambda: VOICES, "1.2.3")
    server = Server(speaker or Speaker(), description.encoded, limits or Limits(), sample_rate)
    await server.start(uri)
    try:
        yield server
    finally:
        await server.drain(0)


def client_of(server: Server) -> AsyncClient:
    """Return a client of the `wyoming` package."""
    return AsyncClient.from_uri(server.addresses[0], read_timeout=READ_SECONDS)


async def open_raw(server: Server) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Return the two ends of a connection that may send anything."""
    host, port = server.addresses[0].removeprefix("tcp://").split(":")
    return await asyncio.open_connection(host, int(port))


async def read_until(client: AsyncClient, *last: str) -> list[Event]:
    """Return the events up to the first of a type in `last`, or up to the end of connection."""
    events: list[Event] = []
    while (event := await client.read_event()) is not None:
        events.append(event)
        if event.type in last:
            break
    return events


def types(events: list[Event]) -> list[str]:
    return [event.type for event in events]


def event(kind: str, **data: Any) -> Event:
    return Event(kind, data)


def sound_of(events: list[Event]) -> bytes:
    return b"".join(each.payload or b"" for each in events if each.type == "audio-chunk")
