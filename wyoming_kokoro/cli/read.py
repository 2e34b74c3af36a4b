"""The command `read`: a manuscript in, a sound file with chapters out, by the way that jobs take,
without a server. What was spoken is kept until the file is there: it may be ended at any time, and
goes on where it was.
"""

import hashlib
import json
import os
import shutil
from argparse import Namespace
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from wyoming_kokoro.app import wiring
from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.errors import ConfigurationError, UnknownLanguage
from wyoming_kokoro.job import MEDIA_TYPES, Ask
from wyoming_kokoro.jobs import course
from wyoming_kokoro.jobs.manuscripts import read_manuscript
from wyoming_kokoro.jobs.shelf import Shelf, ShelfFailed
from wyoming_kokoro.jobs.usable import require_packages

T = TypeVar("T")

GOES_ON = "it goes on where it was"

KEPT_SECONDS = 30 * 86_400.0
"""For which what was spoken of a book that was not finished is kept."""

_UNTOLD = {"", "und", "mul", "mis", "zxx"}
"""Of ISO 639-2: undetermined, several, without a code, without words."""

_SHORTER = {
    "eng": "en",
    "fra": "fr",
    "fre": "fr",
    "spa": "es",
    "ita": "it",
    "por": "pt",
    "jpn": "ja",
    "zho": "zh",
    "chi": "zh",
    "hin": "hi",
}
"""ISO 639-1 for the codes of three letters that older books have."""


async def read(settings: Settings, arguments: Namespace, show: Callable[[float], None]) -> str:
    """Speak a file into another, and return what it has become, for the user; `show` is told the
    share of it that is spoken.

    Raises:
        KokoroError: it cannot be read or spoken, or the file not be written.
    """
    require_packages()
    output = _output(arguments.output)
    limits = Limits()
    manuscript = read_manuscript(Path(arguments.file), limits.job_characters)
    ask = Ask(
        manuscript.parts,
        settings.voice or None,
        arguments.language or language_of_book(manuscript.language),
        format=output.suffix[1:].lower(),
        title=manuscript.title or Path(arguments.file).stem,
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

        try:
            outcome = await course.run(job, ask, tools, _Direct(), tell)
        except UnknownLanguage as error:
            raise UnknownLanguage(
                f"{error}; to have {arguments.file} read by another voice all the same: --voice"
            ) from error
        except ShelfFailed as error:
            raise ShelfFailed(f"{error}; mend that and start again: {GOES_ON}") from error
        await elsewhere(partial(_take, folder / job, outcome, output))
        await elsewhere(partial(shelf.remove, job))
    finally:
        await wired.close()
    show(1.0)
    result = outcome["results"][0]
    minutes, seconds = divmod(round(result["seconds"]), 60)
    chapters = len(result["chapters"])
    counted = "1 chapter" if chapters == 1 else f"{chapters} chapters"
    return f"{output} is complete: {counted}, {minutes}:{seconds:02}, spoken by {outcome['voice']}"


def language_of_book(told: str) -> str | None:
    """Return the language of a book as voices have it, None where the book does not tell."""
    bare, _, country = told.strip().lower().replace("-", "_").partition("_")
    if bare in _UNTOLD:
        return None
    bare = _SHORTER.get(bare, bare)
    return f"{bare}_{country}" if country else bare


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
    if path.is_dir():
        raise ConfigurationError(f"--output {name} is a folder; name a file in it")
    with _draft(path) as draft:
        draft.touch()  # whether this can be done is better known before hours of speaking
    return path


@contextmanager
def _draft(output: Path) -> Iterator[Path]:
    """Give a file beside `output` that is gone afterwards.

    Raises:
        ConfigurationError: it could not be written.
    """
    draft = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        yield draft
    except OSError as error:
        raise ConfigurationError(
            f"--output {output} cannot be written: {error.strerror}; mend that or choose "
            f"another place, and start again: {GOES_ON}"
        ) from error
    finally:
        with suppress(OSError):
            draft.unlink()


def _forget_old(shelf: Shelf) -> None:
    """Remove what was spoken of books that nobody has gone on with for long."""
    for job, age in shelf.ages().items():
        if age > KEPT_SECONDS:
            shelf.remove(job)


def _take(folder: Path, outcome: dict[str, Any], output: Path) -> None:
    """Put the file where it is wanted, whole or not at all."""
    with _draft(output) as draft:
        shutil.copyfile(folder / outcome["results"][0]["name"], draft)
        draft.replace(output)
