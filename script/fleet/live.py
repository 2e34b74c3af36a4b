"""The live half of a fleet: three nodes that speak by the stand-in, behind HAProxy and behind our
front. Requests come in, nodes are drained and killed meanwhile, and what clients heard is compared.
"""

import asyncio
import signal
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from script.fleet.machines import Ports, balancer, free_ports, front, node, pause
from tests.support.process import Program
from wyoming_kokoro.errors import KokoroError
from wyoming_kokoro.network import client

Claim = Callable[[str, bool], None]

SHORT = "The light in the kitchen is on now."
LONG = " ".join(f"This is sentence number {number} of a longer story." for number in range(8))
"""Some 20 seconds, most of which a node still has to speak when it is told to stop."""

STAND_IN = ("--engine", "stand-in", "--jobs", "off")


async def heard(uri: str, text: str, begun: asyncio.Event | None = None) -> int:
    """Return how many bytes of sound come for a text; -1 where that ends before its time."""
    total = 0
    try:
        async with client.speak(uri, text) as speech:
            async for pcm in speech:
                total += len(pcm)
                if begun:
                    begun.set()
    except KokoroError:
        return -1
    return total


async def examine(folder: Path, fleet: ExitStack, claim: Claim) -> None:
    """Run the fleet, and claim what should hold."""
    ports = [Ports.free() for _ in range(3)]
    [port, front_port] = free_ports(2)
    uri = f"tcp://127.0.0.1:{port}"

    def start(number: int) -> Program:
        options = (*STAND_IN, "--fleet", uri)
        name = folder / f"n{number}"
        return fleet.enter_context(node(name, ports[number], *options))

    nodes = [start(number) for number in range(3)]
    haproxy = fleet.enter_context(balancer(folder, port, ports))
    await _until_all_are_up(uri, nodes)
    described = {repr(await client.describe(uri)) for _ in range(9)}
    claim("all nodes describe themselves in the same way", len(described) == 1)
    await _spread(uri, nodes, claim)
    whole = await heard(uri, LONG)
    await _drain(uri, nodes, whole, claim)
    nodes[0] = start(0)
    nodes[0].wait_for("describes itself as this node does")
    await asyncio.to_thread(haproxy.wait_for, "Server wyoming/n1 is UP")
    await _until_all_are_up(uri, nodes)
    await _kill(uri, nodes, haproxy, whole, claim)
    nodes[1] = start(1)
    fleet.enter_context(front(front_port, ports))
    await _front(f"tcp://127.0.0.1:{front_port}", nodes, claim)


async def _until_all_are_up(uri: str, nodes: Sequence[Program]) -> None:
    """Wait until each node has spoken for the balancer."""
    asked = sum(map(_spoken, nodes))
    while not all(_spoken(one) for one in nodes):
        sounds = await asyncio.gather(*(heard(uri, SHORT) for _ in nodes))
        asked += sum(sound > 0 for sound in sounds)
        await _until_logged(nodes, asked)
        await asyncio.sleep(0.5)


async def _until_logged(nodes: Sequence[Program], requests: int) -> None:
    """Wait until the nodes' logs tell of so many requests: they come a little later than sound."""
    async with asyncio.timeout(10):
        while sum(map(_spoken, nodes)) < requests:
            await asyncio.sleep(0.05)


def _spoken(program: Program) -> int:
    return program.log.count("first audio")


async def _spread(uri: str, nodes: Sequence[Program], claim: Claim) -> None:
    await asyncio.sleep(2)  # what the nodes say of their load is a second old, at the most
    before = [_spoken(one) for one in nodes]
    sounds = await asyncio.gather(*(heard(uri, LONG[:300]) for _ in range(9)))
    with suppress(TimeoutError):  # then the claim is wrong
        await _until_logged(nodes, sum(before) + 9)
    each = [_spoken(one) - was for one, was in zip(nodes, before, strict=True)]
    claim(f"nine requests at once are spread: {each}", sorted(each) == [3, 3, 3])
    claim("all nine were heard in full", len(set(sounds)) == 1 and sounds[0] > 0)


async def _drain(uri: str, nodes: Sequence[Program], whole: int, claim: Claim) -> None:
    """Tell a node to stop while all speak."""
    begun = [asyncio.Event() for _ in range(3)]
    long = [asyncio.create_task(heard(uri, LONG, one)) for one in begun]
    await asyncio.gather(*(one.wait() for one in begun))
    nodes[0].process.send_signal(signal.SIGTERM)
    new = await asyncio.gather(*(heard(uri, SHORT) for _ in range(6)))
    claim(f"six requests beside a node that stops are heard: {new}", min(new) > 0)
    old = await asyncio.gather(*long)
    claim(f"what it spoke when it was told to stop is heard to its end: {old}", set(old) == {whole})
    code = await asyncio.to_thread(nodes[0].ended)
    claim(f"it ends with exit code 0: {code}", code == 0)


async def _kill(
    uri: str, nodes: Sequence[Program], haproxy: Program, whole: int, claim: Claim
) -> None:
    """Kill a node while all speak."""
    begun = [asyncio.Event() for _ in range(3)]
    long = [asyncio.create_task(heard(uri, LONG, one)) for one in begun]
    await asyncio.gather(*(one.wait() for one in begun))
    nodes[1].process.kill()
    lost = Counter(await asyncio.gather(*long))
    claim(
        f"a node that is killed takes what it spoke with it, and nothing else: {dict(lost)}",
        lost == {whole: 2, -1: 1},
    )
    await asyncio.to_thread(haproxy.wait_for, "Server wyoming/n2 is DOWN")
    new = await asyncio.gather(*(heard(uri, SHORT) for _ in range(6)))
    claim(f"others are heard after that: {new}", min(new) > 0)


async def _front(uri: str, nodes: Sequence[Program], claim: Claim) -> None:
    """Kill a node that has taken requests through our front, before it says anything."""
    pause(nodes[2:], paused=True)  # it takes requests, and will never answer them
    asked = [asyncio.create_task(heard(uri, LONG[:300])) for _ in range(6)]
    await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
    nodes[2].process.kill()
    sounds = await asyncio.gather(*asked)
    claim(
        f"requests whose node dies before their first sound are spoken by another: {sounds}",
        min(sounds) > 0 and len(set(sounds)) == 1,
    )
