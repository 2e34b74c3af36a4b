"""One connection: HTTP by uvicorn and h11, with a bound on all that a client can make us wait for.

uvicorn closes a connection that is idle between two requests. Here one is closed as well that does
not get its request's head sent, and dropped if its client takes nothing of what is sent.
"""

import asyncio
from typing import TYPE_CHECKING, Any

from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from wyoming_kokoro.config import Limits

if TYPE_CHECKING:
    from starlette.types import ASGIApp


def configuration(app: "ASGIApp", limits: Limits) -> Config:
    """Return how uvicorn is to serve `app`. It logs nothing: what a client does wrong is answered,
    and what we do wrong is logged by `app`."""
    return Config(
        app,
        http=H11Protocol,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=round(limits.frame_seconds),
        h11_max_incomplete_event_size=limits.http_head_bytes,
    )


class Connection(H11Protocol):
    """uvicorn's protocol, with limits."""

    def __init__(self, config: Config, state: ServerState, limits: Limits) -> None:
        super().__init__(config, state, {})
        self._limits = limits
        self._head: asyncio.TimerHandle | None = None
        self._stall: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 as uvicorn has it
        """Expect a request within the limit; be told whenever anything cannot be sent at once."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=0)
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        """Expect the rest of a head that has begun."""
        super().data_received(data)
        if self._is_idle and self._head is None and not self.transport.is_closing():
            self._expect_head()
        elif not self._is_idle:
            self._cancel_head()

    def pause_writing(self) -> None:
        """Drop the client unless it takes something within the limit."""
        super().pause_writing()
        seconds = self._limits.write_stall_seconds
        self._stall = self.loop.call_later(seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on."""
        super().resume_writing()
        if self._stall:
            self._stall.cancel()

    def connection_lost(self, exc: Exception | None) -> None:
        """Expect nothing more."""
        self._cancel_head()
        super().connection_lost(exc)

    @property
    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _expect_head(self) -> None:
        self._head = self.loop.call_later(self._limits.frame_seconds, self.transport.abort)

    def _cancel_head(self) -> None:
        if self._head:
            self._head.cancel()
        self._head = None
