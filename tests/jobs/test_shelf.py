"""Where the sound of jobs is kept: whole or not at all, and gone when it is removed."""

import os
from pathlib import Path

import pytest

from wyoming_kokoro.errors import ConfigurationError
from wyoming_kokoro.jobs.shelf import Shelf, ShelfFailed
from wyoming_kokoro.synthesis.captions import Word
from wyoming_kokoro.synthesis.narration import Spoken

PIECE = Spoken(b"\1\2" * 500, [Word("Grüße,", 0.0, 0.25), Word("漢字", 0.25, 0.5, exact=False)])


def test_a_piece_can_be_had_again(tmp_path: Path) -> None:
    shelf = Shelf(str(tmp_path))
    assert shelf.piece("job", "key") is None
    shelf.put_piece("job", "key", PIECE)
    assert shelf.piece("job", "key") == PIECE
    assert shelf.piece("other", "key") is None, "a job has its own"


@pytest.mark.parametrize("damage", ["shorter", "empty", "changed", "other"])
def test_a_piece_that_is_damaged_is_none(tmp_path: Path, damage: str) -> None:
    shelf = Shelf(str(tmp_path))
    shelf.put_piece("job", "key", PIECE)
    file = tmp_path / "job/pieces/key"
    content = file.read_bytes()
    made = {
        "shorter": content[:-1],
        "empty": b"",
        "changed": content[:-1] + b"\xff",
        "other": b"RIFF" + content[4:],
    }
    file.write_bytes(made[damage])
    assert shelf.piece("job", "key") is None


def test_a_file_comes_in_pieces_with_its_size(tmp_path: Path) -> None:
    shelf = Shelf(str(tmp_path / "shelf"))
    sound = os.urandom(700_000)
    (tmp_path / "file").write_bytes(sound)
    shelf.put_file("job", "0.mp3", tmp_path / "file")
    assert shelf.read("job", "1.mp3") is None
    found = shelf.read("job", "0.mp3")
    assert found
    size, pieces = found
    come = list(pieces)
    assert size == len(sound)
    assert b"".join(come) == sound
    assert len(come) > 1


def test_what_is_removed_leaves_nothing(tmp_path: Path) -> None:
    shelf = Shelf(str(tmp_path))
    first, second = "a" * 32, "b" * 32
    for job in (first, second):
        shelf.put_piece(job, "key", PIECE)
    (tmp_path / "file").write_bytes(b"sound")
    shelf.put_file(first, "0.mp3", tmp_path / "file")
    shelf.remove_pieces(first)
    assert shelf.piece(first, "key") is None
    assert shelf.read(first, "0.mp3")
    shelf.remove(first)
    assert sorted(path.name for path in tmp_path.iterdir()) == [second, "file"]
    assert set(shelf.ages()) == {second}
    assert 0 <= shelf.ages()[second] < 3600


def test_what_others_keep_in_the_same_place_is_nobodys_job(tmp_path: Path) -> None:
    shelf = Shelf(str(tmp_path))
    for name in ("holidays/beach.jpg", "A" * 32 + "/file", "c" * 31 + "/file"):
        path = tmp_path / name
        path.parent.mkdir()
        path.write_bytes(b"precious")
    assert shelf.ages() == {}


def test_a_place_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ConfigurationError, match=r"--audio .* folder or s3://BUCKET/PREFIX"):
        Shelf(str(tmp_path / "file" / "below"))


def test_a_folder_that_takes_nothing_is_told(tmp_path: Path) -> None:
    shelf = Shelf(str(tmp_path / "shelf"))
    (tmp_path / "shelf/job").write_bytes(b"a file where a folder has to be")
    with pytest.raises(ShelfFailed, match="cannot be kept at"):
        shelf.put_piece("job", "key", PIECE)
