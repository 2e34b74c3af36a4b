"""The command `read`: a manuscript in, a sound file with chapters out, by the way that jobs take,
without a server. What was spoken is kept until the file is there: it may be ended at any time, and
goes on where it was.
"""

import hashlib
import json
import os
import shutil
from argparse import Namespace
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from wyoming_kokoro.app import wiring
from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.errors import ConfigurationError
from wyoming_kokoro.job import MEDIA_TYPES, Ask
from wyoming_kokoro.jobs import course
from wyoming_kokoro.jobs.manuscripts import read_manuscript
from wyoming_kokoro.jobs.shelf import Shelf
from wyoming_kokoro.jobs.usable import require_packages

T = TypeVar("T")

KEPT_SECONDS = 30 * 86_400.0
"""For which what was spoken of a book that was not finished is kept."""


async def read(settings: Settings, arguments: Namespace, show: Callable[[float], None]) -> None:
    """Speak a file into another; `show` is told the share of it that is spoken.

    Raises:
        KokoroError: it cannot be read or spoken, or the file not be written.
    """
    require_packages()
    output = _output(arguments.output)
    limits = Limits()
    parts = read_manuscript(Path(arguments.file), limits.job_characters)
    ask = Ask(
        parts,
        settings.voice or None,
        arguments.language,
        format=output.suffix[1:].lower(),
    )
    told = json.dumps(ask.to_json(), sort_keys=True).encode()
    job = hashlib.sha256(told).hexdigest()[:32]
    folder = settings.data_dir / "jobs" / "read"
    wired = wiring.wire(settings, limits, here_only=True)
    wired.front_end.start()
    elsewhere = partial(wired.scheduler.background, "jobs")
    try:
        shelf = await elsewhere(partial(Shelf, str(folder)))
        await elsewhere(partial(_forget_old, shelf))
        tools = course.Tools(wired.narrator, shelf, elsewhere, folder)

        async def tell(share: float, _voice: str) -> None:
            show(share)

        outcome = await course.run(job, ask, tools, _Direct(), tell)
        await elsewhere(partial(_take, folder / job, outcome, output))
        await elsewhere(partial(shelf.remove, job))
    finally:
        await wired.close()
    show(1.0)


class _Direct:
    """Steps that nobody remembers but the shelf."""

    async def once(self, _name: str, work: Callable[[], Awaitable[T]]) -> T:
        return await work()

    async def always(self, work: Callable[[], Awaitable[T]]) -> T:
        return await work()


def _output(name: str) -> Path:
    path = Path(name)
    if path.suffix[1:].lower() not in MEDIA_TYPES:
        raise ConfigurationError(f"--output {name} must end in .{', .'.join(MEDIA_TYPES)}")
    if not path.absolute().parent.is_dir():
        raise ConfigurationError(f"--output {name}: its folder does not exist; create it")
    return path


def _forget_old(shelf: Shelf) -> None:
    """Remove what was spoken of books that nobody has gone on with for long."""
    for job, age in shelf.ages().items():
        if age > KEPT_SECONDS:
            shelf.remove(job)


def _take(folder: Path, outcome: dict[str, Any], output: Path) -> None:
    """Put the file where it is wanted, whole or not at all."""
    draft = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        shutil.copyfile(folder / outcome["results"][0]["name"], draft)
        draft.replace(output)
    except OSError as error:
        raise ConfigurationError(
            f"--output {output} cannot be written: {error.strerror}"
        ) from error
    finally:
        draft.unlink(missing_ok=True)
