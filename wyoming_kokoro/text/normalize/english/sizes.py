"""How big, how many, how much: what only English writes of sizes and amounts."""

import re
from collections.abc import Iterator
from functools import partial

from wyoming_kokoro.text.normalize.english.places import say_in_pairs
from wyoming_kokoro.text.normalize.figures import cardinal, number_pattern, say_number
from wyoming_kokoro.text.normalize.locale import Locale, Rule, where_digits
from wyoming_kokoro.text.normalize.tables import choice
from wyoming_kokoro.text.normalize.units import unit_named

_MAGNITUDES = {"k": "thousand", "K": "K", "M": "million", "B": "billion"}
_LONGEST_RUN = 20
"""Kilometers of a "5k", the race; more of them are thousands."""

_NO_NOUN = (
    "a|ago|and|are|at|away|but|by|deep|each|for|from|has|he|high|i|if|in|is|it|later|left|less|long|"
    "more|of|off|old|on|or|over|per|remaining|she|so|tall|than|that|the|they|thick|to|until|was|we|"
    "were|when|wide|will|with|you"
)
_BEFORE = r"(?<!\w)(?P<before>(?:[Aa]n?|[Tt]he|[Yy]our|[Mm]y|[Tt]h(?:is|at)|[Ii]ts|[Nn]ew)\s)"
"""What comes before a measure that describes the noun after it."""

_UNIT = r"(?P<unit>[°º]?[^\W\d_]{1,12}(?:/[^\W\d_]{1,3})?[²³]?|[\"″'′])"
"""What may be the sign of a unit, or a word."""


def rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules: those of amounts first."""
    yield from where_digits(_amount_rules(locale))
    yield from where_digits(_picture_rules(locale))
    yield _attribute_rule(locale)
    yield Rule(
        "en.per.one",
        re.compile(
            r"(?<![\w./:-])(?P<number>[$€£]?\d[\d.,]{0,9}+[p¢]?)/"
            r"(?!half|quarter|third|fifth|eighth|tenth|or\b|and\b)"
            r"(?P<word>[a-z]{3,20}+)(?![\w/]|\.\w)"
        ),
        partial(_say_each, locale),
    )
    yield Rule(
        "en.attribute.money",
        re.compile(
            rf"{_BEFORE}(?P<sign>{choice(locale.money.signs)})(?P<number>\d[\d,]*+)[\s-]"
            rf"(?!(?:{_NO_NOUN}|{choice(locale.money.magnitudes)})\b)(?=[a-z])"
        ),
        partial(_say_price, locale),
    )
    yield Rule(
        "en.half",
        re.compile(rf"(?<=\b[Aa]\s)(?:½|1/2)(?:[\s-]{_UNIT}(?!\w)|(?![\d/]))"),
        partial(_say_half, locale),
    )
    yield Rule(
        "en.height",
        re.compile(r"(?<![\w.,/])([3-8])['′’]\s?(1[01]|\d)(?:[\"″”]|''|(?![\w'.]))"),
        lambda found: f"{cardinal(locale, int(found[1]))} foot {cardinal(locale, int(found[2]))}",
    )
    yield Rule("en.stone", re.compile(r"(?<![\w.,])(\d{1,2})st(?!\w)"), partial(_say_stone, locale))


def _amount_rules(locale: Locale) -> Iterator[Rule]:
    yield Rule(
        "en.decimal_comma",
        re.compile(
            r"(?<![\d.,])(€\s?)?(\d{1,3}(?:\.\d{3}){0,4}),(\d\d)(?(1)(?![\d,])|(?=\s?(?:€|EUR)))"
        ),
        lambda found: f"{found[1] or ''}{found[2].replace('.', '')}.{found[3]}",
    )
    yield Rule(
        "en.thousands",
        re.compile(r"(?<![\w.,$€£¥–-])(\d{1,3}(?:\.\d{1,2})?)([kKMB])(?=\s[a-z]|[.,;!?)]|\Z)"),
        partial(_say_magnitude, locale),
    )


def _say_magnitude(locale: Locale, found: re.Match[str]) -> str:
    number, sign = found.groups()
    short = sign == "k" and float(number) < _LONGEST_RUN
    return f"{say_number(locale, number)} {'K' if short else _MAGNITUDES[sign]}"


def _picture_rules(locale: Locale) -> Iterator[Rule]:
    yield Rule(
        "en.screen",
        re.compile(
            r"(?<![\w.,])(\d{3,4})([pi])(?=\d{0,3}(?!\w))(?!\s?/|\s(?:an?|per|each|off|more|less)\b)"
        ),
        lambda found: f"{say_in_pairs(locale, int(found[1]))} {found[2]} ",
    )
    yield Rule(
        "en.boards",
        re.compile(r"(?<![\w.,])(\d{1,2})\s?[x×]\s?(\d{1,2})['’]?s(?!\w)"),
        lambda found: f"{cardinal(locale, int(found[1]))} by {_many(locale, int(found[2]))}",
    )
    yield Rule(
        "en.pixels",
        re.compile(r"(?<![\w.,])(\d{3,4})\s?[x×]\s?(\d{3,4})(?![\w.,]?\d)"),
        lambda found: " by ".join(say_in_pairs(locale, int(side)) for side in found.groups()),
    )


def _many(locale: Locale, number: int) -> str:
    """Return the plural of a number: "fours", "sixes"."""
    word = cardinal(locale, number)
    return (
        f"{word}es" if word.endswith("x") else f"{word[:-1]}ies" if word[-1] == "y" else f"{word}s"
    )


def _attribute_rule(locale: Locale) -> Rule:
    """Return the rule for a measure before a noun, whose unit is singular: "a 65 inch TV"."""
    return Rule(
        "en.attribute",
        re.compile(
            rf"{_BEFORE}(?P<number>(?!\d*0s){number_pattern(locale)})(?P<apart>[\s-]?){_UNIT}"
            rf"(?=\s(?!(?:{_NO_NOUN})\b)[A-Za-z])"
        ),
        partial(_say_attribute, locale),
    )


def _say_attribute(locale: Locale, found: re.Match[str]) -> str | None:
    noun = unit_named(locale, found["unit"])
    if noun is None or (found["unit"] in locale.units.tight and found["apart"]):
        return None
    return f"{found['before']}{say_number(locale, found['number'])} {noun.one}"


def _say_price(locale: Locale, found: re.Match[str]) -> str:
    """Say what something costs before its name: "a five dollar coupon"."""
    currency = locale.money.signs[found["sign"]].major.one
    return f"{found['before']}{say_number(locale, found['number'])} {currency} "


def _say_each(locale: Locale, found: re.Match[str]) -> str:
    """Say what there is of something for one: "two per household"."""
    noun = unit_named(locale, found["word"])
    return f"{found['number']} per {noun.one if noun else found['word']}"


def _say_half(locale: Locale, found: re.Match[str]) -> str:
    noun = unit_named(locale, found["unit"]) if found["unit"] else None
    return f"half {noun.one if noun else found['unit'] or ''}".rstrip()


def _say_stone(locale: Locale, found: re.Match[str]) -> str | None:
    """Say a weight, unless the number is "first" or "twenty first"."""
    number = int(found[1])
    if number % 10 == 1 and number != 11:
        return None
    return f"{cardinal(locale, number)} stone"
