"""What all tests share: threads, what the workers of a run make once, and the rule about skips."""

import gc
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import settings

from script.packaging.compile import found_compiler, kept_library
from tests.support.places import ROOT
from wyoming_kokoro.engines.native.library import (
    LIBRARY_VARIABLE,
    NativeLibrary,
    installed_library,
)

settings.register_profile("timeless", deadline=None)  # a machine has other things to do at times
settings.load_profile("timeless")

pytest_plugins = ["tests.support.skips"]

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    # Tests run side by side, one worker a core. Threads of torch and numpy beyond that wait for one
    # another in loops, and cost several times what they save. Set before either is imported.
    os.environ.setdefault(_variable, "1")

_COMMON = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Take the folder of the run, or make it where this process is the first."""
    # A shell has what it runs in the background ignore it, and children would do so too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    given: dict[str, Any] | None = getattr(config, "workerinput", None)
    folder = given["common"] if given else tempfile.mkdtemp(prefix="wyoming-kokoro-tests-")
    config.stash[_COMMON] = Path(folder)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist where the folder is."""
    node.workerinput["common"] = str(node.config.stash[_COMMON])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the folder when all workers have ended."""
    if not hasattr(config, "workerinput") and _COMMON in config.stash:
        shutil.rmtree(config.stash[_COMMON], ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes synthetic checkpoints, which are made with torch. Have the files with slow
    tests run first: whoever takes a long one last would leave the other cores idle."""
    for item in items:
        if isinstance(item, pytest.Function) and "checkpoints" in item.fixturenames:
            item.add_marker("torch")
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_collection_finish() -> None:
    """Leave what is loaded by now out of the collections of garbage to come: tests that ask for one
    would wait half a second for it."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def no_collection() -> Iterator[None]:
    """What only refers to itself stays in memory."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(scope="session")
def common(pytestconfig: pytest.Config) -> Path:
    """A folder that all workers of this run have, and that is removed after it."""
    return pytestconfig.stash[_COMMON]


@pytest.fixture(scope="session")
def checkpoints(common: Path) -> Callable[[str, bool], Path]:
    """Call with a version and whether it is to be small; get the path of a synthetic checkpoint,
    with its `config.json` beside it. Each is made once a run, and read only."""
    pytest.importorskip("kokoro", reason="synthetic checkpoints take their shapes from kokoro")
    from tests.support import synthetic

    def checkpoint(version: str, small: bool) -> Path:
        path = common / f"checkpoints/{version}{'-small' * small}"
        path.parent.mkdir(exist_ok=True)
        with FileLock(f"{path}.lock"):
            if not path.is_symlink():
                folder = path.with_name(f"{path.name}.made")
                path.symlink_to(synthetic.write_checkpoint(folder, version, small=small))
        return path.resolve()

    return checkpoint


@pytest.fixture(scope="session")
def exports(common: Path, checkpoints: Callable[[str, bool], Path]) -> Callable[[str], Path]:
    """Call with a family of node paths; get an export of the small checkpoint of v1.0 as one ONNX
    file. Each is made once a run, and read only."""
    pytest.importorskip("kokoro", reason="exports are made of kokoro's own model")
    from tests.support import synthetic, torch_exports

    def export(family: str) -> Path:
        path = common / f"exports/{family}.onnx"
        path.parent.mkdir(exist_ok=True)
        with FileLock(f"{path}.lock"):
            if not path.exists():
                checkpoint = checkpoints("v1.0", True)
                settings = synthetic.architecture("v1.0", small=True)
                draft = path.with_suffix(".draft")
                torch_exports.write_torch_export(checkpoint, settings, family, draft).rename(path)
        return path

    return export


@pytest.fixture(scope="session")
def compiler() -> list[str]:
    """The command of a C++ compiler."""
    if not (command := found_compiler()):
        pytest.skip("there is no C++ compiler")
    return command


@pytest.fixture(scope="session")
def library(compiler: list[str]) -> NativeLibrary:
    """The native library, compiled from this tree. Kept from one run to the next, under a name that
    tells what it was made from."""
    folder = ROOT / "build" / "native"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "lock"):
        path = kept_library(folder, compiler)
    return NativeLibrary(path)


@pytest.fixture(scope="session")
def native(library: NativeLibrary) -> Iterator[None]:
    """Have the native library, as it was compiled from this tree, be the installed one: here and in
    servers that are started."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(LIBRARY_VARIABLE, str(library.path))
        installed_library.cache_clear()
        yield
    installed_library.cache_clear()
