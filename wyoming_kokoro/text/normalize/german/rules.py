"""What only German writes: numbers that agree, times with "Uhr", days of the week, telephones."""

import re
from collections.abc import Iterator
from functools import partial

from wyoming_kokoro.text.normalize.figures import (
    NO_DIGIT_BEFORE,
    NOT_IN_WORD,
    cardinal,
    say_digits,
    year,
)
from wyoming_kokoro.text.normalize.german import ordinals
from wyoming_kokoro.text.normalize.german.gender import NEUTER, case_after, gender_of
from wyoming_kokoro.text.normalize.german.words import SPELLER
from wyoming_kokoro.text.normalize.locale import Locale, Rule, where_digits
from wyoming_kokoro.text.normalize.tables import choice, pairs
from wyoming_kokoro.text.normalize.units import unit_named, unit_pattern

_CONTEXT = 60
"""Characters before a number in which the words are looked for that decide its form."""

_DAYS = pairs(
    "Mo: Montag, Di: Dienstag, Mi: Mittwoch, Do: Donnerstag, Fr: Freitag, Sa: Samstag, So: Sonntag"
)
_POINTS = pairs(
    """
    N: Nord, S: Süd, O: Ost, W: West, NO: Nordost, NW: Nordwest, SO: Südost, SW: Südwest,
    NNO: Nordnordost, ONO: Ostnordost, OSO: Ostsüdost, SSO: Südsüdost, SSW: Südsüdwest,
    WSW: Westsüdwest, WNW: Westnordwest, NNW: Nordnordwest
    """
)
_EACH = (
    "Jahr|Monat|Woche|Tag|Nacht|Stunde|Minute|Sekunde|Person|Stück|Seite|Mal|Liter|Meter|Kilo|Monat|"
    "Einheit|Zyklus|Quadratmeter|Kilometer"
)
"""What is counted after a slash."""

_NUMBERED = (
    r"Kanal|Kapitel|Platz|Nummer|Stufe|Raum|Gate|Gleis|Linie|Zone|Szene|Seite|Version|Phase|Teil|"
    r"Band|Programm|Level|Staffel|Folge|Schritt|Punkt|Typ|Klasse|Kanäle"
)


def rules(de: Locale) -> Iterator[Rule]:
    """Yield the rules of `de`, the table."""
    yield from _sign_rules(de)
    yield from _word_rules()
    yield from _day_rules()
    yield from where_digits(_time_rules(de))
    yield from ordinals.rules(de)
    yield from where_digits(_year_rules(de))
    yield from where_digits(_one_rules(de))


def last_rules(de: Locale) -> Iterator[Rule]:
    """Yield the rule for capitals."""
    del de
    yield SPELLER.rule


def _sign_rules(de: Locale) -> Iterator[Rule]:
    yield Rule(
        "de.phone",
        re.compile(
            r"(?<![\w.,:/+-])0\d{1,4}\s?[ /-]\s?\d{2,8}(?:[ -]\d{2,8}){0,4}"
            r"(?![\w%°]|[.,:/-]\d|\s?€)"
        ),
        lambda found: ", ".join(say_digits(de, run) for run in re.findall(r"\d+", found.group())),
        needs_digits=True,
    )
    yield Rule(
        "de.each",
        re.compile(rf"(?<=[\w€$%])\s?/\s?(?=(?:{_EACH})(?!\w))"),
        lambda _: " pro ",
    )
    yield Rule(
        "de.pointed",
        re.compile(r"(?<=\d)\s?(Std|Min|Sek|Mon)\.(?=\s*[\da-zäöü(,])"),
        lambda found: f" {found[1]}",
        needs_digits=True,
    )
    yield Rule(
        "de.picture",
        re.compile(r"(?<![\w.,])([248])K(?!\w)"),
        lambda found: f"{cardinal(de, int(found[1]))} {de.letters('K')}",
        needs_digits=True,
    )
    yield Rule(
        "de.even",
        re.compile(r"(?<=\d),(?:-|–|—)\s?(?=€|EUR|Euro)"),
        lambda _: " ",
        needs_digits=True,
    )
    yield Rule(
        "de.room",
        re.compile(r"(?<!\w)((?:Raum|Zimmer|Saal|Büro)\s\d{1,3})\.(\d{1,3})(?![\w.,:]?\d|\w)"),
        lambda found: f"{found[1]} {de.dot} {say_digits(de, found[2])}",
        needs_digits=True,
    )
    yield Rule(
        "de.version",
        re.compile(
            r"(?i)(?<!\w)((?:version|release|firmware|software|core|supervisor|python|android|ios|"
            r"macos|bluetooth|usb|hdmi|zigbee|esphome|hacs|home assistant)\s\d{1,4})\."
            r"(?=\d{1,3}(?![\w.,]?\d))"
        ),
        lambda found: f"{found[1]} {de.version_point} ",
        needs_digits=True,
    )


