import logging
from pathlib import Path

import pytest

from tests.support.voice_files import LIMIT, pack, write_npz, write_pt
from wyoming_kokoro.voices.shelf import Shelf, Source

OFFICIAL = ("af_heart", "af_bella")


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    official, mine = tmp_path / "official", tmp_path / "mine"
    official.mkdir()
    mine.mkdir()
    return official, mine


def shelf(folders: tuple[Path, Path], source: Source = "auto") -> Shelf:
    return Shelf(OFFICIAL, folders[0], folders[1:], source, LIMIT)


def chosen(shelf: Shelf) -> dict[str, str]:
    return {name: f"{f.path.parent.name}/{f.path.name}" for name, f in shelf.look().items()}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("auto", {"af_heart": "af_heart.pt", "af_bella": "voices-v1.0.bin"}),
        ("individual", {"af_heart": "af_heart.pt"}),
        ("combined", {"af_heart": "voices-v1.0.bin", "af_bella": "voices-v1.0.bin"}),
    ],
)
def test_the_source_decides_which_file_speaks_for_a_released_voice(
    folders: tuple[Path, Path], source: Source, expected: dict[str, str]
) -> None:
    write_pt(folders[0] / "af_heart.pt", pack())
    write_npz(folders[0] / "voices-v1.0.bin", {"af_heart": pack(), "af_bella": pack()})
    found = chosen(shelf(folders, source))
    assert found == {name: f"official/{file}" for name, file in expected.items()}


@pytest.mark.parametrize("source", ["auto", "individual", "combined"])
def test_the_source_does_not_concern_users_own_voices(
    folders: tuple[Path, Path], source: Source
) -> None:
    write_pt(folders[1] / "anna.pt", pack())
    write_npz(folders[1] / "family.npz", {"bert": pack(), "carl": pack()})
    assert set(chosen(shelf(folders, source))) == {"anna", "bert", "carl"}


def test_a_users_file_does_not_take_a_released_name_and_the_log_says_so(
    folders: tuple[Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    write_pt(folders[0] / "af_heart.pt", pack(1))
    write_pt(folders[1] / "af_heart.pt", pack(2))
    voices = shelf(folders)
    assert chosen(voices) == {"af_heart": "official/af_heart.pt"}
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert "mine/af_heart.pt is not used for af_heart" in record.getMessage()


def test_a_users_file_stands_in_for_a_released_one_until_that_is_there(
    folders: tuple[Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    write_npz(folders[1] / "voices.npz", {"af_heart": pack(), "af_bella": pack()})
    voices = shelf(folders)
    assert chosen(voices) == {"af_heart": "mine/voices.npz", "af_bella": "mine/voices.npz"}
    (record,) = caplog.records
    assert "voices.npz is used for af_heart, af_bella in place of the rel" in record.getMessage()
    write_pt(folders[0] / "af_heart.pt", pack())
    assert chosen(voices) == {"af_heart": "official/af_heart.pt", "af_bella": "mine/voices.npz"}


def test_a_broken_file_is_told_once_and_again_when_it_changes(
    folders: tuple[Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    voices = shelf(folders)
    broken = folders[1] / "broken.pt"
    broken.write_bytes(b"not a voice")
    for _ in range(3):
        voices.look()
    assert [record.getMessage().split(":")[0] for record in caplog.records] == [
        "voice file broken.pt"
    ]
    write_pt(broken, pack())
    assert chosen(voices) == {"broken": "mine/broken.pt"}
    broken.write_bytes(b"not a voice either")
    assert chosen(voices) == {}
    assert len(caplog.records) == 2
