"""Zeroconf: a listening server in, an announcement out that Home Assistant finds by itself.

The service is `_wyoming._tcp.local.`. Whatever goes wrong here is a warning, never the end of the
server, which can be added by its address as well.
"""

import asyncio
import hashlib
import importlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from wyoming_kokoro import __version__
from wyoming_kokoro.errors import ConfigurationError
from wyoming_kokoro.network.discovery.addresses import (
    Interface,
    local_interfaces,
    resolve_advertised,
    to_announce,
)
from wyoming_kokoro.network.discovery.identity import instance_id, turn

if TYPE_CHECKING:
    from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

SERVICE_TYPE = "_wyoming._tcp.local."

_NAME_BYTES = 60  # of 63 in a DNS label; "-99" must still fit
_NAMES_TRIED = 99
_GOODBYE_SECONDS = 2.0
_LOOPBACK = "127.0.0.1"  # also for `::1`: Linux routes no IPv6 multicast over loopback

_LOG = logging.getLogger(__name__)


class Discovery:
    """Keeps a server announced to the local network, from `start` to `stop`.

    `name` replaces the name made of "Kokoro" and the id kept in `data_dir`, `advertise_address`
    the machine's own addresses, and `advertise_port` the port that is listened at. `interfaces`
    tells what the network looks like and is asked every `check_seconds`, so that a change is
    announced; `multicast_on` are addresses of the interfaces to announce on, all by default.

    Raises:
        ConfigurationError: the name cannot be announced.
    """

    def __init__(
        self,
        data_dir: Path,
        name: str = "",
        advertise_address: str = "",
        advertise_port: int = 0,
        *,
        interfaces: Callable[[], Sequence[Interface]] = local_interfaces,
        check_seconds: float = 15.0,
        multicast_on: Sequence[str] | None = None,
    ) -> None:
        _check_name(name)
        self._data_dir = data_dir
        self._name = name
        self._advertise_address = advertise_address
        self._advertise_port = advertise_port
        self._interfaces = interfaces
        self._check_seconds = check_seconds
        self._multicast_on = multicast_on
        self._announcer: asyncio.Task[None] | None = None
        # Here, before the server listens: this takes a tenth of a second of the event loop.
        importlib.import_module("zeroconf.asyncio")
        # It complains of every interface without multicast, with a traceback, and at every attempt.
        logging.getLogger("zeroconf").setLevel(logging.CRITICAL)

    async def start(self, addresses: Sequence[str]) -> None:
        """Announce, in the background, the server listening at these URIs, `tcp://0.0.0.0:10200`.

        Raises:
            ConfigurationError: the address to advertise is none.
        """
        parts = [urlsplit(uri) for uri in addresses if uri.startswith("tcp://")]
        bound = [part.hostname for part in parts if part.hostname]
        if not (bound and parts[0].port):
            _LOG.info("nothing to announce: only tcp:// can be reached from other machines")
            return
        advertised: tuple[str, ...] = ()
        if self._advertise_address:
            advertised = await resolve_advertised(self._advertise_address)
        name = self._name or f"Kokoro {instance_id(self._data_dir)}"
        port = self._advertise_port or parts[0].port
        announcement = _Announcement(name, port, self._data_dir, self._multicast_on)
        self._announcer = asyncio.create_task(
            self._keep_announced(announcement, bound, advertised), name="zeroconf"
        )

    async def stop(self) -> None:
        """Say goodbye to the network, within two seconds."""
        announcer, self._announcer = self._announcer, None
        if announcer is None:
            return
        announcer.cancel()
        await asyncio.wait({announcer}, timeout=_GOODBYE_SECONDS)

    async def _keep_announced(
        self, announcement: "_Announcement", bound: Sequence[str], advertised: Sequence[str]
    ) -> None:
        """Announce, and again whenever the addresses have changed, until cancelled."""
        seen: tuple[str, ...] | None = None
        try:
            while True:
                local = self._local(bound)
                if local is not None and local != seen:
                    await announcement.withdraw()
                    where = local and (advertised or local)
                    seen = local if await announcement.publish(where) else None
                await asyncio.sleep(self._check_seconds)
        except Exception:
            _LOG.exception("the announcement has failed; the server goes on without it")
        finally:
            await announcement.withdraw()

    def _local(self, bound: Sequence[str]) -> tuple[str, ...] | None:
        """Return the addresses as they are now, None where the system cannot tell for once."""
        try:
            return to_announce(bound, self._interfaces())
        except OSError:
            return None


