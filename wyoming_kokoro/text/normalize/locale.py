"""The table that each language fills: how it writes dates, times, measures and signs, and what it
says for them.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from wyoming_kokoro.text.normalize.numbers import Form, Money, Noun, Numbers


@dataclass(frozen=True, slots=True)
class Rule:
    """A way of writing, and how it is said."""

    name: str
    """What a language calls it by to replace it: `clock`, `date.iso`."""

    pattern: re.Pattern[str]

    say: Callable[[re.Match[str]], str | None]
    """Return the words for what was found, None to leave it as it is written."""

    needs_digits: bool = False
    """Whether it finds nothing where no digit is, and is not tried there: most texts have none
    when half of the rules are through."""


def where_digits(rules: Iterable[Rule]) -> Iterator[Rule]:
    """Yield `rules`, all of which find nothing but what has a digit in it."""
    for rule in rules:
        yield replace(rule, needs_digits=True)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dates:
    """Its months and days, their signs, and what is said for them."""

    months: tuple[str, ...]
    """January to December."""

    month_signs: Mapping[str, int]
    """Abbreviations without their point, lower case, and the month (1-12)."""

    unclear_months: frozenset[str] = frozenset()
    """Names of months that are other words in lower case: `may`."""

    weekdays: tuple[str, ...] = ()

    weekday_signs: Mapping[str, str] = field(default_factory=dict)
    """Abbreviations without their point, as written, and the whole name."""

    order: str
    """Of day, month and year in figures: `mdy`, `dmy` or `ymd`."""

    say: Callable[[int, int, int | None], str]
    """Say day, month and year (None where there is none)."""

    day_signs: str = ""
    """Pattern of what may follow the day's number in writing: `st|nd|rd|th`."""

    month_first: bool = False
    """Whether a day may follow the name of its month ("May 3") rather than go before it."""

    between: str = ""
    """Pattern of a word that may stand between day, month and year in writing: `de`."""

    day: Callable[[int], str] | None = None
    """Say a day without its month, for "20-22 November"; None to leave such ranges to `span`."""

    short_before: str = ""
    """Pattern of words before `11/20` that make it a date rather than a fraction: `on`."""

    decade: Callable[[int], str] | None = None
    """Say the ten years from a year on; None where they are not written as `1990s`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clock:
    """The signs of times, and what is said for them."""

    say: Callable[[int, int, int | None, str], str]
    """Say hour, minute, second (None where there is none) and half of the day: `am`, `pm`, ""."""

    separators: str = ":"
    """Between hour and minute: `:`, `h`, `.`."""

    am: str = r"a\.m\.|am"
    """Pattern of the sign for the first half of the day, whatever its case."""

    pm: str = r"p\.m\.|pm"

    span: str = ""
    """A range of times, where it is not said like others: "dalle {start} alle {end}"."""

    timer_words: str = ""
    """Pattern of words that make `00:05:00` in their sentence a duration: `timer`."""

    swallowed: str = ""
    """Pattern of a word after the time that `say` says anyway, or that is not said: `o'clock`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Units:
    """Units of measure. A symbol means what `exact` says, else a prefix and a base."""

    exact: Mapping[str, Noun]
    """By symbol as written: `°C`, `kWh`, `km/h`, `min`."""

    bases: Mapping[str, Noun] = field(default_factory=dict)
    """By symbol: the units that take every prefix: `W`, `B`, `Hz`."""

    prefixes: Mapping[str, str] = field(default_factory=dict)
    """By symbol: `k` is "kilo"."""

    prefixed_only: frozenset[str] = frozenset()
    """Bases that are no unit by themselves in writing: `B`."""

    durations: Mapping[str, str] = field(default_factory=dict)
    """What follows numbers in "2h 15m", and the symbol in `exact` that it means there."""

    one_after: str = ""
    """Pattern of words after which a unit without a number is one: `the|a|per`."""

    last: str = " "
    """Before the last part of "2h 15m": " e "."""

    said: str = "{number} {unit}"
    per: str = "{unit} per {per}"
    """Of units that are divided, where `exact` does not have the whole."""

    powers: Mapping[str, str] = field(default_factory=dict)
    """What `²` and `³` make of a unit: "square {unit}"."""

    percent: str = "{number} percent"
    percents: str = "percent"
    """A percent sign without a number before it."""

    tight: frozenset[str] = frozenset()
    """Symbols that are words as well, and units only right behind their number: `in`, `A`."""


def spell_in_capitals(letters: str) -> str:
    """Return letters apart, for a reader that says a capital's name: "I O"."""
    return " ".join(letters.upper())


def unchanged(text: str) -> str:
    """Return `text`, for a language in which words leave each other alone."""
    return text


