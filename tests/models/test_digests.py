"""Files are hashed once, not at each start."""

import os
from pathlib import Path

import pytest

from wyoming_kokoro.models import digests as module
from wyoming_kokoro.models.digests import Digests

FOX = "d7a8fbb307d7809469ca9abcb0082e4f8d5651e46d3cdb762d02d0bf37c9e592"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "there" / "fox.txt"
    path.parent.mkdir()
    path.write_text("The quick brown fox jumps over the lazy dog", encoding="ascii")
    return path


@pytest.fixture
def never_again(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A record that knows the file, after which nothing may be hashed."""
    record = tmp_path / "cache" / "digests.json"
    assert Digests(record).sha256(file) == FOX

    def refuse(path: Path) -> str:
        raise AssertionError(f"{path} was hashed")

    monkeypatch.setattr(module, "sha256_of", refuse)
    return record


def test_what_was_hashed_is_known_at_the_next_start(file: Path, never_again: Path) -> None:
    assert Digests(never_again).sha256(file) == FOX


def test_a_data_directory_may_be_moved_with_what_lies_beside_it(
    file: Path, never_again: Path, tmp_path: Path
) -> None:
    moved = tmp_path.rename(tmp_path.with_name("moved"))
    record = moved / never_again.relative_to(tmp_path)
    assert Digests(record).sha256(moved / file.relative_to(tmp_path)) == FOX


def test_without_a_record_a_file_is_hashed_once(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = Digests()
    assert digests.sha256(file) == FOX
    monkeypatch.setattr(module, "sha256_of", lambda path: "again")
    assert digests.sha256(file) == FOX
    assert Digests().sha256(file) == "again"


def test_other_content_of_the_same_size_is_seen_by_its_time(file: Path, tmp_path: Path) -> None:
    digests = Digests(tmp_path / "record")
    digests.sha256(file)
    file.write_text("The quick brown fox jumps over the lazy cog", encoding="ascii")
    os.utime(file, ns=(1, 1))
    assert digests.sha256(file).startswith("e4c4d8f3")


def test_two_that_write_one_record_keep_what_the_other_found(file: Path, tmp_path: Path) -> None:
    record, other = tmp_path / "record", tmp_path / "other"
    other.write_bytes(b"")
    one, two = Digests(record), Digests(record)
    one.sha256(file)
    two.sha256(other)
    known = record.read_text(encoding="utf-8")
    assert FOX in known
    assert "e3b0c44298fc1c14" in known


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Digests().sha256(tmp_path / "missing")
