"""The commands of a fleet as processes: a front before a node that is killed, agent checks, workers
that cannot work."""

import asyncio
import os
import socket
import sys
from pathlib import Path

from tests.support.process import PATIENCE, WITHOUT_STARTER, Program, run_command, running
from wyoming_kokoro.network import client

STAND_IN = ("--engine", "stand-in")
LONG = " ".join(f"Sentence {number} is as long as all others are." for number in range(4))


async def heard(uri: str, text: str, began: asyncio.Event | None = None) -> int:
    total = 0
    async with client.speak(uri, text) as speech:
        async for pcm in speech:
            total += len(pcm)
            if began:
                began.set()
    return total


def agent_at(address: tuple[str, int]) -> bytes:
    """What the agent answers now."""
    with socket.create_connection(address, PATIENCE) as connection:
        return connection.recv(100)


def front_of(*nodes: Program) -> Program:
    named = ",".join(node.uri.removeprefix("tcp://") for node in nodes)
    options = ["--uri", "tcp://127.0.0.1:0", "--nodes", named]
    command = [sys.executable, "-m", "wyoming_kokoro", "front", *options]
    return Program(command, {**os.environ, **WITHOUT_STARTER})


async def test_a_fleet_speaks_through_its_front_and_stops_in_order(tmp_path: Path) -> None:
    agent = ("--agent", "tcp://127.0.0.1:0", "--drain-seconds", "60")
    with (
        running(tmp_path / "a", *STAND_IN) as one,
        running(tmp_path / "b", *STAND_IN, *agent) as two,
    ):
        check = two.wait_for(r"agent checks at tcp://([\d.]+):(\d+)")
        front = front_of(one, two)
        try:
            uri = await asyncio.to_thread(lambda: front.uri)
            whole = await heard(uri, LONG)
            one.process.kill()
            one.ended()
            assert await asyncio.gather(*(heard(uri, LONG) for _ in range(3))) == [whole] * 3
            began = asyncio.Event()
            speaking = asyncio.create_task(heard(uri, LONG, began))
            await asyncio.wait_for(began.wait(), PATIENCE)
            two.process.terminate()
            address = (check[1], int(check[2]))
            while await asyncio.to_thread(agent_at, address) != b"drain\n":
                assert not speaking.done()
            assert await speaking == whole
            assert await asyncio.to_thread(two.ended) == 0
            front.process.terminate()
            assert await asyncio.to_thread(front.ended) == 0
            assert "Traceback" not in front.log + two.log
        finally:
            front.process.kill()
            front.ended()
            for stream in (front.process.stdin, front.process.stdout, front.process.stderr):
                assert stream
                stream.close()


def test_a_front_without_nodes_and_a_worker_without_a_database_are_told(tmp_path: Path) -> None:
    for command, reason in (
        (["front"], "--nodes"),
        (["front", "--nodes", "kitchen"], "HOST:PORT"),
        (["work", "--jobs", "off", "--data-dir", str(tmp_path)], "--jobs off"),
        (["work", "--jobs", "mysql://a/b", "--data-dir", str(tmp_path)], "postgresql://"),
        (
            ["work", "--jobs", "postgresql://u:secret@127.0.0.1:1/x", "--data-dir", str(tmp_path)],
            "cannot be used",
        ),
    ):
        done = run_command(*command)
        assert done.returncode == 2, done.stderr
        assert reason in done.stderr
        assert "Traceback" not in done.stderr
        assert "secret" not in done.stderr