def no_rules(locale: "Locale") -> Iterable[Rule]:
    """Return no rules, for a language in which the shared ones say all."""
    del locale
    return ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Locale:
    """All that is needed to say the written text of one language."""

    numbers: Numbers
    dates: Dates
    clock: Clock
    units: Units
    money: Money

    minus: str
    plus: str
    subtracted: str = ""
    """A minus between two numbers; "" where it is the word of the sign, `minus`."""

    added: str = ""
    span: str = "{start} to {end}"
    """A range: 10-15."""

    score: str = "{start} to {end}"
    score_words: str = ""
    """Pattern of words that make `3-2` in their sentence a score rather than a range."""

    ratio: str = "{start} to {end}"
    """3:1."""

    rating: str = "{number} out of {total}"

    fractions: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """By numerator and denominator: (1, 2) is "one half"."""

    fraction: Callable[[int, int], str] | None = None
    """Say any other fraction; None to say it as `over`."""

    over: str = "{number} over {total}"
    mixed: str = "{whole} and {fraction}"
    """A whole number and a fraction: 1½."""

    mixed_fractions: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """Fractions said otherwise after a whole number: (1, 2) is "a half"."""

    fractioned: str = ""
    """Pattern of words that make 1/5 before them a fraction rather than a rating: `cup|mile`."""

    signs: Mapping[str, str] = field(default_factory=dict)
    """Words of single signs between spaces or numbers: `=`, `&`, `×`, `<`."""

    power: Mapping[str, str] = field(default_factory=dict)
    """By exponent, how a number is raised: `2` is "{base} squared", "" any other `{exponent}`."""

    times: str = "{number} times"
    """Of 2x before a word; "" where that is not written."""

    times_form: Form = ""
    """Form of the number in it: "duas vezes"."""

    by: str = "{start} by {end}"
    """Of 3x4 and 1920×1080."""

    number_sign: str = "number"
    """Of # before figures."""

    dot: str = "dot"
    at: str = "at"
    slash: str = "slash"
    dash: str = "dash"
    colon: str = "colon"
    hashtag: str = "hashtag"

    read_endings: frozenset[str] = frozenset(["me", "to", "my", "so", "co"])
    """Endings of addresses that are read although they have but two letters."""

    version_point: str = "point"

    ip_in_numbers: bool = False
    """Whether the parts of an IP address are said as numbers rather than digit by digit."""

    star: str = "star"
    hash: str = "hash"
    """The keys of a telephone."""

    asterisk: str = ""
    """The sign of the star in print, if that has another name."""

    announcing: str = ""
    """Pattern of words that what is spelled follows, digit by digit: `pin|order|tracking`."""

    linking: str = ""
    """Pattern of words that may stand between those and it: `number|is`."""

    longest_unbroken: int = 0
    """Characters of a code up to which it is spelled without a rest between its groups."""

    compass: Mapping[str, str] = field(default_factory=dict)
    """By sign, the points of the compass: `N` is "north"."""

    angles: tuple[str, str] = ("min", "s")
    """Symbols of the units that parts of an angle are called by."""

    position: str = "{angle} {point}"
    """Of an angle and a point of the compass."""

    factorial: str = "{number} factorial"

    emergency: str = ""
    """Pattern of words before a number of three digits that make it a telephone number."""

    abbreviations: Mapping[str, str] = field(default_factory=dict)
    """As written, with their points: `approx.`, `e.g.`. Lower case ones are found capitalised."""

    acronyms: Mapping[str, str] = field(default_factory=dict)
    """Exactly as written: `CO2`, `PM2.5`."""

    name_words: Mapping[str, str] = field(default_factory=dict)
    """Of the names of entities, lower case: `tv` is "TV"."""

    letters: Callable[[str], str] = spell_in_capitals
    """Spell letters out."""

    roman_cardinals: str = ""
    """Pattern of words before a Roman numeral that counts: `World War`, `chapter`."""

    roman_ordinals: str = ""
    """Pattern of names before a Roman numeral that orders: `Henry`."""

    roman_ordinal: str = "the {number}"
    last_roman_ordinal: int = 89
    """The last place that is said as one; above it, names are counted: "Luis catorce"."""

    postprocess: Callable[[str], str] = unchanged
    """Do in the end what words do to one another, such as elision: "un'ora", "all'otto"."""

    rules: Callable[["Locale"], Iterable[Rule]] = no_rules
    """Make rules of the language's own from the table: in place of the shared one of the same name,
    or else first."""

    last_rules: Callable[["Locale"], Iterable[Rule]] = no_rules
    """Make rules for what all others left."""

    preprocess: Callable[[str], str] = unchanged
    """Do first what lets rules find words, such as parting those that are written as one."""
