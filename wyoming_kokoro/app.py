"""The composition root: settings in, a running server out; the order of start and stop.

Start: heed signals, bind, announce, then fetch, load and warm up the model, so that `describe` is
answered from the first moment. Stop: say goodbye, take no more clients, let what is being said be
finished.
"""

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wyoming_kokoro import __version__
from wyoming_kokoro.check.yardstick import verdicts_on
from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.engines.standin import StandInEngine
from wyoming_kokoro.errors import EngineDead, KokoroError
from wyoming_kokoro.jobs.home import Jobs
from wyoming_kokoro.speech import Plan
from wyoming_kokoro.synthesis.casting import Casting
from wyoming_kokoro.synthesis.figures import Figures, resident_bytes
from wyoming_kokoro.synthesis.model_pool import ModelPool
from wyoming_kokoro.synthesis.narration import Narrator
from wyoming_kokoro.synthesis.phrases import MEGABYTE, PhraseCache
from wyoming_kokoro.synthesis.pipeline import Pauses, Pipeline
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler
from wyoming_kokoro.text.pronouncing.isolated import IsolatedFrontEnd
from wyoming_kokoro.web.usable import is_local, require_usable

NOTICED_SECONDS = 3.0
"""In which a balancer that checks every second has noticed that it is to send nothing more."""

INTERRUPTED = 130
"""Exit code of a process that was ended by Ctrl+C, as shells have it."""

if TYPE_CHECKING:
    from wyoming_kokoro.network.discovery.supervisor import SupervisorDiscovery
    from wyoming_kokoro.network.discovery.zeroconf import Discovery
    from wyoming_kokoro.network.server import Server
    from wyoming_kokoro.web.server import WebServer

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Parts:
    """What speaks, wired together."""

    scheduler: Scheduler
    models: ModelPool
    stand_in: StandInEngine
    casting: Casting
    front_end: IsolatedFrontEnd
    pipeline: Pipeline
    narrator: Narrator
    figures: Figures

    async def close(self) -> None:
        """Stop all work; a call in a lane may go on until the process ends."""
        await self.models.close()
        self.scheduler.close()
        self.front_end.close()
        self.stand_in.close()


def wire(
    settings: Settings,
    limits: Limits,
    *,
    on_dead: Callable[[EngineDead], None] = lambda _error: None,
    on_plan: Callable[[Plan], None] = lambda _plan: None,
    here_only: bool = False,
    keeps_phrases: bool = False,
) -> Parts:
    """Wire the parts that speak, with or without a network around them.

    With `here_only`, models are not fetched, and one that is here is waited for. With
    `keeps_phrases`, what is spoken is kept as the settings say.

    Raises:
        ConfigurationError: the settings ask for what is not there.
    """
    scheduler = Scheduler(limits, on_dead=on_dead)
    models = ModelPool(settings, scheduler, verdicts_on=verdicts_on, here_only=here_only)
    stand_in = StandInEngine()
    casting = Casting(settings, limits, models, scheduler, stand_in)
    casting.check()
    front_end = IsolatedFrontEnd(
        _lexicon(settings), limits.reading_seconds, models.versions.languages
    )
    pauses = Pauses(settings.sentence_pause, settings.tail_silence, settings.lead_silence)
    figures = Figures()
    kept_bytes = settings.phrase_cache * MEGABYTE if keeps_phrases else 0
    phrases = PhraseCache(settings.data_dir / "cache" / "phrases", kept_bytes)
    pipeline = Pipeline(
        casting,
        front_end,
        scheduler,
        limits,
        pauses,
        detect_language=settings.detect_language,
        declared=models.versions.declared,
        phrases=phrases,
        on_plan=on_plan,
        on_end=figures.note,
    )
    narrator = Narrator(
        casting,
        front_end,
        scheduler,
        limits,
        pauses,
        detect_language=settings.detect_language,
        declared=models.versions.declared,
    )
    return Parts(scheduler, models, stand_in, casting, front_end, pipeline, narrator, figures)


def _lexicon(settings: Settings) -> Path:
    return settings.lexicon or settings.data_dir / "lexicon.txt"


def list_voices(settings: Settings) -> list[dict[str, str | bool]]:
    """Return what is known of each voice that this server offers, by name."""
    parts = wire(settings, Limits())
    parts.scheduler.close()
    return [
        {
            "name": voice.name,
            "language": voice.language.code,
            "description": voice.description,
            "installed": parts.casting.is_here(voice.name),
        }
        for voice in parts.casting.offered()
    ]


