"""Telephone numbers said digit by digit."""

import re
from collections.abc import Iterator

from wyoming_kokoro.text.normalize.figures import say_digits
from wyoming_kokoro.text.normalize.locale import Locale, Rule
from wyoming_kokoro.text.normalize.units import unit_pattern

_FEWEST_DIGITS = 7
"""Of a number with its country's code."""


def rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules for telephone numbers: they look like dates and ranges otherwise."""
    yield Rule(
        "phone",
        re.compile(
            r"(?<![\w.,:/@=-])(?:\+\d{1,3}(?:[ .-]?\(?\d{1,4}\)?){2,6}"
            r"|(?:1[ .-])?\(\d{3}\)[ .-]?\d{3}[ .-]\d{4}"
            r"|(?:1[ .-])?\d{3}([ .-])\d{3}\1\d{4}"
            r"|0\d{1,4}(?: \d{2,6}){1,4}"
            r"|\d{3}-\d{4})(?![\w%]|[.,:/-]\d)"
        ),
        lambda found: _say_phone(locale, found.group()),
    )
    if locale.emergency:
        yield Rule(
            "phone.short",
            re.compile(
                rf"(?i)(?<!\w)(?:{locale.emergency})\s\d{{3,7}}(?:(?:,|,?\s[^\W\d]{{1,3}})\s\d{{3}})?"
                rf"(?![\w%°]|[.,:/-]\d|\s{unit_pattern(locale)})"
            ),
            lambda found: re.sub(
                r"\d+", lambda digits: say_digits(locale, digits.group()), found.group()
            ),
        )


def _say_phone(locale: Locale, number: str) -> str | None:
    """Say every digit, with a pause between the groups."""
    groups = re.findall(r"\d+", number)
    if len("".join(groups)) < _FEWEST_DIGITS:
        return None
    plus = f"{locale.plus} " if number.startswith("+") else ""
    return plus + ", ".join(say_digits(locale, group) for group in groups)
