"""Pieces of an answer in, a response out that is sent while they are made, and ends when the client
has gone.

Its status is decided by the first piece: what fails before that is told as an error, and what fails
later breaks the connection off, so that nobody takes half a speech for a whole one.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress

from starlette.types import Receive, Scope, Send

from wyoming_kokoro.web.failures import answer

_HEADERS = ((b"x-accel-buffering", b"no"),)
"""Proxies that gather what comes until there is much of it are asked not to."""


class BrokenOff(Exception):
    """An answer failed that had begun; the connection is to be dropped."""


class Streamed:
    """A response of `pieces`, of which none is empty."""

    def __init__(
        self, pieces: AsyncGenerator[bytes, None], content_type: str, size: int | None = None
    ) -> None:
        """`size` is the number of bytes, where it is known."""
        self._pieces = pieces
        length = () if size is None else ((b"content-length", str(size).encode()),)
        self._headers = ((b"content-type", content_type.encode()), *length, *_HEADERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it.

        Raises:
            BrokenOff: it could not be sent to its end.
        """
        sending = asyncio.ensure_future(self._send(scope, receive, send))
        gone = asyncio.ensure_future(_disconnected(receive))
        try:
            await asyncio.wait([sending, gone], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sending, gone):
                task.cancel()
            await asyncio.wait([sending, gone])
        if not sending.cancelled():
            sending.result()

    async def _send(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with aclosing(self._pieces) as pieces:
            try:
                first = await anext(pieces, b"")
            except Exception as failure:
                await answer(failure)(scope, receive, send)
                return
            await send(
                {"type": "http.response.start", "status": 200, "headers": list(self._headers)}
            )
            await send({"type": "http.response.body", "body": first, "more_body": True})
            try:
                async for piece in pieces:
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            except Exception as failure:
                answer(failure)  # logged, where it is a fault of ours
                raise BrokenOff(str(failure)) from failure
        await send({"type": "http.response.body", "body": b""})


async def _disconnected(receive: Receive) -> None:
    """Wait until the client has gone. What it still sends is its next request."""
    with suppress(asyncio.CancelledError):
        while (await receive())["type"] != "http.disconnect":
            pass
