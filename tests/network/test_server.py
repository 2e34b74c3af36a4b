"""Listening, admitting, and stopping in order, over real sockets."""

import asyncio
import contextlib
import os
import resource
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from wyoming.client import AsyncUnixClient
from wyoming.error import Error
from wyoming.event import async_read_event
from wyoming.tts import Synthesize, SynthesizeChunk, SynthesizeStart, SynthesizeStop

from tests.support.places import ROOT
from tests.support.speakers import (
    READ_SECONDS,
    Speaker,
    client_of,
    event,
    open_raw,
    read_until,
    serving,
    types,
)
from wyoming_kokoro.config import Limits
from wyoming_kokoro.errors import ConfigurationError
from wyoming_kokoro.network.wire import encode

WHOLE = ["audio-start", "audio-chunk", "audio-stop"]

needs_ipv6 = pytest.mark.skipif(
    not Path("/proc/net/if_inet6").exists() or not Path("/proc/net/if_inet6").read_text(),
    reason="this machine has no IPv6",
)


async def describes(host: str, port: int) -> bool:
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(encode(event("describe")))
    line = await reader.readline()
    writer.close()
    return b'"info"' in line


def port_of(uri: str) -> int:
    return int(uri.rpartition(":")[2])


async def test_port_0_takes_a_free_port_and_tells_which() -> None:
    async with serving(uri="tcp://127.0.0.1:0") as server:
        (address,) = server.addresses
        assert port_of(address) > 0
        assert await describes("127.0.0.1", port_of(address))


async def test_a_host_name_is_listened_at() -> None:
    async with serving(uri="tcp://localhost:0") as server:
        assert len({port_of(address) for address in server.addresses}) == 1
        assert await describes("localhost", port_of(server.addresses[0]))


@needs_ipv6
async def test_an_ipv6_address_is_listened_at() -> None:
    async with serving(uri="tcp://[::1]:0") as server:
        (address,) = server.addresses
        assert address.startswith("tcp://[::1]:")
        assert await describes("::1", port_of(address))


@needs_ipv6
async def test_all_addresses_of_ipv6_are_those_of_ipv4_as_well() -> None:
    async with serving(uri="tcp://[::]:0") as server:
        (address,) = server.addresses
        assert await describes("::1", port_of(address))
        assert await describes("127.0.0.1", port_of(address))


@needs_ipv6
async def test_no_host_means_all_addresses_of_both_families() -> None:
    async with serving(uri="tcp://:0") as server:
        assert len(server.addresses) == 2
        assert await describes("::1", port_of(server.addresses[0]))
        assert await describes("127.0.0.1", port_of(server.addresses[0]))


async def test_a_taken_port_is_named_with_the_remedy() -> None:
    async with serving() as server:
        with pytest.raises(
            ConfigurationError, match=r"tcp://127.0.0.1:\d+: another program .*--uri"
        ):
            async with serving(uri=server.addresses[0]):
                pass


