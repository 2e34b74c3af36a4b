"""Settings in, a server that runs until it is to end; the order of start and stop.

Start: heed signals, bind, announce, then fetch, load and warm up the model, so that `describe` is
answered from the first moment. Stop: say goodbye, take no more clients, let what is being said be
finished.
"""

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from wyoming_kokoro import __version__
from wyoming_kokoro.app.shutdown import Shutdown
from wyoming_kokoro.app.wiring import Parts, supervisor_token, web_server, wire
from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler

NOTICED_SECONDS = 3.0
"""In which a balancer that checks every second has noticed that it is to send nothing more."""

if TYPE_CHECKING:
    from wyoming_kokoro.jobs.home import Jobs
    from wyoming_kokoro.network.discovery.supervisor import SupervisorDiscovery
    from wyoming_kokoro.network.discovery.zeroconf import Discovery
    from wyoming_kokoro.network.server import Server
    from wyoming_kokoro.web.server import WebServer

log = logging.getLogger(__name__)


async def serve(settings: Settings, limits: Limits) -> int:
    """Serve until a signal, the end of standard input, or the death of the engine; return the
    exit code.

    Raises:
        ConfigurationError: the settings cannot be used; nothing was served.
        ModelUnavailable: requests would have to wait for a model that cannot come.
    """
    if settings.http:
        from wyoming_kokoro.web.usable import require_usable

        require_usable(settings.http, settings.http_api_key, in_app=supervisor_token() is not None)
    shutdown = Shutdown()
    shutdown.on_signals()
    parts = wire(settings, limits, on_dead=shutdown.fail, keeps_phrases=True)
    parts.front_end.start()
    running = _Running(settings, limits, parts)
    try:
        if await shutdown.unless_asked(running.listen()) and await shutdown.unless_asked(
            running.listen_for_http()
        ):
            await running.begin()
            await shutdown.wait(running.server.finished.wait(), parts.models.hopeless())
        log.info("stopping: %s", shutdown.why)
        await running.drain(shutdown)
    finally:
        await running.close()
    return shutdown.exit_code


class _Running:
    """What runs as long as the server does: `listen`, `begin`, `drain`, `close`."""

    def __init__(self, settings: Settings, limits: Limits, parts: Parts) -> None:
        from wyoming_kokoro.network.agent import Agent
        from wyoming_kokoro.network.info import Description
        from wyoming_kokoro.network.server import Server

        self._settings = settings
        self._limits = limits
        self._parts = parts
        self._description = Description(parts.casting.voices.offered, __version__)
        encoded, refused = self._description.encoded, parts.figures.refuse
        self.server = Server(parts.pipeline, encoded, limits, settings.sample_rate, refused)
        self._servers: list[Server | WebServer] = [self.server]
        self._jobs: Jobs | None = None
        self._discovery = _discovery(settings, parts.scheduler)
        self._agent = Agent(partial(_free, parts)) if settings.agent else None
        self._working: list[asyncio.Task[None]] = []

    async def listen(self) -> None:
        """Listen, have it announced, and look whether the fleet is alike, if there is one."""
        from wyoming_kokoro.network.fleet import warn_of_differences
        from wyoming_kokoro.network.info import build_info

        if self._settings.fleet:
            mine = build_info(self._parts.casting.voices.offered(), __version__)
            self._work(warn_of_differences(self._settings.fleet, mine))
        await self.server.start(self._settings.uri)
        log.info("listening at %s", ", ".join(self.server.addresses))
        if self._discovery:
            await self._discovery.start(self.server.addresses)

    async def listen_for_http(self) -> None:
        """Listen for HTTP too, where it is wanted."""
        if not self._settings.http:
            return
        from wyoming_kokoro.jobs.home import Jobs
        from wyoming_kokoro.network.listener import listen

        parts, settings, limits = self._parts, self._settings, self._limits
        casting, narrator, scheduler = parts.casting, parts.narrator, parts.scheduler
        languages = parts.models.versions.languages
        self._jobs = Jobs(settings, limits, casting, narrator, scheduler, languages)
        build = partial(web_server, settings, parts, self._jobs, limits)
        server = await scheduler.background("web", build)
        self._servers.append(server)
        await server.start(self._settings.http, partial(listen, option="--http"))
        pages = (address.replace("tcp://", "http://", 1) for address in server.addresses)
        log.info("listening for HTTP at %s", ", ".join(pages))

    async def begin(self) -> None:
        """Make ready what requests need, and do what is done beside them."""
        parts = self._parts
        preparing = self._work(parts.casting.prepare(parts.front_end))
        preparing.add_done_callback(_tell_failure)
        if self._agent:
            await self._agent.start(self._settings.agent)
            log.info("answering agent checks at %s", ", ".join(self._agent.addresses))
        self._work(self._description.keep_current(parts.scheduler.text))
        self._work(parts.figures.write_at_times())
        if self._jobs:
            self._work(self._jobs.resume())

    def _work(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Do `work` until the server ends."""
        self._working.append(asyncio.create_task(work))
        return self._working[-1]

    async def drain(self, shutdown: Shutdown) -> None:
        """Say goodbye, and let what is being said be finished, unless somebody is in a hurry."""
        if self._discovery:
            await self._discovery.stop()
        if self._agent:
            await shutdown.unless_hurried(self._agent.drain(NOTICED_SECONDS))
        await _drain(self._servers, self._settings.drain_seconds, shutdown)

    async def close(self) -> None:
        """Stop everything."""
        for task in self._working:
            task.cancel()
        if self._agent:
            self._agent.close()
        for each in self._servers:
            each.stop_accepting()
        if self._jobs:
            await self._jobs.close()
        await self._parts.close()
        self._parts.figures.write()


def _free(parts: Parts) -> float:
    """Return which share of what this node can do nobody uses; none while its model is loaded."""
    return parts.scheduler.free if parts.models.speaks else 0.0


def _tell_failure(preparing: asyncio.Task[None]) -> None:
    """Log why preparing ended early; what was not prepared is made ready when it is wanted."""
    if not preparing.cancelled() and (error := preparing.exception()):
        log.error("not everything could be prepared: %s", error, exc_info=error)


def _discovery(
    settings: Settings, scheduler: Scheduler
) -> "Discovery | SupervisorDiscovery | None":
    """Return what announces the server, if it is to be; takes a tenth of a second."""
    # In every app of Home Assistant, and there only. No multicast leaves an app's own network.
    if token := supervisor_token():
        from wyoming_kokoro.network.discovery.supervisor import SupervisorDiscovery

        return SupervisorDiscovery(token, lambda post: scheduler.background("supervisor", post))
    if not settings.zeroconf:
        return None
    from wyoming_kokoro.network.discovery.zeroconf import Discovery

    where = settings.advertise_address, settings.advertise_port
    return Discovery(settings.data_dir, settings.name, *where)


async def _drain(
    servers: "Sequence[Server | WebServer]", seconds: float, shutdown: Shutdown
) -> None:
    """Let what is being said be finished within `seconds`, or until somebody is in a hurry."""
    draining = asyncio.ensure_future(_drain_all(servers, seconds))
    hurry = asyncio.ensure_future(shutdown.hurry.wait())
    await asyncio.wait([draining, hurry], return_when=asyncio.FIRST_COMPLETED)
    hurry.cancel()
    if not draining.done():
        await _drain_all(servers, 0)
    await draining


async def _drain_all(servers: "Sequence[Server | WebServer]", seconds: float) -> None:
    await asyncio.gather(*(server.drain(seconds) for server in servers))
