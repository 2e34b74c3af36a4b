"""The jobs of this process: asked for and told of on the event loop, kept and spoken elsewhere.

Nothing of it is loaded, and no thread of it runs, before the first job is asked for, or one is left
from before. Where jobs are recorded in SQLite they are spoken here, elsewhere by workers.
"""

import asyncio
import hashlib
import logging
import shutil
import socket
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.errors import ConfigurationError, KokoroError, UnknownLanguage
from wyoming_kokoro.job import Ask, Job
from wyoming_kokoro.jobs.usable import JobsUnavailable, database_url, why_unusable
from wyoming_kokoro.speech import LANGUAGES, Language, Request, language_named
from wyoming_kokoro.synthesis.narration import Narrator
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler

if TYPE_CHECKING:
    from wyoming_kokoro.jobs.records import Records
    from wyoming_kokoro.jobs.shelf import Shelf
    from wyoming_kokoro.jobs.worker import Worker

log = logging.getLogger(__name__)

T = TypeVar("T")

_MEGABYTE = 1_000_000

_LEFT_SECONDS = 86_400.0
"""After which a file that was being written is taken for left behind."""


class Reader(Protocol):
    """Who knows the voices: `Casting`."""

    def reader(self, request: Request) -> tuple[Any, Language]:
        """Return the version and the language that `request` would be read in."""


