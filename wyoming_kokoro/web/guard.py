"""Who may ask: every request goes through here, and every answer leaves with the headers that keep
browsers from doing with it what nobody meant.

Beyond loopback a key is required. On loopback without one, what a web page elsewhere makes a
browser send is refused: the browser says that it comes from another site, or has been told a false
name for this machine (DNS rebinding). In the app of Home Assistant the Supervisor alone is let in
without a key: it has asked who the user is.
"""

import asyncio
import hmac
import ipaddress
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate

from starlette.exceptions import HTTPException
from starlette.requests import Request as Incoming
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wyoming_kokoro.config import Limits
from wyoming_kokoro.errors import KokoroError, Overloaded, ShuttingDown
from wyoming_kokoro.web.failures import NotFound, Refused, answer
from wyoming_kokoro.web.streaming import BrokenOff

SUPERVISOR = "172.30.32.2"
"""Where Home Assistant's Supervisor asks from for a user who is logged in; no other app has that
address (developers.home-assistant.io, "Presenting your app", ingress)."""

OPEN = frozenset({"/", "/page.css", "/page.js", "/icon.svg", "/health/live", "/health/ready"})
"""What anybody may see who gets here: the page, which asks for the key, and whether it goes."""

CLIENTS = 1024
"""Addresses whose rate is remembered; the ones that have been quiet longest are forgotten."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; media-src 'self' blob:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)

HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
    (b"accept-ranges", b"none"),
)


@dataclass(frozen=True, slots=True)
class Access:
    """Who is let in."""

    key: str
    """What clients must know; "" where none need to."""

    ingress_only: bool
    """Whether only the Supervisor is let in, as long as there is no key."""

    supervisor: str | None
    """The address that needs no key, in the app of Home Assistant."""


class Guard:
    """An application behind its checks."""

    def __init__(
        self,
        inner: ASGIApp,
        access: Access,
        limits: Limits,
        refused: Callable[[str], None] = lambda _code: None,
    ) -> None:
        """`refused` is told the code of everything that is refused or fails."""
        self._inner = inner
        self._access = access
        self._rates = Rates(limits.http_requests_a_second, limits.http_burst)
        self._refused = refused
        self.stopping = False
        """Whether the server takes no more requests."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._note(message["status"])
                date = (b"date", formatdate(usegmt=True).encode())
                message = {**message, "headers": [*message.get("headers", []), date, *HEADERS]}
            await send(message)

        try:
            self._check(Incoming(scope))
            await self._inner(scope, receive, send_with_headers)
        except BrokenOff:
            raise
        except HTTPException as failure:
            response = answer(_as_ours(failure))
            response.headers.update(failure.headers or {})
            await response(scope, receive, send_with_headers)
        except Exception as failure:
            await answer(failure)(scope, receive, send_with_headers)

    def _note(self, status: int) -> None:
        if status >= 400:
            self._refused(f"http-{status}")

    def _check(self, incoming: Incoming) -> None:
        """Return if the request may be answered.

        Raises:
            Refused, Overloaded, ShuttingDown: it may not.
        """
        if self.stopping:
            raise ShuttingDown("the server stops; ask again later")
        address = incoming.client.host if incoming.client else ""
        self._rates.take(address)
        if incoming.headers.get("sec-fetch-site", "none") in ("cross-site", "same-site"):
            raise Refused("requests from other web sites are refused", 403, "cross-site")
        if self._access.supervisor and address == self._access.supervisor:
            return
        if self._access.ingress_only and not self._access.key:
            raise Refused(
                "this port is closed until an API key is set: option http_api_key of the app",
                403,
                "no-key-set",
            )
        if self._access.key:
            self._check_key(incoming)
        elif not _is_local_name(incoming):
            raise Refused(
                "ask for 127.0.0.1 or localhost; for other names set --http-api-key", 403, "host"
            )

    def _check_key(self, incoming: Incoming) -> None:
        if incoming.url.path in OPEN:
            return
        scheme, _, token = incoming.headers.get("authorization", "").partition(" ")
        given = (
            token.strip() if scheme.lower() == "bearer" else incoming.headers.get("x-api-key", "")
        )
        if not hmac.compare_digest(given.encode(), self._access.key.encode()):
            message = "give the API key of this server: Authorization: Bearer KEY"
            raise Refused(message, 401, "invalid-api-key")


class Rates:
    """How often each address asks: so many requests a second, after a burst of so many."""

    def __init__(self, a_second: float, burst: int) -> None:
        self._a_second = a_second
        self._burst = burst
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """By address: what is left, and when that was so."""

    @property
    def remembered(self) -> int:
        """How many addresses are remembered."""
        return len(self._left)

    def take(self, address: str) -> None:
        """Note a request.

        Raises:
            Overloaded: there were too many.
        """
        now = asyncio.get_running_loop().time()
        left, then = self._left.pop(address, (float(self._burst), now))
        left = min(float(self._burst), left + (now - then) * self._a_second)
        self._left[address] = (max(left - 1, 0.0), now)
        if len(self._left) > CLIENTS:
            self._left.popitem(last=False)
        if left < 1:
            raise Overloaded(
                f"more than {self._a_second:g} requests a second come from your address: ask "
                "more slowly"
            )


def _is_local_name(incoming: Incoming) -> bool:
    """Tell whether the client asks for this machine by a name that only itself can have."""
    host = incoming.headers.get("host", "").rpartition("@")[2]
    name = host.partition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]
    if incoming.client is None or name.lower() == "localhost":  # no name is looked up for a socket
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _as_ours(failure: HTTPException) -> KokoroError:
    if failure.status_code == 404:
        return NotFound("there is nothing at this address; /openapi.json lists what there is")
    return Refused(failure.detail, failure.status_code, "method-not-allowed")
