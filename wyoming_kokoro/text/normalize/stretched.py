"""Words that somebody draws out in writing: `Nooo` is "No", `soooo` "so", `Yesss` "Yes"."""

import re
from collections.abc import Callable

from wyoming_kokoro.text.normalize.locale import Rule
from wyoming_kokoro.text.normalize.tables import words

_RUN = re.compile(
    r"(?i)([a-zß-ÿ])\1\1+|[àáãâ]a{2,}|[íì]i{2,}|[óòõô]o{2,}|[úù]u{2,}",
)
_LONGEST = 20
_NUMERAL = frozenset("ivxlcm")
_IN_ADDRESS = frozenset("@/_0123456789")

_VOWEL = re.compile(r"(?i)[aeiouyà-ÿ]")
_DOUBLE = frozenset(
    words(
        """
        good cool too soon food moon room mood zoo boo woo free see tree sweet sleep feel need week
        wee meet deep keep been three all call tall ball small hello yell well tell will kill still
        full pull bull off miss boss pass mess yummy sorry happy funny book look cook school fool
        really loose boom yahoo freeze street queen cheese green
        """
    )
)
"""Words in which a letter stands twice."""


def stretched_rule(is_spelled_so: Callable[[str], bool] = lambda _: False) -> Rule:
    """Return the rule that writes such words as usual, but for those that are spelled so."""

    def say(found: re.Match[str]) -> str | None:
        start, end = _word_around(found)
        return None if is_spelled_so(found.string[start:end]) else _say(found)

    return Rule("word.stretched", _RUN, say)


def _say(found: re.Match[str]) -> str | None:
    start, end = _word_around(found)
    word, before, after = (
        found.string[start:end],
        found.string[start - 1 : start],
        found.string[end : end + 1],
    )
    addressed = {before, after} & _IN_ADDRESS or before in {".", "-"}
    if len(word) > _LONGEST or addressed or word.lower() == "www":
        return None
    if word.isupper() or len(set(word.lower())) == 1 or _NUMERAL.issuperset(word.lower()):
        return None
    if word.lower().startswith("oo") and word.lower().strip("o") == "h":
        return found.group()[:2]
    twice = _RUN.sub(lambda run: run[0][:2], word)
    double = not _VOWEL.search(word) or twice.lower() in _DOUBLE
    return found.group()[: 2 if double else 1]


def _word_around(found: re.Match[str]) -> tuple[int, int]:
    """Return where the word begins and ends, or more letters than one has, in which a run was
    found."""
    text, (start, end) = found.string, found.span()
    while start and text[start - 1].isalpha() and end - start <= _LONGEST:
        start -= 1
    while end < len(text) and text[end].isalpha() and end - start <= _LONGEST:
        end += 1
    return start, end
