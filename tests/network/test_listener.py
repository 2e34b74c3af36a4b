"""What the listener does to connections before anybody else sees them."""

import asyncio
import socket

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


async def test_a_port_is_free_again_once_the_listener_is_closed() -> None:
    first = await listen("tcp://127.0.0.1:0", lambda connection: connection.close())
    first.close()
    again = await listen(first.addresses[0], lambda connection: connection.close())
    assert again.addresses == first.addresses
    again.close()
