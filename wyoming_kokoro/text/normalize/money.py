"""Amounts of money said in words."""

import re
from collections.abc import Iterator
from functools import partial

from wyoming_kokoro.text.normalize.figures import (
    NO_DIGIT_BEFORE,
    NOT_IN_WORD,
    count,
    number_pattern,
    parse,
    say_number,
)
from wyoming_kokoro.text.normalize.locale import Locale, Rule
from wyoming_kokoro.text.normalize.numbers import Currency
from wyoming_kokoro.text.normalize.tables import choice
from wyoming_kokoro.text.normalize.units import unit_named, unit_pattern


def rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules for money, the sign before the amount, behind it, or of the hundredths."""
    money, number = locale.money, number_pattern(locale)
    signs = choice(money.signs)
    minus = r"(?P<minus>(?<!\w)[-−])?"
    amount = rf"(?P<number>{number})(?:\s?[-–]\s?(?:(?:{signs})\s?)?(?P<end>{number}))?"
    magnitude = rf"(?:\s?(?P<magnitude>{choice(money.magnitudes)}){NOT_IN_WORD})?"
    per = rf"(?:\s?/\s?{unit_pattern(locale)})?"
    yield Rule(
        "money.before",
        re.compile(
            rf"(?<![^\W\d_]){minus}(?P<sign>{signs})\s?(?P<minus2>[-−])?{amount}{magnitude}{per}"
        ),
        partial(_say_money, locale),
    )
    yield Rule(
        "money.after",
        re.compile(
            rf"{NO_DIGIT_BEFORE}{minus}(?P<minus2>(?!))?{amount}{magnitude}\s?(?P<sign>{signs})"
            rf"{NOT_IN_WORD}{per}"
        ),
        partial(_say_money, locale),
    )
    if money.minor_signs:
        yield Rule(
            "money.minor",
            re.compile(
                rf"{NO_DIGIT_BEFORE}(?P<number>{number})(?P<sign>{choice(money.minor_signs)})"
                rf"{NOT_IN_WORD}{per}"
            ),
            partial(_say_minor, locale),
        )


def _say_money(locale: Locale, found: re.Match[str]) -> str:
    currency = locale.money.signs[found["sign"]]
    if found["magnitude"]:
        words = _say_magnitude(locale, found, currency)
    elif found["end"]:
        start = say_number(locale, found["number"], currency.major.form)
        words = locale.span.format(start=start, end=_say_amount(locale, found["end"], currency))
    else:
        words = _say_amount(locale, found["number"], currency)
    minus = f"{locale.minus} " if found["minus"] or found["minus2"] else ""
    return minus + _per_unit(locale, words, found["unit"])


def _say_minor(locale: Locale, found: re.Match[str]) -> str:
    words = " ".join(count(locale, found["number"], locale.money.minor_signs[found["sign"]]))
    return _per_unit(locale, words, found["unit"])


def _per_unit(locale: Locale, words: str, symbol: str | None) -> str:
    noun = unit_named(locale, symbol) if symbol else None
    return locale.units.per.format(unit=words, per=noun.one) if noun else words


def _say_magnitude(locale: Locale, found: re.Match[str], currency: Currency) -> str:
    noun = locale.money.magnitudes[found["magnitude"]]
    words = " ".join(count(locale, found["end"] or found["number"], noun))
    if found["end"]:
        start = say_number(locale, found["number"], noun.form)
        words = locale.span.format(start=start, end=words)
    return locale.money.of.format(number=words, currency=currency.major.many)


def _say_amount(locale: Locale, text: str, currency: Currency) -> str:
    figure = parse(locale, text)
    if len(figure.fraction) != 2 or currency.minor is None:
        return " ".join(count(locale, text, currency.major))
    major = " ".join(count(locale, figure.whole, currency.major))
    if figure.fraction == "00":
        return major
    minor = " ".join(count(locale, str(int(figure.fraction)), currency.minor))
    if not figure.whole.strip("0"):
        return minor
    return locale.money.both.format(major=major, minor=minor)
