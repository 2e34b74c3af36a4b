"""The addresses to announce: what the server is bound to and the machine's interfaces in, out
those at which Home Assistant can reach it."""

import asyncio
import re
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from wyoming_kokoro.errors import ConfigurationError

Address = IPv4Address | IPv6Address

_RESOLVE_SECONDS = 5.0

_OWN_NETWORK = re.compile(
    r"docker\d+|br-[0-9a-f]{12}|hassio|veth.*|virbr\d+|vnet\d+|lxcbr\d+|lxdbr\d+|podman\d+|"
    r"cni.*|flannel.*|cali.*|vboxnet\d+|vmnet\d+|tun\d+|utun\d+|wg.*|tailscale\d+|ppp\d+"
)
"""Names of interfaces whose addresses other machines of the local network cannot reach:
containers, virtual machines, and tunnels, which carry no multicast."""


@dataclass(frozen=True, slots=True)
class Interface:
    """A network interface and its addresses."""

    name: str
    addresses: tuple[Address, ...]


def local_interfaces() -> tuple[Interface, ...]:
    """Return this machine's interfaces as they are now."""
    import ifaddr

    return tuple(
        Interface(adapter.nice_name, tuple(_address(ip.ip) for ip in adapter.ips))
        for adapter in ifaddr.get_adapters()
    )


def _address(ip: str | tuple[str, int, int]) -> Address:
    return ip_address(ip if isinstance(ip, str) else ip[0])


def to_announce(bound: Iterable[str], interfaces: Sequence[Interface]) -> tuple[str, ...]:
    """Return the addresses, IPv4 first, at which a server bound to `bound` is reached.

    `0.0.0.0` stands for all IPv4 addresses, `::` for those of both families, others for
    themselves. Never part of the result: unspecified addresses; link-local ones, which Home
    Assistant discards (they mean nothing without an interface of its own); loopback, unless the
    server is bound to nothing else. Interfaces of containers and tunnels count only on a machine
    that has no others: Home Assistant connects to one address alone, and must not choose one that
    leads nowhere.
    """
    found: set[Address] = set()
    for address in map(ip_address, bound):
        if address.is_unspecified:
            found.update(_reachable(interfaces, (4,) if address.version == 4 else (4, 6)))
        elif not address.is_link_local:
            found.add(address)
    outward = {address for address in found if not address.is_loopback} or found
    return tuple(map(str, sorted(outward, key=lambda address: (address.version, int(address)))))


def _reachable(interfaces: Sequence[Interface], versions: tuple[int, ...]) -> list[Address]:
    found = [
        (_OWN_NETWORK.fullmatch(interface.name) is not None, address)
        for interface in interfaces
        for address in interface.addresses
        if address.version in versions and _is_outward(address)
    ]
    outward = [address for own, address in found if not own]
    return outward or [address for _, address in found]


def _is_outward(address: Address) -> bool:
    return not (address.is_loopback or address.is_link_local or address.is_unspecified)


async def resolve_advertised(value: str) -> tuple[str, ...]:
    """Return the addresses that `--advertise-address` stands for: itself, or those of a host name.

    Raises:
        ConfigurationError: no machine can be reached there, or the name is not known.
    """
    try:
        address = ip_address(value)
    except ValueError:
        return await _resolve(value)
    if address.is_unspecified or address.is_multicast or address.is_link_local:
        raise ConfigurationError(
            f"--advertise-address is {value!r}, but must be an address that other machines can "
            "connect to, such as 192.168.1.20"
        )
    return (str(address),)


async def _resolve(host: str) -> tuple[str, ...]:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(_RESOLVE_SECONDS):
            found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError) as error:
        raise ConfigurationError(
            f"--advertise-address is {host[:80]!r}, but must be an IP address or the name of a "
            f"host that can be found: {error or 'no answer from the name server'}"
        ) from None
    addresses = {ip_address(str(info[4][0])) for info in found}
    usable = sorted(filter(_is_outward, addresses), key=lambda a: (a.version, int(a)))
    if not usable:
        raise ConfigurationError(
            f"--advertise-address is {host!r}, which means {', '.join(map(str, addresses))} here; "
            "give the IP address at which other machines reach this one"
        )
    return tuple(map(str, usable))
