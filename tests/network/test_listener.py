"""What the listener does to connections before anybody else sees them."""

import asyncio
import socket
from typing import Any

import pytest

from wyoming_kokoro.errors import ConfigurationError
from wyoming_kokoro.network.listener import listen


async def test_a_connection_is_kept_alive_and_sends_without_delay() -> None:
    accepted = asyncio.Queue[socket.socket]()
    listener = await listen("tcp://127.0.0.1:0", accepted.put_nowait)
    port = int(listener.addresses[0].rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)), await accepted.get() as connection:
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 60
        assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) < 1024 * 1024
        assert not connection.getblocking()
    listener.close()


async def test_a_place_that_cannot_be_had_is_told_with_the_option_that_named_it() -> None:
    listener = await listen("tcp://127.0.0.1:0", socket.socket.close)
    with pytest.raises(ConfigurationError, match=r"another program uses it;.* another --http"):
        await listen(listener.addresses[0], socket.socket.close, "--http")
    with pytest.raises(ConfigurationError, match=r"--agent tcp://127.0.0.1: a port"):
        await listen("tcp://127.0.0.1", socket.socket.close, "--agent")
    listener.close()


def connected_to(uri: str) -> socket.socket:
    """A client whose connection waits to be accepted."""
    client = socket.create_connection(("127.0.0.1", int(uri.rpartition(":")[2])))
    client.setblocking(False)
    return client


async def answer_to(client: socket.socket) -> bytes:
    with client:
        return await asyncio.get_running_loop().sock_recv(client, 1)


async def test_a_connection_that_cannot_be_prepared_is_closed_and_the_next_is_taken(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    accepted = asyncio.Queue[socket.socket]()
    listener = await listen("tcp://127.0.0.1:0", accepted.put_nowait)
    with monkeypatch.context() as patched:
        no_option = ((socket.IPPROTO_TCP, 9999, 1),)
        patched.setattr("wyoming_kokoro.network.listener._TCP_OPTIONS", no_option)
        assert await answer_to(connected_to(listener.addresses[0])) == b""
    assert accepted.empty()
    [record] = caplog.records
    assert "could not be prepared" in record.getMessage()
    assert record.exc_info is None
    with connected_to(listener.addresses[0]), await accepted.get() as connection:
        assert connection.fileno() >= 0
    listener.close()


async def test_a_connection_that_nobody_takes_is_closed() -> None:
    def refuse(connection: socket.socket) -> None:
        raise ZeroDivisionError

    told: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    listener = await listen("tcp://127.0.0.1:0", refuse)
    assert await answer_to(connected_to(listener.addresses[0])) == b""
    assert [type(context["exception"]) for context in told] == [ZeroDivisionError]
    listener.close()


async def test_a_port_is_free_again_once_the_listener_is_closed() -> None:
    first = await listen("tcp://127.0.0.1:0", lambda connection: connection.close())
    first.close()
    again = await listen(first.addresses[0], lambda connection: connection.close())
    assert again.addresses == first.addresses
    again.close()
