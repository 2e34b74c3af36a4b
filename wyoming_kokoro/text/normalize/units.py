"""Numbers with a unit or a percent sign said in words."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache, partial

from wyoming_kokoro.text.normalize.figures import (
    NO_DIGIT_BEFORE,
    count,
    say_number,
    signed_pattern,
)
from wyoming_kokoro.text.normalize.locale import Locale, Noun, Rule
from wyoming_kokoro.text.normalize.tables import choice

_NOT_IN_WORD = r"(?![^\W_])"
_TELLING = re.compile(r"[a-z][A-Z]|Hz\Z|[°µ²³].")
"""In a symbol that can be nothing but a unit, also without a number."""


def rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules for percentages, then for units."""
    yield from _percent_rules(locale)
    signed = signed_pattern(locale)
    before = (
        rf"{NO_DIGIT_BEFORE}"
        rf"(?:(?P<start>{signed})(?:\s?(?:{choice(_loose(locale))}))?\s?[-–]\s?)?"
    )
    yield Rule(
        "unit",
        re.compile(rf"{before}(?P<number>{signed})[\s-]?{unit_pattern(locale)}"),
        partial(_say_measure, locale),
    )
    if locale.units.tight:
        yield Rule(
            "unit.tight",
            re.compile(
                rf"{NO_DIGIT_BEFORE}(?:(?P<start>{signed})\s?[-–]\s?)?"
                rf"(?P<number>{signed})(?P<unit>{choice(locale.units.tight)}){_NOT_IN_WORD}"
            ),
            partial(_say_measure, locale),
        )
    yield from _bare_rules(locale)


@cache
def unit_pattern(locale: Locale) -> str:
    """Return the pattern of a unit that follows a number, as the group `unit`."""
    simple = rf"(?:{choice(_loose(locale))})(?:{choice(locale.units.powers)})?"
    return rf"(?P<unit>{simple}(?:\s?/\s?{simple})?){_NOT_IN_WORD}"


@lru_cache(maxsize=1024)
def unit_named(locale: Locale, symbol: str) -> Noun | None:
    """Return the unit that `symbol` means, None if there is none: `kWh`, `µg/m³`, `m2`."""
    units = locale.units
    if symbol in units.exact:
        return units.exact[symbol]
    whole, slash, per = symbol.partition("/")
    if slash:
        return _divided(locale, unit_named(locale, whole), unit_named(locale, per))
    return units.bases.get(symbol) or _raised(locale, symbol) or _prefixed(locale, symbol)


@cache
def _known(locale: Locale) -> frozenset[str]:
    units = locale.units
    prefixed = (f"{prefix}{base}" for prefix in units.prefixes for base in units.bases)
    return frozenset([*units.exact, *(units.bases.keys() - units.prefixed_only), *prefixed])


def _loose(locale: Locale) -> frozenset[str]:
    """Return the symbols that may stand apart from their number."""
    return _known(locale) - locale.units.tight


def _percent_rules(locale: Locale) -> Iterator[Rule]:
    signed = signed_pattern(locale)
    yield Rule(
        "percent",
        re.compile(rf"{NO_DIGIT_BEFORE}(?:({signed})(?:\s?%)?\s?[-–]\s?)?({signed})\s?%"),
        partial(_say_percent, locale),
    )
    yield Rule("percent.alone", re.compile("%"), lambda _: f" {locale.units.percents} ")


def _say_percent(locale: Locale, found: re.Match[str]) -> str:
    number = say_number(locale, found[2])
    if found[1]:
        number = locale.span.format(start=say_number(locale, found[1]), end=number)
    return locale.units.percent.format(number=number)


def _bare_rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rule for units without a number: "in km/h", "fifteen cents/kWh"."""
    telling = choice(symbol for symbol in _known(locale) if _TELLING.search(symbol))
    anything = choice(symbol for symbol in _loose(locale) if symbol.isalpha())
    yield Rule(
        "unit.bare",
        re.compile(
            rf"(?<![\w.])(?P<unit>(?:{anything})/(?:{anything})[²³]?|{telling}){_NOT_IN_WORD}(?!/)"
        ),
        partial(_say_bare, locale),
    )


def _say_bare(locale: Locale, found: re.Match[str]) -> str | None:
    noun = unit_named(locale, found["unit"])
    if noun is None:
        return None
    per = locale.units.per.format(unit="", per="").strip()
    before = found.string[: found.start()].rstrip()
    return noun.one if per and before.endswith(per) else noun.many


def _say_measure(locale: Locale, found: re.Match[str]) -> str | None:
    noun = unit_named(locale, re.sub(r"\s?/\s?", "/", found["unit"]))
    if noun is None:
        return None
    number, unit = count(locale, found["number"], noun)
    if found["start"]:
        start = say_number(locale, found["start"], noun.form)
        number = locale.span.format(start=start, end=number)
        unit = noun.many
    return locale.units.said.format(number=number, unit=unit)


def _divided(locale: Locale, whole: Noun | None, per: Noun | None) -> Noun | None:
    if whole is None or per is None:
        return None
    one, many = (
        locale.units.per.format(unit=unit, per=per.one) for unit in (whole.one, whole.many)
    )
    return Noun(one, many, whole.form)


def _raised(locale: Locale, symbol: str) -> Noun | None:
    for sign, template in locale.units.powers.items():
        noun = unit_named(locale, symbol.removesuffix(sign)) if symbol.endswith(sign) else None
        if noun:
            one, many = (template.format(unit=unit) for unit in (noun.one, noun.many))
            return Noun(one, many, noun.form)
    return None


def _prefixed(locale: Locale, symbol: str) -> Noun | None:
    for prefix, word in locale.units.prefixes.items():
        noun = locale.units.bases.get(symbol.removeprefix(prefix))
        if noun and symbol.startswith(prefix):
            return Noun(f"{word}{noun.one}", f"{word}{noun.many}", noun.form)
    return None
