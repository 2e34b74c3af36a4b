"""A model as it lies on this machine, released or the user's own: all that loading it takes."""

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wyoming_kokoro.errors import BadModelFile, ModelUnavailable
from wyoming_kokoro.models import catalog
from wyoming_kokoro.models.architecture import embedded_vocabulary, read_config, read_vocabulary
from wyoming_kokoro.models.catalog import ModelVersion
from wyoming_kokoro.models.checkpoint import is_single_file
from wyoming_kokoro.models.digests import Digests
from wyoming_kokoro.models.folder import ModelFolder
from wyoming_kokoro.models.onnx_file import read_onnx

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """What is needed to load a model."""

    version: ModelVersion
    """Whose rules it follows: notation, rows of its voice packs."""

    checkpoint: Path

    voices: Path
    """Folder of its voice packs; may not exist."""

    vocabulary: Mapping[str, int]

    architecture: Mapping[str, Any]

    official: bool
    """Whether the checkpoint is, byte for byte, the released one of `version`."""

    digests: Digests = field(default_factory=Digests)
    """Where the sha256 of a user's checkpoint is remembered."""

    def sha256(self) -> str:
        """Return the checkpoint's sha256; reads the file once, unless it is a released one."""
        if self.official:
            return self.version.checkpoint.sha256
        return self.digests.sha256(self.checkpoint)


def installed(folder: ModelFolder) -> InstalledModel:
    """Describe a released model whose files are in the data directory.

    Raises:
        ModelUnavailable: its checkpoint is not there, or is not the released one.
    """
    folder.require([folder.version.checkpoint])
    return _released(folder.version, folder.checkpoint, folder.voices)


def local_checkpoint(
    path: Path, assumed: ModelVersion = catalog.VERSIONS[0], cache: Path | None = None
) -> InstalledModel:
    """Describe the checkpoint of a user, with `config.json` and `voices/` beside it.

    A released checkpoint is recognized by its content and needs no `config.json`. Any other
    follows the rules of the version whose vocabulary is most like its own. A single-file export
    may have its vocabulary within it, or in `config.json`; without either it is taken for the
    version `assumed`. The folder `cache` remembers what was found by reading all of it.

    Raises:
        ModelUnavailable: there is no such file.
        BadModelFile: its `config.json` is missing or lacks something.
    """
    if not path.is_file():
        raise ModelUnavailable(
            f"{path} is not a file; give --checkpoint the path of a .pth or .onnx file"
        )
    digests = Digests(cache / "digests.json" if cache else None)
    if is_single_file(path):
        vocabulary, architecture = _of_single_file(path, assumed)
        return _own(path, vocabulary, architecture, digests)
    if version := _released_as(path, digests):
        return _released(version, path, path.parent / "voices")
    vocabulary, architecture = read_config(path.parent / "config.json")
    return _own(path, vocabulary, architecture, digests)


def version_like(path: Path) -> ModelVersion:
    """Return the released version whose rules the checkpoint of a user follows, as far as its
    `config.json` tells; v1.0 where there is none.

    Raises:
        BadModelFile: that file lacks something.
    """
    config = path.parent / "config.json"
    return _most_like(read_vocabulary(config)) if config.is_file() else catalog.VERSIONS[0]


def _of_single_file(
    path: Path, assumed: ModelVersion
) -> tuple[Mapping[str, int], Mapping[str, Any]]:
    """Return the vocabulary of an export, and the architecture of the version most like it: the
    released ones differ in their numbers of tokens alone."""
    vocabulary = _single_file_vocabulary(path, assumed)
    beside = path.parent / "config.json"
    if beside.is_file():
        with suppress(BadModelFile):  # which tells no more than the vocabulary
            return vocabulary, read_config(beside)[1]
    return vocabulary, catalog.architecture(_most_like(vocabulary).name)


def _single_file_vocabulary(path: Path, assumed: ModelVersion) -> Mapping[str, int]:
    config = path.parent / "config.json"
    embedded = embedded_vocabulary(path, read_onnx(path).metadata)
    if embedded is not None:
        return embedded
    if config.is_file():
        return read_vocabulary(config)
    log.info("%s does not tell its vocabulary: it is taken for %s", path, assumed.name)
    return catalog.vocabulary(assumed.name)


def _released(version: ModelVersion, checkpoint: Path, voices: Path) -> InstalledModel:
    return InstalledModel(
        version,
        checkpoint,
        voices,
        catalog.vocabulary(version.name),
        catalog.architecture(version.name),
        official=True,
    )


def _own(
    path: Path, vocabulary: Mapping[str, int], architecture: Mapping[str, Any], digests: Digests
) -> InstalledModel:
    version, voices = _most_like(vocabulary), path.parent / "voices"
    return InstalledModel(
        version, path, voices, vocabulary, architecture, official=False, digests=digests
    )


def _released_as(path: Path, digests: Digests) -> ModelVersion | None:
    """Return the version whose checkpoint this is. Hashes it only if it has the right size."""
    size = path.stat().st_size
    candidates = [version for version in catalog.VERSIONS if version.checkpoint.size == size]
    if not candidates:
        return None
    sha256 = digests.sha256(path)
    return next((v for v in candidates if v.checkpoint.sha256 == sha256), None)


def _most_like(vocabulary: Mapping[str, int]) -> ModelVersion:
    return max(catalog.VERSIONS, key=lambda candidate: _likeness(vocabulary, candidate))


def _likeness(vocabulary: Mapping[str, int], version: ModelVersion) -> float:
    """Return how much of both vocabularies is common, 0 to 1 (Jaccard)."""
    ours, theirs = set(vocabulary.items()), set(catalog.vocabulary(version.name).items())
    return len(ours & theirs) / len(ours | theirs)
