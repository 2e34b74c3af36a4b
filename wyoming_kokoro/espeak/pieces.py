"""Text in, the pieces out in which espeak-ng can take it.

espeak-ng 1.52 keeps words, clauses and abbreviations in arrays of fixed size and writes past the
end of some: of that for the letters of an abbreviation with points after 80 bytes, of those for
the words of a clause after 300, and for its text after 800 bytes. Before a sign that stands alone
it reads what is not there. What happens then is anything, and the end of the process at best.
Nothing that people write comes near.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

LONGEST_WORD = 60
"""Characters without white space that are given to espeak-ng as one."""

FEW_CHARACTERS = 50
"""Of a piece that is not cut, whatever they are."""

MANY_WORDS, MOST_WORDS = 100, 150
"""Words in a piece, counted as espeak-ng may part them, digits and signs one by one: it ends at
the next white space, or anywhere."""

MANY_BYTES, MOST_BYTES = 500, 650
"""Bytes of the words in a piece: it ends in the same way."""

MOST_POINTS = 12
"""Points in a piece. Where there are more they are no abbreviations, and left out."""

_SIGNS = frozenset("'’.,:-–%&@+/$€£°\u200c\u200d")
"""Signs and joiners that are read, or that shape what is; espeak-ng calls others by their name, or
loses its way."""

_MARKS = frozenset("!?;")
"""Signs that change how a sentence is spoken, besides."""

_DASH = re.compile(r"\s+[-–—…]+(?=\s)")
"""Between two parts of a sentence, where a voice pauses."""

_COMMAS = frozenset("、，；：。．！？〜")
"""Signs that part clauses, and are read as commas."""

_LOOSE = re.compile(r"(?:\A|(?<=\s))(?:(?!['’.]\w)[^\w\s$€£@&+%°-]|-(?!\d))+")
"""Signs before a word, or without one."""

_ORDINARY = re.compile(r"[a-zA-ZÀ-ÖØ-öø-ÿ ]{0,200}")
"""Most clauses: there is nothing to look for in them but words without end."""

_LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD}}}(?=\S)")
_WORD = re.compile(r"[a-zß-ÿ]+|[\u0900-\u097f]+|\S")
_SYLLABLE = re.compile("[\uac00-\ud7af]")
"""Of Korean: it is three letters, and counted as such."""


def pieces(text: str, *, spoken: bool = False) -> Iterator[str]:
    """Yield `text` as it may be given to espeak-ng: whole, unless it is no language.

    Where it is to be `spoken`, marks stay that are heard in how it is; phonemes tell nothing of
    them.
    """
    if not _ORDINARY.fullmatch(text):
        text = _without_loose_signs(text, spoken)
    text = _LONG_WORD.sub(r"\g<0> ", text)
    if len(text) <= FEW_CHARACTERS:
        yield _without_points(text)
        return
    start = count = size = 0
    for word in _WORD.finditer(text):
        begins = text[word.start() - 1].isspace()
        most, longest = (MANY_WORDS, MANY_BYTES) if begins else (MOST_WORDS, MOST_BYTES)
        if count >= most or size >= longest:
            yield _without_points(text[start : word.start()])
            start, count, size = word.start(), 0, 0
        count += 3 if _SYLLABLE.match(word.group()) else 1
        size += len(word.group().encode())
    yield _without_points(text[start:])


def _without_loose_signs(text: str, spoken: bool) -> str:
    if spoken:
        text = _DASH.sub(",", text)
    text = "".join(char if spoken and char in _MARKS else _read(char) for char in text)
    return _LOOSE.sub("", text)


def _without_points(text: str) -> str:
    return text.replace(".", " ") if text.count(".") > MOST_POINTS else text


@lru_cache(maxsize=4096)
def _read(char: str) -> str:
    """Return `char`, or what stands for one that is no letter, figure or sign that is read."""
    if unicodedata.category(char)[0] in "LMN" or char in _SIGNS:
        return char
    return "," if char in _COMMAS else " "
