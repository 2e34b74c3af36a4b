"""What is left when everything with a meaning of its own is said: sums, signs, bare numbers."""

import re
from collections.abc import Iterator
from functools import partial

from wyoming_kokoro.text.normalize.figures import (
    number_pattern,
    say_digits,
    say_number,
    say_whole,
    signed_pattern,
)
from wyoming_kokoro.text.normalize.locale import Locale, Rule

_EXPONENTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_OPERAND = r"[\w)²³°%]"


def rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules for signs and bare numbers; after them no digit is left."""
    number, signed = number_pattern(locale), signed_pattern(locale)
    if locale.power:
        yield Rule(
            "power",
            re.compile(rf"(?<![\w.])({number}|[^\W\d_](?![^\W\d_]))(?:\^(-?\d+)|([⁰¹²³⁴-⁹⁻]+))"),
            partial(_say_power, locale),
        )
    yield Rule(
        "sum",
        re.compile(rf"(?<={_OPERAND})(?:\s([-−+*/÷×x])\s|([+*÷×]))(?=[\d(.]|[^\W\d_](?!\w))"),
        lambda found: f" {_operator(locale, found[1] or found[2])} ",
    )
    signs = "".join(map(re.escape, locale.signs))
    yield Rule(
        "sign",
        re.compile(rf"\s?([{signs}])\s?") if signs else re.compile("(?!)"),
        lambda found: f" {locale.signs[found[1]]} ",
    )
    yield Rule(
        "slash",
        re.compile(r"(?<=[^\W_])\s?/\s?(?=[^\W_])"),
        lambda _: " ",
    )
    yield Rule(
        "code",
        re.compile(
            r"(?<![\w.,])(?=[^\W_]*\d)(?=[^\W_]*[^\W\d_])[^\W_]{2,12}(?:-[^\W_]{1,12})*(?!\w)"
        ),
        lambda found: split_code(locale, found.group()),
    )
    yield Rule(
        "number.signed",
        re.compile(rf"(?<![\w.,]){signed}(?!\d)"),
        lambda found: say_number(locale, found.group()),
    )
    yield Rule(
        "number",
        re.compile(rf"{number}|\d+"),
        lambda found: _apart(found, say_number(locale, found.group())),
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
    exponent = found[2] or found[3].translate(_EXPONENTS)
    base = found[1] if found[1].isalpha() else say_number(locale, found[1])
    if not exponent.lstrip("-").isdigit() or "-" in exponent[1:]:
        return found.group()
    template = locale.power.get(exponent) or locale.power[""]
    return template.format(base=base, exponent=say_number(locale, exponent))


def _operator(locale: Locale, sign: str) -> str:
    if sign in "-−":
        return locale.minus
    if sign == "+":
        return locale.plus
    key = {"*": "×", "x": "×", "/": "÷"}.get(sign, sign)
    return locale.signs.get(key, "")


def _apart(found: re.Match[str], words: str) -> str:
    """Return `words` with a space on the sides where a word touches the number."""
    before = found.string[found.start() - 1 : found.start()]
    after = found.string[found.end() : found.end() + 1]
    return f"{' ' if before.isalnum() else ''}{words}{' ' if after.isalnum() else ''}"
