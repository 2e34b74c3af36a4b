"""Files of a model version come in from the hub; they lie in the data directory, verified.

Of `huggingface_hub` this uses the address of a file, the endpoint (`HF_ENDPOINT`) and the HTTP
session with its proxies, certificates and offline switch. It does not use `hf_hub_download`: that
throws away what came when a connection breaks, keeps a second record beside the files, and knows
no sha256 but the one that the very same server tells. No token and no telemetry are sent.

The hub redirects to other hosts, whose names change, for the content of large files. A redirect
needs no trust: whoever sends the bytes, a file gets its name only if its sha256 is the one in the
catalog.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from wyoming_kokoro import __version__
from wyoming_kokoro.errors import BadModelFile, DownloadFailed
from wyoming_kokoro.models.catalog import ModelFile
from wyoming_kokoro.models.folder import ModelFolder
from wyoming_kokoro.models.lock import exclusive
from wyoming_kokoro.models.part import PartialFile, part_path, require_space

Progress = Callable[[int, int, str], None]
"""Told the bytes that are here, the bytes there will be, and the path of the file on its way."""

_CONNECTIONS = 5
"""Most connections for one file, each taking up where the one before broke. Waiting longer for a
network that comes back is the caller's business."""

_BUSY = {408, 425, 429}
"""Statuses besides 5xx after which the same request may succeed later."""

_LOGGER = logging.getLogger(__name__)


def fetch(
    folder: ModelFolder,
    files: Iterable[ModelFile],
    *,
    progress: Progress = lambda *_: None,
    offline: bool = False,
    endpoint: str | None = None,
    timeout: float = 10.0,
) -> None:
    """Make sure that `files` are in `folder` and whole; fetch those that are not.

    One process at a time downloads into a folder; others wait, and then find the files there.
    `progress` is called often and may end the download by raising; what came by then is kept.
    `endpoint` replaces `HF_ENDPOINT`; `timeout` is how long, in seconds, the hub may be silent.

    Raises:
        DownloadFailed: a file could not be fetched or not be kept; `temporary` tells whether to
            try again later, which takes up where this attempt ended.
        BadModelFile: the hub has something else than was released, or, offline, the folder has.
        ModelUnavailable: offline, and a file is not here.
    """
    wanted = tuple(files)
    if not folder.missing(wanted):
        return
    if offline:
        folder.require(wanted)
        return
    with exclusive(folder.path, lambda: progress(*_state(folder, wanted))):
        missing = folder.missing(wanted)
        require_space(folder.path, _still_to_come(folder, missing))
        hub = _Hub(folder, endpoint, timeout)
        total = sum(file.size for file in wanted)
        done = total - sum(file.size for file in missing)
        for file in missing:
            if folder.path_of(file).exists():
                _LOGGER.warning("%s is not the released file; replaced", folder.path_of(file))
            hub.fetch(file, partial(_report, progress, done, total, file.path))
            done += file.size


def progress_log(log: Callable[[str], None]) -> Progress:
    """Return a `Progress` that writes a line at the start and at every tenth of the whole."""
    last = -1

    def tell(done: int, total: int, path: str) -> None:
        nonlocal last
        tenth = 10 * done // max(total, 1)
        if tenth > last:
            last = tenth
            log(f"downloading {path}: {done / 1e6:,.1f} of {total / 1e6:,.1f} MB")

    return tell


class _Answer(Protocol):
    """What is used of the response of httpx or httpx2, whichever the hub's package comes with."""

    @property
    def status_code(self) -> int: ...

    @property
    def reason_phrase(self) -> str: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    def iter_bytes(self) -> Iterator[bytes]: ...


def _report(progress: Progress, before: int, total: int, path: str, arrived: int) -> None:
    progress(before + arrived, total, path)


