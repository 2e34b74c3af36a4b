"""Days, years and what is left of a time, as only English writes them."""

import re
from collections.abc import Iterator
from functools import partial

from wyoming_kokoro.text.normalize.figures import cardinal, ordinal, year
from wyoming_kokoro.text.normalize.locale import Locale, Rule, where_digits
from wyoming_kokoro.text.normalize.tables import choice

_DATED = (
    "in|since|by|from|until|till|before|after|during|early|late|mid|year|of|spring|summer|fall|"
    r"autumn|winter|circa|copyright|between|and|to|born|died|founded|est\.?|established|built|"
    "[QH][1-4]|FY"
)
_COUNTED = r"[a-z]{2,20}+(?<=s)(?<!ss)(?<!\bwas)(?<!\bis)(?<!\bhas)(?<!\bas)(?<!\bthis)(?<!\bits)\b"
"""What is more than one, so that the number before it is no year."""

_NOUNS = (
    "mile|meter|metre|foot|watt|dollar|euro|pound|gallon|liter|litre|calorie|page|word|piece|year|"
    "day|hour|minute|second|person|people|square|cubic|volt|amp|lumen|horsepower|million|thousand|"
    "hundred|step|point|unit|seat|room|ton|degree|gram|acre|inch|or|and|of|to|more|other|odd|strong|"
    "plus|block|men|women|children|calories|percent|kilometer|kilometre|yard|kelvin|lux"
)
_MEASURED = (
    "°[CF]?|%|µ?[gm]|[kKMGTmc]?(?:Wh|W|V|A|Ah|Hz|m|g|l|L|B)|h?Pa|K|pp[mb]|lm|lx|rpm|kcal|ft|lbs?|mi|"
    "mph|px"
)


def rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules for days, then for years."""
    months = choice([*locale.dates.months, *locale.dates.month_signs])
    yield from _day_rules(locale, months)
    yield from where_digits(_year_rules(locale))
    yield Rule(
        "en.minutes",
        re.compile(r"(?<![\w:.,])(?!24:00)(2[4-9]|[3-9]\d):([0-5]\d)(?![\d:])"),
        lambda found: _say_minutes(locale, *map(int, found.groups())),
    )


def _day_rules(locale: Locale, months: str) -> Iterator[Rule]:
    yield Rule(
        "en.the_day",
        re.compile(rf"(?i)(?<!\w)the\s([0-3]?\d)(?:st|nd|rd|th)?\s(?:of\s)?(?=(?:{months})\b)"),
        lambda found: f"the {ordinal(locale, int(found[1]))} of ",
    )
    yield Rule(
        "en.days",
        re.compile(
            rf"(?i)(?<!\w)((?:{months})\.?\s\d{{1,2}}(?:st|nd|rd|th)?)\s?[-–—]\s?(?=(?:{months})\b)"
            rf"|(?<!\w)(\d{{1,2}}\s(?:{months})\.?)\s?[-–—]\s?(?=\d{{1,2}}\s(?:{months})\b)"
        ),
        lambda found: f"{found[1] or found[2]} to ",
    )
    yield Rule(
        "en.weekend",
        re.compile(
            rf"(?i)(?<![\w.])(Sat|Sun)\b\.?(?=,?\s(?:\d|(?:{months})\b)|\s?[-–]\s?[mtwfs][a-z])"
            r"|(?<=[-–])(Sat|Sun)\b"
            r"|(?<=\b(?:on|by|to)\s)(?-i:Sat|Sun)\b(?!['’]|\s[A-Z])"
        ),
        lambda found: "Saturday" if found.group().lower().startswith("sat") else "Sunday",
    )
    yield Rule(
        "en.left",
        re.compile(r"(?<![\w:.,])(\d{1,2}):([0-5]\d)(?=\s(?:left|remaining|elapsed|to go)\b)"),
        lambda found: " ".join(
            f"{int(number)} {unit}"
            for number, unit in zip(found.groups(), ("min", "s"), strict=True)
            if int(number)
        ),
    )


def _year_rules(locale: Locale) -> Iterator[Rule]:
    yield Rule(
        "en.years",
        re.compile(
            r"(?<![\w.,$€£/#-])(1[1-9]\d\d|20\d\d)\s?[-–]\s?(1[1-9]\d\d|20\d\d|\d\d)"
            rf"(?![\w%°$€£:/-]|[.,]\d|\s(?:{_MEASURED})\b)"
        ),
        partial(_say_years, locale),
    )
    yield Rule(
        "en.short_year",
        re.compile(r"(?<!\w)['’](\d\d)(?![\w'’\"”])"),
        lambda found: f"{'oh ' if found[1][0] == '0' else ''}{cardinal(locale, int(found[1]))}",
    )
    yield Rule(
        "en.month_year",
        re.compile(rf"(?i)(?<!\w)({choice(locale.dates.month_signs)})\.?(?=,?\s[12]\d{{3}}(?!\w))"),
        lambda found: locale.dates.months[locale.dates.month_signs[found[1].lower()] - 1],
    )
    yield Rule(
        "en.year",
        re.compile(
            rf"(?i)(?<!\w)((?:(?:{_DATED})\s|(?:{choice(locale.dates.months)}),?\s)|\()"
            rf"(1[1-9]\d\d|20\d\d)(?![\w%°$€£:/]|[.,-]\d|\s(?:{_MEASURED})\b|\s{_COUNTED})"
        ),
        lambda found: found[1] + year(locale, int(found[2])),
    )
    yield Rule(
        "en.year.adjective",
        re.compile(
            rf"(?<!\w)((?:[Tt]he|[Aa]n?|[Mm]y|[Yy]our|[Hh]is|[Hh]er|[Ii]ts|[Oo]ur|[Tt]heir|[Tt]his)\s)"
            rf"(?:(1[6-9]\d\d|1[1-5](?!00|50)\d\d|20\d\d)(?=\s[a-z])|(1[1-9]\d\d|20\d\d)(?=\s[A-Z]|[\"”]))"
            rf"(?!\s(?:{_MEASURED}|{_NOUNS})\b|\s{_COUNTED})"
        ),
        lambda found: found[1] + year(locale, int(found[2] or found[3])),
    )
    yield Rule(
        "en.year.early",
        re.compile(
            r"(?i)(?<!\w)((?:in|since|dates? (?:back )?to|dating (?:back )?to|year)\s)(10\d\d)"
            rf"(?![\w%°$€£:/]|[.,-]\d|\s(?:{_MEASURED})\b|\s[a-z]++\b(?<!and))"
        ),
        lambda found: found[1] + year(locale, int(found[2])),
    )


def _say_years(locale: Locale, found: re.Match[str]) -> str | None:
    first, last = found.groups()
    if int(last) <= int(first if len(last) == 4 else first[2:]):
        return None
    end = cardinal(locale, int(last)) if len(last) == 2 else year(locale, int(last))
    return f"{year(locale, int(first))} to {end}"


def _say_minutes(locale: Locale, minutes: int, seconds: int) -> str:
    """Say what cannot be a time of day: a runner's "twenty four thirty one"."""
    words = cardinal(locale, minutes)
    if not seconds:
        return f"{words} minutes"
    return f"{words} {'oh ' if seconds < 10 else ''}{cardinal(locale, seconds)}"
