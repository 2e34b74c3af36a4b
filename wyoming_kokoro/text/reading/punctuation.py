"""The marks that sentences end with, the characters around them, and what a point can mean."""

import re
from enum import Enum, auto

NEWLINES = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
STOPS = frozenset("。！？｡．।॥")
"""Marks that end a sentence without white space after them."""
MARKS = frozenset(".!?…") | STOPS
QUOTES = frozenset("\"'”’»›)]}」』】）］｝〉》〕")
"""What closes with a sentence, brackets too."""
CLOSERS = QUOTES | frozenset("*_~`")
OPENERS = frozenset("\"'“‘«‹([{「『【（［｛〈《〔¿¡*_~`")
QUOTING = frozenset("とっがをはにのも")
"""What goes on with a Japanese sentence after something quoted in it."""
VALUING = frozenset("=＝≈×÷等是为為除乘はब")
"""What may begin the words between a factorial and its value, in scripts without capitals."""

_CLAUSE = re.compile(r"[,;:—–](?=\s)|[，、；：]")
_SPACE = re.compile(r"\s")


def last_place_to_cut(text: str, start: int) -> int:
    """Return where a text that does not end is best cut behind `start`: after its last clause, else
    before its last word, else at its end."""
    for pattern in (_CLAUSE, _SPACE):
        if places := [found.end() for found in pattern.finditer(text, start)]:
            return places[-1]
    return len(text)


def may_be_factorial(before: str, run: str) -> bool:
    """Tell whether the marks `run` may be those of a factorial; `before` is the character before
    them."""
    return before.isdigit() and [mark for mark in run if mark in MARKS] in (["!"], ["！"])


def is_emoji(char: str) -> bool:
    """Tell whether a character is an emoji, or a part of one that cannot be seen."""
    return char > "\u2000" and (
        "\u2600" <= char <= "\u27bf"
        or "\U0001f000" <= char <= "\U0001faff"
        or char in "\ufe0f\u200d\u20e3\u2b50\u2b55"
    )


def is_han_or_kana(char: str) -> bool:
    """Tell whether a character is one that Chinese and Japanese words are written with."""
    return "\u3041" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff"


class Point(Enum):
    """What must follow a point for it to end a sentence, once there is white space after it."""

    ENDS = auto()
    """Anything: it is a full stop."""

    NEVER = auto()
    """Nothing does: the word always leads on to the next one."""

    UNLESS_NUMBER = auto()
    """Anything but a number, Roman ones included that are no other words."""

    UNLESS_NUMERAL = auto()
    """A word with a capital letter that is neither a letter alone nor a Roman numeral."""

    UNLESS_ROMAN = auto()
    """A word with a capital letter that is no Roman numeral: "I" is none here."""

    UNLESS_NOUN = auto()
    """A capitalized word that begins German sentences, where nouns have capitals as well."""

    UNLESS_MONTH = auto()
    """A word with a capital letter that is no month."""

    CAPITAL = auto()
    """A capital letter."""

    STARTER = auto()
    """A capitalized word that begins sentences, for after it names are common."""


BY_NEXT_WORD = (
    Point.STARTER,
    Point.UNLESS_NUMBER,
    Point.UNLESS_NUMERAL,
    Point.UNLESS_ROMAN,
    Point.UNLESS_MONTH,
    Point.UNLESS_NOUN,
)
"""Those that the word after them decides."""
