"""Words in capitals in, as they are said out: read where they can be, spelled where not."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from wyoming_kokoro.text.normalize.locale import Rule

_CAPITALS = re.compile(
    r"(?<![\w.&])(?:(?P<word>[A-ZÀ-ÖØ-Þ]{2,20})(?P<end>s?)"
    r"|(?<=[A-ZÀ-ÖØ-Þ] )(?P<single>[AEIOUYÀÈÉ])(?= [A-ZÀ-ÖØ-Þ]{2}))(?![\w'’&])"
)
_LETTER = re.compile(r"(?<![\w.,'’&/-])[B-DF-HJ-NP-TV-XZb-df-hj-np-tv-xz](?![\w'’&/-]|\.(?!\s*\Z))")
READABLE = re.compile(r"(?:[B-DF-HJ-NP-TV-XZ]{0,3}[AEIOUY]{1,3}){1,6}[B-DF-HJ-NP-TV-XZ]{0,3}")
"""What can be read of words in capitals that have five letters and more."""

_NEAR = 100
_UPPER = re.compile("[A-ZÀ-ÖØ-Þ]{2,}")
_LOWER = re.compile("[a-zß-öø-ÿ]")
_READ_OF_THREE = frozenset(("CVC", "CVV", "VCV", "VVC", "VVV"))
"""Short words of a heading that are read, by their vowels and consonants: `SUR`, but not `USB`."""

_READ_IN_HEADING = re.compile(r"C{0,2}(?:V{1,3}C{1,3})*V{0,3}")
_LONGEST_SPELLED = 4
"""Letters beyond which what has a vowel is a word that somebody shouts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speller:
    """How a language spells, and what it does not spell."""

    names: Mapping[str, str]
    """By letter, lower case: `w` is "uve doble"."""

    vowels: str

    readable: re.Pattern[str]
    """Of a short word in lower case that people read."""

    read: frozenset[str]
    """Short words, in capitals, that are read although they do not look so."""

    spelled: frozenset[str]
    """Words, in capitals, that are spelled although they could be read."""

    def letters(self, letters: str) -> str:
        """Return the names of `letters`; what has no name stays."""
        return " ".join(self.names.get(letter, letter) for letter in letters.lower())

    @property
    def rule(self) -> Rule:
        """The rule that spells words in capitals, or writes those that are read as others are."""
        return Rule("capitals", _CAPITALS, self._say)

    @property
    def letter_rule(self) -> Rule:
        """The rule that says a consonant alone, so that it sounds as in what is spelled."""
        return Rule("letter", _LETTER, lambda found: self.letters(found.group()))

    def _say(self, found: re.Match[str]) -> str | None:
        if found["single"]:
            return found["single"].lower() if is_in_heading(found) else None
        word = found["word"]
        if word not in self.spelled and len(word) > 2 and is_in_heading(found):
            return word.lower() + found["end"] if self._fits(word) else self.letters(word)
        return word.lower() + found["end"] if self._is_read(word) else self.letters(word)

    def _is_read(self, word: str) -> bool:
        if word in self.read or word in self.spelled:
            return word in self.read
        if len(word) > _LONGEST_SPELLED:
            return self._has_vowel(word)
        return len(word) > 2 and bool(self.readable.fullmatch(word.lower()))

    def _fits(self, word: str) -> bool:
        """Say whether a word of a heading is one."""
        shape = "".join("V" if letter in self.vowels else "C" for letter in word.lower())
        if word in self.read or len(word) == len("CVC"):
            return word in self.read or shape in _READ_OF_THREE
        return "V" in shape and _READ_IN_HEADING.fullmatch(shape) is not None

    def _has_vowel(self, word: str) -> bool:
        return not set(self.vowels).isdisjoint(word.lower())


def is_in_heading(found: re.Match[str], small: float = 0) -> bool:
    """Say whether what is around has more words in capitals, and no small letters, or no more of
    them than the part `small` of the capitals."""
    around = found.string[max(0, found.start() - _NEAR) : found.end() + _NEAR]
    capitals = _UPPER.findall(around)
    return len(capitals) > 1 and len(_LOWER.findall(around)) <= small * sum(map(len, capitals))
