"""The rules that Spanish, French, Italian and Portuguese share, and the words that differ."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wyoming_kokoro.text.normalize.capitals import Speller
from wyoming_kokoro.text.normalize.locale import Locale, Rule
from wyoming_kokoro.text.normalize.romance.dates import date_rules, weekday_rule
from wyoming_kokoro.text.normalize.romance.measures import (
    each_rules,
    mark_rules,
    parts_rule,
    size_rules,
    unit_rules,
)
from wyoming_kokoro.text.normalize.romance.names import name_rules
from wyoming_kokoro.text.normalize.romance.numbers import amount_rules, numeral_rule, set_rule
from wyoming_kokoro.text.normalize.tables import choice


@dataclass(frozen=True, slots=True, kw_only=True)
class RomanceWords:
    """The words in which the languages differ where they write alike."""

    days: Mapping[str, str]
    """Weekdays by abbreviations that are words too: `mer` is "mercredi"."""

    lone_days: str = ""
    """Pattern of those among them that are days at the end of a sentence as well."""

    before_year: str
    """Between month and year: " de "."""

    between: str
    """Pattern of the word before two numbers, `entre`, that makes the dash between them an and."""

    conjunction: str
    """And."""

    centuries: Mapping[str, str]
    """By abbreviation before a Roman numeral: `s.` is "siglo"."""

    codes: str
    """Pattern of what is followed by a code rather than an amount: `pin|contraseña`."""

    linked: str
    """Pattern of words between those and the code: `es|de la puerta`."""

    each: Mapping[str, str]
    """By what may follow a slash, how it is said: `mes` is "al mes"."""

    hundred: str
    """Of a hundred kilometers, after what is used for them: "aux cent kilomètres"."""

    windward: str
    """Pattern of words before a point of the compass: `[Vv]ientos?`."""

    compass: Mapping[str, str]

    page: str

    last_ordinal: int = 0
    """Of Roman numerals after any name, the last that puts it in order."""

    extremes: str
    """Between the least and the greatest of a day."""

    height: str
    """Between meters and centimeters of somebody: "e "."""

    pointed_units: str
    """Pattern of units that are written with a point."""

    millions: str
    """Pattern of words after which a unit is parted by "de"."""

    of: str
    measures: str
    """Pattern of what is had in parts, "3/4 de taza"."""

    seconds: str
    minutes: str

    parts: Mapping[str, str]
    """By abbreviation before a number, Roman or not: `cap.` is "capítulo"."""

    sets: str = "{start} {end}"
    """Of tennis: 6-4."""

    hearted: str
    """Pattern of words behind which `<3` is a heart."""


def rules(locale: Locale, words: RomanceWords) -> Iterator[Rule]:
    """Yield the rules that `words` completes."""
    yield from amount_rules(locale)
    yield set_rule(locale, words.sets)
    yield weekday_rule(locale, words.days, words.lone_days)
    yield _between_rule(words)
    yield from date_rules(locale, words.before_year)
    yield from unit_rules(locale, words.pointed_units, words.millions)
    yield from size_rules(locale, words.extremes, words.height)
    yield parts_rule(locale, words.of, words.measures)
    yield from mark_rules(words.seconds, words.minutes)
    yield from each_rules(locale, words.each, words.hundred)
    yield from _word_rules(words)
    yield from name_rules(locale, words.parts, words.hearted)


def last_rules(locale: Locale, words: RomanceWords, speller: Speller) -> Iterator[Rule]:
    """Yield the rules for capitals: numerals that nothing explains, what is spelled."""
    yield numeral_rule(locale, words.last_ordinal)
    yield speller.rule
    if speller.names["l"] != "L":
        yield speller.letter_rule


def _between_rule(words: RomanceWords) -> Rule:
    return Rule(
        "romance.between",
        re.compile(
            rf"(?i)(?<!\w)((?:{words.between})\s-?\d[\d.,]{{0,12}}\s?[%°]?)\s?[-–]\s?(?=\d)"
        ),
        lambda found: f"{found[1]} {words.conjunction} ",
    )


def _word_rules(words: RomanceWords) -> Iterator[Rule]:
    yield Rule(
        "romance.compass",
        re.compile(
            rf"(?<!\w)((?:{words.windward})\s)({choice(words.compass)})"
            r"(?![\w'’&]|[./-]\w|\.\s[IVX]|\s[A-Z](?!\w))"
        ),
        lambda found: found[1] + words.compass[found[2]],
    )
    yield Rule(
        "romance.century",
        re.compile(rf"(?<![\w.])({choice(words.centuries)})\s?(?=[IVX]{{1,5}}(?!\w))"),
        lambda found: f"{words.centuries[found[1]]} ",
    )
    yield Rule(
        "romance.coordinate",
        re.compile(rf"(?<=\d)\s?°\s?({choice(words.compass)})(?![\w'’])"),
        lambda found: f"° {words.compass[found[1]]}",
    )
    yield Rule(
        "romance.page",
        re.compile(r"(?<![\w.])[pP](p?)\.\s?(?=\d)"),
        lambda found: f"{words.page}{'s' * len(found[1])} ",
    )
