"""An English sentence in, the words and marks of it out, cut as the Penn Treebank cuts them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

LONGEST_NUMBER = 15
"""Digits beyond which a number is read one by one: it is a serial number, not an amount."""


class WrittenWord(NamedTuple):
    """A word, a number, or a mark."""

    text: str

    space: str
    """What separates it from the next: a space or nothing."""

    tag: str | None = None
    """Penn tag where the writing itself decides it, None where the grammar must."""


Piece = tuple[str, str | None]
"""Text and tag of a word whose space is not yet known."""

_PATTERN = re.compile(
    r"""
      (?P<address> (?:https?://|www\.)\S+
                 | (?<![\w.+-]) [\w.+-]++@[\w-]++(?:\.[\w-]+)+
                 | (?<![\w.]) [a-z][\w-]{0,62}+ (?:\.[a-z][\w-]{0,62}+){0,8}
                   \.[a-z]{2,}+ (?![\w.]\w) )
    | (?P<abbreviation> (?<![\w.])
          (?: (?:[^\W\d_]\.){2,} [^\W\d_]?+ (?!\w)
            | (?:Mr|Mrs|Ms|Dr|Esq|Prof|St|Sr|Jr|[Ee]tc|[Vv]s|No(?=\.\ ?\d))\. ) )
    | (?P<clock> (?<![\w:.,]) \d{1,2} (?::[0-5]\d){1,2} (?![:\d]) )
    | (?P<number> (?: (?<![\w.,)\]]) - )?
                  (?: \d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)? | \d+(?:\.\d+)* | (?<!\w)\.\d+ )
                  (?: (?:st|nd|rd|th|s|['’]s) (?!\w) )? )
    | (?P<elision> ['’](?:tis|twas|em|til|cause|n|\d0s)\b )
    | (?P<word> (?: [^\W\d_][\u0300-\u036f]* )+ (?: ['’] (?: [^\W\d_][\u0300-\u036f]* )+ )* )
    | (?P<dots> \.{2,} | …+ )
    | (?P<dash> --+ | [–—] )
    | (?P<mark> \S )
    """,
    re.VERBOSE,
)
_CLITIC = re.compile(r"(?i)(?<=[a-z])(?:n['’]t|['’](?:s|m|d|re|ve|ll))$")
_TRAILING = re.compile(r"[.,;:!?)\]}'\"’”…]+$")

_CANNOT = len("cannot")
"""Letters of the one word that is two without an apostrophe."""

_KIND_TAGS = {"clock": "CD", "number": "CD", "dots": ":", "dash": ":"}
_ABBREVIATION_TAGS = {"vs.": "IN", "etc.": "FW"}
_MARK_TAGS = {
    **dict.fromkeys(".!?", "."),
    **dict.fromkeys(":;", ":"),
    **dict.fromkeys("([{", "-LRB-"),
    **dict.fromkeys(")]}", "-RRB-"),
    **dict.fromkeys("“«‘", "``"),
    **dict.fromkeys("”»", "''"),
    **dict.fromkeys("$£€", "$"),
    ",": ",",
    "&": "CC",
    "%": "NN",
    "@": "IN",
}


def split_words(text: str) -> list[WrittenWord]:
    """Cut `text` into words.

    Joined with their spaces they are the text, whitespace aside; only a full stop is added where
    the point of an abbreviation ends the sentence, and a space between the digits of a number too
    long to be an amount.
    """
    words: list[WrittenWord] = []
    for match in _PATTERN.finditer(text):
        end = match.end()
        gap = " " if text[end : end + 1].isspace() else ""
        if (
            match.lastgroup == "word"
            and (found := match.group()).isalpha()
            and len(found) != _CANNOT
        ):
            words.append(WrittenWord(found, gap))
            continue
        pieces = list(_pieces(match))
        gaps = [""] * (len(pieces) - 1) + [gap]
        if match.lastgroup == "number" and len(pieces) > 1:
            gaps[:-1] = [" "] * (len(pieces) - 1)
        words += [
            WrittenWord(piece, gap, tag) for (piece, tag), gap in zip(pieces, gaps, strict=True)
        ]
    return words


def _pieces(match: re.Match[str]) -> Iterator[Piece]:
    kind, found = match.lastgroup or "", match.group()
    if kind == "address":
        yield from _address(found)
    elif kind == "abbreviation":
        yield from _abbreviation(match)
    elif kind == "word":
        yield from _contraction(found)
    elif kind == "number" and sum(map(str.isdigit, found)) > LONGEST_NUMBER:
        yield from ((digit, "CD") for digit in found if digit.isdigit())
    elif kind == "mark":
        yield found, _mark_tag(match)
    else:
        yield found, _KIND_TAGS.get(kind)


def _address(found: str) -> Iterator[Piece]:
    trailing = _TRAILING.search(found)
    end = trailing.start() if trailing else len(found)
    if end:
        yield found[:end], "ADD"
    for mark in found[end:]:
        yield mark, _MARK_TAGS.get(mark, "''")


def _abbreviation(match: re.Match[str]) -> Iterator[Piece]:
    found = match.group()
    yield found, _ABBREVIATION_TAGS.get(found.lower(), "NNP")
    if found.endswith(".") and not match.string[match.end() :].strip(" \"'”’)"):
        yield ".", "."


def _contraction(found: str) -> Iterator[Piece]:
    clitic = _CLITIC.search(found)
    if found.lower() == "cannot":
        yield found[:3], "MD"
        yield found[3:], "RB"
    elif clitic:
        yield found[: clitic.start()], None
        yield clitic.group(), None
    else:
        yield found, None


def _mark_tag(match: re.Match[str]) -> str:
    text, mark = match.string, match.group()
    before, after = text[: match.start()][-1:], text[match.end() :][:1]
    opens = not before.strip() or before in "([{“‘\"'—–"
    if mark == "-":
        alone = opens and not after.strip()
        return ":" if alone or (before.isdigit() and after.isdigit()) else "HYPH"
    if mark in "'’" and before in ("s", "S"):
        return "POS"
    if mark in "\"'’":
        return "``" if opens and after.strip() else "''"
    return _MARK_TAGS.get(mark, "SYM")
