"""Measures as Romance languages write them: parts, extremes, marks, prices for a time."""

import re
from collections.abc import Callable, Iterator, Mapping

from wyoming_kokoro.text.normalize.figures import say_number
from wyoming_kokoro.text.normalize.locale import Locale, Rule
from wyoming_kokoro.text.normalize.tables import choice
from wyoming_kokoro.text.normalize.units import unit_named

_LONGEST_QUOTED = 80


def size_rules(locale: Locale, extremes: str, height: str) -> Iterator[Rule]:
    """Yield the rules for `3 m x 4 m`, `8°/15°`, whose word is `extremes`, and `1m75`.

    The template `height` says `metres` and `rest`.
    """
    yield Rule("romance.sides", re.compile(r"(?<=\d)(\s?[cmk]?m)\sx\s(?=\d)"), r"{0[1]} × ".format)
    yield Rule(
        "romance.extremes",
        re.compile(r"(?<![\w.,])([-−]?\d{1,3})\s?°C?\s?/\s?(?=[-−]?\d{1,3}\s?°)"),
        lambda found: f"{found[1]} {extremes} ",
    )
    yield Rule(
        "romance.height",
        re.compile(r"(?<![\w.,])(\d)\s?m\s?(\d[1-9]|[1-9]0)(?![\w%°]|[.,]\d)"),
        lambda found: height.format(
            metres=say_number(locale, found[1]), rest=say_number(locale, found[2].lstrip("0"))
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
            rf"(?:(?P<of>{of}\s|d')?(?=(?:{measures})\b)|(?P<unit>[^\W\d_]{{1,3}})(?![\w/'’]))"
        ),
        say,
    )


def each_rule(locale: Locale, each: Mapping[str, str]) -> Rule:
    """Return the rule for what is paid or used in a time, or by one: "5 €/mes" is "al mes"."""
    return Rule(
        "romance.each",
        re.compile(rf"(?<=\d)(\s?[^\s\d/]{{0,7}})\s?/\s?({choice(each)})(?!\w)"),
        lambda found: (
            None
            if unit_named(locale, f"{found[1].strip()}/{found[2]}")
            else f"{found[1]} {each[found[2]]}"
        ),
    )


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
