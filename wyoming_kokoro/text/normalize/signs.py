"""What is left when everything with a meaning of its own is said: sums, signs, bare numbers."""

import re
from collections.abc import Iterator
from functools import partial

from wyoming_kokoro.text.normalize.figures import (
    NO_DIGIT_BEFORE,
    is_near,
    number_pattern,
    say_digits,
    say_number,
    say_whole,
    signed_pattern,
)
from wyoming_kokoro.text.normalize.locale import Locale, Rule
from wyoming_kokoro.text.normalize.tables import choice

_EXPONENTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_LETTER = "[^\\W\\d_⁰¹²³⁴-⁹]"
_EXPONENT = r"\^(?P<plain>-?\d{1,4})|(?P<raised>⁻?[⁰¹²³⁴-⁹]{1,4})"
_EQUATION = re.compile("=")
CODE = re.compile(
    r"(?<![\w.,-])(?=[^\W_-]{0,12}-?[^\W\d_]{0,12}-?\d|\d)(?=[\d-]{0,12}[^\W\d_])"
    r"[^\W_]{1,12}(?:-[^\W_]{1,12}){0,3}(?![\w-])"
)
"""Letters and digits that name a thing: `B12`, `C-3PO`."""
_COMPARISONS = {"<=": "≤", ">=": "≥", "!=": "≠", "==": "=", "+/-": "±", "->": " "}


def rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules for signs and bare numbers; after them no digit is left."""
    yield Rule(
        "comparison",
        re.compile(choice(_COMPARISONS)),
        lambda found: _COMPARISONS[found.group()],
    )
    if locale.power:
        yield from _power_rules(locale)
    yield from _sign_rules(locale)
    yield Rule("code", CODE, lambda found: split_code(locale, found.group()), needs_digits=True)
    yield from _number_rules(locale)


def _power_rules(locale: Locale) -> Iterator[Rule]:
    number, signed = number_pattern(locale), signed_pattern(locale)
    yield Rule(
        "power.ten",
        re.compile(rf"{NO_DIGIT_BEFORE}({signed})[eE]([+-]?\d{{1,3}})(?![\w.])"),
        lambda found: f"{found[1]} × 10^{found[2].lstrip('+')}",
    )
    yield Rule(
        "power",
        re.compile(rf"(?<![\w.])(?P<base>{number}|{_LETTER}{{1,3}})(?:{_EXPONENT})(?!\w)"),
        partial(_say_power, locale),
    )


def _sign_rules(locale: Locale) -> Iterator[Rule]:
    yield Rule(
        "sum",
        re.compile(
            r"(?<=[\w)])(?:\s([-−+÷×])\s|([+÷×]))(?=[\w(.√π])|(?<=[\d)])(\s?\*\s?|\s[/x]\s)(?=[\d(.])"
        ),
        partial(_say_operator, locale),
    )
    signs = "".join(map(re.escape, locale.signs))
    yield Rule(
        "sign",
        re.compile(rf"\s?([{signs}])\s?") if signs else re.compile("(?!)"),
        lambda found: f" {locale.signs[found[1]]} ",
    )
    yield Rule(
        "slash",
        re.compile(r"(?<=[^\W_])(?:\s?/\s?|:)(?=[^\W_])"),
        lambda _: " ",
    )


def _number_rules(locale: Locale) -> Iterator[Rule]:
    yield Rule(
        "number.signed",
        re.compile(rf"(?<![\w.,]){signed_pattern(locale)}(?!\d)"),
        lambda found: say_number(locale, found.group()),
        needs_digits=True,
    )
    yield Rule(
        "number",
        re.compile(rf"{number_pattern(locale)}|\d+"),
        lambda found: _apart(found, say_number(locale, found.group())),
        needs_digits=True,
    )


def split_code(locale: Locale, code: str) -> str:
    """Say `B12`, `4K` or `1080p`: letters and numbers in turn."""
    parts = re.findall(r"[^\W\d_]+|\d+|-", code)
    words = (
        say_whole(locale, part)
        if part.isdecimal() and len(part) < 5
        else say_digits(locale, part)
        if part.isdecimal()
        else part
        for part in parts
        if part != "-"
    )
    return " ".join(words)


def _say_power(locale: Locale, found: re.Match[str]) -> str:
    exponent = found["plain"] or found["raised"].translate(_EXPONENTS)
    base = found["base"]
    template = locale.power.get(exponent) or locale.power[""]
    return template.format(
        base=say_number(locale, base) if base[-1].isdecimal() else base,
        exponent=say_number(locale, exponent),
    )


def _say_operator(locale: Locale, found: re.Match[str]) -> str | None:
    sign = found.group().strip()
    if sign in "-−":
        if not is_near(_EQUATION, found):
            return None  # a dash
        word = locale.subtracted or locale.minus
    elif sign == "+":
        word = locale.added or locale.plus
    else:
        word = locale.signs.get({"*": "×", "x": "×", "/": "÷"}.get(sign, sign), "")
    return f" {word} "


def _apart(found: re.Match[str], words: str) -> str:
    """Return `words` with a space on the sides where a word touches the number."""
    before = found.string[found.start() - 1 : found.start()]
    after = found.string[found.end() : found.end() + 1]
    return f"{' ' if before.isalnum() else ''}{words}{' ' if after.isalnum() else ''}"
