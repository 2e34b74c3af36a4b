"""Figures in, number words out, in any language that CLDR spells numbers for."""

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from wyoming_kokoro.text.normalize.locale import Locale
from wyoming_kokoro.text.normalize.numbers import Figure, Form, Noun, Numbers

if TYPE_CHECKING:
    from unicode_rbnf import RbnfEngine

LONGEST_NUMBER = 15
"""Digits beyond which a number is said one by one: it is a serial number, not an amount."""

_NEAR = 200
"""Characters between a number and a word that says what it is, at most."""

NO_DIGIT_BEFORE = r"(?<![\w.,])"
"""Before a number: it is not the middle of another or of a word."""

NOT_IN_WORD = r"(?!['’]?[^\W_])"
"""After a symbol: no word goes on with it, as "l'eau" does with a liter."""


def number_pattern(locale: Locale) -> str:
    """Return the pattern of an unsigned number as the language writes it, without groups."""
    whole = _whole_pattern(locale.numbers)
    decimal = f"[{re.escape(locale.numbers.decimals)}]"
    return rf"(?:{whole}(?:{decimal}\d++)?|{decimal}\d++)"


def signed_pattern(locale: Locale) -> str:
    """Return the pattern of a number and the sign that it may have."""
    return rf"(?:(?<!\w)[-−+±])?{number_pattern(locale)}"


def parse(locale: Locale, text: str) -> Figure:
    """Return the number that `text`, without a sign, writes in the language's own way.

    What it writes in another's, such as `1.250.000` in French, is a whole number.
    """
    found = _whole(locale.numbers).match(text)
    if found is None:
        return Figure("0", _digits_in(text))
    fraction = text[found.end() + 1 :]
    if fraction and not fraction.isdecimal():
        return Figure(_digits_in(text))
    return Figure(_digits_in(found.group()), fraction)


def _digits_in(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


def say_number(locale: Locale, text: str, form: Form = "") -> str:
    """Say `text`, a number with or without a sign, as the language writes it."""
    sign = text[0] if text[0] in "-−+±" else ""
    words = say_figure(locale, parse(locale, text.lstrip("-−+± ")), form)
    return f"{say_sign(locale, sign)} {words}" if sign else words


def say_figure(locale: Locale, figure: Figure, form: Form = "") -> str:
    """Say a number: its whole in `form`, then the digits of its fraction."""
    if not figure.fraction:
        return say_whole(locale, figure.whole, form)
    whole = say_whole(locale, figure.whole, locale.numbers.point_form)
    return f"{whole} {locale.numbers.point} {_say_fraction(locale, figure.fraction)}"


def say_whole(locale: Locale, digits: str, form: Form = "") -> str:
    """Say a whole number; digit by digit where it is a serial number."""
    if len(digits) > LONGEST_NUMBER or (len(digits) > 1 and digits[0] == "0"):
        return say_digits(locale, digits)
    return cardinal(locale, int(digits), form)


def say_digits(locale: Locale, digits: str) -> str:
    """Say every digit of `digits`."""
    form = locale.numbers.digit_form if len(digits) > 1 else ""
    return " ".join(cardinal(locale, int(digit), form) for digit in digits)


def cardinal(locale: Locale, number: int, form: Form = "") -> str:
    """Return the words of a whole number in `form`, or else for counting."""
    cardinals = locale.numbers.cardinals
    words = _spell(locale, number, cardinals.get(form) or cardinals[""])
    return locale.numbers.inflect(words, number, form)


def ordinal(locale: Locale, number: int, form: Form = "") -> str:
    """Return the words of a place in a row in `form`, or else the plain ones."""
    ordinals = locale.numbers.ordinals
    return _spell(locale, number, ordinals.get(form) or ordinals[""])


def year(locale: Locale, number: int) -> str:
    """Return the words of a year."""
    if locale.numbers.year:
        return locale.numbers.year(number)
    return _spell(locale, number, locale.numbers.years)


def count(locale: Locale, text: str, noun: Noun) -> tuple[str, str]:
    """Return the words of the number `text` before `noun`, and the form of the noun after it."""
    figure = parse(locale, text.lstrip("-−+± "))
    return say_number(locale, text, noun.form), _form_after(locale, figure, noun)


def _form_after(locale: Locale, figure: Figure, noun: Noun) -> str:
    if locale.numbers.is_one(figure):
        return noun.one
    special = {"f": noun.few, "t": noun.few, "p": noun.part}
    return special.get(locale.numbers.category(figure), "") or noun.many


def is_near(context: re.Pattern[str], found: re.Match[str]) -> bool:
    """Say whether `context` is found in the neighbourhood of what was `found`."""
    start, end = max(found.start() - _NEAR, 0), found.end() + _NEAR
    return context.search(found.string, start, end) is not None


def say_sign(locale: Locale, sign: str) -> str:
    """Return the word for the sign before a number."""
    if sign == "±":
        return locale.signs["±"]
    return locale.plus if sign == "+" else locale.minus


def _say_fraction(locale: Locale, digits: str) -> str:
    if not locale.numbers.fraction_as_number or len(digits) > 3:
        return say_digits(locale, digits)
    zeros = len(digits) - len(digits.lstrip("0"))
    words = [cardinal(locale, 0)] * zeros
    if zeros < len(digits):
        words.append(cardinal(locale, int(digits)))
    return " ".join(words)


def _whole_pattern(numbers: Numbers) -> str:
    if numbers.grouped:
        return rf"(?:{numbers.grouped}|\d++)"
    signs = map(re.escape, numbers.groups)
    grouped = (rf"[1-9]\d{{0,2}}(?:{sign}\d{{3}}){{1,6}}+(?!{sign}?\d)" for sign in signs)
    return rf"(?:{'|'.join(grouped)}|\d++)" if numbers.groups else r"\d++"


@cache
def _whole(numbers: Numbers) -> re.Pattern[str]:
    return re.compile(_whole_pattern(numbers))


@lru_cache(maxsize=4096)
def _spell_out(language: str, number: int, ruleset: str) -> str:
    spelled = _engine(language).format_number(number, ruleset_names=[ruleset])
    return spelled.text_by_ruleset[ruleset]


def _spell(locale: Locale, number: int, ruleset: str) -> str:
    words = _spell_out(locale.numbers.language, number, ruleset)
    for written, instead in locale.numbers.respell.items():
        words = words.replace(written, instead)
    return words


@cache
def _engine(language: str) -> "RbnfEngine":
    from unicode_rbnf import RbnfEngine

    return RbnfEngine.for_language(language)
