"""The command `work`: jobs out of a database, spoken one after the other until told to stop."""

import asyncio
import logging
import os
import signal
from contextlib import suppress
from pathlib import Path

from wyoming_kokoro.app import wiring
from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.errors import ConfigurationError, EngineDead, KokoroError
from wyoming_kokoro.jobs.home import Jobs, worker_name
from wyoming_kokoro.jobs.usable import require_usable

log = logging.getLogger(__name__)

_SESSION = Path("/proc/self/autogroup")
_LEAST = "19"
"""The nice value that leaves the most to others."""


async def work(settings: Settings, limits: Limits) -> int:
    """Speak jobs until a signal, or the death of the engine; return the exit code.

    Raises:
        ConfigurationError: the database or the place of the sound cannot be used.
    """
    if not settings.jobs:
        raise ConfigurationError("--jobs off leaves nothing to work on: give it a database")
    require_usable(settings.jobs)
    _give_way()
    stopping = asyncio.Event()
    died: list[KokoroError] = []

    def die(error: EngineDead) -> None:
        died.append(error)
        stopping.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    parts = wiring.wire(settings, limits, on_dead=die)
    parts.front_end.start()
    casting, narrator, scheduler = parts.casting, parts.narrator, parts.scheduler
    languages = parts.models.versions.languages
    jobs = Jobs(settings, limits, casting, narrator, scheduler, languages, works=True)
    preparing = asyncio.create_task(casting.prepare(parts.front_end))
    try:
        await jobs.start()
        log.info("working as %s", worker_name(settings))
        await stopping.wait()
        log.info("stopping: %s", died[0] if died else "it was told to")
    finally:
        preparing.cancel()
        if not died:
            await jobs.close()
        await parts.close()
    return died[0].exit_code if died else 0


def _give_way() -> None:
    """Have the processor only while nobody else on this machine wants it, such as a server whose
    listeners wait. Threads and processes that are made later inherit it.

    Priorities count within a control group only, and where sessions are groups of their own, within
    a session (sched(7)): one that this process leads, as a service does, is told to give way too.
    """
    try:
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    except OSError:  # a container may not be allowed to
        os.nice(19)
    if os.getsid(0) == os.getpid():
        with suppress(OSError):  # there are no such groups, or they are not ours to change
            _SESSION.write_text(_LEAST, encoding="ascii")
