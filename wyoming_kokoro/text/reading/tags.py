"""Marked-up text in, in pieces of any size; tags and the text between them out.

An XML parser stops at the first mistake, and markup by hand or by a language model has mistakes;
what was meant to be heard must be heard all the same. So this takes one character after the other
and hands out as text what turns out to be no tag. There are no entities but the characters that
HTML names, and nothing is ever expanded, included or fetched.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from html.entities import html5
from typing import Literal

LONGEST_TAG = 1_000
LONGEST_DECLARATION = 20_000
"""Characters after which a comment, CDATA section, instruction or DOCTYPE without end is text."""

_LONGEST_REFERENCE = 32

_ELEMENT = re.compile(
    r"""
    <(?P<closes>/?) (?P<name>[A-Za-z][\w:.-]*+)
    (?P<attributes> (?: \s++ [\w:.-]++ \s*+ = \s*+ (?: "[^"<]*+" | '[^'<]*+' | [\w.%+-]++ ) )*+ )
    \s*+ (?P<empty>/?)>
    """,
    re.VERBOSE | re.ASCII,
)
_ATTRIBUTE = re.compile(
    r"""(?<![\w:.-])([\w:.-]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([\w.%+-]++))""", re.ASCII
)
_REFERENCE = re.compile(
    r"&(?:([a-z]\w{1,30})|#(\d{1,7})|#x([\da-f]{1,6}));", re.ASCII | re.IGNORECASE
)

_BROKEN_TAG = re.compile(
    r"""
    </?(?:break|emphasis|lang|p|phoneme|prosody|s|say-as|speak|sub|voice)(?![\w:.-])
    (?: \s++ [\w:.-]++ \s*+ = \s*+ (?: ["'][^"'\s<>]*+["']? )? )*+
    \s*+ /?>?
    """,
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
_BROKEN_DECLARATION = re.compile(r"<!--|-->|<!\[CDATA\[|\]\]>|<[!?/]?[A-Za-z][^<>]*>?")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, its names in lower case."""

    name: str
    kind: Literal["opens", "closes", "empty"]
    attributes: Mapping[str, str]


class _TagState(Enum):
    TEXT = auto()
    REFERENCE = auto()
    BEFORE_NAME = auto()
    """After `<`."""
    ELEMENT = auto()
    DECLARATION = auto()
    """After `<!` or `<?`."""


class TagScanner:
    """Tells tags from text. What comes out does not depend on how the text was cut."""

    def __init__(self) -> None:
        self._steps = {
            _TagState.TEXT: self._in_text,
            _TagState.REFERENCE: self._in_reference,
            _TagState.BEFORE_NAME: self._before_name,
            _TagState.ELEMENT: self._in_element,
            _TagState.DECLARATION: self._in_declaration,
        }
        self._state = _TagState.TEXT
        self._held: list[str] = []
        self._quote = ""
        self._brackets = 0
        self._text: list[str] = []
        self._found: list[str | Tag] = []

    def add(self, text: str) -> list[str | Tag]:
        """Take more text; return the tags, and the text between them, that are now known."""
        for char in text:
            self._steps[self._state](char)
        return self._take()

    def finish(self) -> list[str | Tag]:
        """End the text; return the rest of it."""
        self._release()
        return self._take()

    def _take(self) -> list[str | Tag]:
        self._found_text()
        found, self._found = self._found, []
        return found

    def _found_text(self) -> None:
        if self._text:
            self._found.append("".join(self._text))
            self._text = []

    def _in_text(self, char: str) -> None:
        if char in "<&":
            self._held = [char]
            self._state = _TagState.BEFORE_NAME if char == "<" else _TagState.REFERENCE
        else:
            self._text.append(char)

    def _in_reference(self, char: str) -> None:
        if char == ";":
            self._text.append(_decode("".join(self._held) + ";"))
            self._state = _TagState.TEXT
        elif (char.isalnum() or char == "#") and len(self._held) < _LONGEST_REFERENCE:
            self._held.append(char)
        else:
            self._release()
            self._in_text(char)

    def _before_name(self, char: str) -> None:
        if char == "/" or (char.isalpha() and char.isascii()):
            self._state, self._quote = _TagState.ELEMENT, ""
        elif char in "!?":
            self._state, self._brackets = _TagState.DECLARATION, 0
        else:
            self._release()
            self._in_text(char)
            return
        self._held.append(char)

    def _in_element(self, char: str) -> None:
        if char == "<" or len(self._held) >= LONGEST_TAG:
            self._release()
            self._in_text(char)
            return
        if self._quote:
            self._quote = "" if char == self._quote else self._quote
        elif char in "\"'" and "".join(self._held[-2:]).rstrip().endswith("="):
            self._quote = char
        elif char == ">":
            self._end_element()
            return
        self._held.append(char)

    def _end_element(self) -> None:
        self._held.append(">")
        found = _ELEMENT.fullmatch("".join(self._held))
        if not found:
            self._release()
            return
        self._found_text()
        self._found.append(_tag(found))
        self._state = _TagState.TEXT

    def _in_declaration(self, char: str) -> None:
        self._held.append(char)
        self._brackets += (char == "[") - (char == "]")
        if char == ">" and self._ends_declaration():
            self._state = _TagState.TEXT
        elif len(self._held) >= LONGEST_DECLARATION:
            self._release()

    def _ends_declaration(self) -> bool:
        start, end = "".join(self._held[:9]), "".join(self._held[-3:])
        if start == "<![CDATA[":
            if end == "]]>":
                self._text.extend(self._held[9:-3])
            return end == "]]>"
        if start.startswith("<!--"):
            return end == "-->" and len(self._held) >= len("<!---->")
        return end.endswith("?>") if start[1] == "?" else self._brackets <= 0

    def _release(self) -> None:
        """Hand out as text what was held back; it is no tag."""
        held = "".join(self._held) if self._state is not _TagState.TEXT else ""
        if self._state is _TagState.ELEMENT:
            held = _BROKEN_TAG.sub(" ", held, count=1)
        elif self._state is _TagState.DECLARATION:
            held = _BROKEN_DECLARATION.sub(" ", held)
        self._text.append(held)
        self._state = _TagState.TEXT


def _tag(found: re.Match[str]) -> Tag:
    attributes = {
        name.lower(): _decode(double or single or bare)
        for name, double, single, bare in _ATTRIBUTE.findall(found["attributes"])
    }
    kind: Literal["opens", "closes", "empty"]
    kind = "closes" if found["closes"] else "empty" if found["empty"] else "opens"
    return Tag(found["name"].lower(), kind, attributes)


def _decode(text: str) -> str:
    """Replace references. An entity that neither XML nor HTML has, but perhaps a DOCTYPE, is
    nothing: none is ever looked up or expanded."""
    return _REFERENCE.sub(_character, text)


def _character(reference: re.Match[str]) -> str:
    name, decimal, hexadecimal = reference.groups()
    if name:
        return html5.get(f"{name};", "")
    code = int(decimal) if decimal else int(hexadecimal, 16)
    surrogate = 0xD800 <= code <= 0xDFFF
    return chr(code) if 0 < code <= 0x10FFFF and not surrogate else ""