class _Announcement:
    """One service on the network: published, withdrawn, published elsewhere."""

    def __init__(
        self, name: str, port: int, data_dir: Path, multicast_on: Sequence[str] | None
    ) -> None:
        self._name = name
        self._port = port
        self._data_dir = data_dir
        self._multicast_on = multicast_on
        self._zeroconf: AsyncZeroconf | None = None
        self._complaint = ""

    async def publish(self, addresses: Sequence[str]) -> bool:
        """Announce the service at `addresses`; say why where that is impossible."""
        from zeroconf import Error, NonUniqueNameException

        if not addresses:
            self._complain("this machine has no network address yet")
            return False
        try:
            self._zeroconf = _open(self._multicast_on, addresses)
            async with turn(self._data_dir):
                broadcast = await self._register(self._zeroconf, addresses)
            await broadcast
        except NonUniqueNameException:
            self._complain(f"{_NAMES_TRIED} servers on this network are called {self._name!r}")
        except (OSError, RuntimeError, Error) as error:
            self._complain(_reason(error))
        else:
            self._complaint = ""
            return True
        await self.withdraw()
        return False

    async def withdraw(self) -> None:
        """Say goodbye, if there was an announcement."""
        from zeroconf import Error

        zeroconf, self._zeroconf = self._zeroconf, None
        if zeroconf is not None:
            with suppress(OSError, Error):  # the network may be gone: nobody hears the goodbye
                await zeroconf.async_close()

    async def _register(
        self, zeroconf: "AsyncZeroconf", addresses: Sequence[str]
    ) -> Awaitable[None]:
        """Take the first free name of `NAME`, `NAME-2`, `NAME-3` ...; return the announcing of it.

        Zeroconf's own renaming would leave both servers the same host record, and the goodbye of
        one would take it from the other.
        """
        from zeroconf import NonUniqueNameException

        for number in range(1, _NAMES_TRIED + 1):
            name = self._name if number == 1 else f"{self._name}-{number}"
            with suppress(NonUniqueNameException):
                broadcast: Awaitable[None] = await zeroconf.async_register_service(
                    _service(name, self._port, addresses)
                )
                self._tell(name, addresses)
                return broadcast
        raise NonUniqueNameException

    def _tell(self, name: str, addresses: Sequence[str]) -> None:
        _LOG.info("announced as %r at %s, port %d", name, ", ".join(addresses), self._port)
        if name != self._name:
            _LOG.warning(
                "another server on this network is called %r, so this one is %r: give each its "
                "own --data-dir or --name",
                self._name,
                name,
            )

    def _complain(self, reason: str) -> None:
        """Warn once of each reason, however often it is met again."""
        if reason == self._complaint:
            return
        self._complaint = reason
        _LOG.warning(
            "Home Assistant will not find this server by itself: %s. Add it there by hand: "
            "Settings, Devices & services, Wyoming Protocol, this machine's address and port %d. "
            "--no-zeroconf stops the attempts",
            reason,
            self._port,
        )


def _check_name(name: str) -> None:
    """Refuse what does not fit into one label of a DNS name."""
    if len(name.encode()) > _NAME_BYTES or not name.isprintable() or "." in name:
        raise ConfigurationError(
            f"--name is {name[:80]!r}, but must be at most {_NAME_BYTES} bytes of printable text "
            "without dots"
        )


def _open(multicast_on: Sequence[str] | None, addresses: Sequence[str]) -> "AsyncZeroconf":
    """Open the multicast sockets: those asked for, or all; only loopback for loopback addresses."""
    from zeroconf.asyncio import AsyncZeroconf

    if multicast_on is None:
        local_only = all(ip_address(address).is_loopback for address in addresses)
        multicast_on = [_LOOPBACK] if local_only else _multicast_addresses()
    return AsyncZeroconf(interfaces=list(multicast_on))


def _multicast_addresses() -> list[str]:
    return [
        str(address)
        for interface in local_interfaces()
        for address in interface.addresses
        if str(address) == _LOOPBACK or not address.is_loopback
    ]


def _service(name: str, port: int, addresses: Sequence[str]) -> "AsyncServiceInfo":
    """Describe the service. Its host record is its own: `HOST.local.` belongs to the machine."""
    from zeroconf.asyncio import AsyncServiceInfo

    digest = hashlib.sha256(name.encode()).hexdigest()[:12]
    return AsyncServiceInfo(
        SERVICE_TYPE,
        f"{name}.{SERVICE_TYPE}",
        port=port,
        server=f"wyoming-kokoro-{digest}.local.",
        parsed_addresses=list(addresses),
        properties={"version": __version__},
    )


def _reason(error: Exception) -> str:
    """Say what `error` means, as far as the system has a word for it."""
    if isinstance(error, OSError):
        return f"multicast on UDP port 5353 is impossible ({error.strerror or error})"
    return f"multicast DNS failed ({str(error) or type(error).__name__})"
