"""The build backend: the library is compiled where that can be, and the package built without."""

import logging
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from script.packaging import backend


@pytest.fixture
def no_compiler(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without a compiler; returns where the library would be."""
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.delenv(backend.VARIABLE, raising=False)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.setattr(backend, "_LIBRARY", tmp_path / "_native.so")
    monkeypatch.setattr(backend, "_can_be_had", lambda _package: True)
    return tmp_path / "_native.so"


def test_without_a_compiler_one_is_asked_for(no_compiler: Path) -> None:
    assert backend.COMPILER in backend.get_requires_for_build_wheel()
    assert backend.COMPILER in backend.get_requires_for_build_editable()


def test_a_compiler_that_the_index_does_not_have_is_not_asked_for(
    no_compiler: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backend, "_can_be_had", lambda _package: False)
    assert backend.COMPILER not in backend.get_requires_for_build_wheel()


def test_what_pip_does_not_find_cannot_be_had(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("PIP_NO_INDEX", "PIP_FIND_LINKS"):
        monkeypatch.setenv(name, str(tmp_path) if name.endswith("LINKS") else "1")
    assert not backend._can_be_had("a-compiler-that-nobody-made==1")


def test_with_a_compiler_none_is_asked_for(
    no_compiler: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    assert backend.COMPILER not in backend.get_requires_for_build_wheel()


def test_without_any_compiler_the_library_is_left_out_in_one_line(
    no_compiler: Path, caplog: pytest.LogCaptureFixture
) -> None:
    no_compiler.write_bytes(b"of an earlier build")
    with caplog.at_level(logging.WARNING):
        assert not backend._compiled()
    assert not no_compiler.exists()
    assert len(caplog.records) == 1
    assert "apt install g++" in caplog.text


def test_a_compiler_that_fails_does_not_stop_the_build(
    no_compiler: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("CXX", "false")
    assert not backend._compiled()
    assert "false failed" in caplog.text


def test_who_wants_the_library_at_any_rate_is_told_why_it_is_not_there(
    no_compiler: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(backend.VARIABLE, "1")
    with pytest.raises(SystemExit, match="no C"):
        backend._compiled()


def test_who_does_not_want_it_gets_a_package_for_any_machine(
    no_compiler: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings: list[Sequence[str]] = []

    def build_wheel(_folder: str, given: dict[str, Sequence[str]] | None, _metadata: object) -> str:
        settings.append((given or {}).get("--build-option", ()))
        return "wheel"

    monkeypatch.setattr("setuptools.build_meta.build_wheel", build_wheel)
    monkeypatch.setenv(backend.VARIABLE, "0")
    assert backend.COMPILER not in backend.get_requires_for_build_wheel()
    backend.build_wheel("folder")
    monkeypatch.setattr(backend, "_compiled", lambda: True)
    backend.build_wheel("folder")
    assert settings[0] == ()
    assert settings[1][0].startswith("--plat-name=linux")


def test_what_is_compiled_for_a_checkout_is_kept_and_not_compiled_again(
    no_compiler: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script, calls = tmp_path / "compiler", tmp_path / "calls"
    script.write_text(f"""#!/bin/sh
while [ "$1" != -o ]; do shift; done
echo made >"$2"
echo >>{calls}
""")
    script.chmod(0o755)
    monkeypatch.setenv("CXX", str(script))
    monkeypatch.setattr(backend, "_KEPT", tmp_path / "kept")
    monkeypatch.setattr("setuptools.build_meta.build_editable", lambda *_: "wheel")
    backend.build_editable("folder")
    assert no_compiler.read_text() == "made\n"
    once = calls.stat().st_size
    backend.build_editable("folder")
    assert no_compiler.read_text() == "made\n"
    assert calls.stat().st_size == once
