"""What only Italian writes of dates and times: the first of a month, `ore 14.30`, the days 3-5."""

import re
from collections.abc import Iterator

from wyoming_kokoro.text.normalize.locale import Locale, Rule
from wyoming_kokoro.text.normalize.tables import choice


def rules(it: Locale) -> Iterator[Rule]:
    """Yield the rules; `it` is the table without them."""
    yield from _date_rules(it)
    yield from _clock_rules()


def _date_rules(it: Locale) -> Iterator[Rule]:
    months = choice(it.dates.months)
    named = rf"(?:{months}|{choice(it.dates.month_signs)})"
    yield Rule("it.first", re.compile(rf"(?<![\w.,])1\s?[°º](?=\s{named}\b)"), lambda _: "1")
    yield Rule(
        "it.elided",
        re.compile(r"(?<=[Ll]['’])(8|11)/(0?[1-9]|1[0-2])(?![\w/%°]|[.,]\d)"),
        lambda found: it.dates.say(int(found[1]), int(found[2]), None),
    )
    yield Rule(
        "it.days",
        re.compile(
            rf"(?<![\w.,/-])(?:[Ii]l\s|[Dd]al\s)?([0-3]?\d)\s?[-–]\s?([0-3]?\d)(?=\s{named}\b)"
        ),
        lambda found: f"dal {'primo' if found[1] == '1' else found[1]} al {found[2]}",
    )
    yield Rule(
        "it.september", re.compile(r"(?<=\d )set(?:\.(?=\s)|(?=\s\d{4}\b))"), lambda _: "settembre"
    )
    yield Rule("it.decade", re.compile(r"(?<!\w)['’](?=\d\d(?:\d0?0)?\b)"), lambda _: "")


def _clock_rules() -> Iterator[Rule]:
    hour = r"(?:[01]?\d|2[0-4])"
    yield Rule(
        "it.clock.hours",
        re.compile(rf"(?<!\w)h\.?\s?(?={hour}[:.][0-5]\d(?!\d))"),
        lambda _: "ore ",
    )
    yield Rule(
        "it.clock.point",
        re.compile(
            rf"(?i)(?<!\w)(?P<hour>(?:ore|[ad]?alle|le|delle)\s(?:ore\s)?{hour})[.h]"
            r"(?P<minute>[0-5]\d)(?!\w|[.,]\d)"
        ),
        r"{0[hour]}:{0[minute]}".format,
    )
    yield Rule(
        "it.duration",
        re.compile(r"(?<![\w.,:])(\d{1,2})h([0-5]\d)(?!\w|[.,:]\d)"),
        r"{0[1]} h {0[2]} min".format,
    )
    yield Rule(
        "it.clock.span",
        re.compile(
            r"(?i)(?<!\w)((?:d?alle|le|ore|tra\sle|fra\sle)\s\d{1,2}(?::[0-5]\d)?)\s?[-–]\s?"
            r"(?=\d{1,2}:[0-5]\d(?!\d))"
        ),
        _spread_times,
    )


def _spread_times(found: re.Match[str]) -> str:
    """Write "dalle 10:00-11:30" as "dalle 10:00 alle 11:30"."""
    start = found[1]
    if start[:3].lower() in ("tra", "fra"):
        return f"{start} e le "
    first, rest = start.split(maxsplit=1)
    return f"{'Dalle' if first[0].isupper() else 'dalle'} {rest} alle "
