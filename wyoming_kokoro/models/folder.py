"""The files of a model version in the data directory: where they lie, whether they are whole."""

from collections.abc import Iterable
from pathlib import Path

from wyoming_kokoro.errors import BadModelFile, ModelUnavailable
from wyoming_kokoro.models.catalog import ModelFile, ModelVersion
from wyoming_kokoro.models.digests import Digests


class ModelFolder:
    """`<data directory>/models/<version>`, laid out as on the hub.

    A file counts as whole if its sha256 is the released one, which `.verified.json` remembers of
    files that have been hashed; a download hashes the bytes before the file gets its name.
    """

    def __init__(self, data_dir: Path, version: ModelVersion) -> None:
        self.version = version
        self.path = data_dir / "models" / version.name
        self._digests = Digests(self.path / ".verified.json")

    @property
    def checkpoint(self) -> Path:
        """Where the weights are or will be."""
        return self.path_of(self.version.checkpoint)

    @property
    def voices(self) -> Path:
        """The folder of the individual voice packs."""
        return self.path / "voices"

    def path_of(self, file: ModelFile) -> Path:
        """Return where `file` is or will be."""
        return self.path / file.path

    def missing(self, files: Iterable[ModelFile]) -> tuple[ModelFile, ...]:
        """Return those of `files` that are not here, or not whole."""
        return tuple(file for file in files if self.trouble_with(file) is not None)

    def require(self, files: Iterable[ModelFile]) -> None:
        """Return if all `files` are here and whole.

        Raises:
            BadModelFile: one is not what was released.
            ModelUnavailable: one is not here.
        """
        for file in files:
            trouble = self.trouble_with(file)
            if trouble is None:
                continue
            path = self.path_of(file)
            remedy = (
                f"run `wyoming-kokoro download` or copy {file.path} of {self.version.repo} there"
            )
            error = BadModelFile if path.exists() else ModelUnavailable
            raise error(f"{path} {trouble}; {remedy}")

    def trouble_with(self, file: ModelFile) -> str | None:
        """Return what is wrong with `file`, None if it is here and whole."""
        path = self.path_of(file)
        try:
            status = path.stat()
            if status.st_size != file.size:
                return f"has {status.st_size} bytes instead of {file.size}"
            if self._digests.sha256(path) != file.sha256:
                return f"has the right size but other content than {self.version.name}'s"
        except FileNotFoundError:
            return "is not there"
        except OSError as error:
            return f"cannot be read: {error.strerror}"
        return None

    def remember(self, file: ModelFile) -> None:
        """Record that `file`, as it is now, was found to be whole."""
        self._digests.remember(self.path_of(file), file.sha256)

    def forget(self) -> None:
        """Make every file be hashed again."""
        self._digests.forget()
