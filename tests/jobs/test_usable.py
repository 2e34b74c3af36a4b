"""Whether jobs can be kept here is told before anything is loaded, with the remedy."""

import importlib.util
from pathlib import Path

import pytest

from wyoming_kokoro.errors import ConfigurationError
from wyoming_kokoro.jobs.usable import database_url, require_packages, require_usable, why_unusable

NEW, OLD = (3, 42, 0), (3, 40, 1)


@pytest.mark.parametrize(
    ("sqlite", "python", "usable"),
    [(NEW, (3, 12), True), (OLD, (3, 12), False), (OLD, (3, 11), True), (NEW, (3, 11), True)],
)
def test_python_3_12_needs_a_newer_sqlite(
    sqlite: tuple[int, ...], python: tuple[int, ...], usable: bool
) -> None:
    reason = why_unusable("sqlite", sqlite, python)
    assert (reason == "") == usable
    if not usable:
        assert "SQLite 3.42" in reason
        assert "3.40.1" in reason
        assert "postgresql://" in reason, "the remedy"
    assert why_unusable("postgresql://host/db", sqlite, python) == ""


def test_packages_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "dbos" else find(name)
    )
    remedy = r"\(dbos\).*pip install 'wyoming-kokoro\[jobs\]'"
    with pytest.raises(ConfigurationError, match=remedy):
        require_usable("sqlite")
    with pytest.raises(ConfigurationError, match=remedy):
        require_packages()


def test_off_is_no_database() -> None:
    with pytest.raises(ConfigurationError, match="--jobs sqlite"):
        require_usable("")


def test_sqlite_alone_is_a_file_in_the_data_directory(tmp_path: Path) -> None:
    assert database_url("sqlite", tmp_path) == f"sqlite:///{tmp_path}/jobs/jobs.sqlite"
    assert database_url("postgresql://a/b", tmp_path) == "postgresql://a/b"
