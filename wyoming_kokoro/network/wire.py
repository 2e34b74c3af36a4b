"""Wyoming events on a byte stream: bytes come in and bounded events leave, and the other way round.

An event is a line of JSON, then `data_length` bytes of JSON that are merged over the line's own
`data`, then `payload_length` bytes. Message classes are those of the `wyoming` package; its reader
is not used because it buffers and believes whatever a client sends.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, NoReturn

from wyoming.event import Event
from wyoming.version import __version__ as library_version

from wyoming_kokoro.config import Limits
from wyoming_kokoro.errors import BadRequest, TimedOut, TooLarge

_DISCARD_BYTES = 64 * 1024


class PeerGone(Exception):
    """The peer reset the connection, or takes nothing of what is sent: nobody is left to tell."""


def encode(event: Event) -> bytes:
    """Return `event` as it is sent, in one piece."""
    header: dict[str, Any] = {"type": event.type, "version": library_version}
    data = json.dumps(event.data, ensure_ascii=False).encode() if event.data else b""
    if data:
        header["data_length"] = len(data)
    if event.payload:
        header["payload_length"] = len(event.payload)
    return b"".join((json.dumps(header).encode(), b"\n", data, event.payload or b""))


class EventReader:
    """Reads events from a stream whose own limit is `limits.header_bytes`.

    `quiet_since` tells since when, by the loop's clock, the client has owed an event: it may be
    silent for `limits.idle_seconds` from then on. Payloads are discarded unless kept: a server
    has no use for them, a client hears them.
    """

    def __init__(
        self,
        stream: asyncio.StreamReader,
        limits: Limits,
        quiet_since: Callable[[], float],
        *,
        keep_payloads: bool = False,
    ) -> None:
        self._stream = stream
        self._limits = limits
        self._quiet_since = quiet_since
        self._keep_payloads = keep_payloads

    async def read(self) -> Event | None:
        """Return the next event, or None when the client has sent its last.

        Raises:
            BadRequest: it is not an event.
            TooLarge: a part of it is longer than its limit.
            TimedOut: it did not begin, or did not end, in time.
            PeerGone: the connection was reset.
        """
        try:
            first = await self._first_byte()
            if not first:
                return None
            return await self._rest_of_event(first)
        except OSError as reset:
            raise PeerGone(str(reset)) from reset

    async def _first_byte(self) -> bytes:
        idle = self._limits.idle_seconds
        while True:
            deadline = self._quiet_since() + idle
            try:
                async with asyncio.timeout_at(deadline) as patience:
                    return await self._stream.read(1)
            except TimeoutError:
                if not patience.expired():  # the network's own: keep-alive found nobody
                    raise
                if self._quiet_since() + idle <= deadline:
                    raise TimedOut(
                        f"nothing was sent for {idle:g} s; connect again when there is text"
                    ) from None

    async def _rest_of_event(self, first: bytes) -> Event:
        if first != b"{":
            raise BadRequest("this is a Wyoming server: every event begins with a line of JSON, {")
        seconds = self._limits.frame_seconds
        try:
            async with asyncio.timeout(seconds) as patience:
                return await self._frame(first)
        except TimeoutError:
            if not patience.expired():
                raise
            raise TimedOut(f"an event was begun and not finished within {seconds:g} s") from None
        except asyncio.IncompleteReadError:
            raise BadRequest("the connection ended in the middle of an event") from None

    async def _frame(self, first: bytes) -> Event:
        header = _json_object(first + await self._line(), "the event's line")
        kind = header.get("type")
        if not isinstance(kind, str):
            raise BadRequest("an event's type must be a string")
        data = header.get("data", {})
        if not isinstance(data, dict):
            raise BadRequest("an event's data must be a JSON object")
        data_length = _length(header, "data_length", self._limits.data_bytes)
        payload_length = _length(header, "payload_length", self._limits.payload_bytes)
        if data_length:
            raw = await self._stream.readexactly(data_length)
            data |= _json_object(raw, "the event's data")
        if self._keep_payloads and payload_length:
            payload = await self._stream.readexactly(payload_length)
            return Event(type=kind, data=data, payload=payload)
        await self._discard(payload_length)
        return Event(type=kind, data=data)

    async def _line(self) -> bytes:
        try:
            return await self._stream.readuntil(b"\n")
        except asyncio.LimitOverrunError:
            raise TooLarge(
                f"an event's line is longer than {self._limits.header_bytes} bytes"
            ) from None

    async def _discard(self, length: int) -> None:
        while length:
            piece = await self._stream.read(min(length, _DISCARD_BYTES))
            if not piece:
                raise asyncio.IncompleteReadError(b"", length)
            length -= len(piece)


def _length(header: dict[str, Any], field: str, limit: int) -> int:
    length = header.get(field)
    if length is None:
        return 0
    if type(length) is not int or length < 0:  # a bool is an int to isinstance
        raise BadRequest(f"{field} must be a whole number, 0 or more")
    if length > limit:
        raise TooLarge(f"{field} is more than {limit} bytes")
    return length


def _json_object(raw: bytes, what: str) -> dict[str, Any]:
    try:
        text = raw.decode()
        value = json.loads(text, parse_constant=_refuse_constant)
        if "\\u" in text:  # the only way to write half of a surrogate pair
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise BadRequest(f"{what} is nested too deeply") from None
    except ValueError:
        raise BadRequest(f"{what} is not JSON in UTF-8") from None
    if not isinstance(value, dict):
        raise BadRequest(f"{what} must be a JSON object")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


class EventWriter:
    """Writes events, each in one piece, and gives up on a client that takes no byte of them."""

    def __init__(self, stream: asyncio.StreamWriter, stall_seconds: float) -> None:
        self._stream = stream
        self._stall_seconds = stall_seconds

    async def send(self, event: Event) -> None:
        """Send `event`; return when the client keeps up.

        Raises:
            PeerGone: the connection is lost, or no byte was taken for the stall limit.
        """
        await self.send_frame(encode(event))

    async def send_frame(self, frame: bytes) -> None:
        """Send an event that is already encoded; as `send`."""
        self._stream.write(frame)
        await self._while_taken(self._stream.drain)

    async def linger(self, reader: asyncio.StreamReader, seconds: float) -> None:
        """End our half, then read what the client still sends, at most for `seconds`.

        Closing with bytes unread would reset the connection, and the client would lose what was
        sent last.

        Raises:
            PeerGone: the connection was reset.
        """
        try:
            if self._stream.can_write_eof():
                self._stream.write_eof()
            async with asyncio.timeout(seconds):
                while await reader.read(_DISCARD_BYTES):
                    pass
        except TimeoutError:
            return
        except OSError as reset:
            raise PeerGone(str(reset)) from reset

    async def close(self) -> None:
        """Send what is left and close; abort where the client takes no byte of it."""
        self._stream.close()
        closed = asyncio.create_task(self._closed())
        try:
            await self._while_taken(lambda: asyncio.shield(closed))
        except PeerGone:
            self.abort()
            await closed

    def abort(self, last: Event | None = None) -> None:
        """Drop the connection and what is still to be sent; `last` goes if nothing waits."""
        if last is not None and not self._stream.is_closing():
            self._stream.write(encode(last))
        self._stream.transport.abort()

    async def _closed(self) -> None:
        with suppress(OSError):  # a reset while closing is of no interest
            await self._stream.wait_closed()

    async def _while_taken(self, wait: Callable[[], Awaitable[None]]) -> None:
        """Await `wait()`, anew as long as bytes leave; a slow client is not a stalled one."""
        left = self._unsent()
        while True:
            try:
                async with asyncio.timeout(self._stall_seconds) as patience:
                    return await wait()
            except OSError as reset:  # which a timeout is, too
                if not patience.expired():
                    raise PeerGone(str(reset)) from reset
                if self._unsent() >= left:
                    raise PeerGone(f"took nothing for {self._stall_seconds:g} s") from None
                left = self._unsent()

    def _unsent(self) -> int:
        return self._stream.transport.get_write_buffer_size()
