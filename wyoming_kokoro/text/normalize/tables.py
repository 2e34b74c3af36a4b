"""Tables written as text, so that a language's words can be read at a glance."""

import re
from collections.abc import Iterable

from wyoming_kokoro.text.normalize.numbers import Form, Noun


def pairs(table: str) -> dict[str, str]:
    """Read what is written and what is said: `Mr.: Mister, Mrs.: Missus`."""
    entries = (entry.strip().split(": ") for entry in table.split(",") if entry.strip())
    return {written.strip(): said.strip() for written, said in entries}


def words(text: str) -> tuple[str, ...]:
    """Return the words of `text`."""
    return tuple(text.split())


def numbered(text: str) -> dict[str, int]:
    """Return the number of each word from 1 on; words with one number have a slash between."""
    return {
        word: number for number, group in enumerate(text.split(), 1) for word in group.split("/")
    }


def nouns(table: str, form: Form = "") -> dict[str, Noun]:
    """Read symbols with their one and many: `ft: foot/feet, Hz: hertz`."""
    named = ((sign, name.split("/")) for sign, name in pairs(table).items())
    return {sign: Noun(names[0], names[-1], form) for sign, names in named}


def choice(signs: Iterable[str]) -> str:
    """Return a pattern that finds any of `signs`, the longest first; nothing if there are none."""
    return "|".join(map(re.escape, sorted(signs, key=len, reverse=True))) or "(?!)"
