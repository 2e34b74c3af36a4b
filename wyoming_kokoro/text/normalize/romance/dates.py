"""Days, dates and years as Romance languages write them."""

import re
from collections.abc import Iterator, Mapping

from wyoming_kokoro.text.normalize.locale import Locale, Rule
from wyoming_kokoro.text.normalize.tables import choice

_LAWS = "ley|decreto|orden|loi|décret|legge|lei|portaria|resolución|directiva"


def weekday_rule(locale: Locale, days: Mapping[str, str], alone: str = "") -> Rule:
    """Return the rule for `days`, abbreviations that are words too: "mer." but not "la mer".

    They are days with their point where the sentence goes on in lower case or figures, without
    it before a date and in ranges of days. Those that match the pattern `alone` are no words, and
    days at the end of a sentence as well.
    """
    months = choice([*locale.dates.months, *locale.dates.month_signs])
    day = rf"(?P<day>{choice(days)})"
    continues = r"\.(?=,?\s(?-i:[a-zàáéêû\d]))"
    date = rf",?\s[0-3]?\d(?:er|º)?[\s/-](?:de\s)?(?:{months}|\d)"
    other = rf"\s?[-–]\s?(?:{choice(days)})(?!\w)"
    end = rf"|(?<![\w.])(?<!\d\s)(?P<end>{alone})(?=\.\s*\Z)" if alone else "(?P<end>(?!))?"
    return Rule(
        "romance.weekday",
        re.compile(
            rf"(?i)(?<![\w.])(?<!\d\s){day}(?:{continues}|\.?(?=(?:{date}|{other})))"
            rf"|(?<=[-–])(?P<last>{choice(days)})(?!\w)(?:{continues})?{end}"
        ),
        lambda found: days[(found["day"] or found["last"] or found["end"]).lower()],
    )


def date_rules(locale: Locale, before_year: str) -> Iterator[Rule]:
    """Yield the rules for `20/11`, where that is no fraction, `11/2026`, `2024/25`, and laws.

    `before_year` stands between month and year.
    """
    yield Rule(
        "romance.days",
        re.compile(
            r"(?i)(?<!\w)(?P<from>(?:del?|du|dal|desde)(?:\s[eo]l?)?\s)(?P<start>\d{1,2}/\d{1,2})"
            r"(?P<to>\s(?:al?|au|à|até|hasta)(?:\s[eo]l?)?\s)(?P<end>\d{1,2}/\d{1,2})(?![\w/%°]|[.,]\d)"
        ),
        lambda found: _say_days(locale, found),
    )
    yield Rule(
        "romance.day",
        re.compile(
            r"(?<![\w.,/])(?!24/7|16/9)(1[3-9]|2\d|3[01])/(0?[1-9]|1[0-2])(?![\w/%°]|[.,]\d|\s?[€$%°])"
        ),
        lambda found: locale.dates.say(int(found[1]), int(found[2]), None),
    )
    yield Rule(
        "romance.lasting",
        re.compile(r"(?<=(?i:\b[eid][nmie]) )00?:([0-5]\d):([0-5]\d)(?![\w:])"),
        lambda found: f"{int(found[1])} min {int(found[2])} s",
    )
    yield Rule(
        "romance.law",
        re.compile(rf"(?i)(?<!\w)((?:{_LAWS})\s\d{{1,4}})/(?=(?:19|20)\d\d(?![\w/]))"),
        lambda found: f"{found[1]}, ",
    )
    yield Rule(
        "romance.month",
        re.compile(r"(?<![\w./,-])(0?[1-9]|1[0-2])/((?:19|20)\d\d)(?![\w/])"),
        lambda found: f"{locale.dates.months[int(found[1]) - 1]}{before_year}{found[2]}",
    )
    yield Rule(
        "romance.seasons",
        re.compile(r"(?<![\w.,/-])((?:19|20)\d\d)/((?:19|20)\d\d|\d\d)(?![\w/%°]|[.,-]\d)"),
        lambda found: f"{found[1]}, {found[2]}",
    )


def _say_days(locale: Locale, found: re.Match[str]) -> str | None:
    """Say "del 24/12 al 7/1"; None where these are no dates, as "de 1/2 a 3/4" could be parts."""
    start, end = ([int(part) for part in found[name].split("/")] for name in ("start", "end"))
    if not all(1 <= day <= 31 and 1 <= month <= 12 for day, month in (start, end)):
        return None
    if found["from"].strip().lower() == "de" and start[0] <= 12 and end[0] <= 12:
        return None
    first, last = (locale.dates.say(day, month, None) for day, month in (start, end))
    return f"{found['from']}{first}{found['to']}{last}"
