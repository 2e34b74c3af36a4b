"""The files of a model version in the data directory: where they lie, whether they are whole."""

import contextlib
import hashlib
import json
import threading
from collections.abc import Iterable
from pathlib import Path

from wyoming_kokoro.errors import BadModelFile, ModelUnavailable
from wyoming_kokoro.models.catalog import ModelFile, ModelVersion

_Proof = tuple[str, int, int]
"""A sha256 once computed, and the size and the time of change (ns) that the file had then."""


class ModelFolder:
    """`<data directory>/models/<version>`, laid out as on the hub.

    A file counts as whole if its sha256 is the released one. Hashing 327 MB takes a second on a
    large machine and several on a small one, too long for every start, so the folder remembers in
    `.verified.json` what it has hashed, with the size and the time of change. Whatever alters a
    file alters one of these, and then it is hashed again; a download hashes the bytes before the
    file gets its name. What this cannot see is a medium that returns other bytes than were
    written, and somebody who sets the clock of a file back, who could as well edit the record.
    """

    def __init__(self, data_dir: Path, version: ModelVersion) -> None:
        self.version = version
        self.path = data_dir / "models" / version.name

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
            proof = (file.sha256, status.st_size, status.st_mtime_ns)
            if self._proofs().get(file.path) == proof:
                return None
            if sha256_of(path) != file.sha256:
                return f"has the right size but other content than {self.version.name}'s"
        except FileNotFoundError:
            return "is not there"
        except OSError as error:
            return f"cannot be read: {error.strerror}"
        self._remember(file.path, proof)
        return None

    def remember(self, file: ModelFile) -> None:
        """Record that `file`, as it is now, was found to be whole."""
        status = self.path_of(file).stat()
        self._remember(file.path, (file.sha256, status.st_size, status.st_mtime_ns))

    def forget(self) -> None:
        """Make every file be hashed again."""
        self._record.unlink(missing_ok=True)

    @property
    def _record(self) -> Path:
        return self.path / ".verified.json"

    def _proofs(self) -> dict[str, _Proof]:
        try:
            record = json.loads(self._record.read_text(encoding="utf-8"))
            return {path: (sha, size, mtime) for path, (sha, size, mtime) in record.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}  # no record or a damaged one proves nothing

    def _remember(self, path: str, proof: _Proof) -> None:
        record = json.dumps({**self._proofs(), path: proof}, indent=1)
        draft = self._record.with_name(f".verified.{threading.get_native_id()}.tmp")
        with contextlib.suppress(OSError):  # a read-only or full disk: hashed again next time
            try:
                draft.write_text(record, encoding="utf-8")
                draft.replace(self._record)
            finally:
                draft.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """Return the sha256 of the file's content, in hexadecimal."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
