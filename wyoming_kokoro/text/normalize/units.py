"""Numbers with a unit or a percent sign said in words."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache, partial

from wyoming_kokoro.text.normalize.figures import (
    NO_DIGIT_BEFORE,
    NOT_IN_WORD,
    count,
    say_number,
    say_sign,
    signed_pattern,
)
from wyoming_kokoro.text.normalize.locale import Locale, Rule
from wyoming_kokoro.text.normalize.numbers import Noun
from wyoming_kokoro.text.normalize.tables import choice

_LONGEST_ARTICLE = 12
_QUOTES = frozenset("'\"")
_QUOTE = re.compile(r'(\d?)"')
_NEAR_QUOTE = 200
_NO_UNITS = frozenset(["TV"])
"""What has a prefix and a base, and is something else."""

_TELLING = re.compile(r"[a-z][A-Z]|Hz\Z|[°µ].|[²³]")
"""In a symbol that can be nothing but a unit, also without a number."""


def rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules for percentages, then for units."""
    yield from _percent_rules(locale)
    signed = signed_pattern(locale)
    before = rf"{NO_DIGIT_BEFORE}(?:(?P<start>{signed})(?:\s?(?:{_symbols(locale)}))?\s?[-–]\s?)?"
    yield Rule(
        "unit",
        re.compile(rf"{before}(?P<number>{signed})[\s-]?{unit_pattern(locale)}"),
        partial(_say_measure, locale),
        needs_digits=True,
    )
    if locale.units.tight:
        yield Rule(
            "unit.tight",
            re.compile(
                rf"{NO_DIGIT_BEFORE}(?:(?P<start>{signed})\s?[-–]\s?)?"
                rf"(?P<number>{signed})(?P<unit>{choice(locale.units.tight)}){NOT_IN_WORD}"
            ),
            partial(_say_measure, locale),
            needs_digits=True,
        )
    yield from _bare_rules(locale)


@cache
def unit_pattern(locale: Locale) -> str:
    """Return the pattern of a unit that follows a number, as the group `unit`."""
    simple = rf"(?:{_symbols(locale)})(?:{choice(locale.units.powers)})?"
    return rf"(?P<unit>{simple}(?:\s?/\s?{simple})?){NOT_IN_WORD}"


@lru_cache(maxsize=1024)
def unit_named(locale: Locale, symbol: str) -> Noun | None:
    """Return the unit that `symbol` means, None if there is none: `kWh`, `µg/m³`, `m2`."""
    units = locale.units
    if symbol in units.exact:
        return units.exact[symbol]
    whole, slash, per = symbol.partition("/")
    if slash:
        return _divided(locale, unit_named(locale, whole), unit_named(locale, per))
    if symbol in _NO_UNITS:
        return None
    base = None if symbol in units.prefixed_only else units.bases.get(symbol)
    return base or _raised(locale, symbol) or _prefixed(locale, symbol)


@cache
def _symbols(locale: Locale) -> str:
    """Return a pattern for the symbols that may stand apart from their number.

    It finds some that are none, such as `B` of bytes alone, and `unit_named` refuses them.
    """
    units = locale.units
    exact, prefixes = choice(units.exact.keys() - units.tight), choice(units.prefixes)
    return rf"{exact}|(?:{prefixes})?(?:{choice(units.bases)})"


def _percent_rules(locale: Locale) -> Iterator[Rule]:
    signed = signed_pattern(locale)
    yield Rule(
        "percent",
        re.compile(rf"{NO_DIGIT_BEFORE}(?:({signed})(?:\s?%)?\s?[-–]\s?)?({signed})\s?%"),
        partial(_say_percent, locale),
    )
    yield Rule("percent.alone", re.compile("%"), lambda _: f" {locale.units.percents} ")


def _say_percent(locale: Locale, found: re.Match[str]) -> str:
    sign = found[2][0] if found[2][0] in "-−+±" else ""
    if sign and not locale.units.percent.startswith("{number}"):
        percent = locale.units.percent.format(number=say_number(locale, found[2][1:]))
        return f"{say_sign(locale, sign)}{percent}"
    number = say_number(locale, found[2])
    if found[1]:
        number = locale.span.format(start=say_number(locale, found[1]), end=number)
    return locale.units.percent.format(number=number)


def _bare_rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rule for units without a number: "in km/h", "fifteen cents/kWh"."""
    units = locale.units
    prefixed = (f"{prefix}{base}" for prefix in units.prefixes for base in units.bases)
    telling = choice(symbol for symbol in (*units.exact, *prefixed) if _TELLING.search(symbol))
    symbols = _symbols(locale)
    yield Rule(
        "unit.bare",
        re.compile(
            rf"(?<![\w.])(?P<unit>(?:{symbols})/(?:{symbols})[²³]?|{telling}){NOT_IN_WORD}(?!/)"
        ),
        partial(_say_bare, locale),
    )


def _say_bare(locale: Locale, found: re.Match[str]) -> str | None:
    noun = unit_named(locale, found["unit"])
    if noun is None:
        return None
    before = found.string[: found.start()]
    per = locale.units.per.format(unit="", per="").strip()
    single = rf"(?i)(?<!\w)(?:{locale.units.one_after or per})\s?\Z"
    return noun.one if per and re.search(single, before[-_LONGEST_ARTICLE:]) else noun.many


def _say_measure(locale: Locale, found: re.Match[str]) -> str | None:
    noun = unit_named(locale, re.sub(r"\s?/\s?", "/", found["unit"]))
    if noun is None or _closes_quotation(found):
        return None
    number, unit = count(locale, found["number"], noun)
    if found["start"]:
        start = say_number(locale, found["start"], noun.form)
        number = locale.span.format(start=start, end=number)
        unit = noun.many
    return locale.units.said.format(number=number, unit=unit)


def _closes_quotation(found: re.Match[str]) -> bool:
    """Say whether the sign of the unit is the end of a quotation rather than a unit: "5"."""
    mark = found["unit"]
    if mark not in _QUOTES:
        return False
    before = found.string[max(0, found.start() - _NEAR_QUOTE) : found.start()]
    return before.endswith(mark) or (mark == '"' and is_quoted(before))


def is_quoted(before: str) -> bool:
    """Say whether a quotation has begun and not ended in the text `before` a number. Behind a digit
    a quote ends one if there is one, and means inches otherwise."""
    quoted = False
    for digit in _QUOTE.findall(before):
        quoted = not quoted if not digit else False
    return quoted


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
