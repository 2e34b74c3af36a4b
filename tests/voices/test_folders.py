import logging
import os
from pathlib import Path

import numpy as np
import pytest

from tests.support.voice_files import LIMIT, npy, pack, write_bin, write_npz, write_pt
from wyoming_kokoro.voices import folders as module
from wyoming_kokoro.voices.folders import EMPTY, Allowed, Listing, Source, VoiceFolders, list_folder


def users(folder: Path, seen: Listing = EMPTY) -> Listing:
    return list_folder(folder, seen, Allowed(LIMIT))


def names(listing: Listing) -> list[str]:
    return [file.name for file in listing.voices]


def test_files_of_all_formats_are_voices_and_other_files_are_nothing(tmp_path: Path) -> None:
    write_pt(tmp_path / "one.pt", pack(1))
    write_bin(tmp_path / "two.bin", pack(2))
    (tmp_path / "three.npy").write_bytes(npy(pack(3)))
    write_npz(tmp_path / "four.npz", {"whatever": pack(4)})
    write_npz(tmp_path / "many.npz", {"five": pack(5), "six": pack(6)})
    for other in ("README.md", ".hidden.pt", "seven.pt.part", "eight.wav"):
        (tmp_path / other).write_bytes(b"")
    (tmp_path / "folder").mkdir()
    listing = users(tmp_path)
    assert names(listing) == ["four", "one", "three", "two", "five", "six"]
    assert listing.problems == ()
    for file in listing.voices:
        seed = ["one", "two", "three", "four", "five", "six"].index(file.name) + 1
        assert np.array_equal(file.read(LIMIT, 510), pack(seed))


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert names(users(tmp_path / "absent")) == []
    (tmp_path / "file").write_bytes(b"")
    assert names(users(tmp_path / "file")) == []
    assert list_folder(None, EMPTY, Allowed(LIMIT)) == EMPTY


def test_a_broken_file_is_told_by_name_and_the_others_are_voices(tmp_path: Path) -> None:
    write_pt(tmp_path / "good.pt", pack())
    (tmp_path / "half.pt").write_bytes((tmp_path / "good.pt").read_bytes()[:1000])
    (tmp_path / "page.npz").write_bytes(b"<!doctype html>")
    listing = users(tmp_path)
    assert names(listing) == ["good"]
    assert [problem.split(":")[0] for problem in listing.problems] == [
        "voice file half.pt",
        "voice file page.npz",
    ]


def test_links_out_of_the_folder_are_left_out_and_links_inside_count(tmp_path: Path) -> None:
    write_pt(tmp_path / "secret.pt", pack())
    folder = tmp_path / "voices"
    (folder / "store").mkdir(parents=True)
    write_pt(folder / "store" / "blob", pack(1))
    (folder / "inside.pt").symlink_to("store/blob")
    (folder / "outside.pt").symlink_to(tmp_path / "secret.pt")
    (folder / "upwards.pt").symlink_to("../secret.pt")
    (folder / "nowhere.pt").symlink_to("absent.pt")
    listing = users(folder)
    assert names(listing) == ["inside"]
    assert len(listing.problems) == 2
    assert all("link out of its folder" in problem for problem in listing.problems)


def test_a_folder_may_itself_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    write_pt(tmp_path / "real" / "one.pt", pack())
    (tmp_path / "voices").symlink_to("real")
    assert names(users(tmp_path / "voices")) == ["one"]


def test_pipes_and_folders_with_a_voice_file_s_name_do_not_hold_anything_up(tmp_path: Path) -> None:
    for suffix in (".pt", ".bin", ".npz", ".npy"):
        os.mkfifo(tmp_path / f"pipe{suffix}")
        (tmp_path / f"folder{suffix}").mkdir()
    listing = users(tmp_path)
    assert names(listing) == []
    assert len(listing.problems) == 8


@pytest.mark.parametrize("name", ["df_anna", "de_DE-thorsten", "sv-SE_x"])
def test_a_voice_of_a_language_that_is_not_spoken_is_refused_and_told_how_to_be_named(
    tmp_path: Path, name: str
) -> None:
    write_pt(tmp_path / f"{name}.pt", pack())
    listing = users(tmp_path)
    assert names(listing) == []
    [problem] = listing.problems
    assert f"{name}.pt: its name begins like one of a language that is not spoken here" in problem
    assert "en_US-" in problem


