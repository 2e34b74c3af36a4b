"""One process at a time works in a folder."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from wyoming_kokoro.models.part import storage_failure

if TYPE_CHECKING:
    from filelock import BaseFileLock


@contextmanager
def exclusive(folder: Path, check_cancelled: Callable[[], None]) -> Iterator[None]:
    """Make `folder` and hold its lock, calling `check_cancelled` twice a second until it is ours.

    The lock is the operating system's and ends with the process that holds it, however it ends.

    Raises:
        DownloadFailed: the folder cannot be written.
    """
    from filelock import FileLock

    lock = FileLock(folder / ".lock")
    while not _acquired(lock, folder):
        check_cancelled()
    try:
        yield
    finally:
        lock.release()


def _acquired(lock: "BaseFileLock", folder: Path) -> bool:
    from filelock import Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0.5)
    except Timeout:
        return False
    except OSError as error:
        raise storage_failure(error, folder) from error
    return True