async def serve(settings: Settings, limits: Limits) -> int:
    """Serve until a signal, the end of standard input, or the death of the engine; return the
    exit code.

    Raises:
        ConfigurationError: the settings cannot be used; nothing was served.
        ModelUnavailable: requests would have to wait for a model that cannot come.
    """
    from wyoming_kokoro.network.agent import Agent
    from wyoming_kokoro.network.fleet import warn_of_differences
    from wyoming_kokoro.network.info import Description, build_info
    from wyoming_kokoro.network.server import Server

    if settings.http:
        require_usable(settings.http, settings.http_api_key, in_app=_supervisor_token() is not None)
    ending = _Ending()
    ending.on_signals()
    parts = wire(settings, limits, on_dead=ending.fail, keeps_phrases=True)
    parts.front_end.start()
    description = Description(parts.casting.offered, __version__)
    encoded, refused = description.encoded, parts.figures.refuse
    server = Server(parts.pipeline, encoded, limits, settings.sample_rate, refused)
    languages = parts.models.versions.languages
    jobs = Jobs(settings, limits, parts.casting, parts.narrator, parts.scheduler, languages)
    servers: list[Server | WebServer] = [server]
    discovery = _discovery(settings, parts.scheduler)
    working: list[asyncio.Task[None]] = []
    agent = Agent(partial(_free, parts)) if settings.agent else None
    if settings.fleet:
        mine = build_info(parts.casting.offered(), __version__)
        working.append(asyncio.create_task(warn_of_differences(settings.fleet, mine)))
    try:
        starting = _start(server, discovery, settings.uri)
        if await ending.unless_asked(starting) and await ending.unless_asked(
            _start_web(settings, parts, jobs, limits, servers)
        ):
            preparing = asyncio.create_task(parts.casting.prepare(parts.front_end))
            preparing.add_done_callback(_tell_failure)
            if agent:
                await agent.start(settings.agent)
                log.info("answering agent checks at %s", ", ".join(agent.addresses))
            working.append(preparing)
            working.append(asyncio.create_task(description.keep_current(parts.scheduler.text)))
            working.append(asyncio.create_task(parts.figures.write_at_times()))
            if settings.http:
                working.append(asyncio.create_task(jobs.resume()))
            await ending.wait(server.finished.wait(), parts.models.hopeless())
        log.info("stopping: %s", ending.why)
        if discovery:
            await discovery.stop()
        if agent:
            await ending.unless_hurried(agent.drain(NOTICED_SECONDS))
        await _drain(servers, settings.drain_seconds, ending)
    finally:
        for task in working:
            task.cancel()
        if agent:
            agent.close()
        for each in servers:
            each.stop_accepting()
        await jobs.close()
        await parts.close()
        parts.figures.write()
    return ending.exit_code


async def _start(
    server: "Server", discovery: "Discovery | SupervisorDiscovery | None", uri: str
) -> None:
    """Listen, and have it announced."""
    await server.start(uri)
    log.info("listening at %s", ", ".join(server.addresses))
    if discovery:
        await discovery.start(server.addresses)


async def _start_web(
    settings: Settings,
    parts: Parts,
    jobs: Jobs,
    limits: Limits,
    servers: "list[Server | WebServer]",
) -> None:
    """Listen for HTTP too, where it is wanted. Its packages take half a second to load."""
    if not settings.http:
        return
    from wyoming_kokoro.network.listener import listen

    build = partial(_web_server, settings, parts, jobs, limits)
    server = await parts.scheduler.background("web", build)
    servers.append(server)
    await server.start(settings.http, listen)
    pages = (address.replace("tcp://", "http://", 1) for address in server.addresses)
    log.info("listening for HTTP at %s", ", ".join(pages))


def _web_server(settings: Settings, parts: Parts, jobs: Jobs, limits: Limits) -> "WebServer":
    from wyoming_kokoro.web.encoding import warm_up
    from wyoming_kokoro.web.guard import SUPERVISOR, Access, Guard
    from wyoming_kokoro.web.metrics import metrics
    from wyoming_kokoro.web.server import WebServer
    from wyoming_kokoro.web.service import OwnFiles, Service
    from wyoming_kokoro.web.site import Site

    warm_up()
    status = partial(_status, parts)
    versions = parts.models.versions
    rows = None if versions.default.own else versions.default.pack_rows
    service = Service(
        speaker=parts.pipeline,
        limits=limits,
        voices=parts.casting.offered,
        versions={version.name: version.default_voice for version in versions.all},
        languages=versions.languages,
        status=status,
        is_ready=lambda: parts.models.speaks,
        metrics=metrics(parts.figures, status),
        elsewhere=partial(parts.scheduler.background, "web"),
        encoding=partial(parts.scheduler.background, "encoding"),
        own=OwnFiles(
            _lexicon(settings), settings.data_dir / "voices", rows, versions.default.declared
        ),
        jobs=jobs,
    )
    in_app = _supervisor_token() is not None
    access = Access(
        settings.http_api_key,
        ingress_only=in_app and not is_local(settings.http),
        supervisor=SUPERVISOR if in_app else None,
    )
    return WebServer(Guard(Site(service), access, limits, parts.figures.refuse), limits)


