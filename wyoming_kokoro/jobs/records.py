"""The records of jobs in a database, by DBOS: what is asked for in, what there is to tell out.

The database is SQLite's or PostgreSQL's; its tables are DBOS's, and migrated by it. A job is a
workflow there, and what is told of it in passing are the workflow's attributes.
"""

import logging
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer, WorkflowHandle, WorkflowStatus
from dbos import error as dbos_error

from wyoming_kokoro.config import Limits
from wyoming_kokoro.errors import ConfigurationError, Overloaded
from wyoming_kokoro.job import Ask, Job, Result, State
from wyoming_kokoro.jobs.shelf import Shelf
from wyoming_kokoro.jobs.usable import JobsUnavailable

log = logging.getLogger(__name__)

APPLICATION = "wyoming-kokoro"
QUEUE = "narrations"
WORKFLOW = "narrate"

LAYOUT = "1"
"""Of a workflow's steps. One that was begun by another is left to workers that know it."""

_STATES: dict[str, State] = {
    "ENQUEUED": "pending",
    "DELAYED": "pending",
    "PENDING": "processing",
    "SUCCESS": "completed",
    "ERROR": "failed",
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": "failed",
}
"""What is not here is of no interest: a job that was deleted while it was spoken."""

_UNDONE = ["ENQUEUED", "DELAYED", "PENDING"]
_DONE = [name for name in _STATES if name not in _UNDONE]

_ORPHAN_SECONDS = 3600.0
"""After which sound that belongs to no job is removed: a job is recorded before it is spoken, and a
worker that did not know of its end has written its last by then."""

_DAY = 86_400.0


class Records:
    """All jobs. All calls wait for the database; any thread may call."""

    def __init__(self, url: str, shelf: Shelf, limits: Limits) -> None:
        """Open the database at `url`, and make its tables what they should be.

        Raises:
            ConfigurationError: it cannot be used.
        """
        self._limits = limits
        self._shelf = shelf
        quieten()
        if url.startswith("sqlite:///"):
            Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        try:
            DBOS.migrate(url)
            self._client = DBOSClient(
                system_database_url=url,
                serializer=DBOSPortableJSONSerializer(),
                application_name=APPLICATION,
                retry_connection_errors=False,
            )
        except (sa.exc.SQLAlchemyError, dbos_error.DBOSException, OSError) as error:
            raise ConfigurationError(
                f"--jobs {shown(url)} cannot be used: {_short(error)}"
            ) from error

    def add(self, ask: Ask) -> Job:
        """Record a job.

        Raises:
            Overloaded: too many wait already.
            JobsUnavailable: the database is gone.
        """
        with _telling():
            most = self._limits.jobs_waiting
            waiting = self._listed(status=_UNDONE, limit=most)
            if len(waiting) >= most:
                raise Overloaded(f"{most} jobs wait already; ask again when some are done")
            asked = ask.to_json()
            told = {name: value for name, value in asked.items() if name != "parts"}
            handle: WorkflowHandle[Any] = self._client.enqueue(
                {
                    "workflow_name": WORKFLOW,
                    "queue_name": QUEUE,
                    "workflow_id": uuid.uuid4().hex,
                    "app_version": LAYOUT,
                    "application_name": APPLICATION,
                    "authenticated_user": ask.user_id,
                    "attributes": {**told, "progress": 0.0, "voice_used": ""},
                },
                asked,
            )
            told_of = self._listed(workflow_ids=[handle.get_workflow_id()], load_input=True)
            return _job(told_of[0])

    def get(self, job: str) -> Job | None:
        """Return a job with its texts, None where there is none.

        Raises:
            JobsUnavailable: the database is gone.
        """
        with _telling():
            found = self._listed(workflow_ids=[job], load_input=True, load_output=True)
        return _job(found[0]) if found and found[0].status in _STATES else None

    def latest(self, user: str | None, limit: int) -> Sequence[Job]:
        """Return the latest jobs, of one user or of all, the latest first.

        Raises:
            JobsUnavailable: the database is gone.
        """
        with _telling():
            found = self._listed(
                status=list(_STATES), user=user, limit=limit, sort_desc=True, load_output=True
            )
        return [_job(one) for one in found]

    def remove(self, job: str) -> bool:
        """Stop a job and remove it with its sound; return whether there was one.

        Raises:
            JobsUnavailable, ShelfFailed: it cannot be removed now.
        """
        with _telling():
            found = self._listed(workflow_ids=[job])
            if not found or found[0].status not in _STATES:
                return False
            if found[0].status in _UNDONE:
                self._client.cancel_workflow(job)
        self._shelf.remove(job)
        with _telling():  # it may have been done before it could be stopped
            for one in self._listed(workflow_ids=[job], status=_DONE):
                self._client.delete_workflow(one.workflow_id)
        return True

    def note(self, job: str, share: float, voice: str) -> None:
        """Note how much of a job is spoken, and by whom."""
        told = {"progress": round(share, 4), "voice_used": voice}
        self._client.update_workflow_attributes(job, told, merge=True)

    def sweep(self, most_days: float, most_bytes: float) -> None:
        """Remove what ended more than `most_days` ago, the oldest of what ended while all of it has
        more than `most_bytes`, and what is left of jobs that were stopped.

        Raises:
            JobsUnavailable, ShelfFailed: not now.
        """
        with _telling():
            done = self._listed(status=_DONE, sort_desc=True, load_output=True)
            stopped = self._listed(status=["CANCELLED"])
            undone = self._listed(status=_UNDONE)
        jobs, total = [_job(one) for one in done], 0
        for job in jobs:
            total += sum(result.size for result in job.results)
            late = (job.ended or job.created) < time.time() - most_days * _DAY
            if late or total > most_bytes:
                self.remove(job.id)
        self._sweep_stopped([one.workflow_id for one in stopped])
        known = {one.workflow_id for one in (*done, *undone)}
        for job_id, age in self._shelf.ages().items():
            if job_id not in known and age > _ORPHAN_SECONDS:
                self._shelf.remove(job_id)

    def close(self) -> None:
        """Let go of the database."""
        self._client.destroy()

    def _sweep_stopped(self, jobs: Sequence[str]) -> None:
        """Remove those of which nobody has written anything for an hour: nobody speaks them any
        more."""
        ages = self._shelf.ages()
        for job in jobs:
            if ages.get(job, _ORPHAN_SECONDS + 1) > _ORPHAN_SECONDS:
                self._shelf.remove(job)
                with _telling():
                    self._client.delete_workflow(job)

    def _listed(self, **wanted: Any) -> list[WorkflowStatus]:  # noqa: ANN401 as DBOS has them
        options = {"load_input": False, "load_output": False, "name": WORKFLOW, **wanted}
        return self._client.list_workflows(**options)


