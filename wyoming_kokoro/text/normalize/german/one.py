"""One of something, with the gender and the case that it has there: "in einer Stunde"."""

import re
from collections.abc import Iterator
from functools import partial

from wyoming_kokoro.text.normalize.figures import NO_DIGIT_BEFORE, NOT_IN_WORD, cardinal
from wyoming_kokoro.text.normalize.german.gender import NEUTER, case_after, gender_of
from wyoming_kokoro.text.normalize.locale import Locale, Rule
from wyoming_kokoro.text.normalize.tables import choice
from wyoming_kokoro.text.normalize.units import unit_named, unit_pattern

_CONTEXT = 60
"""Characters before a number in which the words are looked for that decide its form."""

_NUMBERED = (
    r"Kanal|Kapitel|Platz|Nummer|Stufe|Raum|Gate|Gleis|Linie|Zone|Szene|Seite|Version|Phase|Teil|"
    r"Band|Programm|Level|Staffel|Folge|Schritt|Punkt|Typ|Klasse|Absatz|Artikel|Paragraf|Abs\.|"
    r"Kap\.|Nr\.|Art\.|Abb\.|Bd\."
)
"""What has a number rather than being counted."""


def rules(de: Locale) -> Iterator[Rule]:
    """Yield the rules for one thing, one unit, one coin, and half of one."""
    yield Rule(
        "de.one.span",
        re.compile(
            rf"{NO_DIGIT_BEFORE}(?<![-–/:+#])1\s?(?:[-–]|bis|(?P<or>oder))\s?(?=\d{{1,4}}\s?[A-Za-zÄÖÜäöü°%])"
        ),
        lambda found: f"ein {'oder' if found['or'] else 'bis'} ",
    )
    yield Rule(
        "de.one.million",
        re.compile(rf"{NO_DIGIT_BEFORE}1\s?(?P<big>Mio|Mrd)\b\.?(?=\s*(?P<more>\S)?)"),
        _say_one_million,
    )
    yield Rule(
        "de.one.percent",
        re.compile(rf"{NO_DIGIT_BEFORE}(?<![-–/:+#])1\s?%"),
        lambda found: f"{cardinal(de, 1, NEUTER + case_after(words_before(found)))} Prozent",
    )
    yield Rule(
        "de.one.unit",
        re.compile(rf"{NO_DIGIT_BEFORE}(?<![-–/:+#])1\s?{unit_pattern(de)}(?!\s?/)"),
        partial(_say_one_unit, de),
    )
    yield Rule(
        "de.one.money",
        re.compile(
            rf"{NO_DIGIT_BEFORE}(?<![-–/:+#])1(?:,(?P<minor>\d\d))?\s?"
            rf"(?P<sign>{choice(de.money.signs)}){NOT_IN_WORD}(?!/)"
        ),
        partial(_say_one_coin, de),
    )
    yield Rule(
        "de.half",
        re.compile(
            r"(?<![\w.,/])1/2\s(?P<noun>l|L|kg|m|km|h|Liter|Kilo|Meter|Stunde|Tag)(?![\w/])"
        ),
        partial(_say_half, de),
    )
    yield Rule(
        "de.one",
        re.compile(
            rf"{NO_DIGIT_BEFORE}(?<![-–/:+#])1(?=\s(?:[a-zäöüß]{{2,20}}(?:e|er|es|en|em)\s)?"
            r"(?P<noun>[A-ZÄÖÜ][\wäöüß-]+))"
        ),
        partial(_say_one, de),
    )


def _say_one_million(found: re.Match[str]) -> str:
    said = "eine Million" if found["big"] == "Mio" else "eine Milliarde"
    return said if found["more"] else f"{said}."


def words_before(found: re.Match[str]) -> str:
    """Return the text before what was found, as far as it decides a form."""
    return found.string[max(0, found.start() - _CONTEXT) : found.start()]


def _say_one(de: Locale, found: re.Match[str]) -> str | None:
    before = words_before(found)
    if re.search(rf"(?<!\w)(?:{_NUMBERED})\s\Z", before):
        return None
    gender = gender_of(found["noun"]) or NEUTER
    return _begun(before, cardinal(de, 1, gender + case_after(before)))


def _begun(before: str, words: str) -> str:
    """Return `words` as they are written after what stands before."""
    return words if before.strip() else words[:1].upper() + words[1:]


def _say_one_unit(de: Locale, found: re.Match[str]) -> str | None:
    noun = unit_named(de, found["unit"].replace(" ", "")) or unit_named(de, found["unit"])
    if noun is None:
        return None
    return f"{cardinal(de, 1, noun.form + case_after(words_before(found)))} {noun.one}"


def _say_one_coin(de: Locale, found: re.Match[str]) -> str | None:
    noun, minor = de.money.signs[found["sign"]].major, de.money.signs[found["sign"]].minor
    said = f"{cardinal(de, 1, noun.form + case_after(words_before(found)))} {noun.one}"
    if not found["minor"]:
        return said
    if minor is None or found["minor"] == "00":
        return said if minor else None
    cents = int(found["minor"])
    counted = f"{cardinal(de, cents, minor.form)} {minor.one if cents == 1 else minor.many}"
    return de.money.both.format(major=said, minor=counted)


def _say_half(de: Locale, found: re.Match[str]) -> str:
    noun = unit_named(de, found["noun"])
    name = noun.one if noun else found["noun"]
    gender = noun.form if noun else gender_of(name)
    case = case_after(words_before(found))
    adjective = {"m": "halber", "f": "halbe", "n": "halbes"}[gender or NEUTER]
    if case == "3" or (case == "4" and gender == "m"):
        adjective = "halben"
    return f"{cardinal(de, 1, gender + case)} {adjective} {name}"
