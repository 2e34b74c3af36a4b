"""Which of a machine's addresses are worth announcing."""

import socket
from ipaddress import ip_address
from typing import Any

import pytest

from wyoming_kokoro.errors import ConfigurationError
from wyoming_kokoro.network.discovery.addresses import (
    Interface,
    local_interfaces,
    resolve_advertised,
    to_announce,
)


def interface(name: str, *addresses: str) -> Interface:
    return Interface(name, tuple(map(ip_address, addresses)))


LOOPBACK = interface("lo", "127.0.0.1", "::1")
WIRED = interface("eth0", "192.168.1.20", "fe80::1", "2001:db8::20", "fd00::20")
WIRELESS = interface("wlan0", "192.168.1.30", "169.254.3.4")
DOCKER = interface("docker0", "172.17.0.1", "fd00:d::1")
BRIDGE = interface("br-0123456789ab", "172.18.0.1")
TUNNEL = interface("wg0", "10.8.0.2")
ALL = [LOOPBACK, WIRED, WIRELESS, DOCKER, BRIDGE, TUNNEL]


def test_all_of_ipv4_means_the_ipv4_addresses_that_others_can_reach() -> None:
    assert to_announce(["0.0.0.0"], ALL) == ("192.168.1.20", "192.168.1.30")


def test_all_of_ipv6_means_both_families_ipv4_first() -> None:
    both = ("192.168.1.20", "192.168.1.30", "2001:db8::20", "fd00::20")
    assert to_announce(["::"], ALL) == both
    assert to_announce(["0.0.0.0", "::"], ALL) == both


def test_a_bound_address_is_the_only_one() -> None:
    assert to_announce(["192.168.1.20"], ALL) == ("192.168.1.20",)
    assert to_announce(["fd00::20"], ALL) == ("fd00::20",)


def test_loopback_is_announced_only_when_there_is_nothing_else() -> None:
    assert to_announce(["127.0.0.1"], ALL) == ("127.0.0.1",)
    assert to_announce(["127.0.0.1", "::1"], ALL) == ("127.0.0.1", "::1")
    assert to_announce(["127.0.0.1", "192.168.1.20"], ALL) == ("192.168.1.20",)


def test_containers_and_tunnels_count_where_there_is_no_other_interface() -> None:
    assert to_announce(["0.0.0.0"], [LOOPBACK, DOCKER, TUNNEL]) == ("10.8.0.2", "172.17.0.1")


def test_a_bridge_that_a_person_named_is_an_interface_like_others() -> None:
    assert to_announce(["0.0.0.0"], [interface("br0", "192.168.1.2"), DOCKER]) == ("192.168.1.2",)


@pytest.mark.parametrize("bound", ["0.0.0.0", "::", "fe80::1%2", "169.254.3.4"])
def test_a_machine_that_nobody_reaches_announces_nothing(bound: str) -> None:
    alone = [LOOPBACK, interface("eth0", "fe80::1", "169.254.3.4")]
    assert to_announce([bound], alone) == ()


def test_the_machine_tells_its_interfaces() -> None:
    addresses = {str(address) for each in local_interfaces() for address in each.addresses}
    assert "127.0.0.1" in addresses


@pytest.mark.parametrize("value", ["192.168.1.20", "2001:db8::20", "127.0.0.1"])
async def test_an_address_to_advertise_is_taken_as_it_is(value: str) -> None:
    assert await resolve_advertised(value) == (value,)


@pytest.mark.parametrize("value", ["0.0.0.0", "::", "224.0.0.251", "fe80::1", "169.254.1.1"])
async def test_an_address_that_leads_nowhere_is_refused(value: str) -> None:
    with pytest.raises(ConfigurationError, match=f"--advertise-address is '{value}', but must be"):
        await resolve_advertised(value)


async def test_a_host_name_stands_for_its_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answering("127.0.1.1", "192.168.1.20"))
    assert await resolve_advertised("kitchen.lan") == ("192.168.1.20",)


async def test_a_host_name_that_means_only_this_machine_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answering("127.0.1.1"))
    with pytest.raises(ConfigurationError, match=r"'kitchen', which means 127\.0\.1\.1 here"):
        await resolve_advertised("kitchen")


async def test_a_host_name_that_is_not_known_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answering())
    with pytest.raises(ConfigurationError, match=r"'kitchen', but must be .*name of a host"):
        await resolve_advertised("kitchen")


async def test_something_that_is_no_host_name_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="--advertise-address is"):
        await resolve_advertised("a" * 300)


def answering(*addresses: str) -> Any:
    """Stand in for the name server: the tests must not depend on one."""

    def getaddrinfo(*_: Any, **__: Any) -> list[Any]:
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 0)) for each in addresses]

    return getaddrinfo
