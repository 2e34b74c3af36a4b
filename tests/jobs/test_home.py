"""The jobs of a process, in this one: what is taken, told, kept and removed."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.narrating import BOOK, needs_sqlite
from tests.support.voice_files import pack, write_pt
from wyoming_kokoro.app import wiring
from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.errors import Overloaded, UnknownLanguage, UnknownVoice
from wyoming_kokoro.job import Ask, Job, Part
from wyoming_kokoro.jobs.home import Jobs, worker_name
from wyoming_kokoro.jobs.records import Records
from wyoming_kokoro.jobs.shelf import Shelf
from wyoming_kokoro.jobs.usable import JobsUnavailable, database_url
from wyoming_kokoro.synthesis.narration import Spoken

pytestmark = needs_sqlite

SHORT = Ask((Part("Something short."),), format="wav")


@asynccontextmanager
async def jobs_in(
    folder: Path, limits: Limits | None = None, jobs: str = "sqlite"
) -> AsyncIterator[Jobs]:
    settings, limits = settings_for(folder, jobs), limits or Limits()
    parts = wiring.wire(settings, limits)
    kept = Jobs(settings, limits, parts.casting, parts.narrator, parts.scheduler)
    try:
        yield kept
    finally:
        await kept.close()
        await parts.close()


def settings_for(folder: Path, jobs: str = "sqlite") -> Settings:
    return Settings(engine="stand-in", data_dir=folder, jobs=jobs)


async def ended(jobs: Jobs, job: str) -> Job:
    end = time.monotonic() + 120
    while (found := await jobs.get(job)) and found.state in ("pending", "processing"):
        assert time.monotonic() < end
        await asyncio.sleep(0.1)
    assert found
    return found


def opened(folder: Path) -> tuple[Records, Shelf]:
    """What is kept in a folder, as another process sees it."""
    shelf = Shelf(str(folder / "jobs/audio"))
    return Records(database_url("sqlite", folder), shelf, Limits()), shelf


def sounds(folder: Path) -> list[str]:
    return sorted(path.parent.name for path in folder.rglob("*.wav"))


async def test_what_is_done_is_removed_by_its_age_and_by_its_size(tmp_path: Path) -> None:
    async with jobs_in(tmp_path) as jobs:
        done = []
        for _ in range(3):
            done.append(await ended(jobs, (await jobs.add(SHORT)).id))
            await asyncio.sleep(1.1)  # SQLite counts whole seconds
    assert [job.state for job in done] == ["completed"] * 3
    records, shelf = opened(tmp_path)
    size = done[0].results[0].size
    records.sweep(1, 10 * size)
    assert len(sounds(tmp_path)) == 3
    records.sweep(1, 2.5 * size)
    assert sounds(tmp_path) == sorted(job.id for job in done[1:]), "the oldest goes first"
    assert {job.id for job in records.latest(None, 10)} == {job.id for job in done[1:]}
    records.sweep(-1, 10 * size)
    assert not sounds(tmp_path)
    assert not records.latest(None, 10)
    assert not shelf.ages()
    records.close()


def test_sound_of_no_job_is_swept_away_and_nothing_else(tmp_path: Path) -> None:
    records, shelf = opened(tmp_path)
    orphan, fresh = "0" * 32, "1" * 32
    for job in (orphan, fresh, "somebody's"):
        shelf.put_piece(job, "key", Spoken(b"", ()))
    old = time.time() - 7200
    os.utime(tmp_path / "jobs/audio" / orphan / "pieces/key", (old, old))
    os.utime(tmp_path / "jobs/audio/somebody's/pieces/key", (old, old))
    records.sweep(30, 1e9)
    records.close()
    assert sorted(path.name for path in (tmp_path / "jobs/audio").iterdir()) == [
        fresh,
        "somebody's",
    ]


async def test_a_job_that_fails_says_why(tmp_path: Path) -> None:
    voice = tmp_path / "voices/af_mine.pt"
    voice.parent.mkdir()
    write_pt(voice, pack())
    async with jobs_in(tmp_path) as jobs:
        await jobs.add(BOOK)
        job = await jobs.add(replace(SHORT, voice="af_mine"))
        voice.unlink()
        failed = await ended(jobs, job.id)
    assert failed.state == "failed"
    assert "af_mine" in failed.reason
    assert not failed.results


async def test_the_queue_is_bounded(tmp_path: Path) -> None:
    async with jobs_in(tmp_path, Limits(jobs_waiting=2)) as jobs:
        taken = [await jobs.add(replace(BOOK, user_id=name)) for name in "ab"]
        with pytest.raises(Overloaded, match="2 jobs wait"):
            await jobs.add(SHORT)
        for job in taken:
            assert (await ended(jobs, job.id)).state == "completed"
        assert await jobs.add(SHORT)
        listed = await jobs.latest(None, 2)
        assert len(listed) == 2
        assert [job.id for job in await jobs.latest("a", 9)] == [taken[0].id]
        assert not listed[0].ask.parts, "texts are not listed"
        found = await jobs.get(taken[1].id)
        assert found
        assert found.ask == replace(BOOK, user_id="b")
        assert found.progress == 1


async def test_a_language_has_to_be_the_voices(tmp_path: Path) -> None:
    async with jobs_in(tmp_path) as jobs:
        with pytest.raises(UnknownLanguage, match="bm_george speaks en_GB: choose a voice of fr"):
            await jobs.add(replace(SHORT, voice="bm_george", language="fr_FR"))
        with pytest.raises(UnknownVoice):
            await jobs.add(replace(SHORT, voice="af_nobody"))
        with pytest.raises(UnknownLanguage):
            await jobs.add(replace(SHORT, language="xx"))
        george = replace(SHORT, voice="bm_george", language="en")
        for ask, voice in ((george, "bm_george"), (replace(SHORT, language="fr"), "ff_siwis")):
            done = await ended(jobs, (await jobs.add(ask)).id)
            assert (done.state, done.voice) == ("completed", voice)


async def test_jobs_that_are_off_say_how_they_are_turned_on(tmp_path: Path) -> None:
    async with jobs_in(tmp_path, jobs="") as jobs:
        with pytest.raises(JobsUnavailable, match="--jobs sqlite"):
            await jobs.add(SHORT)
        await jobs.resume()
    assert not (tmp_path / "jobs").exists()


def test_a_worker_is_called_the_same_at_each_start(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    assert worker_name(settings) == worker_name(settings)
    assert worker_name(settings) != worker_name(settings_for(tmp_path / "other"))
    assert worker_name(replace(settings, worker="w1")) == "w1"
