"""A file that somebody has written in, its chapters out: plain text, Markdown or EPUB.

An EPUB is a ZIP archive of XHTML (EPUB 3.3, https://www.w3.org/TR/epub-33/): a container names the
package document, whose spine lists the documents in reading order. It is read by the standard
library: of the readers of EPUB that are kept up, EbookLib is under the AGPL, and epublib, under the
MIT licence, is at 0.1 and brings lxml. Nothing is unpacked to disk, and no name in it becomes a
path.
"""

import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as Xml

from wyoming_kokoro.errors import BadRequest, TooLarge
from wyoming_kokoro.job import Part

LARGEST_BYTES = 64 * 1024 * 1024
"""Of all documents of a book that are read, unpacked."""

_HEADING = re.compile(r"^#{1,2}\s+(.+?)\s*#*$", re.MULTILINE)
"""Of Markdown: a chapter begins at each heading of the first two ranks."""

_BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "br", "dd", "div", "dl", "dt"),
    *("figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"),
    *("li", "main", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul"),
}
"""Elements of HTML that stand on lines of their own."""

_UNREAD = {
    *("audio", "head", "iframe", "math", "nav", "object", "rp", "rt", "script", "style", "svg"),
    "video",
}
"""Elements whose content nobody would read aloud."""

_HEADINGS = {"h1", "h2", "h3"}


_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, Xml.ParseError),
    *(NotImplementedError, RuntimeError, ValueError),  # of a ZIP of a kind that nobody writes
)


class BadManuscript(BadRequest):
    """A file is not the manuscript that it should be."""


def read_manuscript(path: Path, most_characters: int) -> tuple[Part, ...]:
    """Return the chapters of a file, by its ending: `.txt` and `.md` in UTF-8, or `.epub`.

    Raises:
        BadRequest: it cannot be read, is none of these, or has no text; the message says which.
        TooLarge: it has more characters than that.
    """
    readers = {".txt": _plain, ".md": _markdown, ".markdown": _markdown, ".epub": _epub}
    read = readers.get(path.suffix.lower())
    if read is None:
        raise BadManuscript(f"{path} must end in {', '.join(readers)}")
    try:
        parts = tuple(part for part in read(path) if part.text.strip())
    except OSError as error:
        raise BadManuscript(f"{path} cannot be read: {error.strerror or error}") from error
    if not parts:
        raise BadManuscript(f"{path} has no text")
    if sum(len(part.text) for part in parts) > most_characters:
        raise TooLarge(f"{path} has more than {most_characters} characters: divide it")
    return parts


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig").replace("\0", "")
    except UnicodeDecodeError as error:
        raise BadManuscript(
            f"{path} is no text in UTF-8: convert it first, as iconv does"
        ) from error


def _plain(path: Path) -> Iterator[Part]:
    """Yield the pages of a text, which form feeds divide, as chapters."""
    for page in _text(path).split("\f"):
        yield Part(page)


def _markdown(path: Path) -> Iterator[Part]:
    text = _text(path)
    headings = list(_HEADING.finditer(text))
    starts = [heading.start() for heading in headings]
    yield Part(text[: starts[0] if starts else len(text)])
    for heading, end in zip(headings, [*starts[1:], len(text)], strict=True):
        yield Part(f"{heading[1]}.\n\n{text[heading.end() : end]}", heading[1])


def _epub(path: Path) -> Iterator[Part]:
    """Yield the documents of a book in reading order."""
    try:
        with zipfile.ZipFile(path) as archive:
            left = LARGEST_BYTES
            for name in _spine(archive):
                content = _content(archive, name, left)
                left -= len(content)
                yield _chapter(content.decode("utf-8", "replace"))
    except _DAMAGE as error:
        raise BadManuscript(f"{path} is no EPUB, or is damaged: {error}") from error
    except KeyError as error:
        raise BadManuscript(f"{path} is no EPUB: it lacks {error}") from error


def _spine(archive: zipfile.ZipFile) -> Iterator[str]:
    """Yield the names of the documents that are read, in order."""
    container = _xml(archive, "META-INF/container.xml")
    root = container.find(".//{*}rootfile")
    package_name = "" if root is None else root.get("full-path", "")
    package = _xml(archive, package_name)
    items = {item.get("id"): item for item in package.iterfind(".//{*}manifest/{*}item")}
    for reference in package.iterfind(".//{*}spine/{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or reference.get("linear") == "no":
            continue
        if item.get("media-type", "") in ("application/xhtml+xml", "text/html"):
            folder = posixpath.dirname(package_name)
            yield posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))


def _xml(archive: zipfile.ZipFile, name: str) -> Xml.Element:
    """Return the root of a document that defines no entities: those could grow without bound."""
    content = _content(archive, name, LARGEST_BYTES)
    if b"<!ENTITY" in content:
        raise Xml.ParseError(f"{name} defines entities")
    return Xml.fromstring(content)  # noqa: S314 what would make it grow was just refused


def _content(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """Return a member of an archive, however small it says that it is."""
    with archive.open(name) as member:
        content = member.read(most + 1)
    if len(content) > most:
        raise TooLarge(f"the documents of the book have more than {LARGEST_BYTES} bytes")
    return content


def _chapter(html: str) -> Part:
    reader = _Html()
    reader.feed(html)
    reader.close()
    return Part(reader.text, reader.title)


class _Html(HTMLParser):
    """The text of a document, block by block, and its first heading."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._unread = 0
        self._heading: list[str] | None = None
        self.title = ""

    @property
    def text(self) -> str:
        """What is read aloud, a line for each block."""
        lines = (" ".join(line.split()) for line in "".join(self._pieces).split("\n"))
        return "\n\n".join(line for line in lines if line).replace("\0", "")

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, or what is not read."""
        self._unread += tag in _UNREAD
        if tag in _BLOCKS:
            self._pieces.append("\n")
        if tag in _HEADINGS and not self.title:
            self._heading = []

    def handle_startendtag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        """Take note of an empty element."""
        if tag in _BLOCKS:
            self._pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End a block, or what is not read."""
        if tag in _UNREAD and self._unread:
            self._unread -= 1
        if tag in _HEADINGS:
            self._end_heading()
        if tag in _BLOCKS:
            self._pieces.append("\n")

    def handle_data(self, data: str) -> None:
        """Take text; a line of the file is no line of the text."""
        if self._unread:
            return
        self._pieces.append(data.replace("\n", " "))
        if self._heading is not None:
            self._heading.append(data)

    def _end_heading(self) -> None:
        """Note the title; a heading without a mark at its end is spoken as a sentence."""
        if self._heading is None:
            return
        heading, self._heading = " ".join("".join(self._heading).split()), None
        self.title = heading[:200]
        if heading and heading[-1].isalnum():
            self._pieces.append(".")
