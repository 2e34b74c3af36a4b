"""Ways of writing that are other ways of writing the same, which the rules after them know."""

import re
from collections.abc import Iterator
from operator import methodcaller

from wyoming_kokoro.text.normalize.locale import Rule

_DECADES = "music|hits|rock|pop|songs?|movies?|films?|style|playlists?|fashion|party|classics"
_SIDES = r"[\"'″′]|\s?(?:ft|in|yd|cm|mm|m)"
_NO_COMPOUND = "for|in|to|by|and|on|of|or|at|the"
_PER = "day|week|month|year|night|person|hour|minute|second|user|head|room"

_REWRITES = (
    ("decade", r"(?i)(?<!\w)((?:the|early|late|mid)[\s-])(?=\d0s\b)", r"\1'"),
    ("decade.music", rf"(?i)(?<![\w'])(?=\d0s\s(?:{_DECADES})\b)", "'"),
    ("clock.point", r"(?i)(?<![\w.,])(\d{1,2})\.(?=[0-5]\d\s?[ap]\.?m\b)", r"\1:"),
    ("per", rf"(?<=[\d²³hlLgB])\s?/\s?(?=(?:{_PER})\b)", " per "),
    ("or", r"(?<=°[CF])\s?/\s?(?=-?\d)", " or "),
    ("by", rf"(?<=\d)({_SIDES})\s?[x×]\s?(?=\d)", r"\1 by "),
    ("rent", r"(£\s?[\d,.]+k?)\s?pcm\b", r"\1 per calendar month"),
    ("rent.week", r"(£\s?[\d,.]+k?)\s?pw\b", r"\1 per week"),
    ("rent.year", r"(£\s?[\d,.]+k?)\s?pa\b", r"\1 a year"),
    ("minus", r"(?<=\d)\s[-–]\s(?=\d+(?:\.\d+)?\s(?:is|equals|makes)\s\d)", " minus "),
    ("fiscal", r"(?<!\w)FY(?=20\d\d\b)", "FY "),
    ("with", r"(?<![\w/])[wW]/(?=\s|[a-z]{2})", "with "),
    ("without", r"(?<![\w/])[wW]/o(?!\w)", "without"),
    ("about", r"(?<=[a-z]{3}\s)≈\s?(?=[$€£]?\d)|\A≈\s?", "about "),
    ("compound", rf"(?<=\d)-(?!(?:{_NO_COMPOUND})\b)(?=[a-z]{{3}})", " "),
    ("inch.part", r"(?<![\w./])(\d+/\d+)(?:[\"″”]|'')(?!\w)", r"\1 inch"),
    ("inch.parts", r"(?<![\w./])(\d+[ -]\d+/\d+)(?:[\"″”]|'')(?!\w)", r"\1 inches"),
    (
        "inch.word",
        r"(?<=\d)\sin(?=\s(?:of|tall|wide|long|deep|thick|high|by|per|x)\b|[,;)]|\.?\Z)"
        r"|(?<=\d)\s?in\.(?=\s[a-z])",
        "in",
    ),
    (
        "unit.point",
        r"(?<=\d)(\s?(?:ft|yd|mi|oz|lbs?|tbsp|tsp|qt|gal|min|sec|hrs?))\.(?=\s[a-z])",
        r"\1",
    ),
    ("amp", r"(?<=\d)\sA(?=\s?[,;)]|\.?\Z|\s(?:at|of|on|per|fuse|breaker|circuit)\b)", "A"),
    ("number", r"(?<![\w.])[Nn]o\.\s?(?=\d)", "number "),
    ("numbers", r"(?<![\w.])[Nn]os\.\s?(?=\d)", "numbers "),
    ("scale", r"(?<![\w,/:])(-?\d{1,3}(?:\.\d)?)\s?([CF])(?![\w'’+#&-]|[.:]\w)", r"\1 °\2"),
)
"""Name, pattern, and what to write instead."""


def rules() -> Iterator[Rule]:
    """Yield a rule for each."""
    for name, pattern, instead in _REWRITES:
        yield Rule(f"en.{name}", re.compile(pattern), methodcaller("expand", instead))
