"""One client: its events come in, are answered in order, and every request ends exactly once.

A request ends with `audio-stop`, a stream with `audio-stop` and `synthesize-stopped`; or else with
`error`, after which the connection is closed, which ends what else was asked on it.

Where a client leaves the order of events: a `synthesize` within a stream is the copy that Home
Assistant sends for older servers and is ignored; a second `synthesize-start` ends the text of the
first; a chunk or stop outside of a stream is a bad request, because whoever sent it waits for an
answer. When a client ends its half of the connection, that ends the text of its open stream, and
everything asked is answered in full.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol

from wyoming.error import Error
from wyoming.event import Event
from wyoming.ping import Pong

from wyoming_kokoro.config import Limits
from wyoming_kokoro.errors import BadRequest, KokoroError, Overloaded, ShuttingDown
from wyoming_kokoro.network.utterance import Reply, Utterance, request_from, text_from
from wyoming_kokoro.network.wire import EventReader, EventWriter, PeerGone
from wyoming_kokoro.speech import SAMPLE_RATE, Request

_LOG = logging.getLogger(__name__)

_COMPLAINT_SECONDS = 1.0


class Speaker(Protocol):
    """What is asked of whoever speaks: makes speech while its text is still arriving."""

    def speak(self, request: Request, text: AsyncIterator[str]) -> AsyncGenerator[bytes, None]:
        """Speak `text` in the voice that `request` names.

        Yields int16 little-endian mono PCM at 24 kHz in pieces of 20 to 100 ms, paced by the
        playback clock; nothing where the text holds nothing to say. Closing the generator
        cancels the work.

        Raises:
            KokoroError: the speech cannot be made; the message is for the client.
        """


class Complaints:
    """Logs what clients did wrong, at most a line a second, so that none can fill a disk."""

    def __init__(self, count: Callable[[str], None] = lambda _code: None) -> None:
        """`count` is told the code of each error."""
        self._count = count
        self._next = 0.0
        self._left_out = 0

    def log(self, client: str, error: KokoroError) -> None:
        """Log that `client` was answered with `error`, unless a line was just written."""
        self._count(error.code)
        now = asyncio.get_running_loop().time()
        if now < self._next:
            self._left_out += 1
            return
        before = f" ({self._left_out} more before)" if self._left_out else ""
        _LOG.warning("%s: %s: %s%s", client, error.code, error, before)
        self._next = now + _COMPLAINT_SECONDS
        self._left_out = 0


@dataclass(frozen=True, slots=True)
class SessionContext:
    """What all sessions share."""

    speaker: Speaker

    describe: Callable[[], bytes]
    """The encoded answer to `describe`."""

    limits: Limits

    waiting: Callable[[], int]
    """How many requests wait for their first sound, over all connections."""

    complaints: Complaints

    sample_rate: int = SAMPLE_RATE
    """Of the sound that clients get, in hertz."""


class Session:
    """One connection: a task that listens, beside the one that speaks."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, context: SessionContext
    ) -> None:
        self._context = context
        self._limits = context.limits
        self._client = _name_of(writer)
        self._bytes = reader
        self._reader = EventReader(reader, context.limits, self._quiet_since)
        self._writer = EventWriter(writer, context.limits.write_stall_seconds)
        self._asked = asyncio.Queue[Utterance | ShuttingDown | None]()
        self._open: Utterance | None = None  # the stream whose text is arriving
        self._unfinished = 0
        self._heard = False  # whether the request being answered has sent sound
        self._ending = False  # what was accepted is answered, then the connection is closed
        self._quiet = self._now()

    @property
    def waiting(self) -> int:
        """Requests accepted that have not yet sent sound."""
        return self._unfinished - self._heard

    async def run(self) -> None:
        """Converse until the client has gone, erred, or been answered to the end."""
        try:
            async with asyncio.TaskGroup() as tasks:
                listening = tasks.create_task(self._listen())
                await self._answer()
                listening.cancel()
        except* Exception as failures:
            await self._fail(failures.exceptions[0])
        await self._writer.close()

    async def refuse(self, error: KokoroError) -> None:
        """Answer with `error` whatever the client wants."""
        await self._fail(error)
        await self._writer.close()

    def stop(self) -> None:
        """Answer what is accepted, then close; at once if there is nothing."""
        self._ending = True
        self._asked.put_nowait(None)

    def abort(self) -> None:
        """Drop the connection, with an error if there is something unanswered."""
        stopped = ShuttingDown("the server stopped before this was spoken; ask again")
        self._writer.abort(_error_event(stopped) if self._unfinished else None)

    async def _listen(self) -> None:
        try:
            while (event := await self._reader.read()) is not None:
                self._quiet = self._now()
                await self._handle(event)
                await asyncio.sleep(0)  # however many more are here, others have their turn
        except ShuttingDown as refusal:
            self._asked.put_nowait(refusal)  # in order: what was accepted is still spoken
        self._end_stream()
        self.stop()

    async def _handle(self, event: Event) -> None:
        match event.type:
            case "describe":
                await self._writer.send_frame(self._context.describe())
            case "ping":
                await self._writer.send(Pong(_ping_text(event)).event())
            case "synthesize" if self._open is None:
                self._accept(event, streamed=False)
            case "synthesize-start":
                self._end_stream()
                self._open = self._accept(event, streamed=True)
            case "synthesize-chunk":
                self._stream(event).add(text_from(event.data))
            case "synthesize-stop":
                self._stream(event)
                self._end_stream()
            case "select-program":
                _check_program(event)
            case _:
                _LOG.debug("%s: %.40r is skipped", self._client, event.type)

    def _accept(self, event: Event, *, streamed: bool) -> Utterance:
        utterance = Utterance(
            request_from(event.data), streamed=streamed, characters=self._limits.text_characters
        )
        if not streamed:
            utterance.add(text_from(event.data))
            utterance.end()
        self._check_room()
        self._unfinished += 1
        self._asked.put_nowait(utterance)
        return utterance

    def _check_room(self) -> None:
        if self._ending:
            raise ShuttingDown("the server stops and takes no more requests; ask again")
        if self.waiting >= self._limits.queued_requests_a_connection:
            raise Overloaded(f"{self.waiting} requests of this connection wait; ask again later")
        if (waiting := self._context.waiting()) >= self._limits.queued_requests:
            raise Overloaded(f"{waiting} requests wait for their turn; ask again later")

    def _stream(self, event: Event) -> Utterance:
        if self._open is None:
            raise BadRequest(f"{event.type} outside of a stream; begin one with synthesize-start")
        return self._open

    def _end_stream(self) -> None:
        if self._open is not None:
            self._open.end()
            self._open = None

    async def _answer(self) -> None:
        while not (self._ending and self._asked.empty()):
            match await self._asked.get():
                case Utterance() as utterance:
                    await self._speak(utterance)
                case ShuttingDown() as refusal:
                    raise refusal

    async def _speak(self, utterance: Utterance) -> None:
        reply = Reply(self._writer, streamed=utterance.streamed, rate=self._context.sample_rate)
        speech = self._context.speaker.speak(utterance.request, utterance)
        async with aclosing(speech):
            async for pcm in speech:
                await reply.sound(pcm)
                self._heard = reply.begun
        await reply.end()
        self._heard = False
        self._unfinished -= 1
        self._quiet = self._now()

    async def _fail(self, failure: Exception) -> None:
        self._unfinished, self._heard = 0, False
        try:
            if isinstance(failure, PeerGone):
                raise failure
            self._log(failure)
            await self._writer.send(_error_event(failure))
            await self._writer.linger(self._bytes, self._limits.error_linger_seconds)
        except PeerGone as gone:
            _LOG.debug("%s: gone: %s", self._client, gone)
            self._writer.abort()

    def _log(self, failure: Exception) -> None:
        if isinstance(failure, KokoroError):
            self._context.complaints.log(self._client, failure)
        else:
            _LOG.error("%s: an answer failed", self._client, exc_info=failure)

    def _quiet_since(self) -> float:
        """Since when the client has owed an event: now, while a whole request is unanswered."""
        owed_to_client = self._unfinished - (self._open is not None)
        return self._now() if owed_to_client else self._quiet

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


def _ping_text(event: Event) -> str | None:
    text = event.data.get("text")
    if text is not None and not isinstance(text, str):
        raise BadRequest("text must be a string")
    return text


def _check_program(event: Event) -> None:
    if not isinstance(event.data.get("name"), str):
        raise BadRequest("name must be a string")  # there is one program, whichever is named


def _error_event(failure: Exception) -> Event:
    if isinstance(failure, KokoroError):
        return Error(str(failure), failure.code).event()
    return Error("internal error; the server's log has the details", KokoroError.code).event()


def _name_of(writer: asyncio.StreamWriter) -> str:
    match writer.get_extra_info("peername"):
        case (host, port, *_):
            return f"{host} port {port}"
        case _:
            return "local client"
