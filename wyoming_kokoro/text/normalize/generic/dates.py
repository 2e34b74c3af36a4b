"""Dates as CLDR writes them in, templates to say them by out; and what is shortened in them."""

import re
from collections.abc import Sequence

_LONGEST_SIGN = 5


def date_pattern(pattern: str) -> str:
    """Return CLDR's pattern of a long date as a template, less signs and what is shortened."""
    template = re.sub(r"M+", "{month}", pattern)
    template = re.sub(r"(?<![{\w])d+(?!\w)|(?<=\s)d+(?=[^\w])", "{day}", template)
    template = re.sub(r"(?<![{\w])y+(?!\w)|y(?=[^\w}a])", "{year}", template)
    parts = re.findall(r"\{(?:day|month|year)\}|[^{}]+", template)
    kept = [part if part[0] == "{" or re.fullmatch(r"[\s\w’']+", part) else " " for part in parts]
    whole = " ".join("".join(kept).split())
    complete = all(f"{{{part}}}" in whole for part in ("day", "month", "year"))
    return whole if complete else "{day} {month} {year}"


def without_year(pattern: str) -> str:
    """Return a template without the year, and what joins it."""
    return re.sub(r"[^{}]{0,9}\{year\}\Z|\A\{year\}[^{}]{0,9}", "", pattern)


def between(pattern: str) -> str:
    """Return a pattern of the word between day and month, "" where there is none."""
    found = re.search(r"\{day\}\s+([\w’']+)\s+\{month\}", pattern)
    return re.escape(found[1]) if found else ""


def month_signs(signs: Sequence[str], months: Sequence[str]) -> dict[str, int]:
    """Return the number of each month by how it is shortened, if that is no other word."""
    names = {month.lower() for month in months}
    shown = ((sign.rstrip(".").lower(), number) for number, sign in enumerate(signs, 1))
    return {
        sign: number
        for sign, number in shown
        if sign not in names and 2 < len(sign) <= _LONGEST_SIGN and sign.isalpha()
    }


def weekday_signs(signs: Sequence[str], weekdays: Sequence[str]) -> dict[str, str]:
    """Return each weekday by how it is shortened, if that has letters enough to be told."""
    found = {}
    for sign, name in zip(signs, weekdays, strict=True):
        bare = sign.rstrip(".")
        if len(bare) > 2 and bare.isalpha() and bare.lower() != name.lower():
            found[bare] = name
    return found
