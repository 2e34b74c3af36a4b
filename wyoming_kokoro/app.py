"""The composition root: settings in, a running server out; the order of start and stop.

Start: heed signals, bind, announce, then fetch, load and warm up the model, so that `describe` is
answered from the first moment. Stop: say goodbye, take no more clients, let what is being said be
finished.
"""

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wyoming_kokoro import __version__
from wyoming_kokoro.check.yardstick import verdicts_on
from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.engines.standin import StandInEngine
from wyoming_kokoro.errors import EngineDead, KokoroError
from wyoming_kokoro.speech import Plan
from wyoming_kokoro.synthesis.casting import Casting
from wyoming_kokoro.synthesis.model_pool import ModelPool
from wyoming_kokoro.synthesis.phrases import MEGABYTE, PhraseCache
from wyoming_kokoro.synthesis.pipeline import Pauses, Pipeline
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler
from wyoming_kokoro.text.pronouncing.isolated import IsolatedFrontEnd

INTERRUPTED = 130
"""Exit code of a process that was ended by Ctrl+C, as shells have it."""

if TYPE_CHECKING:
    from wyoming_kokoro.network.discovery.supervisor import SupervisorDiscovery
    from wyoming_kokoro.network.discovery.zeroconf import Discovery
    from wyoming_kokoro.network.server import Server

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
    lexicon = settings.lexicon or settings.data_dir / "lexicon.txt"
    front_end = IsolatedFrontEnd(lexicon, limits.reading_seconds)
    pauses = Pauses(settings.sentence_pause, settings.tail_silence, settings.lead_silence)
    kept_bytes = settings.phrase_cache * MEGABYTE if keeps_phrases else 0
    phrases = PhraseCache(settings.data_dir / "cache" / "phrases", kept_bytes)
    pipeline = Pipeline(
        casting,
        front_end,
        scheduler,
        limits,
        pauses,
        detect_language=settings.detect_language,
        phrases=phrases,
        on_plan=on_plan,
    )
    return Parts(scheduler, models, stand_in, casting, front_end, pipeline)


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
    from wyoming_kokoro.network.info import Description
    from wyoming_kokoro.network.server import Server

    ending = _Ending()
    ending.on_signals()
    parts = wire(settings, limits, on_dead=ending.fail, keeps_phrases=True)
    parts.front_end.start()
    description = Description(parts.casting.offered, __version__)
    server = Server(parts.pipeline, description.encoded, limits, settings.sample_rate)
    discovery = _discovery(settings, parts.scheduler)
    working: list[asyncio.Task[None]] = []
    try:
        if await ending.unless_asked(_start(server, discovery, settings.uri)):
            preparing = asyncio.create_task(parts.casting.prepare(parts.front_end))
            preparing.add_done_callback(_tell_failure)
            working.append(preparing)
            working.append(asyncio.create_task(description.keep_current(parts.scheduler.text)))
            await ending.wait(server.finished.wait(), parts.models.hopeless())
        log.info("stopping: %s", ending.why)
        if discovery:
            await discovery.stop()
        await _drain(server, limits.shutdown_grace_seconds, ending)
    finally:
        for task in working:
            task.cancel()
        server.stop_accepting()
        await parts.close()
    return ending.exit_code


async def _start(
    server: "Server", discovery: "Discovery | SupervisorDiscovery | None", uri: str
) -> None:
    """Listen, and have it announced."""
    await server.start(uri)
    log.info("listening at %s", ", ".join(server.addresses))
    if discovery:
        await discovery.start(server.addresses)


def _tell_failure(preparing: asyncio.Task[None]) -> None:
    """Log why preparing ended early; what was not prepared is made ready when it is wanted."""
    if not preparing.cancelled() and (error := preparing.exception()):
        log.error("not everything could be prepared: %s", error, exc_info=error)


def _discovery(
    settings: Settings, scheduler: Scheduler
) -> "Discovery | SupervisorDiscovery | None":
    """Return what announces the server, if it is to be; takes a tenth of a second."""
    # In every app of Home Assistant, and there only. No multicast leaves an app's own network.
    if token := os.environ.get("SUPERVISOR_TOKEN"):
        from wyoming_kokoro.network.discovery.supervisor import SupervisorDiscovery

        return SupervisorDiscovery(token, lambda post: scheduler.background("supervisor", post))
    if not settings.zeroconf:
        return None
    from wyoming_kokoro.network.discovery.zeroconf import Discovery

    return Discovery(settings.data_dir, settings.name, settings.advertise_address)


async def _drain(server: "Server", seconds: float, ending: "_Ending") -> None:
    """Let what is being said be finished within `seconds`, or until somebody is in a hurry."""
    draining = asyncio.ensure_future(server.drain(seconds))
    hurry = asyncio.ensure_future(ending.hurry.wait())
    await asyncio.wait([draining, hurry], return_when=asyncio.FIRST_COMPLETED)
    hurry.cancel()
    if not draining.done():
        await server.drain(0)
    await draining


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
