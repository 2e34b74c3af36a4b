"""Checkpoints are large: each is made once for all tests of the engines, and removed after."""

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests import synthetic
from wyoming_kokoro.engines.graph.stages import Stages, prepared_stages


@pytest.fixture(scope="session")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, bool], Path]]:
    """Call with a version and whether it is to be small; get the path of a synthetic checkpoint."""
    pytest.importorskip("kokoro", reason="synthetic checkpoints take their shapes from kokoro")
    root = tmp_path_factory.mktemp("checkpoints")

    @cache
    def checkpoint(version: str, small: bool) -> Path:
        folder = root / f"{version}{'-small' * small}"
        return synthetic.write_checkpoint(folder, version, small=small)

    yield checkpoint
    shutil.rmtree(root)


@pytest.fixture(scope="session")
def stages(
    checkpoints: Callable[[str, bool], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str, bool], Stages]]:
    """Call as `checkpoints`; get the ONNX stages of that checkpoint."""
    root = tmp_path_factory.mktemp("stages")

    @cache
    def built(version: str, small: bool) -> Stages:
        architecture = synthetic.architecture(version, small)
        identity = f"{version}{small}".encode().hex()  # what would be a sha256 of 330 MB
        return prepared_stages(checkpoints(version, small), identity, architecture, root)

    yield built
    shutil.rmtree(root)