@pytest.mark.parametrize(
    ("uri", "message"),
    [
        ("http://127.0.0.1:1", "use tcp://HOST:PORT"),
        ("10200", "use tcp://HOST:PORT"),
        ("tcp://127.0.0.1", "a port"),
        ("tcp://127.0.0.1:http", "a port"),
        ("tcp://127.0.0.1:70000", "a port"),
        ("tcp://192.0.2.1:0", "no such address"),
        ("tcp://no-such-host.invalid:0", "cannot listen at tcp://no-such-host.invalid:0: "),
        ("unix://", "a path"),
        ("unix:///no/such/folder/socket", "folder"),
        ("unix:///" + "x" * 200, "too long"),
    ],
)
async def test_an_address_that_cannot_be_used_is_named_with_the_remedy(
    uri: str, message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        async with serving(uri=uri):
            pass


async def test_a_unix_socket_is_served_and_removed(tmp_path: Path) -> None:
    path = tmp_path / "kokoro.sock"
    async with serving(uri=f"unix://{path}") as server:
        assert server.addresses == (f"unix://{path}",)
        async with AsyncUnixClient(path, read_timeout=READ_SECONDS) as client:
            await client.write_event(Synthesize("hello").event())
            assert types(await read_until(client, "audio-stop")) == WHOLE
    assert not path.exists()


async def test_a_dead_socket_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "kokoro.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    async with serving(uri=f"unix://{path}"), AsyncUnixClient(path) as client:
        await client.write_event(event("ping"))
        assert await client.read_event() is not None


async def test_a_living_socket_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "kokoro.sock"
    async with serving(uri=f"unix://{path}"):
        with pytest.raises(ConfigurationError, match="another program"):
            async with serving(uri=f"unix://{path}"):
                pass
        async with AsyncUnixClient(path) as client:
            await client.write_event(event("ping"))
            assert await client.read_event() is not None


async def test_a_file_that_is_no_socket_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("mine")
    with pytest.raises(ConfigurationError, match="no socket"):
        async with serving(uri=f"unix://{path}"):
            pass
    assert path.read_text() == "mine"


async def test_connections_over_the_cap_are_told_and_those_below_are_served() -> None:
    async with (
        serving(limits=Limits(connections=2)) as server,
        client_of(server) as first,
        client_of(server) as second,
    ):
        for client in (first, second):
            await client.write_event(event("ping"))
            assert types(await read_until(client, "pong")) == ["pong"]
        for _ in range(5):
            async with client_of(server) as refused:
                await refused.write_event(event("describe"))
                (answer,) = await read_until(refused)
                assert Error.from_event(answer).code == "overloaded"
        await first.write_event(event("ping"))
        assert types(await read_until(first, "pong")) == ["pong"]


async def test_a_closed_connection_makes_room() -> None:
    async with serving(limits=Limits(connections=1)) as server:
        for _ in range(5):
            reader, writer = await open_raw(server)
            writer.write(encode(event("ping")))
            writer.write_eof()
            assert b"pong" in await reader.read()  # to the end: the server has closed
            writer.close()


async def test_running_out_of_file_descriptors_passes_without_a_flood_of_log(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wyoming_kokoro.network.listener._ACCEPT_PAUSE_SECONDS", 0.5)
    async with serving() as server:
        waiting = socket.create_connection(("127.0.0.1", port_of(server.addresses[0])))
        with no_file_descriptors():
            while "cannot accept" not in caplog.text:  # noqa: ASYNC110  # a log has no event
                await asyncio.sleep(0)
            for _ in range(20):  # turns in which it could try again, and does not
                await asyncio.sleep(0)
            assert len(caplog.records) == 1
        reader, writer = await asyncio.open_connection(sock=waiting)
        writer.write(encode(event("ping")))
        assert b"pong" in await reader.readline()
        writer.close()
    assert "ulimit -n" in caplog.text


async def test_a_connection_whose_session_cannot_be_made_is_closed_and_the_next_is_served(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def no_session(*_: object) -> None:
        raise ZeroDivisionError

    async with serving() as server:
        with monkeypatch.context() as patched:
            patched.setattr("wyoming_kokoro.network.server.Session", no_session)
            reader, writer = await open_raw(server)
            with contextlib.suppress(ConnectionResetError):
                assert await reader.read() == b""
            writer.close()
        assert await describes("127.0.0.1", port_of(server.addresses[0]))
    assert [record.getMessage() for record in caplog.records] == ["a connection failed"]


async def test_a_connection_that_is_accepted_just_before_the_end_is_closed() -> None:
    async with serving() as server:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        server._on_connection(ours)
        await server.drain(0)
        with theirs:
            assert theirs.recv(1) == b""
        assert ours.fileno() == -1


@contextlib.contextmanager
def no_file_descriptors() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest_free = os.dup(0)
    os.close(lowest_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_stopping_closes_idle_clients_and_takes_no_new_ones() -> None:
    async with serving() as server, client_of(server) as idle:
        await idle.write_event(event("ping"))
        await read_until(idle, "pong")
        await server.drain(READ_SECONDS)
        assert await idle.read_event() is None
        with pytest.raises(ConnectionRefusedError):
            await open_raw(server)


@pytest.mark.parametrize("streamed", [False, True])
async def test_stopping_lets_a_speaking_client_hear_the_end(streamed: bool) -> None:
    speaker = Speaker()
    speaker.may_speak.clear()
    async with serving(speaker) as server, client_of(server) as client:
        if streamed:
            await client.write_event(SynthesizeStart().event())
            await client.write_event(SynthesizeChunk("one ").event())
        else:
            await client.write_event(Synthesize("one two").event())
        await speaker.started.wait()
        draining = asyncio.create_task(server.drain(READ_SECONDS))
        await asyncio.sleep(0)
        speaker.may_speak.set()
        if streamed:  # what still comes belongs to what was accepted
            await client.write_event(SynthesizeChunk("two").event())
            await client.write_event(SynthesizeStop().event())
        events = await read_until(client)
        await draining
    ending = ["audio-stop", "synthesize-stopped"] if streamed else ["audio-stop"]
    assert types(events) == ["audio-start", "audio-chunk", "audio-chunk", *ending]


async def test_a_new_request_while_stopping_is_refused_after_the_accepted_one() -> None:
    speaker = Speaker()
    speaker.may_speak.clear()
    more = [event("ping"), event("synthesize-start"), event("synthesize-chunk", text="more")]
    async with serving(speaker) as server:
        reader, writer = await open_raw(server)
        writer.write(encode(Synthesize("hello").event()))
        await speaker.started.wait()
        draining = asyncio.create_task(server.drain(READ_SECONDS))
        await asyncio.sleep(0)
        writer.write(b"".join(map(encode, more)))
        assert await async_read_event(reader) == event("pong", text=None)
        speaker.may_speak.set()
        answers = [await async_read_event(reader) for _ in range(4)]
        assert await reader.read() == b""
        writer.close()
        await draining
    assert types([answer for answer in answers if answer]) == [*WHOLE, "error"]
    assert answers[3] is not None
    assert Error.from_event(answers[3]).code == "shutting-down"
    assert speaker.texts == ["hello"]


async def test_the_deadline_ends_what_is_still_being_spoken_with_an_error() -> None:
    speaker = Speaker()
    speaker.may_speak.clear()
    async with serving(speaker) as server, client_of(server) as client:
        await client.write_event(Synthesize("hello").event())
        await speaker.started.wait()
        await server.drain(0.05)
        (answer,) = await read_until(client)
        assert Error.from_event(answer).code == "shutting-down"
        assert speaker.cut_off.is_set()


async def test_a_second_stop_without_patience_ends_the_first() -> None:
    speaker = Speaker()
    speaker.may_speak.clear()
    async with serving(speaker) as server, client_of(server) as client:
        await client.write_event(Synthesize("hello").event())
        await speaker.started.wait()
        draining = asyncio.create_task(server.drain(10 * READ_SECONDS))
        await asyncio.sleep(0)
        await server.drain(0)
        await draining
        (answer,) = await read_until(client)
        assert Error.from_event(answer).code == "shutting-down"


async def test_the_deadline_drops_a_client_that_reads_nothing() -> None:
    speaker = Speaker()
    async with serving(speaker) as server:
        _, deaf = await open_raw(server)
        deaf.transport.pause_reading()  # type: ignore[attr-defined]  # it is a ReadTransport too
        deaf.write(encode(Synthesize("forever").event()))
        await speaker.started.wait()
        await server.drain(0.2)
        assert speaker.cut_off.is_set()
        deaf.close()


STDIO_SERVER = """
import asyncio
import sys
from tests.support.speakers import Speaker, serving

async def main():
    async with serving(Speaker(), uri="stdio://") as server:
        print("a library that prints")
        await server.finished.wait()

asyncio.run(main())
"""


def run_stdio(sent: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", STDIO_SERVER],
        input=sent,
        capture_output=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )


def test_standard_input_and_output_carry_a_conversation_and_nothing_else() -> None:
    sent = b"".join(map(encode, [event("ping", text="?"), Synthesize("hello").event()]))
    done = run_stdio(sent)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.startswith(b'{"type": "pong"')
    assert done.stdout.count(b'"type": "audio-stop"') == 1
    assert b"prints" not in done.stdout
    assert done.stderr == b"a library that prints\n"


def test_nonsense_on_standard_input_is_answered_with_an_error() -> None:
    done = run_stdio(b"nonsense\n")
    assert done.returncode == 0, done.stderr.decode()
    assert b"bad-request" in done.stdout