@pytest.mark.parametrize("name", ["a b", "a+b", "a@2", "a(2)", "n" * 80, "ä", "-a", "a,b"])
def test_a_name_that_no_client_could_send_is_told(tmp_path: Path, name: str) -> None:
    write_pt(tmp_path / f"{name}.pt", pack())
    listing = users(tmp_path)
    assert names(listing) == []
    assert "its name cannot be a voice's" in listing.problems[0]


def test_members_of_an_archive_with_such_names_do_not_count(tmp_path: Path) -> None:
    write_npz(tmp_path / "v.npz", {"good": pack(), "../evil": pack(), "a+b": pack()})
    assert names(users(tmp_path)) == ["good"]


def test_only_released_names_count_where_a_release_is_kept(tmp_path: Path) -> None:
    write_pt(tmp_path / "af_heart.pt", pack())
    write_pt(tmp_path / "mine.pt", pack())
    write_npz(tmp_path / "voices-v1.0.bin", {"af_bella": pack(), "other": pack()})
    listing = list_folder(tmp_path, EMPTY, Allowed(LIMIT, {"af_heart", "af_bella"}))
    assert [(file.name, file.combined) for file in listing.voices] == [
        ("af_heart", False),
        ("af_bella", True),
    ]


def test_files_that_did_not_change_are_not_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_pt(tmp_path / "one.pt", pack(1))
    write_npz(tmp_path / "many.npz", {"two": pack(), "three": pack()})
    first = users(tmp_path)
    opened: list[Path] = []
    monkeypatch.setattr(module, "read_voice", lambda path, *_: opened.append(path))
    assert users(tmp_path, first) == first
    write_pt(tmp_path / "four.pt", pack(4))
    write_pt(tmp_path / "new", pack(5)).replace(tmp_path / "one.pt")
    assert names(users(tmp_path, first)) == ["four", "one", "two", "three"]
    assert sorted(path.name for path in opened) == ["four.pt", "one.pt"]


def test_a_file_that_is_still_being_copied_becomes_a_voice_when_it_is_whole(tmp_path: Path) -> None:
    whole = write_pt(tmp_path / "source", pack()).read_bytes()
    with (tmp_path / "one.pt").open("wb") as copy:
        copy.write(whole[:5000])
        copy.flush()
        half = users(tmp_path)
        copy.write(whole[5000:])
    assert names(half) == []
    assert names(users(tmp_path, half)) == ["one"]


OFFICIAL = ("af_heart", "af_bella")


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    official, mine = tmp_path / "official", tmp_path / "mine"
    official.mkdir()
    mine.mkdir()
    return official, mine


def voices_in(folders: tuple[Path, Path], source: Source = "auto") -> VoiceFolders:
    return VoiceFolders(OFFICIAL, folders[0], folders[1:], source, Allowed(LIMIT))


def chosen(voices: VoiceFolders) -> dict[str, str]:
    return {name: f"{f.path.parent.name}/{f.path.name}" for name, f in voices.look().items()}


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
    found = chosen(voices_in(folders, source))
    assert found == {name: f"official/{file}" for name, file in expected.items()}


@pytest.mark.parametrize("source", ["auto", "individual", "combined"])
def test_the_source_does_not_concern_users_own_voices(
    folders: tuple[Path, Path], source: Source
) -> None:
    write_pt(folders[1] / "anna.pt", pack())
    write_npz(folders[1] / "family.npz", {"bert": pack(), "carl": pack()})
    assert set(chosen(voices_in(folders, source))) == {"anna", "bert", "carl"}


def test_a_users_file_does_not_take_a_released_name_and_the_log_says_so(
    folders: tuple[Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    write_pt(folders[0] / "af_heart.pt", pack(1))
    write_pt(folders[1] / "af_heart.pt", pack(2))
    voices = voices_in(folders)
    assert chosen(voices) == {"af_heart": "official/af_heart.pt"}
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert "mine/af_heart.pt is not used for af_heart" in record.getMessage()


def test_a_users_file_stands_in_for_a_released_one_until_that_is_there(
    folders: tuple[Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    write_npz(folders[1] / "voices.npz", {"af_heart": pack(), "af_bella": pack()})
    voices = voices_in(folders)
    assert chosen(voices) == {"af_heart": "mine/voices.npz", "af_bella": "mine/voices.npz"}
    (record,) = caplog.records
    assert "voices.npz is used for af_heart, af_bella in place of the rel" in record.getMessage()
    write_pt(folders[0] / "af_heart.pt", pack())
    assert chosen(voices) == {"af_heart": "official/af_heart.pt", "af_bella": "mine/voices.npz"}


def test_a_broken_file_is_told_once_and_again_when_it_changes(
    folders: tuple[Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    voices = voices_in(folders)
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
