"""The identity of a server on its network: a data directory in, an id out that survives restarts.

Home Assistant takes a server for a new one when its announced name changes, and the host name of
a container changes with every update; so the id is made once and kept with the data.
"""

import asyncio
import fcntl
import hashlib
import logging
import os
import re
import secrets
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

FILE_NAME = "id"
_MACHINE_ID = Path("/etc/machine-id")
_ID = re.compile(r"[0-9a-f]{8}")
_TURN_TRIES = 40
_TURN_PAUSE_SECONDS = 0.25

_LOG = logging.getLogger(__name__)


def instance_id(data_dir: Path) -> str:
    """Return the eight hexadecimal digits kept in `data_dir`, made now if there are none.

    Where the directory cannot be used, they are derived from the machine's id and the
    directory's name, with a warning; a damaged file is made anew.
    """
    path = data_dir / FILE_NAME
    try:
        return _read(path) or _make(path)
    except OSError as error:
        _LOG.warning(
            "cannot keep this server's id in %s (%s); Home Assistant may take it for a new server "
            "after a change of the machine: make the directory writable",
            path,
            error.strerror or error,
        )
        return _derived(data_dir)


@asynccontextmanager
async def turn(data_dir: Path) -> AsyncIterator[None]:
    """Hold the right to choose a name, which one process of those that share `data_dir` has.

    Two servers that a machine starts at the same moment would both find their common name free.
    Waits ten seconds at most: an announcement is worth more than its name.
    """
    try:
        file = (data_dir / FILE_NAME).open("rb")
    except OSError:
        yield
        return
    with file:
        for _ in range(_TURN_TRIES):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                await asyncio.sleep(_TURN_PAUSE_SECONDS)
        yield


def _read(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            text = file.read(64).decode("ascii", "replace").strip()
    except FileNotFoundError:
        return None
    if _ID.fullmatch(text):
        return text
    _LOG.warning("%s was damaged and is made anew; the server gets a new name", path)
    return None


def _make(path: Path) -> str:
    made = secrets.token_hex(4)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{made}\n")
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
    return made


def _derived(data_dir: Path) -> str:
    try:
        machine = _MACHINE_ID.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        machine = socket.gethostname()
    # The machine's id is not for publication: only a hash of it leaves the machine.
    seed = f"wyoming-kokoro {machine} {data_dir.absolute()}"
    return hashlib.sha256(seed.encode()).hexdigest()[:8]
