"""Formulas, coordinates, hours from Greenwich and factorials said in words."""

import re
from collections.abc import Iterator
from functools import partial

from wyoming_kokoro.text.normalize.figures import (
    NO_DIGIT_BEFORE,
    cardinal,
    count,
    say_number,
    say_whole,
)
from wyoming_kokoro.text.normalize.locale import Locale, Rule, where_digits
from wyoming_kokoro.text.normalize.tables import choice, words

_ELEMENTS = words(
    """
    H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br
    Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pt W Au Hg Pb Bi U
    """
)
_FORMULA = rf"(?:(?:{choice(_ELEMENTS)})[\d₀-₉]{{0,3}}){{2,8}}+"
_NAMES = frozenset(words("CoV LiPo NaN BiOS CoS PbS SiP HoReCa InCo AsIs NoSi B2B C2C B2C P2P"))
"""Names that could be formulas."""

_CERTAIN = re.compile(r"[a-z]|\d[A-Z]|(?:NO3|SO[34]|PO4|SF6|UF6|NH[34]|CH4)\Z")
"""In a formula without small letters: otherwise it may be a name, `PS5`."""

_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_MAKES = (
    "equals|is|makes|son|es|vale|fa|è|vaut|fait|est|é|dá|igual a|es igual a|est égal à|gleich|ist|"
    "ergibt|बराबर|=|等于|是|为|除以|乘以|は"
)
"""What may stand between a factorial and its value."""

_PART = re.compile(r"[A-Za-z]+|\d+")


def formula_rule(locale: Locale) -> Rule:
    """Return the rule for formulas: letters one by one, counts as numbers."""

    def say(found: re.Match[str]) -> str | None:
        formula = found.group().translate(_SUBSCRIPTS)
        if formula in _NAMES or not _CERTAIN.search(formula):
            return None
        return " ".join(
            cardinal(locale, int(part)) if part.isdecimal() else locale.letters(part)
            for part in _PART.findall(formula)
        )

    return Rule("science.formula", re.compile(rf"(?<![\w.-]){_FORMULA}(?![\w'’-])"), say)


def rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules for positions on earth, hours from Greenwich, and factorials."""
    return where_digits(_rules(locale))


def _rules(locale: Locale) -> Iterator[Rule]:
    if locale.compass:
        minutes = r"(?:\s?(?P<minutes>\d{1,2}(?:\.\d{1,4})?)\s?['′’])"
        seconds = r"(?:\s?(?P<seconds>\d{1,2}(?:\.\d{1,4})?)\s?(?:[\"″”]|''))"
        point = rf"\s?(?P<point>{choice(locale.compass)})(?![\w'’]|[.-]\w)"
        yield Rule(
            "science.position",
            re.compile(
                rf"{NO_DIGIT_BEFORE}(?P<degrees>-?\d{{1,3}}(?:\.\d{{1,8}})?)\s?°"
                rf"(?:{minutes}{seconds}?)?(?:{point})?"
            ),
            partial(_say_position, locale),
        )
    yield Rule(
        "science.hours",
        re.compile(r"(?<!\w)(UTC|GMT)\s?([-−–+±])\s?(\d{1,2})(?::([0-5]\d))?(?![\w:]|[.,]\d)"),
        partial(_say_hours, locale),
    )
    yield Rule(
        "science.factorial",
        re.compile(
            rf"(?<![\w.,])(\d{{1,3}})[!！](?:(\s?/)(?=\s?\d)|(?=\s?[=≈×*/÷+-]|\s?(?:{_MAKES})\s?\d"
            r"|\s\d[\d,]{0,20}\sके बराबर))"
        ),
        partial(_say_factorial, locale),
    )


def _say_position(locale: Locale, found: re.Match[str]) -> str | None:
    if not found["minutes"] and not found["point"]:
        return None  # degrees of warmth
    units = zip(("degrees", "minutes", "seconds"), ("°", *locale.angles), strict=True)
    angle = " ".join(
        locale.units.said.format(number=number, unit=unit)
        for number, unit in (
            count(locale, found[name], locale.units.exact[sign])
            for name, sign in units
            if found[name]
        )
    )
    if not found["point"]:
        return angle
    return locale.position.format(angle=angle, point=locale.compass[found["point"]])


def _say_factorial(locale: Locale, found: re.Match[str]) -> str:
    said = locale.factorial.format(number=say_whole(locale, found[1]))
    return f"{said} ÷ " if found[2] else said


def _say_hours(locale: Locale, found: re.Match[str]) -> str:
    name, sign, hours, minutes = found.groups()
    word = {"+": locale.plus, "±": locale.signs.get("±", "")}.get(sign, locale.minus)
    said = f"{name} {word} {say_whole(locale, hours.lstrip('0') or '0')}"
    if minutes and int(minutes):
        return f"{said} {say_number(locale, minutes.lstrip('0'))}"
    return said
