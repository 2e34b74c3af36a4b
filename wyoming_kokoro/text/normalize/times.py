"""Dates, times of day and durations said in words."""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from functools import partial

from wyoming_kokoro.text.normalize.figures import NO_DIGIT_BEFORE, count, number_pattern
from wyoming_kokoro.text.normalize.locale import Locale, Rule

_SPAN = r"\s?[-–—]\s?"
_ALWAYS = 4  # a leap year


def rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules for dates, then times, then durations."""
    yield from _date_rules(locale)
    yield from _clock_rules(locale)
    if locale.units.durations:
        yield _duration_rule(locale)


def _date_rules(locale: Locale) -> Iterator[Rule]:
    yield Rule(
        "date.iso",
        re.compile(
            r"(?<![\w.-])(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"
            r"(?:T(?P<time>\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?(?![\w-])"
        ),
        partial(_say_iso, locale),
    )
    order = {letter: rf"(?P<{name}>{digits})" for letter, name, digits in _PARTS}
    first, second, third = (order[letter] for letter in locale.dates.order)
    yield Rule(
        "date.figures",
        re.compile(rf"(?<![\w./-]){first}(?P<sep>[/.-]){second}(?P=sep){third}(?![\w]|[/.-]\d)"),
        partial(_say_figures, locale),
    )
    months = "|".join(sorted(_month_numbers(locale), key=len, reverse=True))
    month = rf"(?P<month>{months})(?!\w)(?:\.(?=,?\s\S))?"
    signs = rf"(?:(?:{locale.dates.day_signs})\b)?" if locale.dates.day_signs else ""
    day = rf"(?P<day>[0-3]?\d)(?![\d:]|[.,]\d){signs}"
    of = rf"(?:(?:{locale.dates.between})\s)?" if locale.dates.between else ""
    final = rf"(?:,?\s{of}(?P<year>[12]\d{{3}})(?![\w]|[.,:]\d))?"
    yield Rule(
        "date.day_month",
        re.compile(rf"(?i)(?<![\w.,/:-]){day}[\s-]{of}{month}{final}"),
        partial(_say_named, locale),
    )
    if locale.dates.month_first:
        yield Rule(
            "date.month_day",
            re.compile(rf"(?i)(?<!\w){month}\s{day}{final}"),
            partial(_say_named, locale),
        )
    yield Rule(
        "date.month_year",
        re.compile(rf"(?i)(?<!\w){month},?\s{of}(?P<year>[12]\d{{3}})(?![\w]|[.,:]\d)"),
        partial(_say_month_year, locale),
    )
    if locale.dates.weekday_signs:
        signs = "|".join(map(re.escape, locale.dates.weekday_signs))
        yield Rule(
            "date.weekday",
            re.compile(rf"(?<![\w.])(?P<day>{signs})\b(?:\.(?=\s*\S))?"),
            lambda found: locale.dates.weekday_signs[found["day"]],
        )


_PARTS = (("y", "year", r"\d{4}|\d{2}"), ("m", "month", r"\d{1,2}"), ("d", "day", r"\d{1,2}"))


def _month_numbers(locale: Locale) -> Mapping[str, int]:
    names = {name.lower(): number for number, name in enumerate(locale.dates.months, 1)}
    return {**locale.dates.month_signs, **names}


def _is_date(day: int, month: int, year: int | None) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year or _ALWAYS, month)[1]


def _say_iso(locale: Locale, found: re.Match[str]) -> str | None:
    year, month, day = int(found["year"]), int(found["month"]), int(found["day"])
    if year == 0 or not _is_date(day, month, year):
        return None
    words = locale.dates.say(day, month, year)
    return f"{words}, {found['time']}" if found["time"] else words


def _say_figures(locale: Locale, found: re.Match[str]) -> str | None:
    """Say a date in figures; day and month change places where only that makes a date."""
    day, month, year = int(found["day"]), int(found["month"]), int(found["year"])
    if len(found["year"]) == 2:
        if found["sep"] == "-":
            return None
        year += 2000 if year < 70 else 1900
    if not year:
        return None
    if _is_date(day, month, year):
        return locale.dates.say(day, month, year)
    return locale.dates.say(month, day, year) if _is_date(month, day, year) else None


def _say_named(locale: Locale, found: re.Match[str]) -> str | None:
    day, month = int(found["day"]), _month_numbers(locale)[found["month"].lower()]
    year = int(found["year"]) if found["year"] else None
    return locale.dates.say(day, month, year) if _is_date(day, month, year) else None


def _say_month_year(locale: Locale, found: re.Match[str]) -> str:
    month = _month_numbers(locale)[found["month"].lower()]
    return found.group().replace(found["month"], locale.dates.months[month - 1], 1).replace(".", "")


def _clock_rules(locale: Locale) -> Iterator[Rule]:
    separator = f"[{re.escape(locale.clock.separators)}]"
    half = rf"(?:{locale.clock.am}|{locale.clock.pm})(?!\w)"
    swallowed = rf"(?:\s?(?:{locale.clock.swallowed})(?!\w))?" if locale.clock.swallowed else ""
    time = rf"\d{{1,2}}{separator}[0-5]\d(?::[0-5]\d)?(?![:\d])(?:\s?{half})?{swallowed}"
    hour = rf"\d{{1,2}}\s?{half}{swallowed}"
    yield Rule(
        "clock.span",
        re.compile(rf"(?i)(?<![\w:.,])({time}|{hour}|\d{{1,2}}){_SPAN}({time}|{hour})"),
        partial(_say_clock_span, locale),
    )
    yield Rule(
        "clock",
        re.compile(rf"(?i)(?<![\w:.,])(?:{time}|{hour})"),
        lambda found: _say_clock(locale, found.group()),
    )


def _say_clock_span(locale: Locale, found: re.Match[str]) -> str | None:
    start, end = _say_clock(locale, found[1]), _say_clock(locale, found[2])
    return locale.span.format(start=start, end=end) if start and end else None


def _say_clock(locale: Locale, text: str) -> str | None:
    """Say `7:05 AM`, `14:00`, `9 pm` or a bare hour."""
    hour, *rest = map(int, re.findall(r"\d+", text))
    minute = rest[0] if rest else 0
    second = rest[1] if len(rest) > 1 else None
    half = _half(locale, text)
    if hour > 24 or (half and not 1 <= hour <= 12 and hour < 13):
        return None
    return locale.clock.say(hour, minute, second, half if hour < 13 else "")


def _half(locale: Locale, text: str) -> str:
    for half, pattern in (("am", locale.clock.am), ("pm", locale.clock.pm)):
        if re.search(rf"(?i)(?<![^\W\d])(?:{pattern})(?!\w)", text):
            return half
    return ""


def _duration_rule(locale: Locale) -> Rule:
    signs = "|".join(sorted(map(re.escape, locale.units.durations), key=len, reverse=True))
    part = rf"{number_pattern(locale)}\s?(?:{signs})(?![^\W\d])"
    return Rule(
        "duration",
        re.compile(rf"{NO_DIGIT_BEFORE}{part}(?:,?\s?{part})++"),
        partial(_say_duration, locale),
    )


def _say_duration(locale: Locale, found: re.Match[str]) -> str:
    parts = re.findall(rf"({number_pattern(locale)})\s?([^\W\d]+)", found.group())
    units = locale.units
    return " ".join(
        units.said.format(number=number, unit=unit)
        for number, unit in (
            count(locale, digits, units.exact[units.durations[sign]]) for digits, sign in parts
        )
    )
