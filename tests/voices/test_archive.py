import os
import struct
import zipfile
from pathlib import Path

import pytest

from wyoming_kokoro.errors import BadVoiceFile
from wyoming_kokoro.voices.archive import BoundedFile, naming, open_zip, read_member

LIMIT = 100_000


def member(path: Path, name: str, limit: int = LIMIT) -> bytes:
    with naming(path), BoundedFile(path, limit) as file, open_zip(file) as archive:
        return read_member(archive, name, limit)


def zipped(path: Path, data: bytes, method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("a", data)
    return path


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_member_comes_out_as_it_went_in(tmp_path: Path, method: int) -> None:
    data = bytes(range(256)) * 100
    assert member(zipped(tmp_path / "v.npz", data, method), "a") == data


def test_what_would_unpack_to_too_much_is_not_unpacked(tmp_path: Path) -> None:
    bomb = zipped(tmp_path / "v.npz", bytes(50_000_000))
    assert bomb.stat().st_size < LIMIT
    with pytest.raises(BadVoiceFile, match=r"v\.npz.*50,000,000 bytes"):
        member(bomb, "a")


def test_a_bomb_that_lies_about_its_size_gives_no_more_than_it_claims(tmp_path: Path) -> None:
    bomb = zipped(tmp_path / "v.npz", bytes(50_000_000))
    true, claimed = struct.pack("<I", 50_000_000), struct.pack("<I", 1_000)
    bomb.write_bytes(bomb.read_bytes().replace(true, claimed))
    with pytest.raises(BadVoiceFile, match="damaged"):
        member(bomb, "a")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_unpack_without_measure_are_refused(tmp_path: Path, method: int) -> None:
    with pytest.raises(BadVoiceFile, match="unusual"):
        member(zipped(tmp_path / "v.npz", b"abc" * 1000, method), "a")


def test_a_changed_byte_is_noticed(tmp_path: Path) -> None:
    path = zipped(tmp_path / "v.npz", b"voice" * 100, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"voicevoice", b"voicenoise", 1))
    with pytest.raises(BadVoiceFile, match="damaged"):
        member(path, "a")


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "v.npz", b"voice", zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(BadVoiceFile, match="damaged"):
        member(path, "a")


def test_an_archive_of_very_many_files_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "v.npz"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(1025):
            archive.writestr(str(number), b"")
    with pytest.raises(BadVoiceFile, match="more than 1024"):
        member(path, "7", 1_000_000)


def test_a_list_of_members_longer_than_a_voice_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "v.npz"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(3_000):
            archive.writestr(f"{number:060}", b"")
    with pytest.raises(BadVoiceFile, match="100,000 are allowed"):
        member(path, "7")


def test_a_member_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadVoiceFile, match="'b'"):
        member(zipped(tmp_path / "v.npz", b""), "b")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadVoiceFile, match=r"v\.npz.*No such file"):
        member(tmp_path / "v.npz", "a")


def test_a_pipe_is_refused_without_waiting_for_its_other_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "v.npz")
    with pytest.raises(BadVoiceFile, match="no regular file"):
        member(tmp_path / "v.npz", "a")


def test_a_link_and_a_folder_are_refused(tmp_path: Path) -> None:
    zipped(tmp_path / "v.npz", b"voice")
    (tmp_path / "link.npz").symlink_to(tmp_path / "v.npz")
    (tmp_path / "folder.npz").mkdir()
    for name in ("link.npz", "folder.npz"):
        with pytest.raises(BadVoiceFile, match=name):
            member(tmp_path / name, "a")
