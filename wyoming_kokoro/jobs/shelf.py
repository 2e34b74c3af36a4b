"""Where the sound of jobs is kept: a folder, or a bucket of an S3 service. Pieces and files come
in, and can be had again by name.

A job has a prefix of its own, so that nothing of it is left when that is removed:
`ID/pieces/SHA256` while it is spoken, then `ID/0.mp3` and what was said when, `ID/0.json`. A piece
appears whole or not at all, and one that was damaged since is told by its checksum.
"""

import json
import re
import struct
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wyoming_kokoro.errors import ConfigurationError, Unavailable
from wyoming_kokoro.synthesis.captions import Word
from wyoming_kokoro.synthesis.narration import Spoken

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_HEADER = struct.Struct("<4sII")
"""A mark, the CRC-32 of what follows, and the length of the JSON before the samples."""

_MARK = b"WKJ1"

_JOB = re.compile("[0-9a-f]{32}")
"""Of a folder that is a job's; what else lies there is somebody's, and left alone."""

READ_BYTES = 256 * 1024
"""Of a file that are handed out at a time."""


class ShelfFailed(Unavailable):
    """Where sound is kept cannot be written to or read."""

    code = "storage-failed"


class Shelf:
    """Keeps the sound of jobs. All calls wait for a disk or a network; any thread may call."""

    def __init__(self, place: str) -> None:
        """`place` is the path of a folder, which is made, or `s3://BUCKET/PREFIX`. Where an S3
        service is, and who asks, is told by the variables that its clients have in common:
        `AWS_ENDPOINT_URL`, `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` ... .

        Raises:
            ConfigurationError: it can be neither.
        """
        self._place = place
        self._store = _store_at(place)

    def put_piece(self, job: str, key: str, spoken: Spoken) -> None:
        """Keep a piece.

        Raises:
            ShelfFailed: it cannot be kept.
        """
        words = [[word.text, word.start, word.end, word.exact] for word in spoken.words]
        told = json.dumps(words, ensure_ascii=False).encode("utf-8", "replace")
        body = told + spoken.pcm
        header = _HEADER.pack(_MARK, zlib.crc32(body), len(told))
        self._put(f"{job}/pieces/{key}", header + body)

    def piece(self, job: str, key: str) -> Spoken | None:
        """Return a piece, None if there is none that is whole.

        Raises:
            ShelfFailed: nobody can tell.
        """
        content = self._get(f"{job}/pieces/{key}")
        if content is None or len(content) < _HEADER.size:
            return None
        mark, checksum, length = _HEADER.unpack_from(content)
        body = content[_HEADER.size :]
        if mark != _MARK or zlib.crc32(body) != checksum:
            return None
        words = [Word(*word) for word in json.loads(body[:length])]
        return Spoken(body[length:], words)

    def put_file(self, job: str, name: str, file: Path) -> None:
        """Keep a copy of a file.

        Raises:
            ShelfFailed: it cannot be kept.
        """
        self._put(f"{job}/{name}", file)

    def read(self, job: str, name: str) -> tuple[int, Iterator[bytes]] | None:
        """Return how many bytes a file has, and their pieces; None where there is none.

        Raises:
            ShelfFailed: nobody can tell.
        """
        import obstore

        try:
            with self._telling():
                found = obstore.get(self._store, f"{job}/{name}")
        except FileNotFoundError:
            return None
        pieces = (bytes(piece) for piece in found.stream(min_chunk_size=READ_BYTES))
        return int(found.meta["size"]), pieces

    def remove_pieces(self, job: str) -> None:
        """Remove what was kept of a job that is done but for its files.

        Raises:
            ShelfFailed: it stays.
        """
        self._remove_all(f"{job}/pieces")

    def remove(self, job: str) -> None:
        """Remove all that was kept of a job.

        Raises:
            ShelfFailed: it stays.
        """
        self._remove_all(job)

    def ages(self) -> dict[str, float]:
        """Return for each job of which something is kept how long ago that was last written to, in
        seconds.

        Raises:
            ShelfFailed: nobody can tell.
        """
        import obstore

        now, ages = time.time(), dict[str, float]()
        with self._telling():
            for some in obstore.list(self._store):
                for found in some:
                    job, slash, _ = found["path"].partition("/")
                    age = now - found["last_modified"].timestamp()
                    if slash and _JOB.fullmatch(job):
                        ages[job] = min(age, ages.get(job, age))
        return ages

    def _put(self, path: str, content: bytes | Path) -> None:
        import obstore

        with self._telling():
            obstore.put(self._store, path, content)

    def _get(self, path: str) -> bytes | None:
        import obstore

        try:
            with self._telling():
                return bytes(obstore.get(self._store, path).bytes())
        except FileNotFoundError:
            return None

    def _remove_all(self, prefix: str) -> None:
        import obstore

        with self._telling():
            for some in obstore.list(self._store, prefix):
                obstore.delete(self._store, [found["path"] for found in some])

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Let what goes wrong be told in a line."""
        from obstore.exceptions import BaseError

        try:
            yield
        except FileNotFoundError:
            raise
        except (BaseError, OSError) as error:
            reason = str(error).partition("\n")[0][:300]
            raise ShelfFailed(
                f"the sound of jobs cannot be kept at {self._place}: {reason}"
            ) from error


def _store_at(place: str) -> "ObjectStore":
    from obstore.exceptions import BaseError
    from obstore.store import LocalStore, from_url

    try:
        if place.startswith("s3://"):
            return from_url(place)
        return LocalStore(Path(place).absolute(), automatic_cleanup=True, mkdir=True)
    except (BaseError, OSError, ValueError) as error:
        reason = str(error).partition("\n")[0][:300]
        raise ConfigurationError(
            f"--audio {place} cannot be used: {reason}; give a folder or s3://BUCKET/PREFIX"
        ) from error


def description_of(words: Any, chapters: Any) -> bytes:  # noqa: ANN401 JSON
    """Return what is told of a file: its chapters, and when each word is heard."""
    told = {"chapters": chapters, "words": words}
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
