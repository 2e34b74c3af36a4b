"""The stages of synthetic checkpoints: each built once for all tests of the engines."""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from tests.support import synthetic
from wyoming_kokoro.engines.onnx.compiled import stages as stages_module
from wyoming_kokoro.engines.onnx.compiled.build import build
from wyoming_kokoro.engines.onnx.compiled.stages import Stages, prepared_stages


def built_here(checkpoint: Path, identity: str, architecture: Any, cache: Path) -> Stages:
    """Return the stages of a checkpoint, built in this process: a builder that takes what others
    leave of the processor, as it does in earnest, may wait for minutes on a busy machine."""

    def build_here(checkpoint: Path, architecture: Any, folder: Path, waiting: object) -> None:
        build(checkpoint, architecture, folder)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stages_module, "_run_builder", build_here)
        return prepared_stages(checkpoint, identity, architecture, cache)


@pytest.fixture(scope="session")
def stages(checkpoints: Callable[[str, bool], Path], common: Path) -> Callable[[str, bool], Stages]:
    """Call as `checkpoints`; get the ONNX stages of that checkpoint, which all workers read."""

    @cache
    def built(version: str, small: bool) -> Stages:
        checkpoint = checkpoints(version, small)
        identity = hashlib.sha256(str(checkpoint).encode()).hexdigest()  # not of its 330 MB
        architecture = synthetic.architecture(version, small)
        return built_here(checkpoint, identity, architecture, common / "stages" / identity)

    return built


@pytest.fixture(scope="module")
def own_stages(
    stages: Callable[[str, bool], Stages], common: Path
) -> Callable[[str, bool], Stages]:
    """Call as `stages`; get them in a folder of this module's, which may damage what it adds."""

    def copied(version: str, small: bool) -> Stages:
        built, folder = stages(version, small), Path(mkdtemp(dir=common)) / "stages"
        folder.mkdir()
        for path in filter(Path.is_file, built.folder.iterdir()):
            shutil.copy2(path, folder)  # onnx takes links for an attack
        return replace(built, folder=folder)

    return copied
