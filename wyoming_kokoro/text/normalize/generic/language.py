"""The name of a CLDR locale in, the table of a language without rules of its own out.

`cldr.json` has what CLDR knows of it, one line a language, and is written by `script/cldr`:
rulesets of number words by gender, the words of minus and the decimal sign, the decimal sign and
that between thousands, the pattern of a date, months and days and their signs, the category of
plurals of each number below 200 and of 1.5, and the forms of units and currencies after 1, 2, 5
and 1.5. `words` has the few words that CLDR lacks.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache, partial
from importlib import resources
from typing import Any

from wyoming_kokoro.text.normalize.figures import cardinal, ordinal, year
from wyoming_kokoro.text.normalize.generic import dates, rules
from wyoming_kokoro.text.normalize.generic.words import NO_WORDS, WORDS
from wyoming_kokoro.text.normalize.locale import Clock, Dates, Locale, Units
from wyoming_kokoro.text.normalize.numbers import Currency, Figure, Form, Money, Noun, Numbers

_COUNTED, _OTHER = "counted", "other"
"""Forms of a number before a noun: of the usual gender, and of the other one."""

_SIGNS = {
    "EUR": ("€",),
    "USD": ("$", "US$"),
    "GBP": ("£",),
    "JPY": ("¥",),
    "INR": ("₹",),
    "RUB": ("₽",),
    "TRY": ("₺",),
    "KRW": ("₩",),
    "PLN": ("zł",),
    "CZK": ("Kč",),
    "HUF": ("Ft",),
    "UAH": ("₴",),
    "THB": ("฿",),
    "VND": ("₫",),
    "ILS": ("₪",),
}
_ALIASES = {
    "° C": "°C",
    "ºC": "°C",
    "℃": "°C",
    "° F": "°F",
    "℉": "°F",
    "m2": "m²",
    "km2": "km²",
    "m3": "m³",
    "L": "l",
    "kmh": "km/h",
    "Km": "km",
    "Kg": "kg",
    "kwh": "kWh",
    "Mb": "Mbit",
}
_ALWAYS = {"dB": "decibel"}
"""Units that CLDR lacks, and that are called so about everywhere."""


def locale_names() -> frozenset[str]:
    """Return the names of the locales that there are tables of."""
    return frozenset(_table())


def locale_named(name: str) -> Locale:
    """Return the table of a language, made of what CLDR has of it."""
    return _TableMaker(name, _table()[name]).locale()


@cache
def _table() -> Mapping[str, Any]:
    file = resources.files(__package__).joinpath("cldr.json")
    table: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return table


class _TableMaker:
    """Makes one table."""

    def __init__(self, name: str, row: Mapping[str, Any]) -> None:
        self._name = name
        self._row = row
        self._words = WORDS.get(name, NO_WORDS)
        self._plurals: str = row["plurals"]

    def locale(self) -> Locale:
        row, words = self._row, self._words
        minus = row["minus"] or "minus"
        joined = f"{{start}} {words.to} {{end}}" if words.to else "{start}, {end}"
        of = f"{{number}} {words.of} {{total}}" if words.of else "{number}, {total}"
        signs = {"±": f"{words.plus} {minus}", "×": words.times, "=": words.equals}
        return Locale(
            numbers=self._numbers(),
            dates=self._dates(),
            clock=Clock(
                say=_TimeWords(words.hour, self).say, swallowed=words.hour.partition(" ")[0]
            ),
            units=self._units(),
            money=self._money(),
            minus=minus,
            plus=words.plus,
            span=joined,
            score="{start}, {end}",
            ratio="{start}, {end}",
            rating=of,
            over=of,
            mixed=row["and"].format("{whole}", "{fraction}"),
            signs={sign: word for sign, word in signs.items() if word},
            times=f"{{number}} {words.times}" if words.times else "",
            by=f"{{start}} {words.times} {{end}}" if words.times else "{start}, {end}",
            number_sign=words.number,
            dot=words.dot,
            at=words.at,
            slash=words.slash,
            dash="",
            colon="",
            version_point=words.dot,
            ip_in_numbers=True,
            star="*",
            hash="#",
            announcing="pin|otp|iban|code|kod",
            emergency=words.call,
            abbreviations=words.abbreviations,
            rules=partial(rules.rules, row=row, words=words, percent=self._noun("%", row["units"])),
        )

    @property
    def numbers_of(self) -> Locale:
        """The finished table, for what says numbers in it."""
        return _made(self._name)

    def _numbers(self) -> Numbers:
        row = self._row
        decimal, group = row["decimal"], row["group"].replace("\u00a0", " ").replace("\u202f", " ")
        return Numbers(
            language=self._name,
            cardinals={form: rules for form, rules in row["cardinals"].items() if rules},
            ordinals={"": row["ordinal"] or row["cardinals"][""]},
            years=row["years"],
            respell={"\u00ad": ""},
            inflect=self._inflect,
            decimals=",." if decimal in ",٫" else ".",
            groups="".join(dict.fromkeys((group[:1], " "))),
            point=row["point"] or ",",
            fraction_as_number=True,
            is_one=lambda figure: self._category(figure) == "o",
            category=self._category,
            ordinal_signs=dict.fromkeys(self._words.ordinal_signs, ""),
        )

    def _inflect(self, spelled: str, number: int, _: Form) -> str:
        return self._words.one if number == 1 and self._words.one else spelled

    def _category(self, figure: Figure) -> str:
        """Return the letter of the category of plurals that `figure` is in."""
        if figure.fraction:
            return "p"
        number = int(figure.whole[-4:] or 0)
        return self._plurals[number if number < 200 else 100 + number % 100]

    def _noun(self, sign: str, table: Mapping[str, Sequence[str]]) -> Noun | None:
        forms = table.get(sign)
        return self._inflected(forms, sign) if forms else None

    def _inflected(self, forms: Sequence[str], sign: str = "") -> Noun:
        one, few, many, part = forms if len(forms) > 1 else [*forms] * 4
        form = _OTHER if sign in self._words.other else _COUNTED
        return Noun(one, many, form, few=few, part=part)

    def _units(self) -> Units:
        row = self._row
        found = {sign: self._inflected(forms, sign) for sign, forms in row["units"].items()}
        found.pop("%", None)
        found |= {sign: Noun(name, name, _COUNTED) for sign, name in _ALWAYS.items()}
        aliases = {**_ALIASES, **self._words.aliases}
        found |= {sign: found[known] for sign, known in aliases.items() if known in found}
        return Units(
            exact=found,
            durations={
                sign: aliases.get(sign, sign)
                for sign in ("d", *self._words.aliases, "h", "min", "s")
                if sign in found
            },
            per=row["per"] or "{unit} {per}",
            tight=frozenset(found.keys() & {"in", "d", "t", "A", "B", "mi", "ft"}),
            percent="{number} %",
            percents="%",
        )

    def _money(self) -> Money:
        words, minor = self._words, None
        if words.cent:
            one, _, many = words.cent.partition("/")
            minor = Noun(one, many, _COUNTED)
        signs: dict[str, Currency] = {}
        for code, forms in self._row["currencies"].items():
            cents = minor if code in ("EUR", "USD") else None
            named = Currency(self._inflected(forms), cents)
            signs |= dict.fromkeys((code, *_SIGNS.get(code, ())), named)
        for sign, name in words.local.items():
            one, many, *small = name.split("/")
            hundredth = Noun(small[0], small[0], _OTHER) if small else None
            signs[sign] = Currency(Noun(one, many, _COUNTED), hundredth)
        return Money(signs=signs, both=self._row["and"].format("{major}", "{minor}"))

    def _say_date(
        self, pattern: str, ordinal_days: bool, day: int, month: int, of_year: int | None
    ) -> str:
        locale = self.numbers_of
        said = (ordinal if ordinal_days else cardinal)(locale, day)
        words = {"day": said, "month": locale.dates.months[month - 1]}
        if not of_year:
            return dates.without_year(pattern).format(**words).strip()
        return pattern.format(**words, year=year(locale, of_year))

    def _dates(self) -> Dates:
        row, pattern = self._row, dates.date_pattern(self._row["date"])
        signs = dates.month_signs(row["month_signs"], row["months"])
        places = {part: pattern.find(f"{{{part}}}") for part in ("day", "month", "year")}
        return Dates(
            months=tuple(row["months"]),
            month_signs=signs,
            weekdays=tuple(row["weekdays"]),
            weekday_signs=dates.weekday_signs(row["weekday_signs"], row["weekdays"]),
            order="".join(part[0] for part in sorted(places, key=lambda part: places[part])),
            say=partial(self._say_date, pattern, "d." in row["date"] or self._words.ordinal_days),
            day_signs=r"\." if "d." in row["date"] else "",
            month_first=places["month"] < places["day"],
            between=dates.between(pattern),
            short_before=self._words.before_date,
        )


@cache
def _made(name: str) -> Locale:
    return locale_named(name)


class _TimeWords:
    """Says times: the hour, a word where one is usual, the minute."""

    def __init__(self, word: str, maker: _TableMaker) -> None:
        self._word = word
        self._maker = maker

    def say(self, hour: int, minute: int, second: int | None, half: str) -> str:
        """Say a time on the clock of twenty-four hours."""
        locale = self._maker.numbers_of
        hour = hour % 12 + 12 if half == "pm" else hour % 12 if half == "am" else hour
        word = self._word if minute else self._word.partition(" ")[0]
        said = [cardinal(locale, hour), word] if word else [cardinal(locale, hour)]
        if minute:
            zero = [cardinal(locale, 0)] if minute < 10 and not self._word else []
            said += [*zero, cardinal(locale, minute)]
        if second:
            said.append(cardinal(locale, second))
        return " ".join(said)
