"""Houses, streets, saints, roads, and the points of the compass."""

import re
from collections.abc import Iterator
from functools import partial

from wyoming_kokoro.text.normalize.english.words import DIRECTIONS
from wyoming_kokoro.text.normalize.figures import cardinal, say_digits
from wyoming_kokoro.text.normalize.locale import Locale, Rule, where_digits
from wyoming_kokoro.text.normalize.tables import choice

_STREETS = (
    "St|Ave|Rd|Blvd|Dr|Ln|Ct|Sq|Pl|Hwy|Pkwy|Street|Avenue|Road|Boulevard|Drive|Lane|Court|Way|"
    "Place|Square|Parkway|Terrace|Close|Crescent"
)
_DISTANCES = "miles?|mi|blocks?|km|kilomet(?:er|re)s?|met(?:er|re)s?|m|feet|ft|yards?|yd|degrees|°"
_DIGITS = "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_COMPASS = {"N": "North", "S": "South", "E": "East", "W": "West"}
_BOUND = {sign + ending: name for sign, name in _COMPASS.items() for ending in ("", "B")}


def rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules for addresses, then for roads and directions."""
    yield from where_digits(_address_rules(locale))
    yield from _street_rules()
    yield Rule(
        "en.heading",
        re.compile(
            r"(?<!\w)((?:[Tt]hen|[Gg]o|[Hh]ead|[Dd]rive|[Tt]urn|[Ww]alk|[Hh]eading|[Cc]ontinue|[Dd]ue)\s)"
            r"([NSEW])(?=\s(?:on|onto|to|for|along|towards?|until|past|of|at|about|\d))"
        ),
        lambda found: found[1] + locale.compass[found[2]],
    )
    yield Rule(
        "en.road",
        re.compile(rf"(?<![\w-])(US|SR|CR|I)-(\d{{1,3}})\b(?:\s({choice(_BOUND)})\b)?"),
        partial(_say_road, locale),
    )
    yield Rule(
        "en.direction",
        re.compile(rf"(?<![\w.])(?:{choice(DIRECTIONS)})(?!\w| (?:{_DIGITS})\b)"),
        lambda found: DIRECTIONS[found.group()],
    )


def say_in_pairs(locale: Locale, number: int) -> str:
    """Say a number as people say those of houses: "one twenty three", "twelve hundred"."""
    hundreds, rest = divmod(number, 100)
    thousands = hundreds % 10 == 0 and (hundreds != 10 or not rest) and rest < 10
    if not hundreds or thousands or number >= 10_000:
        return cardinal(locale, number)
    if not rest:
        return f"{cardinal(locale, hundreds)} hundred"
    return f"{cardinal(locale, hundreds)} {'oh ' if rest < 10 else ''}{cardinal(locale, rest)}"


def _address_rules(locale: Locale) -> Iterator[Rule]:
    yield Rule(
        "en.house",
        re.compile(
            r"(?<![\w.,:$€£/#-])(\d{1,5})([A-Z]?)((?:\s[NSEW]\b\.?)?)"
            rf"(?=\s(?:[A-Z\d][\w'’]{{0,40}}+\s){{1,3}}(?:{_STREETS})\b)"
        ),
        partial(_say_house, locale),
    )
    yield Rule(
        "en.zip",
        re.compile(r"(?<=\b[A-Z]{2}\s)(\d{5})(?:-(\d{4}))?(?![\w-])"),
        lambda found: ", ".join(say_digits(locale, part) for part in found.groups() if part),
    )


def _street_rules() -> Iterator[Rule]:
    yield Rule(
        "en.street",
        re.compile(
            r"(?<![\w.])(?:((?:[A-Z][\w'’]{1,40}+|\d{1,3}(?:st|nd|rd|th))\s)St(?:\.|(?!\w))"
            r"|St\.?\s(?=[A-Z])|St\.(?=[A-Z]))"
        ),
        _say_street_or_saint,
    )
    yield Rule(
        "en.drive",
        re.compile(
            r"(?<!\w)([A-Z][\w'’]{1,40}+\s)Dr(?:\.(?=[,;:]|\s[a-z(]))?(?=\s[a-z(]|[,;:.!?]|\Z)"
        ),
        lambda found: f"{found[1]}Drive",
    )
    yield Rule(
        "en.street.side",
        re.compile(
            rf"(?<=[a-z])((?:\s(?:{_STREETS})\.?)\s)([NSEW])(?![\w'’&]|\.\w)(?:\.(?=\s[a-z]))?"
        ),
        lambda found: f"{found[1]}{_COMPASS[found[2]]}",
    )
    yield Rule(
        "en.bearing",
        re.compile(rf"(?<=\d)(\s?(?:{_DISTANCES})\s)([NSEW])(?![\w'’]|\.\w)(?:\.(?=\s[a-z]))?"),
        lambda found: f"{found[1]}{_COMPASS[found[2]].lower()}",
    )


def _say_house(locale: Locale, found: re.Match[str]) -> str:
    number = say_in_pairs(locale, int(found[1]))
    parts = (number, found[2], _COMPASS.get(found[3].strip(" ."), ""))
    return " ".join(part for part in parts if part)


def _say_street_or_saint(found: re.Match[str]) -> str:
    """Say "Street" after a name or number, "Saint" before a name."""
    if not found[1]:
        return "Saint "
    ends = found.group().endswith(".") and not found.string[found.end() :].strip(" \"'”’)")
    return f"{found[1]}Street{'.' if ends else ''}"


def _say_road(locale: Locale, found: re.Match[str]) -> str:
    road, number, bound = found.groups()
    name = _BOUND.get(bound, "")
    direction = f" {name.lower()}{'bound' if bound and len(bound) > 1 else ''}" if name else ""
    return f"{road} {say_in_pairs(locale, int(number))}{direction}"