class Jobs:
    """Keeps jobs, and speaks them where that is to be done here."""

    def __init__(
        self,
        settings: Settings,
        limits: Limits,
        casting: Reader,
        narrator: Narrator,
        scheduler: Scheduler,
        languages: Sequence[Language] = LANGUAGES,
        *,
        works: bool = False,
    ) -> None:
        """`languages` are those that have voices. With `works`, jobs are spoken here wherever they
        are recorded."""
        self._settings = settings
        self._limits = limits
        self._casting = casting
        self._narrator = narrator
        self._scheduler = scheduler
        self._works = works or settings.jobs.startswith("sqlite")
        self._languages = languages
        self._opening = asyncio.Lock()
        self._records: Records | None = None
        self._shelf: Shelf | None = None
        self._worker: Worker | None = None

    async def start(self) -> None:
        """Speak jobs from now on.

        Raises:
            ConfigurationError: jobs cannot be kept where they are to be.
        """
        await self._open_now()

    async def resume(self) -> None:
        """Go on with what is left from before, if there is anything; log why that cannot be."""
        if why_unusable(self._settings.jobs) or not self._is_left:
            return
        try:
            await self._open()
        except KokoroError as error:
            log.warning("jobs that were begun cannot be gone on with: %s", error)

    @property
    def _is_left(self) -> bool:
        """Whether there may be jobs from before. The file of SQLite is made for the first one."""
        url = database_url(self._settings.jobs, self._settings.data_dir)
        return url.startswith("sqlite:///") and Path(url.removeprefix("sqlite:///")).exists()

    async def add(self, ask: Ask) -> Job:
        """Take a job.

        Raises:
            UnknownVoice, UnknownLanguage: nobody can speak it.
            Overloaded: too many wait.
            JobsUnavailable: there are none here.
        """
        await self._scheduler.text(partial(self._check, ask))
        records = await self._open()
        return await self._elsewhere(partial(records.add, ask))

    async def get(self, job: str) -> Job | None:
        """Return a job, None where there is none.

        Raises:
            JobsUnavailable: there are none here.
        """
        records = await self._open()
        return await self._elsewhere(partial(records.get, job))

    async def latest(self, user: str | None, limit: int) -> Sequence[Job]:
        """Return the latest jobs, of one user or of all, without their texts.

        Raises:
            JobsUnavailable: there are none here.
        """
        records = await self._open()
        return await self._elsewhere(partial(records.latest, user, limit))

    async def remove(self, job: str) -> bool:
        """Stop a job and remove it with its sound; return whether there was one.

        Raises:
            JobsUnavailable, ShelfFailed: it cannot be removed now.
        """
        records = await self._open()
        return await self._elsewhere(partial(records.remove, job))

    async def read(self, job: str, name: str) -> tuple[int, AsyncGenerator[bytes, None]] | None:
        """Return how many bytes a file of a job has, and their pieces; None where it is gone.

        Raises:
            JobsUnavailable, ShelfFailed: it cannot be read now.
        """
        await self._open()
        assert self._shelf  # noqa: S101 for the type checker: it is opened with the records
        found = await self._elsewhere(partial(self._shelf.read, job, name))
        return found and (found[0], self._pieces(found[1]))

    async def close(self) -> None:
        """Stop speaking, so that whoever starts next goes on."""
        if self._worker:
            await self._worker.close()
        if self._records:
            await self._elsewhere(self._records.close)

    async def _open(self) -> "Records":
        """Return the records, which are opened once, with who speaks them.

        Raises:
            JobsUnavailable: there are to be none, or their database cannot be used.
        """
        if self._records is None and (reason := why_unusable(self._settings.jobs)):
            raise JobsUnavailable(reason)
        try:
            return await self._open_now()
        except ConfigurationError as error:
            raise JobsUnavailable(str(error)) from error

    async def _open_now(self) -> "Records":
        async with self._opening:
            if self._records is None:
                records, shelf = await self._elsewhere(self._build)
                if self._works:
                    self._worker = self._work_with(records, shelf)
                    await self._worker.start()
                self._records, self._shelf = records, shelf
            return self._records

    def _build(self) -> "tuple[Records, Shelf]":
        from wyoming_kokoro.jobs.records import Records
        from wyoming_kokoro.jobs.shelf import Shelf

        settings = self._settings
        _make_empty(settings.data_dir / "jobs" / "scratch")
        shelf = Shelf(settings.audio or str(settings.data_dir / "jobs" / "audio"))
        url = database_url(settings.jobs, settings.data_dir)
        return Records(url, shelf, self._limits), shelf

    def _work_with(self, records: "Records", shelf: "Shelf") -> "Worker":
        from wyoming_kokoro.jobs.course import Tools
        from wyoming_kokoro.jobs.worker import Lanes, Worker

        settings = self._settings
        scratch = settings.data_dir / "jobs" / "scratch"
        files = partial(self._scheduler.background, "job files")
        tools: Tools = Tools(self._narrator, shelf, files, scratch)
        retention = settings.jobs_days, float(settings.jobs_megabytes * _MEGABYTE)
        url = database_url(settings.jobs, settings.data_dir)
        lanes = Lanes(self._elsewhere, partial(self._scheduler.background, "leases"))
        return Worker(url, worker_name(settings), records, tools, retention, lanes)

    async def _elsewhere(self, work: Callable[[], T]) -> T:
        return await self._scheduler.background("jobs", work)

    async def _pieces(self, pieces: Iterator[bytes]) -> AsyncGenerator[bytes, None]:
        while piece := await self._elsewhere(partial(next, pieces, b"")):
            yield piece

    def _check(self, ask: Ask) -> None:
        _, language = self._casting.reader(ask.request)
        among = self._languages
        if ask.voice and ask.language and not _means(ask.language, language, among):
            raise UnknownLanguage(
                f"{ask.voice[:80]} speaks {language.code}: choose a voice of "
                f"{language_named(ask.language, among).code}, or leave the language out"
            )


def _make_empty(folder: Path) -> None:
    """Make a folder, and remove what was left there by a process that was killed.

    Raises:
        ConfigurationError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.iterdir():
            if left.stat().st_mtime < time.time() - _LEFT_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
    except OSError as error:
        raise ConfigurationError(
            f"--data-dir: {folder} cannot be written: {error.strerror}; choose another"
        ) from error


def _means(code: str, language: Language, among: Sequence[Language]) -> bool:
    """Tell whether a client that writes `code` may mean `language`: `en` is any English."""
    bare = len(code.strip()) == 2 and language.code.startswith(code.strip().lower())
    return bare or language_named(code, among) == language


def worker_name(settings: Settings) -> str:
    """Return what tells a worker from all others, and stays when it is started again."""
    place = hashlib.sha256(str(settings.data_dir.absolute()).encode()).hexdigest()[:8]
    return settings.worker or f"{socket.gethostname()}-{place}"
