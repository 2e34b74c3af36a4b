"""A document of a book (XHTML, HTML or XML), parsed.

Documents are hostile. They are parsed by lxml, in time and memory that grow as they do, without
network, files or entities from outside; Python's own parser of HTML takes a minute for 50 kB of
`<a ` (3.11.7). Whatever would make lxml leave out the rest of a document is refused.
"""

import codecs
import html
import re
from collections.abc import Iterator
from html.entities import html5
from typing import Any, TypeAlias

from lxml import etree

from wyoming_kokoro.errors import BadRequest

Element: TypeAlias = Any
"""Of lxml, which has no types."""

_SAFE = {
    "encoding": "utf-8",
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_DECLARATIONS = (
    re.compile(rb"^\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([\w.:-]{1,40})"),
    re.compile(rb"<meta[^>]*?\bcharset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE),
)

_ENCODINGS = re.compile(
    r"utf-8|iso8859-\d+|cp125\d|cp874|cp866|cp932|cp949|cp950|koi8-[ru]|mac-\w+|shift_jis|euc_jp|euc_kr"
    r"|iso2022_jp|gb2312|gbk|gb18030|big5"
)
"""Of the Encoding Standard, by Python's names: others are no texts, or slow to decode."""

_CONTROL = re.compile("[\0-\x08\x0e-\x1f]")

_NAMED = re.compile(r"&([A-Za-z]\w{1,31});")

_KEPT = {"amp", "lt", "gt", "quot", "apos"}
"""Named characters that XML knows; the others are HTML's."""

LONGEST_TITLE = 200


class BadManuscript(BadRequest):
    """A file is not the manuscript that it should be."""


def parse(content: bytes, name: str, *, lenient: bool = True) -> Element:
    """Return the root of the document `name`, as XML or, where that fails and `lenient`, as HTML.

    Raises:
        BadManuscript: it is no text, cannot be parsed, or not to its end.
    """
    text = _decoded(content, name)
    data = _NAMED.sub(_character, text).encode()
    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities="internal", **_SAFE))
    except etree.XMLSyntaxError as error:
        if not lenient or "<!ENTITY" in text:
            raise BadManuscript(f"its document {name} is damaged: {error}") from error
    parser = etree.HTMLParser(**_SAFE)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise BadManuscript(f"its document {name} is damaged: {error}") from error
    last = parser.error_log.last_error
    if last is not None and last.level == etree.ErrorLevels.FATAL:
        raise BadManuscript(f"its document {name} is damaged: {last.message}")
    return etree.Element("html") if root is None else root


def _decoded(content: bytes, name: str) -> str:
    """Return a document as text: by its byte order mark, its declaration, or else as UTF-8."""
    encoding = _encoding(content)
    try:
        text = content.decode(encoding)
    except (LookupError, UnicodeDecodeError) as error:
        raise BadManuscript(
            f"its document {name} is not in the encoding that it should be ({encoding}): save it "
            "as UTF-8, as Sigil and Calibre's editor do"
        ) from error
    if _CONTROL.search(text):
        raise BadManuscript(f"its document {name} is no text")
    return text.removeprefix("\ufeff")


def _encoding(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    found = next((m for d in _DECLARATIONS if (m := d.search(content[:1024]))), None)
    declared = "utf-8" if found is None else found[1].decode("ascii", "replace").lower()
    if declared.startswith("utf-16"):
        return "utf-8"  # it could not have been read as such up to here
    try:
        known = codecs.lookup(declared).name
    except (LookupError, ValueError):
        return declared
    if known in ("ascii", "iso8859-1"):
        return "cp1252"  # as the Encoding Standard has it
    return known if _ENCODINGS.fullmatch(known) else f"{declared} (unknown)"


def _character(reference: re.Match[str]) -> str:
    name = reference[1]
    if name in _KEPT or f"{name};" not in html5:
        return reference[0]
    return html.escape(html5[f"{name};"])


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace, in lower case."""
    return str(element.tag).rpartition("}")[2].lower()


def types(element: Element) -> set[str]:
    """Return what an element is for, by `epub:type` and `role`: `footnote`, `toc` and so on."""
    get = element.get
    told = get("{http://www.idpf.org/2007/ops}type") or get("epub:type") or ""
    roles = (role.removeprefix("doc-") for role in get("role", "").lower().split())
    return {*told.lower().split(), *roles}


def one_line(text: str) -> str:
    """Return a text with single spaces for all white space."""
    return " ".join(text.split())


def text_of(element: Element, most: int = LONGEST_TITLE) -> str:
    """Return the first characters of the text within an element, on one line."""
    found = ""
    for text in element.itertext():
        found += text[: 10 * most]
        if len(found) > 10 * most:
            break
    return one_line(found)[:most]


def way_through(root: Element) -> Element:
    """Return an iterator over `start` and `end` of the elements, each with the element; its
    `skip_subtree` goes on behind the one that has just begun."""
    return etree.iterwalk(root, events=("start", "end"))


def links(root: Element) -> Iterator[tuple[str, str]]:
    """Yield `href` and title of a table of contents, EPUB 3's or EPUB 2's, in order."""
    for element in root.iter():
        name = local_name(element)
        if name == "nav" and "toc" in types(element):
            anchors = (a for a in element.iter() if local_name(a) == "a" and a.get("href"))
            yield from ((anchor.get("href"), text_of(anchor)) for anchor in anchors)
            return
        if name == "navpoint":
            parts = {local_name(child): child for child in element}
            if "content" in parts and "navlabel" in parts:
                yield parts["content"].get("src", ""), text_of(parts["navlabel"])
