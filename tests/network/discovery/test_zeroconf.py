"""Announcements as another program on the network sees them, over loopback multicast."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import pytest
from zeroconf import IPVersion, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from wyoming_kokoro import __version__
from wyoming_kokoro.errors import ConfigurationError
from wyoming_kokoro.network.discovery.addresses import Interface
from wyoming_kokoro.network.discovery.identity import instance_id
from wyoming_kokoro.network.discovery.zeroconf import SERVICE_TYPE, Discovery

LOOPBACK = ["127.0.0.1"]
SECONDS = 20.0  # to fail by, never to wait for


def network(*addresses: str) -> list[Interface]:
    return [
        Interface("lo", (ip_address("127.0.0.1"), ip_address("::1"))),
        Interface("eth0", tuple(map(ip_address, addresses))),
        Interface("docker0", (ip_address("172.17.0.1"),)),
    ]


def discovery(data_dir: Path, name: str = "", address: str = "", **options: Any) -> Discovery:
    """A discovery that speaks on loopback, whatever addresses it announces."""
    options.setdefault("multicast_on", LOOPBACK)
    options.setdefault("interfaces", lambda: network("192.0.2.20"))
    return Discovery(data_dir, name, address, **options)


class Browser:
    """What Home Assistant would see: services that come and go."""

    def __init__(self) -> None:
        self._zeroconf = AsyncZeroconf(interfaces=LOOPBACK)
        self._news = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()
        self.present: set[str] = set()
        self._browser = AsyncServiceBrowser(
            self._zeroconf.zeroconf, SERVICE_TYPE, handlers=[self._on_change]
        )

    def _on_change(
        self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange
    ) -> None:
        assert zeroconf is self._zeroconf.zeroconf
        instance = name.removesuffix(f".{service_type}")
        if state_change is ServiceStateChange.Removed:
            self.present.discard(instance)
        else:
            self.present.add(instance)
        task = asyncio.create_task(self._tell())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()

    async def sees(self, name: str) -> None:
        async with asyncio.timeout(SECONDS), self._news:
            await self._news.wait_for(lambda: name in self.present)

    async def misses(self, name: str) -> None:
        async with asyncio.timeout(SECONDS), self._news:
            await self._news.wait_for(lambda: name not in self.present)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._browser.async_cancel()
        await self._zeroconf.async_close()


async def resolve(name: str) -> AsyncServiceInfo:
    """Ask the network, with nothing remembered, where `name` is."""
    async with AsyncZeroconf(interfaces=LOOPBACK) as zeroconf:
        info = await zeroconf.async_get_service_info(
            SERVICE_TYPE, f"{name}.{SERVICE_TYPE}", int(SECONDS * 1000)
        )
    assert info is not None, f"{name} is not announced"
    return info


def addresses(info: AsyncServiceInfo) -> set[str]:
    return set(info.parsed_addresses(IPVersion.All))


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with Browser() as browsing:
        yield browsing


@pytest.fixture
def name() -> str:
    """A name that no other test on this machine announces at the same time."""
    return f"Küche {uuid4().hex[:8]}"


async def test_a_server_is_announced_until_it_says_goodbye(
    tmp_path: Path, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    announced = discovery(tmp_path)
    await announced.start(["tcp://0.0.0.0:10200"])
    name = f"Kokoro {instance_id(tmp_path)}"
    await browser.sees(name)
    info = await resolve(name)
    assert info.port == 10200
    assert addresses(info) == {"192.0.2.20"}
    assert info.properties == {b"version": __version__.encode()}
    assert re.fullmatch(r"wyoming-kokoro-[0-9a-f]{12}\.local\.", info.server or "")
    await announced.stop()
    await browser.misses(name)
    assert caplog.messages == [f"announced as {name!r} at 192.0.2.20, port 10200"]


async def test_a_restarted_server_has_the_name_it_had(tmp_path: Path, browser: Browser) -> None:
    for _ in range(2):
        announced = discovery(tmp_path)
        await announced.start(["tcp://0.0.0.0:10200"])
        await browser.sees(f"Kokoro {instance_id(tmp_path)}")
        await announced.stop()
        await browser.misses(f"Kokoro {instance_id(tmp_path)}")


async def test_a_second_server_of_one_name_is_renamed_and_leaves_the_first_alone(
    tmp_path: Path, name: str, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = discovery(tmp_path / "1", name), discovery(tmp_path / "2", name)
    await first.start(["tcp://0.0.0.0:10200"])
    await browser.sees(name)
    await second.start(["tcp://0.0.0.0:10201"])
    await browser.sees(f"{name}-2")
    one, two = await asyncio.gather(resolve(name), resolve(f"{name}-2"))
    assert (one.port, two.port) == (10200, 10201)
    assert one.server != two.server
    await second.stop()
    await browser.misses(f"{name}-2")
    assert addresses(await resolve(name)) == {"192.0.2.20"}
    await first.stop()
    (warning,) = caplog.messages
    assert f"called {name!r}, so this one is '{name}-2'" in warning
    assert "--data-dir or --name" in warning


async def test_servers_that_share_a_data_directory_and_start_together_get_two_names(
    tmp_path: Path, browser: Browser
) -> None:
    servers = [discovery(tmp_path), discovery(tmp_path)]
    for port, server in enumerate(servers, 10200):
        await server.start([f"tcp://0.0.0.0:{port}"])
    await browser.sees(f"Kokoro {instance_id(tmp_path)}")
    await browser.sees(f"Kokoro {instance_id(tmp_path)}-2")
    for server in servers:
        await server.stop()


async def test_a_change_of_address_is_announced(
    tmp_path: Path, name: str, browser: Browser
) -> None:
    interfaces = network("192.0.2.20")
    announced = discovery(tmp_path, name, interfaces=lambda: interfaces, check_seconds=0.01)
    await announced.start(["tcp://0.0.0.0:10200"])
    await browser.sees(name)
    interfaces = network("192.0.2.99")
    await browser.misses(name)
    await browser.sees(name)
    assert addresses(await resolve(name)) == {"192.0.2.99"}
    await announced.stop()


async def test_a_network_that_comes_up_late_is_waited_for(
    tmp_path: Path, name: str, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    looks = 0

    def interfaces() -> list[Interface]:
        nonlocal looks
        looks += 1
        return network("192.0.2.20") if looks > 3 else network()[:1]

    announced = discovery(tmp_path, name, interfaces=interfaces, check_seconds=0.01)
    await announced.start(["tcp://0.0.0.0:10200"])
    await browser.sees(name)
    await announced.stop()
    (warning,) = caplog.messages
    assert "this machine has no network address yet" in warning
    assert "Wyoming Protocol, this machine's address and port 10200" in warning


@pytest.mark.parametrize(
    ("uri", "advertised", "expected"),
    [
        ("tcp://[::]:10200", "", {"192.0.2.20", "2001:db8::20"}),
        ("tcp://[2001:db8::20]:10200", "", {"2001:db8::20"}),
        ("tcp://0.0.0.0:10200", "198.51.100.7", {"198.51.100.7"}),
    ],
)
async def test_the_addresses_announced_are_those_where_the_server_is_reached(
    tmp_path: Path, name: str, browser: Browser, uri: str, advertised: str, expected: set[str]
) -> None:
    interfaces = network("192.0.2.20", "2001:db8::20", "fe80::20")
    announced = discovery(tmp_path, name, advertised, interfaces=lambda: interfaces)
    await announced.start([uri])
    await browser.sees(name)
    assert addresses(await resolve(name)) == expected
    await announced.stop()


async def test_a_server_on_loopback_is_announced_on_loopback(
    tmp_path: Path, name: str, browser: Browser
) -> None:
    announced = Discovery(tmp_path, name)
    await announced.start(["tcp://127.0.0.1:10200", "tcp://[::1]:10200"])
    await browser.sees(name)
    assert addresses(await resolve(name)) == {"127.0.0.1", "::1"}
    await announced.stop()


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")  # zeroconf's, when refused
async def test_a_network_without_multicast_is_a_warning_with_the_remedy(
    tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    asked = asyncio.Event()

    def interfaces() -> list[Interface]:
        if caplog.messages:
            asked.set()
        return network("192.0.2.20")

    announced = discovery(
        tmp_path, name, interfaces=interfaces, check_seconds=0.01, multicast_on=["203.0.113.1"]
    )
    await announced.start(["tcp://0.0.0.0:10200"])
    await asyncio.wait_for(asked.wait(), SECONDS)
    await announced.stop()
    (warning,) = {record.getMessage(): record for record in caplog.records}.values()
    assert warning.levelno == logging.WARNING
    assert "multicast on UDP port 5353 is impossible" in warning.getMessage()
    assert "--no-zeroconf stops the attempts" in warning.getMessage()


async def test_stopping_while_the_name_is_still_being_tried_leaves_nothing_behind(
    tmp_path: Path, name: str, browser: Browser
) -> None:
    announced = discovery(tmp_path, name)
    await announced.start(["tcp://0.0.0.0:10200"])
    await announced.stop()
    await announced.stop()
    assert name not in browser.present
    assert {task.get_name() for task in asyncio.all_tasks()}.isdisjoint({"zeroconf"})


@pytest.mark.parametrize("uri", ["unix:///run/kokoro.socket", "stdio://"])
async def test_what_other_machines_cannot_reach_is_not_announced(tmp_path: Path, uri: str) -> None:
    announced = discovery(tmp_path)
    await announced.start([uri])
    assert {task.get_name() for task in asyncio.all_tasks()}.isdisjoint({"zeroconf"})
    await announced.stop()


@pytest.mark.parametrize("name", ["x" * 61, "ü" * 31, "kitchen.local", "a\nb", "a\0"])
def test_a_name_that_dns_cannot_hold_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match=r"--name is .* at most 60 bytes"):
        Discovery(tmp_path, name)


async def test_an_advertised_port_takes_the_place_of_the_servers_own(
    tmp_path: Path, name: str
) -> None:
    announced = discovery(tmp_path, name, "192.0.2.7", advertise_port=10300)
    await announced.start(["tcp://0.0.0.0:10200"])
    info = await resolve(name)
    await announced.stop()
    assert (addresses(info), info.port) == ({"192.0.2.7"}, 10300)


async def test_an_advertised_address_that_is_none_stops_the_start(tmp_path: Path) -> None:
    announced = discovery(tmp_path, address="0.0.0.0")
    with pytest.raises(ConfigurationError, match="--advertise-address"):
        await announced.start(["tcp://0.0.0.0:10200"])
