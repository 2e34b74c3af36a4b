"""Who speaks jobs, by DBOS: takes them from the queue one at a time, and remembers each sentence.

DBOS runs a workflow in a thread of its own; all that costs something is done on the event loop that
the worker was started on.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa
from dbos import DBOS, DBOSPortableJSONSerializer, PortableWorkflowError, StepOptions
from dbos import error as dbos_error

from wyoming_kokoro.errors import ConfigurationError, EngineDead, KokoroError, ShuttingDown
from wyoming_kokoro.job import Ask
from wyoming_kokoro.jobs import course
from wyoming_kokoro.jobs.course import Elsewhere, Tools
from wyoming_kokoro.jobs.leases import RENEWAL_SECONDS, Leases
from wyoming_kokoro.jobs.records import (
    APPLICATION,
    LAYOUT,
    QUEUE,
    WORKFLOW,
    Records,
    quieten,
    shown,
)
from wyoming_kokoro.jobs.shelf import ShelfFailed

log = logging.getLogger(__name__)

T = TypeVar("T")

TELL_SECONDS = 1.0
"""Between two notes of how far a job is, at the least."""

SWEEP_SECONDS = 600.0


def _may_pass(error: BaseException) -> bool:
    """Tell whether it may help to try again later."""
    return isinstance(error, ShelfFailed) or bool(getattr(error, "temporary", False))


_STEP = StepOptions(
    preemptible=True,
    retries_allowed=True,
    interval_seconds=2.0,
    max_attempts=8,
    should_retry=_may_pass,
)


@dataclass(frozen=True, slots=True)
class Lanes:
    """Where calls of the database are made. None waits for a file that is being written, which may
    take minutes, and no lease for anything."""

    records: Elsewhere
    leases: Elsewhere


class Worker:
    """Speaks jobs: `start`, then `close`. A process has one at the most."""

    def __init__(
        self,
        url: str,
        name: str,
        records: Records,
        tools: Tools,
        retention: tuple[float, float],
        lanes: Lanes,
    ) -> None:
        """`name` tells this worker from all others at the database `url`, and stays when it is
        started again. `retention` is the most days, and bytes, that finished jobs are kept."""
        self._url = url
        self._name = name
        self._records = records
        self._tools = tools
        self._retention = retention
        self._lanes = lanes
        self._loop = asyncio.get_running_loop()
        self._leases: Leases | None = None
        self._renewing: asyncio.Task[None] | None = None
        self._told = "", 0.0

    async def start(self) -> None:
        """Take jobs from now on; those first that were begun before this process was started.

        Raises:
            ConfigurationError: the database cannot be used.
        """
        try:
            await self._lanes.records(self._launch)
        except (sa.exc.SQLAlchemyError, dbos_error.DBOSException) as error:
            reason = str(error).partition("\n")[0]
            raise ConfigurationError(f"--jobs {shown(self._url)}: {reason}") from error
        self._renewing = asyncio.create_task(self._live())

    async def close(self) -> None:
        """Take no more; what was begun is taken up by whoever starts next."""
        if self._renewing:
            self._renewing.cancel()
            try:
                await self._lanes.records(self._end)
            except sa.exc.SQLAlchemyError as error:  # its lease runs out by itself
                log.warning("the database of jobs is gone: %s", type(error).__name__)

    def _launch(self) -> None:
        DBOS(
            config={
                "name": APPLICATION,
                "system_database_url": self._url,
                "executor_id": self._name,
                "application_version": LAYOUT,
                "serializer": DBOSPortableJSONSerializer(),
                "log_level": "ERROR",
                "max_executor_threads": 4,
            }
        )
        quieten()

        @DBOS.workflow(name=WORKFLOW)
        async def narrate(asked: dict[str, Any]) -> dict[str, Any]:
            return await self._narrate(asked)

        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=1)
        self._leases = Leases(self._url, self._name, self._take_over)

    def _take_over(self, dead: list[str]) -> None:
        """Have the jobs of others queued again. Of a job that two have meanwhile, the one that
        notes its next sentence first goes on, and the other lets it go."""
        log.info("taking over the jobs of %s, whose lease has run out", ", ".join(dead))
        DBOS._recover_pending_workflows(dead)

    def _end(self) -> None:
        DBOS.destroy(destroy_registry=True)
        if self._leases:
            self._leases.end()

    async def _live(self) -> None:
        """Renew the lease, and tidy up at times, until cancelled. A database that is gone for a
        while is asked again."""
        swept = -SWEEP_SECONDS
        while True:
            try:
                if self._leases:
                    await self._lanes.leases(self._leases.renew)
                if self._loop.time() - swept >= SWEEP_SECONDS:
                    swept = self._loop.time()
                    await self._lanes.records(partial(self._records.sweep, *self._retention))
            except (KokoroError, sa.exc.SQLAlchemyError) as error:
                log.warning("jobs: %s", str(error).partition("\n")[0])
            await asyncio.sleep(RENEWAL_SECONDS)

    async def _narrate(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The workflow: a job's texts in, its files out, or why there are none."""
        job, ask = str(DBOS.workflow_id), Ask.from_json(asked)
        steps = _DurableSteps(self._loop)
        try:
            return await course.run(job, ask, self._tools, steps, partial(self._tell, job))
        except KokoroError as error:
            log.warning("a job has failed: %s", error.code)
            return {"failed": str(error)}
        except PortableWorkflowError as error:  # of a step that failed before a restart
            return {"failed": str(error)}
        except dbos_error.DBOSMaxStepRetriesExceeded as error:
            return {"failed": str(error.errors[-1])}

    async def _tell(self, job: str, share: float, voice: str) -> None:
        """Note how far a job is, but not at every sentence."""
        before, when = self._told
        if job == before and time.monotonic() < when + TELL_SECONDS:
            return
        self._told = job, time.monotonic()
        try:
            await self._lanes.records(partial(self._records.note, job, share, voice))
        except (KokoroError, sa.exc.SQLAlchemyError) as error:  # it goes on all the same
            log.warning("how far a job is cannot be noted: %s", type(error).__name__)


class _DurableSteps:
    """Steps that DBOS remembers, done on another event loop than the workflow's."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    async def once(self, name: str, work: Callable[[], Awaitable[T]]) -> T:
        """Do `work` as a step, which ends as soon as the job is deleted. Where whoever keeps the
        sound does not answer, it is tried again for some minutes."""

        async def step() -> T:
            return await self.always(work)

        return await DBOS.run_step_async(StepOptions(name=name, **_STEP), step)

    async def always(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do `work`. Where that ends because the process does, so does the workflow, and nobody
        takes that for its outcome."""
        doing = asyncio.run_coroutine_threadsafe(_awaited(work), self._loop)
        try:
            return await asyncio.wrap_future(doing)
        except (ShuttingDown, EngineDead) as error:
            raise asyncio.CancelledError from error


def _awaited(work: Callable[[], Awaitable[T]]) -> Coroutine[Any, Any, T]:
    async def wait() -> T:
        return await work()

    return wait()
