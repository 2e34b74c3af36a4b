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
    say_digits,
    say_number,
    signed_pattern,
    year,
)
from wyoming_kokoro.text.normalize.generic.words import Words
from wyoming_kokoro.text.normalize.locale import Locale, Rule
from wyoming_kokoro.text.normalize.numbers import Noun
from wyoming_kokoro.text.normalize.tables import choice
from wyoming_kokoro.text.normalize.units import unit_pattern


def rules(
    locale: Locale, row: Mapping[str, Any], words: Words, percent: Noun | None
) -> Iterator[Rule]:
    """Yield the rules that numbers need whose nouns have several forms."""
    signed = signed_pattern(locale)
    yield Rule(
        "percent",
        re.compile(rf"{NO_DIGIT_BEFORE}(?:({signed})(?:\s?%)?\s?[-–]\s?)?({signed})\s?%"),
        partial(_say_percent, locale, percent),
    )
    yield Rule("percent.alone", re.compile("%"), lambda _: f" {percent.many} " if percent else None)
    yield from _one_rules(locale)
    yield from _clock_rules(words)
    yield from _name_rules(locale)
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


def _clock_rules(words: Words) -> Iterator[Rule]:
    """Yield the rules that write times with a point as others are written."""
    time = r"(?P<hour>[01]?\d|2[0-4])\.(?P<minute>[0-5]\d)(?![\w%°]|[.,:]\d)"
    for before, after in ((words.before_time, ""), ("", words.after_time)):
        if before or after:
            head = rf"(?i)(?<!\w)(?P<head>(?:{before})\s)" if before else r"(?<![\w.,:])(?P<head>)"
            tail = rf"(?=\s(?:{after})(?!\w))" if after else ""
            yield Rule(
                "generic.clock",
                re.compile(head + time + tail),
                lambda found: f"{found['head']}{found['hour']}:{found['minute']}",
                needs_digits=True,
            )


def _name_rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules for versions of two parts, and for telephone numbers with a hyphen."""
    yield Rule(
        "generic.version",
        re.compile(
            r"(?i)(?<!\w)((?:vers|wers|verz)[^\W\d]{1,6}\s\d{1,4})\.(?=\d{1,3}(?![\w.,]?\d))"
        ),
        lambda found: f"{found[1]} {locale.dot} ",
        needs_digits=True,
    )
    yield Rule(
        "generic.phone",
        re.compile(
            r"(?<![\w.,:/+-])0\d{1,4}\s?-\s?\d{2,8}(?:[ -]\d{2,4}){0,4}(?![\w%°]|[.,:/-]\d)"
        ),
        lambda found: ", ".join(
            say_digits(locale, run) for run in re.findall(r"\d+", found.group())
        ),
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
