"""What only English writes: streets and saints, house numbers, "the 3rd of May", years."""

import re
from collections.abc import Callable, Iterator

from wyoming_kokoro.text.normalize.english_words import DIRECTIONS
from wyoming_kokoro.text.normalize.locale import Rule

Say = Callable[[int], str]
"""The words of a number."""

_STREETS = (
    "St|Ave|Rd|Blvd|Dr|Ln|Ct|Hwy|Street|Avenue|Road|Boulevard|Drive|Lane|Court|Way|Place|Square"
)
_DATED = (
    "in|since|by|from|until|till|before|after|during|early|late|mid|year|of|spring|summer|fall|"
    "autumn|winter|circa|copyright|between|and|to"
)


def rules(cardinal: Say, ordinal: Say, year: Say, months: str) -> Iterator[Rule]:
    """Yield the rules; `months` is a pattern of the names of months."""
    yield Rule(
        "en.the_day",
        re.compile(rf"(?i)(?<!\w)the\s([0-3]?\d)(?:st|nd|rd|th)?\s(?:of\s)?(?=(?:{months})\b)"),
        lambda found: f"the {ordinal(int(found[1]))} of ",
    )
    yield Rule(
        "en.decade",
        re.compile(r"(?i)(?<!\w)((?:the|early|late|mid)[\s-])(?=\d0s\b)"),
        lambda found: f"{found[1]}'",
    )
    yield Rule(
        "en.house",
        re.compile(
            r"(?<![\w.,:$€£/#-])(\d{1,4})"
            rf"(?=\s(?:[NSEW]\.?\s)?(?:[A-Z\d][\w'’]*+\s){{1,3}}(?:{_STREETS})\b)"
        ),
        lambda found: _say_house(cardinal, int(found[1])),
    )
    yield Rule(
        "en.street",
        re.compile(
            r"(?<![\w.])(?:((?:[A-Z][\w'’]++|\d{1,3}(?:st|nd|rd|th))\s)St(?:\.|(?!\w))"
            r"|St\.\s?(?=[A-Z]))"
        ),
        _say_street_or_saint,
    )
    yield Rule(
        "en.drive",
        re.compile(r"(?<!\w)([A-Z][\w'’]++\s)Dr\.?(?=\s*(?:[,.;!?]|\Z|in\b|on\b|is\b|and\b|at\b))"),
        lambda found: f"{found[1]}Drive",
    )
    yield Rule(
        "en.weekend",
        re.compile(
            rf"(?i)(?<![\w.])(Sat|Sun)\b\.?(?=,?\s(?:\d|(?:{months})\b)|\s?[-–]\s?[mtwfs][a-z])"
        ),
        lambda found: {"sat": "Saturday", "sun": "Sunday"}[found[1].lower()],
    )
    yield Rule(
        "en.number",
        re.compile(r"(?<![\w.])([Nn]os?)\.\s?(?=\d)"),
        lambda found: "number " if len(found[1]) == 2 else "numbers ",
    )
    yield Rule(
        "en.direction",
        re.compile(rf"(?<![\w.])(?:{'|'.join(sorted(DIRECTIONS, key=len, reverse=True))})(?!\w)"),
        lambda found: DIRECTIONS[found.group()],
    )
    yield Rule(
        "en.year",
        re.compile(
            rf"(?i)(?<!\w)((?:(?:{_DATED})\s|(?:{months}),?\s)|\()"
            r"(1[1-9]\d\d|20\d\d)(?![\w%°$€£:/]|[.,-]\d|\s?[a-zµ°%](?![a-z]{3})|\s[a-z]++s\b)"
        ),
        lambda found: found[1] + year(int(found[2])),
    )


def _say_house(cardinal: Say, number: int) -> str:
    """Say the number of a house as people do: "one twenty three", "forty two", "twelve hundred"."""
    hundreds, rest = divmod(number, 100)
    if not hundreds or hundreds % 10 == 0:
        return cardinal(number)
    if not rest:
        return f"{cardinal(hundreds)} hundred"
    return f"{cardinal(hundreds)} {'oh ' if rest < 10 else ''}{cardinal(rest)}"


def _say_street_or_saint(found: re.Match[str]) -> str:
    """Say "Street" after a name or number, "Saint" before a name."""
    if not found[1]:
        return "Saint "
    ends = found.group().endswith(".") and not found.string[found.end() :].strip(" \"'”’)")
    return f"{found[1]}Street{'.' if ends else ''}"
