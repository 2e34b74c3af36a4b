"""The released weights, where somebody has fetched them: `wyoming-kokoro download --voices all` for
each version, and the data directory in `WYOMING_KOKORO_TEST_MODELS`."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engines.conftest import stages
from wyoming_kokoro.models.catalog import version_named
from wyoming_kokoro.models.folder import ModelFolder

__all__ = ["stages"]

VARIABLE = "WYOMING_KOKORO_TEST_MODELS"


@pytest.fixture(scope="session")
def models() -> Path:
    """The data directory with the released models."""
    if not (folder := os.environ.get(VARIABLE)):
        pytest.skip(f"{VARIABLE} names no data directory with the released weights")
    return Path(folder)


@pytest.fixture(scope="session")
def checkpoints(models: Path) -> Callable[[str, bool], Path]:
    """Call with a version to get the path of its released checkpoint."""

    def checkpoint(version: str, small: bool) -> Path:
        assert not small, "what is released has its full size"
        path = ModelFolder(models, version_named(version)).checkpoint
        assert path.exists(), f"run `wyoming-kokoro download --model {version} --voices all`"
        return path

    return checkpoint


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where sound and pictures go: `WYOMING_KOKORO_TEST_KEEP`, or nowhere that lasts."""
    folder = os.environ.get("WYOMING_KOKORO_TEST_KEEP")
    path = Path(folder) if folder else tmp_path_factory.mktemp("kept")
    path.mkdir(parents=True, exist_ok=True)
    return path
