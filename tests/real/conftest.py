"""Kokoro as it really sounds: near-real weights, which the index brings, for all; and the released
ones where somebody has fetched them: `wyoming-kokoro download --voices all` for each version, and
the data directory in `WYOMING_KOKORO_TEST_MODELS`.
"""

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from filelock import FileLock

from tests.engines.conftest import built_here
from tests.support.index_files import NotInstalled
from tests.support.real import near_real_folder
from tests.support.recogniser import Recogniser
from tests.support.speaking import RealVoice
from wyoming_kokoro.engines.onnx.compiled.stages import Stages
from wyoming_kokoro.models.catalog import version_named
from wyoming_kokoro.models.folder import ModelFolder
from wyoming_kokoro.models.installed import local_checkpoint

VARIABLE = "WYOMING_KOKORO_TEST_MODELS"


@pytest.fixture(scope="session")
def near_real(common: Path) -> Path:
    """A near-real checkpoint with `config.json`, and voices of all languages, beside it; and with
    its stages compiled in `cache/`: all that `--data-dir` and `--checkpoint` may name."""
    folder = common / "near-real"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            draft = folder.with_suffix(".part")
            try:
                checkpoint = near_real_folder(draft)
            except NotInstalled as error:
                pytest.skip(str(error))
            model = local_checkpoint(checkpoint, cache=draft / "cache")
            built_here(checkpoint, model.sha256(), model.architecture, draft / "cache")
            draft.rename(folder)
    return folder / "kokoro-v1_0.pth"


@pytest.fixture(scope="session")
def real_voice(near_real: Path) -> Iterator[RealVoice]:
    """The near-real checkpoint in an engine of this process, on one thread."""
    voice = RealVoice(near_real)
    yield voice
    voice.engine.close()


@pytest.fixture(scope="session")
def models() -> Path:
    """The data directory with the released models."""
    if not (folder := os.environ.get(VARIABLE)):
        pytest.skip(f"{VARIABLE} names no data directory with the released weights")
    return Path(folder)


@pytest.fixture(scope="session")
def checkpoints(request: pytest.FixtureRequest) -> Callable[[str, bool], Path]:
    """Call with a version to get the path of its released checkpoint; of v1.0 a near-real one where
    nobody has the released one."""

    def checkpoint(version: str, small: bool) -> Path:
        assert not small, "what is released has its full size"
        if version == "v1.0" and VARIABLE not in os.environ:
            near_real: Path = request.getfixturevalue("near_real")
            return near_real
        models: Path = request.getfixturevalue("models")
        path = ModelFolder(models, version_named(version)).checkpoint
        assert path.exists(), f"run `wyoming-kokoro download --model {version} --voices all`"
        return path

    return checkpoint


@pytest.fixture(scope="session")
def stages(checkpoints: Callable[[str, bool], Path], common: Path) -> Callable[[str, bool], Stages]:
    """Call as `checkpoints`; get the ONNX stages of that checkpoint, which all workers read: of the
    near-real one those that lie beside it."""

    @cache
    def built(version: str, small: bool) -> Stages:
        checkpoint = checkpoints(version, small)
        beside = checkpoint.parent / "cache"
        folder = beside if beside.exists() else common / "stages"
        model = local_checkpoint(checkpoint, cache=folder)
        return built_here(checkpoint, model.sha256(), model.architecture, folder)

    return built


@pytest.fixture(scope="session")
def recogniser() -> Iterator[Recogniser]:
    """A recogniser of all languages."""
    try:
        process = Recogniser()
    except NotInstalled as error:
        pytest.skip(str(error))
    yield process
    process.close()


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where sound and pictures go: `WYOMING_KOKORO_TEST_KEEP`, or nowhere that lasts."""
    folder = os.environ.get("WYOMING_KOKORO_TEST_KEEP")
    path = Path(folder) if folder else tmp_path_factory.mktemp("kept")
    path.mkdir(parents=True, exist_ok=True)
    return path