class _Hub:
    """Where the files of one folder come from."""

    def __init__(self, folder: ModelFolder, endpoint: str | None, timeout: float) -> None:
        from huggingface_hub import constants

        self._folder = folder
        self._version = folder.version
        self._host = _host(endpoint or constants.ENDPOINT)
        self._endpoint = (endpoint or constants.ENDPOINT).rstrip("/")
        self._timeout = timeout

    def fetch(self, file: ModelFile, arrived: Callable[[int], None]) -> None:
        """Bring `file` into the folder, whole. `arrived` hears how many bytes of it are here."""
        with PartialFile(self._folder.path_of(file), file) as part:
            resumed = part.size > 0
            self._fill(part, arrived)
            if resumed and not part.is_whole:  # the piece of an earlier attempt was damaged
                part.restart()
                self._fill(part, arrived)
            if not part.is_whole:
                raise BadModelFile(f"{self._bad(file)} has the right size but other content")
            part.finish()
        self._folder.remember(file)
        _LOGGER.info("%s of %s came from %s", file.path, self._version.name, self._host)

    def _fill(self, part: PartialFile, arrived: Callable[[int], None]) -> None:
        """Receive until `part` has its size, over as many connections as bring something."""
        trouble = ""
        for _ in range(_CONNECTIONS):
            before = part.size
            trouble = self._receive(part, arrived)
            if part.size == part.file.size:
                return
            if part.size == before:
                break
        raise self._failure(part.file, trouble)

    def _receive(self, part: PartialFile, arrived: Callable[[int], None]) -> str:
        """Receive what one connection brings. Return what ended it."""
        from huggingface_hub import get_session
        from huggingface_hub.errors import (  # type: ignore[attr-defined]  # not its to export
            HTTPError,  # of httpx or httpx2, whichever the hub's package comes with
            OfflineModeIsEnabled,
        )

        headers = {"User-Agent": f"wyoming-kokoro/{__version__}", "Accept-Encoding": "identity"}
        if part.size:
            headers["Range"] = f"bytes={part.size}-"
        url = self._url(part.file)
        try:
            with get_session().stream("GET", url, headers=headers, timeout=self._timeout) as answer:
                self._take(answer, part, arrived)
        except OfflineModeIsEnabled as error:
            trouble = "HF_HUB_OFFLINE forbids it"
            raise self._failure(part.file, trouble, temporary=False) from error
        except HTTPError as error:
            return str(error) or type(error).__name__
        return "the connection ended early"

    def _take(self, answer: _Answer, part: PartialFile, arrived: Callable[[int], None]) -> None:
        """Write the body of `answer` to `part`, if it is what was asked for."""
        rest = answer.headers.get("Content-Range", "").startswith(f"bytes {part.size}-")
        if part.size and answer.status_code in (206, 416) and not rest:
            part.restart()  # this is not the range asked for; the next connection takes the whole
            return
        self._check(answer, part.file)
        at_start = answer.status_code == 200
        for piece in answer.iter_bytes():
            if at_start:
                if piece.lstrip().startswith(b"<"):
                    raise self._web_page(part.file)
                part.restart()
                at_start = False
            part.write(piece)
            arrived(part.size)

    def _check(self, answer: _Answer, file: ModelFile) -> None:
        """Raise unless `answer` announces the released file or the rest of it."""
        status = answer.status_code
        if status == 404:
            trouble = f"it is not there (404 for {self._url(file)})"
            raise self._failure(file, trouble, temporary=False)
        if status not in (200, 206):
            trouble = f"the answer is {status} {answer.reason_phrase}"
            raise self._failure(file, trouble, temporary=status >= 500 or status in _BUSY)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            raise self._web_page(file)
        length = answer.headers.get("Content-Length", "")
        plain = answer.headers.get("Content-Encoding", "identity") == "identity"
        if status == 200 and plain and length.isdigit() and int(length) != file.size:
            raise BadModelFile(f"{self._bad(file)} has {length} bytes instead of {file.size}")

    def _url(self, file: ModelFile) -> str:
        from huggingface_hub import hf_hub_url

        return hf_hub_url(
            self._version.repo,
            file.path,
            subfolder=self._version.folder or None,
            revision=self._version.revision,
            endpoint=self._endpoint,
        )

    def _failure(self, file: ModelFile, trouble: str, *, temporary: bool = True) -> DownloadFailed:
        return DownloadFailed(
            f"{file.path} of {self._version.name} could not be downloaded from {self._host}: "
            f"{trouble}. Check the network, set HF_ENDPOINT to a mirror that has it, or copy the "
            f"file to {self._folder.path_of(file)}",
            temporary=temporary,
        )

    def _web_page(self, file: ModelFile) -> DownloadFailed:
        trouble = "a web page came instead, as from a login page, a proxy or a wrong HF_ENDPOINT"
        return self._failure(file, trouble)

    def _bad(self, file: ModelFile) -> str:
        return (
            f"{file.path} of {self._version.name} at {self._host} is not the released file "
            "(check HF_ENDPOINT, or look for a newer version of this program): it"
        )


def _host(endpoint: str) -> str:
    """Return the host of `endpoint`.

    Raises:
        DownloadFailed: it is not the address of a web server.
    """
    try:
        parts = urlsplit(endpoint)
        valid = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise DownloadFailed(
            f"HF_ENDPOINT is {endpoint!r}, which is not an address like https://huggingface.co",
            temporary=False,
        )
    return parts.netloc


def _size(path: Path) -> int:
    """Return the size of a file that may come, grow and be renamed meanwhile, 0 if it is absent."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _still_to_come(folder: ModelFolder, missing: Sequence[ModelFile]) -> int:
    """Return the bytes to fetch. A damaged file under its final name stays until it is replaced."""
    have = sum(_size(part_path(folder.path_of(file))) for file in missing)
    return max(sum(file.size for file in missing) - have, 0)


def _state(folder: ModelFolder, files: Sequence[ModelFile]) -> tuple[int, int, str]:
    """Return how far another process has come with `files`, as `Progress` wants to hear it."""
    finals = [folder.path_of(file) for file in files]
    done = [_size(final) or _size(part_path(final)) for final in finals]
    coming = (file.path for file, size in zip(files, done, strict=True) if size < file.size)
    return sum(done), sum(file.size for file in files), next(coming, files[-1].path)
