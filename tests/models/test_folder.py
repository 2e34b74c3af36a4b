"""Which files count as whole, and what that costs."""

import os
from pathlib import Path

import pytest

from tests.models.conftest import CONTENTS
from tests.support.hub import release
from wyoming_kokoro.errors import BadModelFile, ModelUnavailable
from wyoming_kokoro.models import digests
from wyoming_kokoro.models.folder import ModelFolder


@pytest.fixture
def folder(tmp_path: Path) -> ModelFolder:
    """Files that somebody copied into the data directory by hand."""
    folder = ModelFolder(tmp_path, release(CONTENTS))
    for path, content in CONTENTS.items():
        target = folder.path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were hashed, as they are."""
    names: list[str] = []
    honest = digests.sha256_of

    def counted(path: Path) -> str:
        names.append(path.name)
        return honest(path)

    monkeypatch.setattr(digests, "sha256_of", counted)
    return names


def test_copied_files_are_hashed_once_and_then_known(
    folder: ModelFolder, hashed: list[str]
) -> None:
    files = folder.version.files(["af_heart"])
    assert folder.missing(files) == ()
    assert len(hashed) == 3
    assert ModelFolder(folder.path.parents[1], folder.version).missing(files) == ()
    assert len(hashed) == 3


def test_a_file_that_changed_is_hashed_again(folder: ModelFolder, hashed: list[str]) -> None:
    checkpoint = [folder.version.checkpoint]
    assert folder.missing(checkpoint) == ()
    content = folder.checkpoint.read_bytes()
    folder.checkpoint.write_bytes(content[:-1] + b"!")
    os.utime(folder.checkpoint, ns=(0, 0))
    assert folder.missing(checkpoint) == tuple(checkpoint)
    assert hashed == [folder.checkpoint.name] * 2


def test_forgetting_makes_everything_be_hashed_again(
    folder: ModelFolder, hashed: list[str]
) -> None:
    folder.missing([folder.version.checkpoint])
    folder.forget()
    folder.missing([folder.version.checkpoint])
    assert len(hashed) == 2


def test_a_truncated_file_is_missing_without_being_hashed(
    folder: ModelFolder, hashed: list[str]
) -> None:
    folder.checkpoint.write_bytes(b"half")
    assert folder.missing([folder.version.checkpoint]) == (folder.version.checkpoint,)
    assert hashed == []


@pytest.mark.parametrize("record", [b"", b"{", b"[]", b'{"kokoro-v1_0.pth": 1}', b"\xff"])
def test_a_damaged_record_proves_nothing(
    folder: ModelFolder, hashed: list[str], record: bytes
) -> None:
    (folder.path / ".verified.json").write_bytes(record)
    assert folder.missing([folder.version.checkpoint]) == ()
    assert hashed == [folder.checkpoint.name]


def test_a_folder_that_keeps_no_record_still_works(folder: ModelFolder, hashed: list[str]) -> None:
    (folder.path / ".verified.json").mkdir()
    assert folder.missing([folder.version.checkpoint]) == ()
    assert folder.missing([folder.version.checkpoint]) == ()
    assert len(hashed) == 1
    assert list(folder.path.glob("*.tmp")) == []


def test_a_missing_file_is_named_with_the_remedy(folder: ModelFolder) -> None:
    folder.checkpoint.unlink()
    with pytest.raises(ModelUnavailable, match=r"kokoro-v1_0\.pth is not there; run `wyoming-kok"):
        folder.require(folder.version.files([]))


def test_a_file_of_other_content_is_told_from_a_missing_one(folder: ModelFolder) -> None:
    folder.checkpoint.write_bytes(bytes(folder.version.checkpoint.size))
    with pytest.raises(BadModelFile, match="has the right size but other content than v1"):
        folder.require(folder.version.files([]))


def test_what_is_whole_is_not_complained_of(folder: ModelFolder) -> None:
    folder.require(folder.version.files(folder.version.voices))
