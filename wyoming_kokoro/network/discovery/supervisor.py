"""Inside a Home Assistant app: a listening server in, a message to the Supervisor out.

The Supervisor offers what it is told to Home Assistant. Zeroconf would not do: a container's own
network ends at the host. Whatever goes wrong here is a warning, never the end of the server.
"""

import asyncio
import json
import logging
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from wyoming_kokoro.errors import KokoroError

log = logging.getLogger(__name__)

_Answer = tuple[int, bytes]
"""Status, and the beginning of the body."""

RunBlocking = Callable[[Callable[[], _Answer]], Awaitable[_Answer]]
"""Runs a call off the event loop, as one of `http.client`, which waits for its answer."""

_ATTEMPT_SECONDS = 10.0
_ANSWER_BYTES = 4096


class SupervisorDiscovery:
    """Tells the Supervisor of a server, in the background, until it has understood.

    `token` is what the Supervisor gives every app in `SUPERVISOR_TOKEN`; its API is at `host` and
    `port`. `longest_pause` is what lies between attempts in the end, in seconds.
    """

    def __init__(
        self,
        token: str,
        run_blocking: RunBlocking,
        host: str = "supervisor",
        port: int = 80,
        *,
        longest_pause: float = 60.0,
    ) -> None:
        self._token = token
        self._run_blocking = run_blocking
        self._host = host
        self._port = port
        self._longest_pause = longest_pause
        self._announcing: asyncio.Task[None] | None = None

    async def start(self, addresses: Sequence[str]) -> None:
        """Announce, in the background, the server listening at these URIs."""
        ports = [urlsplit(uri).port for uri in addresses if uri.startswith("tcp://")]
        if not ports:
            log.info("nothing to announce: only tcp:// can be reached from Home Assistant")
            return
        # Home Assistant knows an app by the name of its container.
        uri = f"tcp://{socket.gethostname()}:{ports[0]}"
        self._announcing = asyncio.create_task(self._announce(uri), name="supervisor")

    async def stop(self) -> None:
        """Stop trying. What the Supervisor knows it keeps, for the next start."""
        announcing, self._announcing = self._announcing, None
        if announcing:
            announcing.cancel()
            await asyncio.wait({announcing})

    async def _announce(self, uri: str) -> None:
        """Try until it has worked; warn once of each reason why it has not."""
        complaint = ""
        for pause in self._pauses():
            trouble = await self._attempt(uri)
            if not trouble:
                log.info("Home Assistant was told of this server, %s", uri)
                return
            if trouble != complaint:
                complaint = trouble
                log.warning(
                    "Home Assistant does not know of this server yet: %s. It is being told again; "
                    "by hand: Settings, Devices & services, Wyoming Protocol, %s",
                    trouble,
                    uri.removeprefix("tcp://").replace(":", ", port "),
                )
            await asyncio.sleep(pause)

    def _pauses(self) -> Iterator[float]:
        """Give the pauses between attempts, in seconds: each twice the last."""
        pause = 1.0
        while True:
            yield min(pause, self._longest_pause)
            pause = min(2 * pause, self._longest_pause)

    async def _attempt(self, uri: str) -> str:
        """Tell the Supervisor once; return what is wrong, nothing if it has understood."""
        message = {"service": "wyoming", "config": {"uri": uri}}
        try:
            async with asyncio.timeout(_ATTEMPT_SECONDS):
                status, answer = await self._run_blocking(partial(self._post, message))
        except TimeoutError:
            return f"the Supervisor has not answered within {_ATTEMPT_SECONDS:g} s"
        except HTTPException:
            return "the Supervisor's answer is no HTTP"
        except OSError as error:
            return f"the Supervisor cannot be reached ({error.strerror or error})"
        except KokoroError as error:
            return str(error)
        return "" if status == 200 else f"the Supervisor answers {status}: {_message(answer)}"

    def _post(self, message: object) -> _Answer:
        """Post to `/discovery`; return the status and the beginning of the answer's body.

        Raises:
            OSError: the Supervisor cannot be reached.
            HTTPException: what answers does not speak HTTP.
        """
        head = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        connection = HTTPConnection(self._host, self._port, timeout=_ATTEMPT_SECONDS)
        try:
            connection.request("POST", "/discovery", json.dumps(message), head)
            answer = connection.getresponse()
            return answer.status, answer.read(_ANSWER_BYTES)
        finally:
            connection.close()


def _message(answer: bytes) -> str:
    """Return what the Supervisor says in the body of a refusal."""
    try:
        return str(json.loads(answer)["message"])
    except (ValueError, LookupError, TypeError):
        return "no reason given"
