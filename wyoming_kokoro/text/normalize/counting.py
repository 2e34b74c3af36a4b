"""Numbers by their place and their kind said in words: ordinals, decades, ranges, sizes."""

import re
from collections.abc import Iterator

from wyoming_kokoro.text.normalize.figures import (
    NO_DIGIT_BEFORE,
    ordinal,
    say_number,
    signed_pattern,
)
from wyoming_kokoro.text.normalize.locale import Locale, Rule


def decade_rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rule for decades: they look like seconds otherwise."""
    if locale.dates.decade:
        decade = locale.dates.decade
        yield Rule(
            "decade",
            re.compile(r"(?<![\w.,])(?:['’](\d0)|([12]\d\d0))['’]?s(?!\w)"),
            lambda found: decade(int(found[1] or found[2])),
        )


def ordinal_rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rule for ordinals: their endings look like units otherwise."""
    signs = locale.numbers.ordinal_signs
    if signs:
        pattern = "|".join(sorted(map(re.escape, signs), key=len, reverse=True))
        number = r"(?P<number>\d{1,3}(?:,\d{3}){1,3}|\d{1,12})"
        yield Rule(
            "ordinal",
            re.compile(rf"(?<![\w.,]){number}(?P<sign>{pattern})(?!\w)"),
            lambda found: ordinal(
                locale, int(found["number"].replace(",", "")), signs[found["sign"]]
            ),
        )


def size_rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rule for 3x4: its last number may have a unit."""
    signed = signed_pattern(locale)
    yield Rule(
        "by",
        re.compile(
            rf"{NO_DIGIT_BEFORE}({signed})\s?[x×]\s?(?=\.?\d)(?!10[\^⁰¹²³⁴-⁹⁻])(?![^=]{{0,60}}=)"
        ),
        lambda found: locale.by.format(start=say_number(locale, found[1]), end="").rstrip() + " ",
    )


def rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules for numbers with a sign before, behind or between them."""
    signed = signed_pattern(locale)
    yield Rule(
        "difference",
        re.compile(rf"{NO_DIGIT_BEFORE}({signed})\s?[-−–]\s?(?=[\d.,]+\s?=)"),
        lambda found: f"{say_number(locale, found[1])} {locale.subtracted or locale.minus} ",
    )
    yield Rule(
        "span",
        re.compile(rf"{NO_DIGIT_BEFORE}({signed})\s?[-–—]\s?({signed})(?![\w]|-\d)"),
        lambda found: (locale.score if _is_score(found) else locale.span).format(
            start=say_number(locale, found[1]), end=say_number(locale, found[2])
        ),
    )
    yield Rule(
        "number.sign",
        re.compile(r"(?<![\w&])#\s?(?=\d)"),
        lambda _: f"{locale.number_sign} ",
    )
    if locale.times:
        yield Rule(
            "times",
            re.compile(rf"{NO_DIGIT_BEFORE}({signed})\s?[x×](?![\w×]|\s?[\d=+-])"),
            lambda found: locale.times.format(
                number=say_number(locale, found[1], locale.times_form)
            ),
        )


def _is_score(found: re.Match[str]) -> bool:
    """Say whether two numbers with a dash between them do not rise, so that they are no range."""
    first, second = found[1], found[2]
    if not (first.isdecimal() and second.isdecimal()) or max(len(first), len(second)) > 2:
        return False
    return int(first) >= int(second)
