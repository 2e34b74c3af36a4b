"""Dates, months and days of the week said in words."""

import re
from calendar import monthrange
from collections.abc import Iterator
from functools import cache, partial

from wyoming_kokoro.text.normalize.locale import Locale, Rule, where_digits
from wyoming_kokoro.text.normalize.tables import choice

_OTHER_WORDS = frozenset(["mar", "may", "mai", "set", "out", "ago", "mag"])
"""Signs of months that are other words as well."""

_MONTHLY = re.compile(
    r"(?i)(?<!\w)(?:in|by|until|till|through|since|to|of|next|last|this|early|late|mid|de|en|hasta|desde|"
    r"em|até|à|a|da|bis|im|von|ab)\s\Z"
)
"""Words behind which a short word with a full stop may be the name of a month."""

_NUMBERS = frozenset(["sept", "dez"])
"""Signs of months that are seven in French, and ten in Portuguese."""

_LEAP_YEAR = 4
_FIRST_OF_LAST_CENTURY = 70
"""Years written with two digits begin here in the twentieth century, below in ours."""

_FIGURES = {"y": r"(?P<year>\d{4}|\d{2})", "m": r"(?P<month>\d{1,2})", "d": r"(?P<day>\d{1,2})"}
_YEAR = r"(?P<year>[12]\d{3})(?![\w]|[.,:]\d)"


def rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules for dates, those with a year and those with a name first."""
    yield from _weekday_rules(locale)
    yield from where_digits(_figure_rules(locale))
    yield from _name_rules(locale)


def _figure_rules(locale: Locale) -> Iterator[Rule]:
    yield Rule(
        "date.iso",
        re.compile(
            r"(?<![\w./-])(?P<year>\d{4})(?P<sep>[-/])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})"
            r"(?:T(?P<time>\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?(?![\w/-])"
        ),
        partial(_say_iso, locale),
    )
    first, second, third = (_FIGURES[letter] for letter in locale.dates.order)
    yield Rule(
        "date.figures",
        re.compile(rf"(?<![\w./-]){first}(?P<sep>[/.-]){second}(?P=sep){third}(?![\w]|[/.-]\d)"),
        partial(_say_figures, locale),
    )
    if locale.dates.order == "ymd":
        day, month = _FIGURES["d"], _FIGURES["m"]
        yield Rule(
            "date.year_last",
            re.compile(rf"(?<![\w./-]){day}(?P<sep>/){month}/(?P<year>\d{{4}})(?![\w/]|\.\d)"),
            partial(_say_figures, locale),
        )
    if "y" in locale.dates.order[2:]:
        first, second = (_FIGURES[letter] for letter in locale.dates.order if letter != "y")
        days = choice(sorted({day[:3].lower() for day in locale.dates.weekdays}))
        yield Rule(
            "date.before_day",
            re.compile(
                rf"(?i)(?<![\w.,/-])(?P<before>){first}/{second}(?=\s?\((?:{days})[^\W\d_]{{0,10}}+\.?\))"
            ),
            partial(_say_short, locale),
        )
    if locale.dates.short_before:
        first, second = (_FIGURES[letter] for letter in locale.dates.order if letter != "y")
        yield Rule(
            "date.short",
            re.compile(
                rf"(?i)(?<!\w)(?P<before>(?:{locale.dates.short_before})\s){first}/{second}"
                r"(?![\w%°]|[/.,-]\d)"
            ),
            partial(_say_short, locale),
        )


def _name_rules(locale: Locale) -> Iterator[Rule]:
    dates = locale.dates
    abbreviated = rf"(?:{choice(dates.month_signs)})(?!\w)(?:\.(?=,?\s\S))?"
    month = rf"(?P<month>(?:{choice(map(str.lower, dates.months))})(?!\w)|{abbreviated})"
    signs = rf"(?:(?:{dates.day_signs})\b)?" if dates.day_signs else ""
    last = rf"(?:\s?[-–]\s?(?P<last>[0-3]?\d){signs})?" if dates.day else "(?P<last>(?!))?"
    day = rf"(?P<day>[0-3]?\d){signs}{last}(?![\d:%°]|[.,]\d)"
    of = rf"(?:(?:{dates.between})\s)?" if dates.between else ""
    year = rf"(?:,?\s{of}{_YEAR})?"
    yield Rule(
        "date.day_month",
        re.compile(rf"(?i)(?<![\w.,/:-]){day}[\s-]{of}{month}(?:(?:,?\s{of}|-){_YEAR})?"),
        partial(_say_named, locale),
    )
    if dates.month_first:
        yield Rule(
            "date.month_day",
            re.compile(rf"(?i)(?<!\w){month}\s{day}(?!\w){year}"),
            partial(_say_named, locale),
        )
    yield Rule(
        "date.month_year",
        re.compile(rf"(?i)(?<!\w){month}(?P<between>,?\s{of}){_YEAR}"),
        partial(_say_month_year, locale),
    )


def _weekday_rules(locale: Locale) -> Iterator[Rule]:
    signs = locale.dates.weekday_signs
    if signs:
        yield Rule(
            "date.weekday",
            re.compile(rf"(?<![\w.])(?P<day>{choice(signs)})\b(?:\.(?=\s*\S))?"),
            lambda found: signs[found["day"]],
        )
    names = choice([*locale.dates.weekdays, *locale.dates.months])
    clear = locale.dates.month_signs.keys() - locale.dates.unclear_months - _OTHER_WORDS
    if clear:
        yield Rule(
            "date.month",
            re.compile(r"(?<![\w.])(?<!\d )([^\W\d_]{3,5}+)\.(?=,?\s[a-zß-ÿ])"),
            lambda found: (
                locale.dates.months[locale.dates.month_signs[found[1].lower()] - 1]
                if found[1].lower() in clear
                else None
            ),
        )
    yield Rule(
        "date.month.last",
        re.compile(r"(?<=\s)([^\W\d_]{3,5}+)(?:\.(?=[,;:)])|(?=\.[\"'”’)]?\s?\Z))"),
        lambda found: (
            locale.dates.months[locale.dates.month_signs[found[1].lower()] - 1]
            if found[1].lower() in clear - _NUMBERS
            and _MONTHLY.search(found.string, max(0, found.start() - 12), found.start())
            else None
        ),
    )
    yield Rule(
        "date.span",
        re.compile(rf"(?<!\w)({names})\s?[-–]\s?(?=(?:{names})(?!\w))"),
        lambda found: locale.span.format(start=found[1], end="").rstrip() + " ",
    )


def month_span_rule(locale: Locale) -> Rule:
    """Return the rule for `Oct-Dec`; at least one of the two is shortened."""
    signs, names = choice(locale.dates.month_signs), choice(map(str.lower, locale.dates.months))
    numbers, months = _month_numbers(locale), locale.dates.months

    def say(found: re.Match[str]) -> str | None:
        written = [found[1], found[2]]
        cases = {one.islower() for one in written}
        shortened = [one for one in written if one.lower() in locale.dates.month_signs]
        if len(cases) > 1 or not shortened or (locale.dates.month_first and True in cases):
            return None
        start, end = (months[numbers[one.lower()] - 1] for one in written)
        return locale.span.format(start=start, end=end)

    return Rule(
        "date.months",
        re.compile(
            rf"(?i)(?<![\w.-])({signs}|{names})\.?\s?[-–]\s?({signs}|{names})(?![\w-])(?:\.(?=\s\S))?"
        ),
        say,
    )


@cache
def _month_numbers(locale: Locale) -> dict[str, int]:
    names = {name.lower(): number for number, name in enumerate(locale.dates.months, 1)}
    return {**locale.dates.month_signs, **names}


def _month_number(locale: Locale, found: re.Match[str]) -> int:
    return _month_numbers(locale)[found["month"].lower().rstrip(".")]


def _is_date(day: int, month: int, year: int | None) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year or _LEAP_YEAR, month)[1]


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
        year += 2000 if year < _FIRST_OF_LAST_CENTURY else 1900
    if not year:
        return None
    if _is_date(day, month, year):
        return locale.dates.say(day, month, year)
    return locale.dates.say(month, day, year) if _is_date(month, day, year) else None


def _say_short(locale: Locale, found: re.Match[str]) -> str | None:
    day, month = int(found["day"]), int(found["month"])
    if not _is_date(day, month, None):
        day, month = month, day
    if not _is_date(day, month, None):
        return None
    return found["before"] + locale.dates.say(day, month, None)


def _say_named(locale: Locale, found: re.Match[str]) -> str | None:
    if found["month"] in locale.dates.unclear_months:
        return None
    day, month = int(found["day"]), _month_number(locale, found)
    year = int(found["year"]) if found["year"] else None
    last = int(found["last"]) if found["last"] else day
    if not _is_date(day, month, year) or not _is_date(last, month, year):
        return None
    if last != day and locale.dates.day:
        return _say_span(locale, found, day, last, month, year)
    return locale.dates.say(day, month, year)


def _say_span(
    locale: Locale, found: re.Match[str], first: int, last: int, month: int, year: int | None
) -> str:
    """Say the days from `first` to `last`, the month where it is written."""
    dates = locale.dates
    say_day = dates.day or str
    if found.start("month") < found.start("day"):
        end = say_day(last)
        if year:
            end += dates.say(last, month, year).removeprefix(dates.say(last, month, None))
        return locale.span.format(start=dates.say(first, month, None), end=end)
    return locale.span.format(start=say_day(first), end=dates.say(last, month, year))


def _say_month_year(locale: Locale, found: re.Match[str]) -> str:
    """Write the month out; the year stays for the rule that says years."""
    name = locale.dates.months[_month_number(locale, found) - 1]
    return f"{name}{found['between']}{found['year']}"
