"""A file that somebody has written in, its chapters out: plain text, Markdown or EPUB."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from wyoming_kokoro.errors import TooLarge
from wyoming_kokoro.job import Part
from wyoming_kokoro.jobs.epub import read_epub
from wyoming_kokoro.jobs.markup import BadManuscript

_HEADING = re.compile(r"^#{1,2}\s+(.+?)\s*#*$", re.MULTILINE)
"""Of Markdown: a chapter begins at each heading of the first two ranks."""


@dataclass(frozen=True, slots=True)
class Manuscript:
    """What is to be read aloud."""

    parts: tuple[Part, ...]
    language: str = ""
    """As the file tells it: `en-GB`; "" if it does not."""
    title: str = ""
    """The same, of the whole."""


def read_manuscript(path: Path, most_characters: int) -> Manuscript:
    """Return what is in a file, by its ending: `.txt` and `.md` in UTF-8, or `.epub`.

    Raises:
        BadRequest: it cannot be read, is none of these, or has no text; the message says which.
        TooLarge: it has more characters than that.
    """
    readers: dict[str, Callable[[Path], tuple[Iterable[Part], str, str]]] = {
        ".txt": lambda path: (_plain(_text(path)), "", ""),
        ".md": lambda path: (_markdown(_text(path)), "", ""),
        ".markdown": lambda path: (_markdown(_text(path)), "", ""),
        ".epub": read_epub,
    }
    read = readers.get(path.suffix.lower())
    if read is None:
        raise BadManuscript(
            f"{path} must end in {', '.join(readers)}; Calibre's ebook-convert makes EPUB of others"
        )
    try:
        found, language, title = read(path)
    except OSError as error:
        raise BadManuscript(f"{path} cannot be read: {error.strerror or error}") from error
    parts = tuple(part for part in found if part.text.strip())
    if not parts:
        raise BadManuscript(f"{path} has no text")
    if sum(len(part.text) for part in parts) > most_characters:
        raise TooLarge(f"{path} has more than {most_characters} characters: divide it")
    return Manuscript(parts, language, title)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig").replace("\0", "")
    except UnicodeDecodeError as error:
        raise BadManuscript(
            f"{path} is no text in UTF-8: convert it first, as iconv does"
        ) from error


def _plain(text: str) -> Iterator[Part]:
    """Yield the pages of a text, which form feeds divide, as chapters."""
    for page in text.split("\f"):
        yield Part(page)


def _markdown(text: str) -> Iterator[Part]:
    headings = list(_HEADING.finditer(text))
    starts = [heading.start() for heading in headings]
    yield Part(text[: starts[0] if starts else len(text)])
    for heading, end in zip(headings, [*starts[1:], len(text)], strict=True):
        yield Part(f"{heading[1]}.\n\n{text[heading.end() : end]}", heading[1])
