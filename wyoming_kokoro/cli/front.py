"""The command `front`: clients in, a fleet of servers that speak to them behind."""

import asyncio
import logging
import signal

from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.network.front import Front
from wyoming_kokoro.network.server import Server

log = logging.getLogger(__name__)


async def front(settings: Settings, limits: Limits) -> int:
    """Serve clients by the nodes until a signal; return the exit code.

    Raises:
        ConfigurationError: there are no nodes, or nobody can listen at `--uri`.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    fleet = Front(settings.nodes)
    server = Server(fleet, fleet.describe, limits, settings.sample_rate)
    working = [asyncio.create_task(_serve(settings, fleet, server))]
    ended = asyncio.create_task(stopping.wait())
    await asyncio.wait([*working, ended], return_when=asyncio.FIRST_COMPLETED)
    ended.cancel()
    if not stopping.is_set():
        working[0].result()
    log.info("stopping")
    await server.drain(settings.drain_seconds)
    working[0].cancel()
    return 0


async def _serve(settings: Settings, fleet: Front, server: Server) -> None:
    await fleet.begin()
    await server.start(settings.uri)
    log.info("listening at %s", ", ".join(server.addresses))
    await fleet.keep_current()
