"""What a balancer is told: how much more a node can take, and that it is about to stop."""

import asyncio

from wyoming_kokoro.network.agent import Agent


async def told_by(agent: Agent) -> bytes:
    host, port = agent.addresses[0].removeprefix("tcp://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        async with asyncio.timeout(20):
            return await reader.read()
    finally:
        writer.close()


async def test_a_check_is_answered_with_what_is_free_in_one_line() -> None:
    free = 1.0
    agent = Agent(lambda: free)
    await agent.start("tcp://127.0.0.1:0")
    assert await told_by(agent) == b"up ready 100%\n"
    free = 0.42
    assert await told_by(agent) == b"up ready 42%\n"
    free = 0.0
    assert await told_by(agent) == b"up ready 1%\n", "where all are full, somebody has to be asked"
    agent.close()


async def test_a_node_that_stops_waits_until_the_balancer_knows() -> None:
    agent = Agent(lambda: 1.0)
    await agent.start("tcp://127.0.0.1:0")
    draining = asyncio.create_task(agent.drain(20))
    await asyncio.sleep(0)
    assert await told_by(agent) == b"drain\n"
    async with asyncio.timeout(10):
        await draining
    agent.close()


async def test_without_a_balancer_a_node_does_not_wait_for_ever() -> None:
    agent = Agent(lambda: 1.0)
    await agent.start("tcp://127.0.0.1:0")
    await agent.drain(0.01)
    assert agent.line() == "drain\n"
    agent.close()


async def test_clients_that_leave_at_once_harm_nobody() -> None:
    agent = Agent(lambda: 1.0)
    await agent.start("tcp://127.0.0.1:0")
    host, port = agent.addresses[0].removeprefix("tcp://").split(":")
    for _ in range(20):
        _, writer = await asyncio.open_connection(host, int(port))
        writer.transport.abort()
    assert await told_by(agent) == b"up ready 100%\n"
    agent.close()
