"""Measures as Romance languages write them: parts, extremes, marks, prices for a time."""

import re
from collections.abc import Callable, Iterator, Mapping

from wyoming_kokoro.text.normalize.figures import count, say_number
from wyoming_kokoro.text.normalize.locale import Locale, Rule
from wyoming_kokoro.text.normalize.tables import choice
from wyoming_kokoro.text.normalize.units import unit_named

_LONGEST_QUOTED = 80


def size_rules(locale: Locale, extremes: str, height: str) -> Iterator[Rule]:
    """Yield the rules for `3 m x 4 m`, `8°/15°`, whose word is `extremes`, and `1m75`.

    `height` is what stands in it between meters and centimeters.
    """
    by = locale.by.format(start="", end="").strip()
    yield Rule(
        "romance.sides",
        re.compile(r"(?<=\d)(\s?[cmk]?m)\s?[x×]\s?(?=\d)"),
        lambda found: f"{found[1]} {by} ",
    )
    yield Rule(
        "romance.extremes",
        re.compile(r"(?<![\w.,])([-−]?\d{1,3})\s?°C?\s?/\s?(?=[-−]?\d{1,3}\s?°)"),
        lambda found: f"{found[1]} {extremes} ",
    )
    yield Rule(
        "romance.height",
        re.compile(
            r"(?<![\w.,])([12])\s?m\s?(\d[1-9]|[1-9]0)(?![\w%°]|[.,]\d|\s?s(?:[eé]g?|ec)?\b)"
        ),
        lambda found: " ".join(
            (
                *count(locale, found[1], locale.units.exact["m"]),
                height + say_number(locale, found[2].lstrip("0")),
            )
        ),
    )


def unit_rules(locale: Locale, pointed: str, millions: str) -> Iterator[Rule]:
    """Yield the rules for units with a point within a sentence, "30 min.", and after "millions de".

    `pointed` and `millions` are patterns of those units and of those words.
    """
    units = locale.units.exact
    symbols = choice(symbol for symbol in units if symbol.isalpha())
    yield Rule(
        "romance.unit.pointed",
        re.compile(rf"(?<=\d)\s?({pointed})\.(?=,|\s[a-zà-ÿ(])"),
        lambda found: f" {found[1]}",
    )
    yield Rule(  # no form of "to have", no "d'"
        "romance.unit.word",
        re.compile(r"(?<=\d) (?=(?:ha|d)(?:\s(?:d[ei]|[ye])\b|\.(?!\s?C)|[,;:!?)]|\Z))"),
        lambda _: "",
    )
    yield Rule(
        "romance.unit.many",
        re.compile(rf"(?<!\w)((?:{millions})\sd[ei]\s)({symbols})(?![\w/²³])"),
        lambda found: found[1] + units[found[2]].many,
    )


def parts_rule(locale: Locale, of: str, measures: str) -> Rule:
    """Return the rule for parts of a unit or of what matches `measures`: "3/4 xícara" is no date.

    `of` is what stands between: "de".
    """

    def say(found: re.Match[str]) -> str | None:
        part = found["sign"] or f"{found['part']}⁄{found['whole']}"
        if not found["unit"]:
            return f"{part} {found['of'] or f'{of} '}"
        noun = unit_named(locale, found["unit"])
        return f"{part} {of} {noun.one}" if noun else None

    return Rule(
        "romance.part",
        re.compile(
            r"(?<![\w.,/])(?:(?P<part>\d{1,2})[/⁄](?P<whole>\d{1,2})|(?P<sign>[¼-¾⅐-⅞]))\s?"
            rf"(?:(?P<of>{of}\s|d')?(?=(?:{measures})\b)|(?:{of}\s)?(?P<unit>[^\W\d_]{{1,3}})(?![\w/'’]))"
        ),
        say,
    )


def each_rules(locale: Locale, each: Mapping[str, str], hundred: str) -> Iterator[Rule]:
    """Yield the rules for what is paid or used in a time, or by one: "5 €/mes" is "al mes".

    `hundred` is said for "/100 km".
    """
    per = locale.units.per.format(unit="", per="").strip()
    yield Rule(
        "romance.density",
        re.compile(r"(?<![\w.])([^\W\d_]{2,12}\.?)\s?/\s?(k?m[²³]|kWh|km|kg|h)(?![\w/])"),
        lambda found: _say_density(locale, per, found[1], found[2]),
    )
    yield Rule(
        "romance.hundred",
        re.compile(r"(?<=[lLh])\s?/\s?100\s?[kK]m(?!\w)"),
        lambda _: f" {hundred}",
    )
    yield Rule(
        "romance.each",
        re.compile(rf"(?<=\d)(\s?[^\s\d/]{{0,7}})\s?/\s?({choice(each)})(?!\w)"),
        lambda found: (
            None
            if unit_named(locale, f"{found[1].strip()}/{found[2]}")
            else f"{found[1]} {each[found[2]]}"
        ),
    )
    yield Rule(
        "romance.each.other",
        re.compile(r"(?<=\d)(\s?[^\s\d/]{1,4})\s?/\s?(?=[a-zà-ÿ]{4,24}(?!\w))"),
        lambda found: f"{found[1]} {per} ",
    )
    yield Rule(
        "romance.each.bare",
        re.compile(r"(?<![\w./:-])(\d[\d.,]{0,9}+)/(?=[a-zà-ÿ]{4,24}(?![\w/]|\.\w))"),
        lambda found: f"{found[1]} {per} ",
    )


def _say_density(locale: Locale, per: str, word: str, symbol: str) -> str | None:
    """Say "hab./km²", but leave "km/h" to the rule for units."""
    unit = unit_named(locale, symbol)
    if unit is None or unit_named(locale, word):
        return None
    return f"{word} {per} {unit.one}"


def mark_rules(seconds: str, minutes: str) -> Iterator[Rule]:
    """Yield the rules for the marks of inches, seconds and minutes, which are quotes elsewhere."""
    yield Rule("romance.inches", re.compile(r"(?<=\d)[\"”](?!\w)"), _unless_open('"', "″"))
    yield Rule("romance.seconds", re.compile(r"(?<=\d)''(?!\w)"), lambda _: f" {seconds}")
    yield Rule(
        "romance.minutes", re.compile(r"(?<=\d)['′](?![\w'])"), _unless_open("'", f" {minutes}")
    )


def _unless_open(quote: str, words: str) -> Callable[[re.Match[str]], str | None]:
    """Return what says `words`, where `quote` does not close what it opened before."""

    def say(found: re.Match[str]) -> str | None:
        before = found.string[max(0, found.start() - _LONGEST_QUOTED) : found.start()]
        return None if re.search(rf"(?<!\w){quote}", before) else words

    return say
