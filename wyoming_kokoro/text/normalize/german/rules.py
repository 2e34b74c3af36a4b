"""What only German writes: numbers that agree, times with "Uhr", days of the week, telephones."""

import re
from collections.abc import Iterator

from wyoming_kokoro.text.normalize.figures import (
    NO_DIGIT_BEFORE,
    cardinal,
    is_near,
    number_pattern,
    say_digits,
    say_number,
    year,
)
from wyoming_kokoro.text.normalize.german import one, ordinals
from wyoming_kokoro.text.normalize.german.gender import NEUTER
from wyoming_kokoro.text.normalize.german.words import SPELLER
from wyoming_kokoro.text.normalize.locale import Locale, Rule, where_digits
from wyoming_kokoro.text.normalize.stretched import stretched_rule
from wyoming_kokoro.text.normalize.tables import choice, pairs
from wyoming_kokoro.text.normalize.units import unit_pattern

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

_CALLED = re.compile(r"(?i)(?<!\w)(?:notruf|notfall|ruf|wähl|polizei|feuerwehr|rettung|anruf)")
"""Beginnings of words near which 110 and 112 are telephone numbers."""

_COMPOUND = re.compile(r"(?i)[a-zäöüß]{1,20}(?:([b-df-hj-np-tv-z])\1\1|eee)[a-zäöüß]{3,20}")
"""A word whose parts meet in three letters: `Schifffahrt`, `Schneeeule`."""


def rules(de: Locale) -> Iterator[Rule]:
    """Yield the rules of `de`, the table."""
    yield from _sign_rules(de)
    yield from _name_rules(de)
    yield from _word_rules()
    yield from _day_rules()
    yield from where_digits(_time_rules(de))
    yield from ordinals.rules(de)
    yield from where_digits(_year_rules(de))
    yield from where_digits(one.rules(de))
    yield one.half_rule(de)


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
        "de.percental",
        re.compile(rf"{NO_DIGIT_BEFORE}({number_pattern(de)})\s?%-?(ig(?:e[rsnm]?)?)(?!\w)"),
        lambda found: f"{say_number(de, found[1])}prozent{found[2]}",
        needs_digits=True,
    )
    yield Rule(
        "de.aged", re.compile(r"(?<=\d)\s?J\.(?=\s|\Z)"), lambda _: " Jahre", needs_digits=True
    )
    yield stretched_rule(lambda word: _COMPOUND.fullmatch(word) is not None)
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


def _name_rules(de: Locale) -> Iterator[Rule]:
    """Yield the rules for numbers in the names of things, rooms and versions above all."""
    yield Rule(
        "de.room",
        re.compile(r"(?<!\w)((?:Raum|Zimmer|Saal|Büro)\s\d{1,3})\.(\d{1,3})(?![\w.,:]?\d|\w)"),
        lambda found: f"{found[1]} {de.dot} {say_digits(de, found[2])}",
        needs_digits=True,
    )
    yield Rule(
        "de.wing",
        re.compile(r"(?<!\w)((?:Raum|Zimmer|Saal|Büro)\s[A-Z])\.(\d{1,4})(?![\w.,:]?\d|\w)"),
        lambda found: f"{found[1]} {say_digits(de, found[2])}",
        needs_digits=True,
    )
    yield Rule(
        "de.emergency",
        re.compile(r"(?<![\w.,:/+-])11[02](?![\w%°]|[.,:/-]\d|\s?€)"),
        lambda found: say_digits(de, found.group()) if is_near(_CALLED, found) else None,
        needs_digits=True,
    )
    yield Rule(
        "de.across",
        re.compile(r"(?<=\d)(\s?[ckm]?m)\s?[x×]\s?(?=\d)"),
        lambda found: f"{found[1]} mal ",
        needs_digits=True,
    )
    yield Rule(
        "de.item", re.compile(r"(?<![\w.])(\d{1,2})\.\)"), "{0[1]})".format, needs_digits=True
    )
    yield Rule(
        "de.version",
        re.compile(
            r"(?i)(?<!\w)((?:version|release|firmware|software|core|supervisor|python|android|ios|"
            r"macos|bluetooth|usb|hdmi|zigbee|esphome|hacs|home assistant|haos|os|app)\s\d{1,4})\."
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
        "de.hours",
        re.compile(
            r"(?<![\w.,:/-])(\d{1,2}):([0-5]\d)\s?(?P<unit>Stunden?|Std\.?|h|Minuten?|Min\.?|min)(?!\w)"
        ),
        _say_hours,
    )
    yield Rule(
        "de.clock.first",
        re.compile(
            rf"(?<![\w.,:/-])({half})\.([0-5]\d)(?=\s?(?:und|bis|[-–])\s?{half}[.:][0-5]\d\s?Uhr)"
        ),
        "{0[1]}:{0[2]}".format,
    )
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


def _say_hours(found: re.Match[str]) -> str | None:
    """Say `1:30 Stunden` as a duration, and `1:30 h` where a word before tells that it is one."""
    lasting = r"(?i)(?<!\w)(?:noch|dauer\w{0,4}|brauch\w{0,2}|läuft|lief|restzeit|lang)(?!\w)"
    if found["unit"] == "h" and not re.search(lasting, one.words_before(found)):
        return None
    whole, part = ("min", "s") if found["unit"][0] in "Mm" else ("h", "min")
    rest = f" {int(found[2])} {part}" if int(found[2]) else ""
    return f"{int(found[1])} {whole}{rest}"


def _hour(de: Locale, hour: int) -> str:
    return "ein" if hour == 1 else cardinal(de, hour)


def _year_rules(de: Locale) -> Iterator[Rule]:
    yield Rule(
        "decade",
        re.compile(r"(?<![\w.,])(?:['’]?(\d0)|([12]\d\d0))er(n?)(?!\w)"),
        lambda found: f"{year(de, int(found[1] or found[2]))}er{found[3]}",
    )
    yield Rule(
        "de.pack",
        re.compile(r"(?<![\w.,])(\d{1,3})er(?=[\s-])"),
        lambda found: f"{cardinal(de, int(found[1]), NEUTER)}er",
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
