"""US and British English: the words for figures and signs."""

from dataclasses import replace

from wyoming_kokoro.text.normalize.english.rules import rules
from wyoming_kokoro.text.normalize.english.units import GB_UNITS, US_UNITS
from wyoming_kokoro.text.normalize.english.words import (
    ABBREVIATIONS,
    ACRONYMS,
    CENTS,
    CODES,
    COUNTED,
    LINKED,
    MONEY,
    NAME_WORDS,
    PENCE,
    RULERS,
    SIGNS,
)
from wyoming_kokoro.text.normalize.figures import cardinal, ordinal, year
from wyoming_kokoro.text.normalize.locale import Clock, Dates, Locale
from wyoming_kokoro.text.normalize.numbers import Numbers
from wyoming_kokoro.text.normalize.tables import numbered, pairs, words


def _say_date_us(day: int, month: int, of_year: int | None) -> str:
    words = f"{_MONTHS[month - 1]} {ordinal(US, day)}"
    return f"{words}, {year(US, of_year)}" if of_year else words


def _say_date_gb(day: int, month: int, of_year: int | None) -> str:
    words = f"the {ordinal(GB, day)} of {_MONTHS[month - 1]}"
    return f"{words} {year(GB, of_year)}" if of_year else words


def _say_clock(hour: int, minute: int, second: int | None, half: str) -> str:
    """Say "seven oh five AM", "nine o'clock", "fourteen hundred", "midnight"."""
    if not half and not minute and not second and hour in (0, 24):
        return "midnight"
    if not half and hour in (0, 24):
        hour, half = 12, "am"
    words = cardinal(US, hour)
    if minute:
        words += f" {'oh ' if minute < 10 else ''}{cardinal(US, minute)}"
    elif not half and second is None:
        words += " o'clock" if hour <= 12 else " hundred"
    if second:
        words += f" and {cardinal(US, second)} second{'' if second == 1 else 's'}"
    return f"{words} {half.upper()}" if half else words


def _say_decade(first: int) -> str:
    words = "hundreds" if first % 100 == 0 and first >= 1000 else ""
    if words and first % 1000:
        return f"{cardinal(US, first // 100)} {words}"
    if first == 2000:
        return "two thousands"
    century = f"{cardinal(US, first // 100)} " if first >= 100 else ""
    tens = cardinal(US, first % 100)
    return century + (f"{tens[:-1]}ies" if tens.endswith("y") else f"{tens}s")


def _say_fraction(number: int, total: int) -> str:
    names = {2: "half", 4: "quarter"}
    name = names.get(total) or ordinal(US, total)
    return f"{cardinal(US, number)} {name}{'' if number == 1 else 's'}"


_MONTHS = words(
    "January February March April May June July August September October November December"
)
_MONTH_SIGNS = numbered("jan feb mar apr may jun jul aug sep/sept oct nov dec")
_DATED = (
    "on|by|until|till|from|since|before|after|due|through|today is|date is|tomorrow is|"
    "shipped|ships|ordered|delivered|arrived|arrives|starts|ends|begins|expires|dated|departs|"
    "mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|"
    "monday,|tuesday,|wednesday,|thursday,|friday,|saturday,|sunday,"
)
_NUMBERS = Numbers(
    language="en",
    cardinals={"": "spellout-cardinal"},
    ordinals={"": "spellout-ordinal"},
    respell={"-": " ", ",": ""},
    ordinal_signs=dict.fromkeys(("st", "nd", "rd", "th"), ""),
)
_DATES = Dates(
    months=_MONTHS,
    month_signs=_MONTH_SIGNS,
    weekday_signs=pairs(
        """
        Mon: Monday, Tue: Tuesday, Tues: Tuesday, Wed: Wednesday, Thu: Thursday, Thur: Thursday,
        Thurs: Thursday, Fri: Friday
        """
    ),
    order="mdy",
    say=_say_date_us,
    day_signs="st|nd|rd|th",
    month_first=True,
    between="of",
    unclear_months=frozenset(["may", "march", "mar"]),
    day=lambda day: ordinal(US, day),
    short_before=_DATED,
    weekdays=words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
    decade=_say_decade,
)

US: Locale = Locale(
    numbers=_NUMBERS,
    dates=_DATES,
    clock=Clock(
        say=_say_clock,
        timer_words="timers?|remaining|left|remains?|duration|elapsed|countdown|lasted|took|takes|long",
        swallowed=r"o['’]?clock|hrs|hours",
    ),
    units=US_UNITS,
    money=MONEY,
    minus="minus",
    plus="plus",
    score_words=r"scores?|won|win|wins|lost|lose|beat|beats|led|leads?|tied|drew|draw|final|game",
    fractions={(1, 2): "one half"},
    mixed_fractions={(1, 2): "a half", (1, 3): "a third", (1, 4): "a quarter"},
    fractioned="of|cups?|miles?|inch|inches|hours?|pounds?|teaspoons?|tablespoons?|full|empty",
    fraction=_say_fraction,
    signs=SIGNS,
    power={
        "2": "{base} squared",
        "3": "{base} cubed",
        "": "{base} to the power of {exponent}",
    },
    star="star",
    hash="pound",
    asterisk="asterisk",
    announcing=CODES,
    linking=LINKED,
    compass=pairs("N: north, S: south, E: east, W: west"),
    emergency=r"call|calls|called|calling|dial|dials|dialed|dialing|phone|ring|text|nhs",
    abbreviations=ABBREVIATIONS,
    acronyms=ACRONYMS,
    name_words=NAME_WORDS,
    roman_cardinals=COUNTED,
    roman_ordinals=RULERS,
    rules=rules,
)

GB: Locale = replace(
    US,
    hash="hash",
    numbers=replace(
        _NUMBERS,
        cardinals={"": "spellout-cardinal-verbose"},
        ordinals={"": "spellout-ordinal-verbose"},
    ),
    dates=replace(_DATES, order="dmy", say=_say_date_gb, day=lambda day: f"the {ordinal(GB, day)}"),
    units=GB_UNITS,
    money=replace(MONEY, minor_signs={"¢": CENTS, "p": PENCE}),
)
