"""A book in EPUB to its chapters and its language.

An EPUB is a ZIP archive of XHTML (EPUB 3.3, https://www.w3.org/TR/epub-33/): a container names the
package document, whose spine lists the documents in reading order; a table of contents (EPUB 3's
`nav`, EPUB 2's NCX) names places in them. Of the libraries for all of that none held when tried:
EbookLib is under the AGPL, epublib 0.1.7 asks for Python 3.13, and fast-ebook 0.2, ebook-rs 0.17,
anydoc 0.2 and epub-extended 0.2 leave out a missing chapter without a word and take the table of
contents for one; some lose more (names with spaces, what is not well-formed) or read scripts. So
lxml parses the documents, and what is left is here. Nothing is unpacked to disk, and no name
becomes a path.
"""

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urldefrag

from wyoming_kokoro.errors import TooLarge
from wyoming_kokoro.job import Part
from wyoming_kokoro.jobs.markup import (
    BadManuscript,
    Element,
    links,
    local_name,
    parse,
    text_of,
)
from wyoming_kokoro.jobs.spoken import pieces

LARGEST_BYTES = 16 * 1024 * 1024
"""Of all documents of a book that are read, unpacked: texts that a job can have take 4 MiB."""

_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError),
    *(NotImplementedError, RuntimeError, ValueError),  # of a ZIP of a kind that nobody writes
)

_PROTECTED = "is protected against copying (DRM): only the apps of its shop can read it"


class _Item(NamedTuple):
    """A row of the manifest."""

    name: str
    media_type: str
    properties: str


def read_epub(path: Path) -> tuple[list[Part], str, str]:
    """Return the chapters of a book, and its language and its title as it tells them, "" if it does
    not.

    Raises:
        BadManuscript: it is no EPUB, damaged, or protected; the message says which.
        TooLarge: its documents are more than `LARGEST_BYTES`.
        OSError: it cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            book = _Book(_Archive(archive))
            return list(book.chapters()), book.told("language"), book.told("title")
    except BadManuscript as error:
        raise BadManuscript(f"{path}: {error}") from error
    except TooLarge as error:
        raise TooLarge(f"{path}: {error}") from error
    except _DAMAGE as error:
        raise BadManuscript(f"{path} is no EPUB, or is damaged: {error}") from error


class _Archive:
    """The files of a book, up to `LARGEST_BYTES` in all."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._left = LARGEST_BYTES
        self._encrypted: set[str] = set()
        if "META-INF/encryption.xml" in archive.namelist():
            root = self.parsed("META-INF/encryption.xml", lenient=False)
            references = (e for e in root.iter() if local_name(e) == "cipherreference")
            self._encrypted = {resolve("", e.get("URI", ""))[0] for e in references}

    def parsed(self, name: str, *, lenient: bool = True) -> Element:
        """Return the root of a document of the book."""
        return parse(self._content(name), name, lenient=lenient)

    def _content(self, name: str) -> bytes:
        """Return a file, however small it says that it is."""
        try:
            found = self._archive.getinfo(name)
        except KeyError as error:
            raise BadManuscript(f"it lacks {name}: it is no EPUB, or is not whole") from error
        if name in self._encrypted or found.flag_bits & 1:
            raise BadManuscript(f"it {_PROTECTED}")
        if found.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadManuscript(f"{name} in it is packed as EPUB does not allow")
        with self._archive.open(found) as member:
            content = member.read(self._left + 1)
        self._left -= len(content)
        if self._left < 0:
            raise TooLarge(
                f"the documents of the book have more than {LARGEST_BYTES} bytes: divide it"
            )
        return content

    def __contains__(self, name: str) -> bool:
        return name in self._archive.NameToInfo


def resolve(base: str, reference: str) -> tuple[str, str]:
    """Return the name in the archive that a reference in the document `base` means, and the place
    in that."""
    address, place = urldefrag(reference)
    name = posixpath.join(posixpath.dirname(base), unquote(address)) if address else base
    return posixpath.normpath(name), unquote(place)


class _Book:
    """What the package document tells."""

    def __init__(self, archive: _Archive) -> None:
        self._archive = archive
        container = archive.parsed("META-INF/container.xml", lenient=False)
        roots = (e for e in container.iter() if local_name(e) == "rootfile")
        self._name = next((e.get("full-path", "") for e in roots), "")
        package = archive.parsed(self._name, lenient=False)
        self._elements: dict[str, list[Element]] = {}
        for element in package.iter():
            self._elements.setdefault(local_name(element), []).append(element)
        self._items = {
            item.get("id"): _Item(
                resolve(self._name, item.get("href", ""))[0],
                item.get("media-type", "").lower(),
                item.get("properties", ""),
            )
            for item in self._all("item")
        }

    def _all(self, name: str) -> list[Element]:
        return self._elements.get(name, [])

    def told(self, name: str) -> str:
        """Return what the book tells of itself first, such as its `language`: `en-GB`."""
        return next((text_of(element) for element in self._all(name)), "")

    def chapters(self) -> Iterator[Part]:
        """Yield what is read aloud. A chapter begins where the table of contents says so, and with
        a document that a heading opens; without a table of contents, with each document."""
        contents = self._contents()
        title, texts = "", list[str]()
        for name in self._spine():
            for piece in pieces(self._archive.parsed(name), contents.get(name, {})):
                if piece.begins or not contents:
                    yield Part("\n\n".join(texts), title)
                    title, texts = piece.title, []
                if text := piece.text:
                    texts.append(text)
        yield Part("\n\n".join(texts), title)

    def _spine(self) -> Iterator[str]:
        """Yield the names of the documents that are read, in order."""
        for reference in self._all("itemref"):
            item = self._items.get(reference.get("idref"))
            if item is None:
                raise BadManuscript(
                    f"its spine names {reference.get('idref', '')[:80]!r}, which its manifest lacks"
                )
            if reference.get("linear") == "no" or "nav" in item.properties.split():
                continue
            if not item.media_type.startswith("image/"):
                yield item.name

    def _contents(self) -> dict[str, dict[str, str]]:
        """Return the titles in the table of contents, by document and place in it."""
        navigation = [i for i in self._items.values() if "nav" in i.properties.split()]
        navigation += [i for i in self._items.values() if "dtbncx" in i.media_type]
        for item in navigation:
            titles: dict[str, dict[str, str]] = {}
            if item.name in self._archive:
                for reference, title in links(self._archive.parsed(item.name)):
                    name, place = resolve(item.name, reference)
                    titles.setdefault(name, {}).setdefault(place, title)
            if titles:
                return titles
        return {}
