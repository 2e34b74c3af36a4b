"""The course of a job: texts in, files out, and nothing spoken twice, whenever it is cut off."""

import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.narrating import BOOK, Ended, Steps, narrating
from tests.support.web import decoded
from wyoming_kokoro.errors import UnknownVoice
from wyoming_kokoro.job import Ask, Part
from wyoming_kokoro.jobs import course
from wyoming_kokoro.jobs.course import Tools
from wyoming_kokoro.jobs.shelf import Shelf

WAV = replace(BOOK, format="wav")


async def tell_nobody(_share: float, _voice: str) -> None:
    return


def read(shelf: Shelf, name: str, job: str = "job") -> bytes:
    found = shelf.read(job, name)
    assert found, name
    return b"".join(found[1])


async def spoken(tools: Tools, ask: Ask, job: str = "job") -> bytes:
    outcome = await course.run(job, ask, tools, Steps(), tell_nobody)
    return read(tools.shelf, outcome["results"][0]["name"], job)


async def test_chapters_are_one_file_with_silence_between_them(tmp_path: Path) -> None:
    async with narrating(tmp_path) as tools:
        outcome = await course.run("job", WAV, tools, Steps(), tell_nobody)
        [result] = outcome["results"]
        sound = decoded(read(tools.shelf, result["name"]))
        told = json.loads(read(tools.shelf, "0.json"))
    assert outcome["voice"] == "af_heart"
    assert [chapter["title"] for chapter in result["chapters"]] == ["One", "Two"]
    assert len(sound) / 24_000 == pytest.approx(result["seconds"], abs=0.001)
    assert told["chapters"] == result["chapters"]
    end = round(24_000 * result["chapters"][0]["end"])
    assert abs(sound[end - 23_000 : end]).max() < 0.01, "a second without a sound"
    assert abs(sound[end : end + 24_000]).max() > 0.05, "the next chapter"
    words = [word["word"] for word in told["words"]]
    assert " ".join(words) == " ".join(part.text for part in WAV.parts)
    starts = [word["start"] for word in told["words"]]
    assert starts == sorted(starts)
    assert starts[words.index("A")] >= result["chapters"][1]["start"]


async def test_texts_that_are_not_joined_are_a_file_each(tmp_path: Path) -> None:
    async with narrating(tmp_path) as tools:
        ask = replace(WAV, joined=False)
        outcome = await course.run("job", ask, tools, Steps(), tell_nobody)
        names = [result["name"] for result in outcome["results"]]
        alone = await spoken(tools, replace(WAV, parts=WAV.parts[1:]), "alone")
        assert names == ["0.wav", "1.wav"]
        assert read(tools.shelf, "1.wav") == alone


async def test_progress_is_the_share_of_the_text_that_is_spoken(tmp_path: Path) -> None:
    told: list[float] = []

    async def tell(share: float, voice: str) -> None:
        assert voice == "af_heart"
        told.append(share)

    async with narrating(tmp_path) as tools:
        await course.run("job", WAV, tools, Steps(), tell)
    first = len(WAV.parts[0].text) / WAV.characters
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0, abs=0.01)
    assert any(abs(share - first) < 0.02 for share in told), told


async def test_a_job_that_is_cut_off_anywhere_speaks_nothing_twice_and_misses_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "wyoming_kokoro.jobs.course")
    async with narrating(tmp_path) as tools:
        whole = await spoken(tools, WAV, "whole")
        made = caplog.text.count("was made")
        steps = Steps()
        await course.run("counted", WAV, tools, steps, tell_nobody)
        for last in range(len(steps.done)):
            caplog.clear()
            with pytest.raises(Ended):
                await course.run(f"cut{last}", WAV, tools, Steps(last), tell_nobody)
            assert await spoken(tools, WAV, f"cut{last}") == whole
            again = caplog.text.count("was made")
            # Behind the files their pieces are not kept: DBOS remembers these steps instead.
            assert again == made or "files" in steps.done[:last]


async def test_a_sentence_that_is_said_twice_is_made_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "wyoming_kokoro.jobs.course")
    async with narrating(tmp_path) as tools:
        await spoken(tools, Ask((Part("This is long enough to be alone. " * 4),), format="wav"))
    assert caplog.text.count("was made") == 1


async def test_a_piece_that_was_damaged_is_made_anew(tmp_path: Path) -> None:
    async with narrating(tmp_path) as tools:
        whole = await spoken(tools, WAV, "whole")
        with pytest.raises(Ended):
            await course.run("job", WAV, tools, Steps(2), tell_nobody)
        [piece] = (tmp_path / "shelf/job/pieces").iterdir()
        piece.write_bytes(piece.read_bytes()[:-7])
        assert await spoken(tools, WAV) == whole


async def test_a_text_without_anything_to_say_is_a_sound_file_all_the_same(tmp_path: Path) -> None:
    async with narrating(tmp_path) as tools:
        sound = decoded(await spoken(tools, Ask((Part("***"),), format="wav")))
    assert len(sound) == 2400


async def test_no_piece_stays_when_the_files_are_there(tmp_path: Path) -> None:
    async with narrating(tmp_path) as tools:
        await spoken(tools, WAV)
    left = sorted(path.name for path in (tmp_path / "shelf/job").rglob("*"))
    assert left == ["0.json", "0.wav"]


async def test_a_voice_that_does_not_exist_fails_the_job(tmp_path: Path) -> None:
    async with narrating(tmp_path) as tools:
        with pytest.raises(UnknownVoice):
            await spoken(tools, replace(WAV, voice="af_nobody"))
