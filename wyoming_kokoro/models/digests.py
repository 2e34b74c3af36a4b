"""What files were found to hold: a path comes in, the sha256 of its content goes out, computed only
where the file has changed since.
"""

import contextlib
import hashlib
import json
import os
import threading
from pathlib import Path

_Proof = tuple[str, int, int]
"""A sha256 once computed, and the size and the time of change (ns) that the file had then."""


class Digests:
    """Remembers sha256 sums: in the file `record`, which need not exist yet, or else in memory.

    Hashing 327 MB takes a second on a large machine and several on a small one, too long for every
    start. Whatever alters a file alters its size or its time of change, and then it is hashed
    again. What this cannot see is a medium that returns other bytes than were written, and
    somebody who sets the clock of a file back, who could as well edit the record.
    """

    def __init__(self, record: Path | None = None) -> None:
        self._record = record
        self._known = self._read()

    def sha256(self, path: Path) -> str:
        """Return the sha256 of the file's content, in hexadecimal.

        Raises:
            OSError: it cannot be read.
        """
        status = path.stat()
        sha256, *seen = self._known.get(self._key(path), ("", 0, 0))
        if seen == [status.st_size, status.st_mtime_ns]:
            return sha256
        sha256 = sha256_of(path)
        self._keep(path, (sha256, status.st_size, status.st_mtime_ns))
        return sha256

    def remember(self, path: Path, sha256: str) -> None:
        """Take note of what the content of a file, as it is now, was found to be."""
        status = path.stat()
        self._keep(path, (sha256, status.st_size, status.st_mtime_ns))

    def forget(self) -> None:
        """Make every file be hashed again."""
        self._known.clear()
        if self._record:
            self._record.unlink(missing_ok=True)

    def _key(self, path: Path) -> str:
        """Return how a file is called in the record: relative to it, so that both may be moved."""
        return os.path.relpath(path, self._record.parent if self._record else None)

    def _keep(self, path: Path, proof: _Proof) -> None:
        self._known[self._key(path)] = proof
        if self._record:
            with contextlib.suppress(OSError):  # a read-only or full disk: hashed again next time
                _write(self._record, json.dumps({**self._read(), **self._known}, indent=1))

    def _read(self) -> dict[str, _Proof]:
        if self._record is None:
            return {}
        try:
            record = json.loads(self._record.read_text(encoding="utf-8"))
            return {path: (sha, size, mtime) for path, (sha, size, mtime) in record.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}  # no record or a damaged one proves nothing


def _write(record: Path, text: str) -> None:
    """Put `text` in place of what the record held, at once."""
    record.parent.mkdir(parents=True, exist_ok=True)
    draft = record.with_name(f"{record.name}.{os.getpid()}-{threading.get_native_id()}.tmp")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(record)
    finally:
        draft.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """Return the sha256 of the file's content, in hexadecimal."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
