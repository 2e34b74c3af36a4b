"""The id that tells one server from another."""

import asyncio
import logging
import re
from pathlib import Path

import pytest

from wyoming_kokoro.network.discovery.identity import instance_id, turn


def test_an_id_is_made_once_and_kept(tmp_path: Path) -> None:
    data_dir = tmp_path / "new" / "data"
    made = instance_id(data_dir)
    assert re.fullmatch("[0-9a-f]{8}", made)
    assert instance_id(data_dir) == made
    assert [path.name for path in data_dir.iterdir()] == ["id"]


def test_two_data_directories_have_two_ids(tmp_path: Path) -> None:
    assert instance_id(tmp_path / "a") != instance_id(tmp_path / "b")


@pytest.mark.parametrize("damage", [b"", b"\xff\x00", b"1234567", b"0" * 1_000_000, b"id\nid"])
def test_a_damaged_id_is_made_anew_and_kept(
    tmp_path: Path, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "id").write_bytes(damage)
    made = instance_id(tmp_path)
    assert re.fullmatch("[0-9a-f]{8}", made)
    assert "was damaged" in caplog.text
    caplog.clear()
    assert instance_id(tmp_path) == made
    assert not caplog.records


def test_a_directory_that_cannot_be_used_gives_a_steady_id_and_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    unusable = [tmp_path / "file" / "data", tmp_path / "taken"]
    (tmp_path / "taken" / "id").mkdir(parents=True)
    for data_dir in unusable:
        derived = instance_id(data_dir)
        assert re.fullmatch("[0-9a-f]{8}", derived)
        assert instance_id(data_dir) == derived
        (record,) = {each.getMessage(): each for each in caplog.records}.values()
        assert record.levelno == logging.WARNING
        assert str(data_dir / "id") in record.getMessage()
        assert "make the directory writable" in record.getMessage()
        caplog.clear()
    assert instance_id(unusable[0]) != instance_id(unusable[1])


async def test_one_process_at_a_time_has_the_turn_to_choose_a_name(tmp_path: Path) -> None:
    instance_id(tmp_path)
    entered: list[str] = []
    second_waits = asyncio.Event()

    async def second() -> None:
        second_waits.set()
        async with turn(tmp_path):
            entered.append("second")

    async with turn(tmp_path):
        waiting = asyncio.create_task(second())
        await asyncio.wait_for(second_waits.wait(), 5)
        entered.append("first")
    await asyncio.wait_for(waiting, 5)
    assert entered == ["first", "second"]


async def test_without_an_id_file_everybody_has_the_turn(tmp_path: Path) -> None:
    async with asyncio.timeout(5), turn(tmp_path / "none"), turn(tmp_path / "none"):
        pass
