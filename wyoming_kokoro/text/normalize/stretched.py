"""Words that somebody draws out in writing: `Nooo` is "No", `soooo` "so", `Yesss` "Yes"."""

import re

from wyoming_kokoro.text.normalize.locale import Rule
from wyoming_kokoro.text.normalize.tables import words

_RUN = re.compile(
    r"(?i)([a-zß-ÿ])\1\1+|[àáãâ]a{2,}|[íì]i{2,}|[óòõô]o{2,}|[úù]u{2,}",
)
_WORD_BEFORE = re.compile(r"[^\W\d_]*\Z")
_WORD = re.compile(r"[^\W\d_]*")
_LONGEST = 20
_DRAWN_OUT = re.compile(r"(?!(?i:w{3}|[ivxlcm]+)\Z)[^\W\d_]*\Z")
"""No address, no numeral."""

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
    return Rule("word.stretched", _RUN, _say)


def _say(found: re.Match[str]) -> str | None:
    text = found.string
    start = max(0, found.start() - _LONGEST)
    before = _WORD_BEFORE.search(text, start, found.start())
    after = _WORD.match(text, found.end(), found.end() + _LONGEST)
    head, tail = (part.group() if part else "" for part in (before, after))
    word = head + found.group() + tail
    outside = text[: found.start() - len(head)][-1:] + text[found.end() + len(tail) :][:1]
    if len(word) > _LONGEST or not _DRAWN_OUT.match(word) or set(outside) & set("@/_0123456789"):
        return None
    if text[found.start() - len(head) - 1 : found.start() - len(head)] in (".", "-"):
        return None
    twice = _RUN.sub(lambda run: run[0][:2], word)
    long = not _VOWEL.search(word) or twice.lower() in _DOUBLE
    return found.group()[: 2 if long else 1]
