"""The rules of languages that have but a table of CLDR: percentages, years, one of a unit."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from wyoming_kokoro.text.normalize.figures import (
    NO_DIGIT_BEFORE,
    cardinal,
    count,
    ordinal,
    say_number,
    signed_pattern,
    year,
)
from wyoming_kokoro.text.normalize.locale import Locale, Noun, Rule
from wyoming_kokoro.text.normalize.tables import choice
from wyoming_kokoro.text.normalize.units import unit_pattern


def rules(locale: Locale, row: Mapping[str, Any], percent: Noun | None) -> Iterator[Rule]:
    """Yield the rules that numbers need whose nouns have several forms."""
    signed = signed_pattern(locale)
    yield Rule(
        "percent",
        re.compile(rf"{NO_DIGIT_BEFORE}(?:({signed})(?:\s?%)?\s?[-–]\s?)?({signed})\s?%"),
        partial(_say_percent, locale, percent),
    )
    yield Rule("percent.alone", re.compile("%"), lambda _: f" {percent.many} " if percent else None)
    yield from _one_rules(locale)
    if row["years"] != row["cardinals"][""]:
        yield Rule(
            "generic.year",
            re.compile(
                rf"(?<![\w.,:/×+-])1[1-9]\d\d(?![\w%°×x=]|[.,:/-]\d|\s?{unit_pattern(locale)})"
            ),
            lambda found: year(locale, int(found.group())),
            needs_digits=True,
        )
    if "d." in row["date"]:
        yield Rule(
            "generic.ordinal",
            re.compile(r"(?<![\w.,:/-])(\d{1,3})\.(?=\s[a-zß-ÿā-ž])"),
            lambda found: ordinal(locale, int(found[1])),
            needs_digits=True,
        )


def _one_rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rule for one before the name of a unit, which has a gender: "en timme"."""
    forms = {noun.one: noun.form for noun in locale.units.exact.values()}
    plain = cardinal(locale, 1)
    differing = {name: form for name, form in forms.items() if cardinal(locale, 1, form) != plain}
    if differing:
        yield Rule(
            "generic.one",
            re.compile(
                rf"{NO_DIGIT_BEFORE}(?<![-–/:+#])1(?=\s(?P<noun>{choice(differing)})(?!\w))"
            ),
            lambda found: cardinal(locale, 1, differing[found["noun"]]),
            needs_digits=True,
        )


def _say_percent(locale: Locale, percent: Noun | None, found: re.Match[str]) -> str:
    if percent is None:
        return f"{say_number(locale, found[2])} %"
    number, noun = count(locale, found[2], percent)
    if found[1]:
        number = locale.span.format(start=say_number(locale, found[1]), end=number)
    return f"{number} {noun}"
