"""Numbers with what they count, said in words: money, measures, percentages."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial

from wyoming_kokoro.text.normalize.figures import (
    NO_DIGIT_BEFORE,
    count,
    number_pattern,
    parse,
    say_number,
    signed_pattern,
)
from wyoming_kokoro.text.normalize.locale import Currency, Figure, Locale, Noun, Rule

_NOT_IN_WORD = r"(?![^\W_])"


def rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules for money, then percentages and units."""
    yield from _money_rules(locale)
    yield from _percent_rules(locale)
    yield from _unit_rules(locale)


def _choice(signs: Iterable[str]) -> str:
    """Return a pattern for any of `signs`, the longest first."""
    return "|".join(map(re.escape, sorted(signs, key=len, reverse=True)))


def _money_rules(locale: Locale) -> Iterator[Rule]:
    money, number = locale.money, number_pattern(locale)
    signs = _choice(money.signs)
    magnitude = rf"(?:\s?(?P<magnitude>{_choice(money.magnitudes)}){_NOT_IN_WORD})?"
    magnitude = magnitude if money.magnitudes else "(?P<magnitude>(?!))?"
    yield Rule(
        "money.before",
        re.compile(
            rf"(?<![^\W\d_])(?P<minus>(?<!\w)-)?(?P<sign>{signs})\s?(?P<minus2>-)?"
            rf"(?P<number>{number})(?:\s?[-–]\s?(?:(?P=sign)\s?)?(?P<end>{number}))?{magnitude}"
        ),
        partial(_say_money, locale),
    )
    yield Rule(
        "money.after",
        re.compile(
            rf"{NO_DIGIT_BEFORE}(?P<minus>(?<!\w)-)?(?P<number>{number})"
            rf"(?:\s?[-–]\s?(?P<end>{number}))?{magnitude}\s?(?P<sign>{signs}){_NOT_IN_WORD}"
        ),
        partial(_say_money, locale),
    )
    if money.minor_signs:
        minor = _choice(money.minor_signs)
        yield Rule(
            "money.minor",
            re.compile(rf"{NO_DIGIT_BEFORE}(?P<number>{number})(?P<sign>{minor}){_NOT_IN_WORD}"),
            lambda found: " ".join(
                count(locale, found["number"], money.minor_signs[found["sign"]])
            ),
        )


def _say_money(locale: Locale, found: re.Match[str]) -> str:
    parts = found.groupdict()
    currency = locale.money.signs[found["sign"]]
    if parts["magnitude"]:
        words = _say_magnitude(locale, found, currency)
    elif parts["end"]:
        start = say_number(locale, parts["number"], currency.major.form)
        words = locale.span.format(start=start, end=_say_amount(locale, parts["end"], currency))
    else:
        words = _say_amount(locale, parts["number"], currency)
    minus = parts["minus"] or parts.get("minus2")
    return f"{locale.minus} {words}" if minus else words


def _say_magnitude(locale: Locale, found: re.Match[str], currency: Currency) -> str:
    number = say_number(locale, found["number"])
    if found["end"]:
        end = say_number(locale, found["end"])
        number = locale.span.format(start=number, end=end)
    words = f"{number} {locale.money.magnitudes[found['magnitude']]}"
    return locale.money.of.format(number=words, currency=currency.major.many)


def _say_amount(locale: Locale, text: str, currency: Currency) -> str:
    figure = parse(locale, text)
    if len(figure.fraction) != 2 or currency.minor is None:
        return " ".join(count(locale, text, currency.major))
    whole = Figure(figure.whole)
    major = " ".join(_count_figure(locale, whole, currency.major))
    if figure.fraction == "00":
        return major
    minor = " ".join(_count_figure(locale, Figure(str(int(figure.fraction))), currency.minor))
    if not figure.whole.strip("0"):
        return minor
    return locale.money.both.format(major=major, minor=minor)


def _count_figure(locale: Locale, figure: Figure, noun: Noun) -> tuple[str, str]:
    return count(locale, figure.whole, noun)


def _percent_rules(locale: Locale) -> Iterator[Rule]:
    signed = signed_pattern(locale)
    yield Rule(
        "percent",
        re.compile(rf"{NO_DIGIT_BEFORE}(?:({signed})(?:\s?%)?(\s?[-–]\s?))?({signed})\s?%"),
        partial(_say_percent, locale),
    )
    yield Rule("percent.alone", re.compile("%"), lambda _: f" {locale.units.percents} ")


def _say_percent(locale: Locale, found: re.Match[str]) -> str:
    number = say_number(locale, found[3])
    if found[1]:
        number = locale.span.format(start=say_number(locale, found[1]), end=number)
    return locale.units.percent.format(number=number)


def _unit_rules(locale: Locale) -> Iterator[Rule]:
    signed, units = signed_pattern(locale), locale.units
    prefixed = {f"{prefix}{base}" for prefix in units.prefixes for base in units.bases}
    known = {*units.exact, *units.bases, *prefixed}
    loose = _choice(known - units.tight)
    simple = rf"(?:{loose}){_power_pattern(locale)}"
    unit = rf"(?P<unit>{simple}(?:(?:\s?/\s?|\s?[·⋅]\s?){simple})?){_NOT_IN_WORD}"
    before = (
        rf"{NO_DIGIT_BEFORE}(?:(?P<start>{signed})(?:\s?(?P<unit0>{loose}))?(?P<to>\s?[-–]\s?))?"
    )
    yield Rule(
        "unit",
        re.compile(rf"{before}(?P<number>{signed})[\s-]?{unit}"),
        partial(_say_measure, locale),
    )
    if units.tight:
        yield Rule(
            "unit.tight",
            re.compile(
                rf"{NO_DIGIT_BEFORE}(?:(?P<start>{signed})(?P<unit0>(?!))?\s?[-–]\s?)?"
                rf"(?P<number>{signed})(?P<unit>{_choice(units.tight)}){_NOT_IN_WORD}"
            ),
            partial(_say_measure, locale),
        )


def _power_pattern(locale: Locale) -> str:
    powers = _choice(locale.units.powers)
    return rf"(?:{powers})?" if powers else ""


def _say_measure(locale: Locale, found: re.Match[str]) -> str | None:
    noun = unit_named(locale, re.sub(r"\s", "", found["unit"]))
    if noun is None:
        return None
    number, unit = count(locale, found["number"], noun)
    if found["start"]:
        start = say_number(locale, found["start"], noun.form)
        number = locale.span.format(start=start, end=number)
        unit = noun.many
    return locale.units.said.format(number=number, unit=unit)


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