def _word_rules() -> Iterator[Rule]:
    yield Rule("de.street", re.compile(r"(?<=[a-zäöüß])str\.(?!\w)"), _street)
    yield Rule("de.paragraph", re.compile(r"§§?\s?(?=\d)"), lambda _: "Paragraf ")
    yield Rule("de.page", re.compile(r"(?<![\w.])S\.\s?(?=\d{1,4}(?!\w))"), lambda _: "Seite ")
    yield Rule(
        "de.compass",
        re.compile(rf"(?<=\b(?:aus|von)\s)({choice(_POINTS)})(?![\w'’&/-])"),
        lambda found: _POINTS[found[1]],
    )
    yield Rule(
        "de.heart",
        re.compile(r"(?i)(?<!\w)((?:ich|wir)\s)<3\s(?=[a-zäöü])"),
        lambda found: found[1],
    )
    yield Rule(
        "de.minimal",
        re.compile(r"(?<![\w.])(?<!\d )(?<!\d)min\.\s?(?=\d)"),
        lambda _: "minimal ",
    )


def _street(found: re.Match[str]) -> str:
    return "straße" if found.string[found.end() :].strip() else "straße."


def _day_rules() -> Iterator[Rule]:
    days = choice(_DAYS)
    dated = r"(?=,?\s(?:den\s)?[0-3]?\d\.)"
    yield Rule(
        "de.weekday",
        re.compile(
            rf"(?<![\w.-])(?P<first>{days})\.?\s?(?:-|–|bis)\s?(?P<last>{days})(?![\w])\.?"
            rf"|(?<![\w.])(?P<day>{days})(?:\.?{dated}|\.(?=\s(?:und|bis|um|ab)\s))"
        ),
        lambda found: (
            _DAYS[found["day"]]
            if found["day"]
            else f"{_DAYS[found['first']]} bis {_DAYS[found['last']]}"
        ),
    )


def _time_rules(de: Locale) -> Iterator[Rule]:
    half = r"(?:[01]?\d|2[0-4])"
    yield Rule(
        "de.clock.span",
        re.compile(
            rf"(?<![\w.,:/-])(?P<start>{half})\s?(?:Uhr\s?)?[-–]\s?(?={half}(?:[:.][0-5]\d)?\s?Uhr\b)"
        ),
        lambda found: f"{_hour(de, int(found['start']))} bis ",
    )
    yield Rule(
        "de.clock",
        re.compile(rf"(?<![\w.,:/-])(?P<hour>{half})(?:\.(?P<minute>[0-5]\d))?\s?Uhr(?!\w)"),
        lambda found: de.clock.say(int(found["hour"]), int(found["minute"] or 0), None, ""),
    )
    yield Rule(
        "de.clock.range",
        re.compile(rf"(?<![\w.,:/-])({half}:[0-5]\d)\s?[-–]\s?(?={half}:[0-5]\d(?!\d))"),
        lambda found: f"{found[1]} bis ",
    )


def _hour(de: Locale, hour: int) -> str:
    return "ein" if hour == 1 else cardinal(de, hour)


def _year_rules(de: Locale) -> Iterator[Rule]:
    yield Rule(
        "decade",
        re.compile(r"(?<![\w.,])(?:['’]?(\d0)|([12]\d\d0))er(n?)(?!\w)"),
        lambda found: f"{year(de, int(found[1] or found[2]))}er{found[3]}",
    )
    yield Rule(
        "de.short_year",
        re.compile(r"(?<=\s)['’](\d\d)(?!\w|['’.,]\d)"),
        lambda found: cardinal(de, int(found[1])) if found[1][0] != "0" else None,
    )
    yield Rule(
        "de.year",
        re.compile(
            rf"(?<![\w.,:/×+-])(?<![$€£] )1[1-9]\d\d(?![\w%°×x=]|[.,:/-]\d"
            rf"|\s?(?:{choice(de.money.signs)})|\s?{unit_pattern(de)})"
        ),
        lambda found: year(de, int(found.group())),
    )


def _one_rules(de: Locale) -> Iterator[Rule]:
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
        lambda found: f"{cardinal(de, 1, NEUTER + case_after(_words_before(found)))} Prozent",
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


def _words_before(found: re.Match[str]) -> str:
    return found.string[max(0, found.start() - _CONTEXT) : found.start()]


def _say_one(de: Locale, found: re.Match[str]) -> str | None:
    before = _words_before(found)
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
    return f"{cardinal(de, 1, noun.form + case_after(_words_before(found)))} {noun.one}"


def _say_one_coin(de: Locale, found: re.Match[str]) -> str | None:
    noun, minor = de.money.signs[found["sign"]].major, de.money.signs[found["sign"]].minor
    said = f"{cardinal(de, 1, noun.form + case_after(_words_before(found)))} {noun.one}"
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
    case = case_after(_words_before(found))
    adjective = {"m": "halber", "f": "halbe", "n": "halbes"}[gender or NEUTER]
    if case == "3" or (case == "4" and gender == "m"):
        adjective = "halben"
    return f"{cardinal(de, 1, gender + case)} {adjective} {name}"