def _status(parts: Parts) -> dict[str, Any]:
    """Return what the server does now, as JSON."""
    models = parts.models
    return {
        "version": __version__,
        "default_model": models.default_version.name,
        "models": models.states,
        "stand_in": not models.speaks or models.kind == "stand-in",
        "streams": parts.scheduler.listeners,
        "queued": parts.scheduler.queued,
        "requests": sum(parts.figures.outcomes.values()),
        "realtime_factor": round(parts.figures.realtime_factor, 3),
        "memory_bytes": resident_bytes(),
    }


def _free(parts: Parts) -> float:
    """Return which share of what this node can do nobody uses; none while its model is loaded."""
    return parts.scheduler.free if parts.models.speaks else 0.0


def _supervisor_token() -> str | None:
    """Return what every app of Home Assistant has, and nothing else."""
    return os.environ.get("SUPERVISOR_TOKEN") or None


def _tell_failure(preparing: asyncio.Task[None]) -> None:
    """Log why preparing ended early; what was not prepared is made ready when it is wanted."""
    if not preparing.cancelled() and (error := preparing.exception()):
        log.error("not everything could be prepared: %s", error, exc_info=error)


def _discovery(
    settings: Settings, scheduler: Scheduler
) -> "Discovery | SupervisorDiscovery | None":
    """Return what announces the server, if it is to be; takes a tenth of a second."""
    # In every app of Home Assistant, and there only. No multicast leaves an app's own network.
    if token := _supervisor_token():
        from wyoming_kokoro.network.discovery.supervisor import SupervisorDiscovery

        return SupervisorDiscovery(token, lambda post: scheduler.background("supervisor", post))
    if not settings.zeroconf:
        return None
    from wyoming_kokoro.network.discovery.zeroconf import Discovery

    where = settings.advertise_address, settings.advertise_port
    return Discovery(settings.data_dir, settings.name, *where)


async def _drain(
    servers: "Sequence[Server | WebServer]", seconds: float, ending: "_Ending"
) -> None:
    """Let what is being said be finished within `seconds`, or until somebody is in a hurry."""
    draining = asyncio.ensure_future(_drain_all(servers, seconds))
    hurry = asyncio.ensure_future(ending.hurry.wait())
    await asyncio.wait([draining, hurry], return_when=asyncio.FIRST_COMPLETED)
    hurry.cancel()
    if not draining.done():
        await _drain_all(servers, 0)
    await draining


async def _drain_all(servers: "Sequence[Server | WebServer]", seconds: float) -> None:
    await asyncio.gather(*(server.drain(seconds) for server in servers))


class _Ending:
    """Why and how the server ends."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.hurry = asyncio.Event()
        """Set when it was asked a second time, by somebody who does not want to wait."""
        self.why = "its client has gone"
        self.exit_code = 0

    def on_signals(self) -> None:
        """End on SIGTERM and SIGINT; on a second SIGINT at once."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._signal, number)

    def fail(self, error: KokoroError) -> None:
        """End because of `error`."""
        self.why, self.exit_code = str(error), error.exit_code
        self._event.set()

    async def unless_asked(self, work: Coroutine[Any, Any, None]) -> bool:
        """Do `work`, but give it up as soon as there is a reason to end; return whether there is
        none. Raises what `work` does.
        """
        doing, asked = asyncio.ensure_future(work), asyncio.ensure_future(self._event.wait())
        await asyncio.wait([doing, asked], return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        if self._event.is_set():
            doing.cancel()
        await asyncio.wait([doing])
        if not doing.cancelled():
            doing.result()
        return not self._event.is_set()

    async def unless_hurried(self, work: Coroutine[Any, Any, None]) -> None:
        """Do `work`, but give it up as soon as somebody does not want to wait."""
        doing, hurry = asyncio.ensure_future(work), asyncio.ensure_future(self.hurry.wait())
        await asyncio.wait([doing, hurry], return_when=asyncio.FIRST_COMPLETED)
        for task in (doing, hurry):
            task.cancel()

    async def wait(self, *others: Coroutine[Any, Any, KokoroError | bool]) -> None:
        """Wait for the first reason to end, here or among `others`."""
        tasks = [asyncio.ensure_future(other) for other in (self._event.wait(), *others)]
        done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in rest:
            task.cancel()
        for task in done:
            if isinstance(reason := task.result(), KokoroError):
                self.fail(reason)

    def _signal(self, number: signal.Signals) -> None:
        if self._event.is_set() and number == signal.SIGINT:
            self.exit_code = INTERRUPTED
            self.hurry.set()
        self.why = number.name
        self._event.set()
