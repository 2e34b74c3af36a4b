"""Words that somebody draws out in writing: `Nooo` is "No", `soooo` "so", `Yesss` "Yes"."""

import re

from wyoming_kokoro.text.normalize.locale import Rule
from wyoming_kokoro.text.normalize.tables import words

_RUN = r"(?:[aáàãâ]{3}|e{3}|é{3}|[iíì]{3}|[oóòõô]{3}|[uúù]{3}|([b-df-hj-np-tv-z])\1\1)"
_WORD = re.compile(
    rf"(?<![^\W_])(?<![.@/_-])(?!(?i:w{{3}}|[ivxlcm]+\b))(?=[^\W\d_]{{0,15}}{_RUN})"
    r"[^\W\d_]{3,20}+(?![\w@/]|\.\w)"
)
_ANY_RUN = re.compile(
    r"(?i)([aáàãâ])[aáàãâ]{2,}|(e)e{2,}|(é)é{2,}|([iíì])[iíì]{2,}|([oóòõô])[oóòõô]{2,}|([uúù])[uúù]{2,}"
    r"|([b-df-hj-np-tv-z])\7{2,}"
)
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


def stretched_rule() -> Rule:
    """Return the rule that writes such words as usual."""
    return Rule("word.stretched", _WORD, lambda found: _shortened(found.group()))


def _shortened(word: str) -> str:
    if not _VOWEL.search(word):
        return _ANY_RUN.sub(lambda run: run[0][:2], word)
    twice = _ANY_RUN.sub(lambda run: run[0][:2], word)
    if twice.lower() in _DOUBLE:
        return twice
    return _ANY_RUN.sub(lambda run: run[0][:1], word)