def quieten() -> None:
    """Have DBOS log as everything here does, and what goes wrong only."""
    logger = logging.getLogger("dbos")
    logger.handlers.clear()
    logger.propagate = True
    logger.setLevel(logging.ERROR)


def shown(url: str) -> str:
    """Return a URL without its password."""
    return sa.make_url(url).render_as_string(hide_password=True)


@contextmanager
def _telling() -> Iterator[None]:
    """Let what goes wrong in the database be told in a line."""
    try:
        yield
    except (sa.exc.SQLAlchemyError, dbos_error.DBOSException) as error:
        log.warning("the database of jobs: %s", _short(error))
        raise JobsUnavailable("the database of jobs does not answer; ask again later") from error


def _short(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().partition("\n")[0][:300]


def _job(status: WorkflowStatus) -> Job:
    told, output = status.attributes or {}, status.output or {}
    ask = Ask.from_json({**_asked(told), "parts": _parts(status)})
    failed = output.get("failed")
    state = "failed" if failed else _STATES[status.status]
    reason = failed or ("" if state != "failed" else _reason(status))
    results = [] if state != "completed" else [Result(**result) for result in output["results"]]
    return Job(
        status.workflow_id,
        state,
        1.0 if state == "completed" else float(told.get("progress", 0.0)),
        (status.created_at or 0) / 1000,
        None if status.completed_at is None else status.completed_at / 1000,
        ask,
        str(output.get("voice") or told.get("voice_used", "")),
        reason,
        results,
    )


def _asked(told: dict[str, Any]) -> dict[str, Any]:
    own = ("progress", "voice_used")
    return {name: value for name, value in told.items() if name not in own}


def _parts(status: WorkflowStatus) -> Sequence[Sequence[str]]:
    arguments: Sequence[Any] = status.input["args"] if status.input else ()
    return arguments[0]["parts"] if arguments else ()


def _reason(status: WorkflowStatus) -> str:
    if status.status == "MAX_RECOVERY_ATTEMPTS_EXCEEDED":
        return "whoever spoke it has died of it, again and again; look at the log of the server"
    return "internal error; the log of whoever spoke it has the details"
