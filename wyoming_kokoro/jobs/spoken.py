"""A parsed document of a book to what is read aloud of it: not scripts, notes and the marks that
lead to them, numbers of pages, nor the small readings beside Chinese characters (ruby).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from wyoming_kokoro.jobs.markup import (
    LONGEST_TITLE,
    Element,
    local_name,
    one_line,
    text_of,
    types,
    way_through,
)

_BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "br", "dd", "div", "dl", "dt"),
    *("figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"),
    *("li", "main", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul"),
}
"""Elements of HTML that stand on lines of their own."""

_UNREAD = {
    *("audio", "head", "iframe", "math", "nav", "object", "rp", "rt", "rtc", "script", "style"),
    *("svg", "template", "video"),
}
"""Elements whose content nobody would read aloud: of ruby, the base is read."""

_UNREAD_TYPES = {
    *("endnote", "endnotes", "footnote", "footnotes", "noteref", "pagebreak", "rearnote"),
    *("rearnotes", "toc"),
}
"""The same, of what a document says that an element is for (EPUB Structural Semantics)."""

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}

_TITLES = {"h1", "h2", "h3"}
"""Headings that may name a chapter."""

_NO_WORDS = re.compile(r"cover|cover image|image|\S+\.(?:jpe?g|png|gif|svg|webp)", re.IGNORECASE)
"""What stands in the place of a picture without telling of it."""


@dataclass(slots=True)
class Piece:
    """What is read aloud of a document from its beginning, or a mark in it, on."""

    title: str = ""
    begins: bool = False
    """Whether a chapter begins here: at a mark, or with a heading."""
    blank: bool = True
    """Whether nothing has been added yet that can be read."""
    _lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """A paragraph for each block."""
        lines = (" ".join(line.split()) for line in "".join(self._lines).split("\n"))
        return "\n\n".join(line for line in lines if line)

    def add(self, text: str | None) -> None:
        """Go on with what stands in the file; a line of it is no line of the text."""
        if text:
            self._lines.append(text.replace("\n", " "))
            self.blank = self.blank and text.isspace()

    def end_line(self) -> None:
        """Begin a block, or end one."""
        self._lines.append("\n")

    def since(self, place: int) -> str:
        """Return what has been added after `place` calls of `add` and `end_line`."""
        return one_line("".join(self._lines[place:]))

    @property
    def place(self) -> int:
        """How many times something was added."""
        return len(self._lines)


def pieces(root: Element, marks: Mapping[str, str]) -> list[Piece]:
    """Return what is read aloud of a document. `marks` are titles of what begins in it, by `id`; ""
    is its beginning."""
    return _Reading(root, marks).pieces


class _Reading:
    """One way through a document."""

    def __init__(self, root: Element, marks: Mapping[str, str]) -> None:
        self._marks = dict(marks)
        self._heading: int | None = None
        self._within_sup = 0
        first = self._marks.pop("", "")
        self.pieces = [Piece(first, bool(first))]
        way = way_through(root)
        for event, element in way:
            if event == "end":
                self._leave(element, element is root)
            elif self._is_read(element):
                self._enter(element)
            else:
                way.skip_subtree()

    def _is_read(self, element: Element) -> bool:
        """Note a mark, and return whether the content of an element is read."""
        self._within_sup += local_name(element) == "sup"
        for name in (element.get("id"), element.get("name")):
            if title := self._marks.pop(name, ""):
                self.pieces.append(Piece(title, begins=True))
                self._heading = None if self._heading is None else 0
        if local_name(element) in _UNREAD or element.get("hidden") is not None:
            return False
        return not types(element) & _UNREAD_TYPES and not self._is_note_mark(element)

    def _is_note_mark(self, element: Element) -> bool:
        """Return whether this is a link to a note, as in EPUB 2: `<sup><a href="#n1">1</a></sup>`,
        `[1]`, `*`, or the way back from one."""
        if local_name(element) != "a" or "#" not in element.get("href", ""):
            return False
        text = text_of(element, 7)
        if not 0 < len(text) < 7 or any(letter.isalpha() for letter in text):
            return False
        raised = self._within_sup > 0 or any(local_name(child) == "sup" for child in element)
        return raised or text.startswith("[") or not any(c.isdigit() for c in text)

    def _enter(self, element: Element) -> None:
        name, piece = local_name(element), self.pieces[-1]
        if name in _BLOCKS:
            piece.end_line()
        if name in _HEADINGS:
            self._heading = piece.place
        if name in _TITLES and not piece.title:
            piece.begins = piece.begins or piece.blank
        if name == "img":
            words = one_line(element.get("alt", ""))
            piece.add("" if _NO_WORDS.fullmatch(words) else words)
        piece.add(element.text)

    def _leave(self, element: Element, last: bool) -> None:
        name, piece = local_name(element), self.pieces[-1]
        self._within_sup -= name == "sup"
        if name in _HEADINGS:
            self._end_heading(name in _TITLES)
        if name in _BLOCKS:
            piece.end_line()
        if not last:
            piece.add(element.tail)

    def _end_heading(self, is_title: bool) -> None:
        """Note the title; a heading without a mark at its end is spoken as a sentence."""
        piece, place = self.pieces[-1], self._heading
        self._heading = None
        if place is None:
            return
        heading = piece.since(place)
        if is_title and not piece.title:
            piece.title = heading[:LONGEST_TITLE]
        if heading and heading[-1].isalnum():
            piece.add(".")
