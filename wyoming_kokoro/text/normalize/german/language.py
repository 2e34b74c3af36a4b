"""German: the words for figures and signs.

Times are said as on a clock of twenty-four hours: "sieben Uhr fünf", "vierzehn Uhr dreißig".
A hundred and a thousand have no "ein" before them: "hundertfünfzig".
"""

from wyoming_kokoro.text.normalize.figures import cardinal, ordinal
from wyoming_kokoro.text.normalize.german.gender import FEMININE, NEUTER, inflect
from wyoming_kokoro.text.normalize.german.ordinals import (
    MONTH_SIGNS,
    MONTHS,
    WEEKDAYS,
    say_date,
)
from wyoming_kokoro.text.normalize.german.rules import last_rules, rules
from wyoming_kokoro.text.normalize.german.units import UNITS
from wyoming_kokoro.text.normalize.german.words import ABBREVIATIONS, ACRONYMS, MONEY, SPELLER
from wyoming_kokoro.text.normalize.locale import Clock, Dates, Locale
from wyoming_kokoro.text.normalize.numbers import Numbers
from wyoming_kokoro.text.normalize.tables import pairs


def _say_clock(hour: int, minute: int, second: int | None, half: str) -> str:
    said = f"{cardinal(DE, hour, NEUTER)} Uhr"
    if minute:
        said += f" {cardinal(DE, minute)}"
    if second:
        said += f" und {cardinal(DE, second, FEMININE)} Sekunde{'' if second == 1 else 'n'}"
    return f"{said} {_part_of_day(hour, half)}" if half else said


def _part_of_day(hour: int, half: str) -> str:
    if half == "am":
        return "nachts" if hour == 12 or hour < 5 else "morgens"
    return "mittags" if hour == 12 else "nachmittags" if hour < 6 else "abends"


def _say_fraction(number: int, total: int) -> str:
    if total == 2:
        return "ein halb" if number == 1 else f"{cardinal(DE, number)} halbe"
    name = "Drittel" if total == 3 else f"{ordinal(DE, total).removesuffix('te')}tel"
    name = name.replace("stetel", "stel")
    return f"{cardinal(DE, number, NEUTER)} {name[:1].upper()}{name[1:]}"


def _postprocess(text: str) -> str:
    return text.replace("einseinhalb", "eineinhalb").replace("einsdreiviertel", "eindreiviertel")


DE: Locale = Locale(
    numbers=Numbers(
        language="de",
        cardinals={"": "spellout-numbering"},
        ordinals={
            "": "spellout-ordinal",
            "n": "spellout-ordinal-n",
            "r": "spellout-ordinal-r",
            "s": "spellout-ordinal-s",
            "m": "spellout-ordinal-m",
        },
        respell={"\u00ad": "", "einhundertst": "hundertst", "eintausendst": "tausendst"},
        inflect=inflect,
        decimals=",.",
        groups=". '’",
        point="Komma",
    ),
    dates=Dates(
        months=MONTHS,
        month_signs=MONTH_SIGNS,
        weekdays=WEEKDAYS,
        order="dmy",
        say=lambda day, month, of_year: say_date(DE, day, month, of_year),
        day_signs=r"\.",
        decade=None,
    ),
    clock=Clock(
        say=_say_clock,
        timer_words=r"timer\w*|countdown|stoppuhr|dauer|restzeit|verbleibend\w*|noch|übrig",
        swallowed="Uhr|h",
    ),
    units=UNITS,
    money=MONEY,
    minus="minus",
    plus="plus",
    span="{start} bis {end}",
    score="{start} zu {end}",
    score_words=r"gew\w+|verl\w+|unentschieden|ergebnis|spiel|sieg\w*|schlug\w*|tore?|stand|führt\w*",
    ratio="{start} zu {end}",
    rating="{number} von {total}",
    fraction=_say_fraction,
    over="{number} zu {total}",
    mixed="{whole}{fraction}",
    mixed_fractions={(1, 2): "einhalb", (1, 4): "einviertel", (3, 4): "dreiviertel"},
    signs={
        "=": "gleich",
        "&": "und",
        "×": "mal",
        "÷": "geteilt durch",
        "±": "plus minus",
        "<": "kleiner als",
        ">": "größer als",
        "≤": "kleiner oder gleich",
        "≥": "größer oder gleich",
        "≈": "ungefähr",
        "≠": "ungleich",
        "√": "Wurzel aus",
        "+": "plus",
        "∞": "unendlich",
        "π": "pi",
        "°": "Grad",
        "@": "ätt",
        "~": "ungefähr",
        "µ": "Mikro",
        "€": "Euro",
        "£": "Pfund",
        "$": "Dollar",
        "¥": "Yen",
        "§": "Paragraf",
        "^": "hoch",
        "‰": "Promille",
    },
    power={
        "2": "{base} zum Quadrat",
        "3": "{base} hoch drei",
        "": "{base} hoch {exponent}",
    },
    times="{number}mal",
    times_form=NEUTER,
    by="{start} mal {end}",
    number_sign="Nummer",
    dot="Punkt",
    at="ätt",
    slash="Schrägstrich",
    dash="Strich",
    colon="Doppelpunkt",
    hashtag="Hashtag",
    read_endings=frozenset(["me", "to"]),
    version_point="Punkt",
    ip_in_numbers=True,
    star="Stern",
    hash="Raute",
    announcing=(
        r"\w*code|pin|passwort|kennwort|\w*nummer|bestellung|auftrag|sendung|flug|plz|postleitzahl|"
        r"iban|otp|kennzeichen|rechnung|vorgang|durchwahl|wähle?n?(?:\sdie)?"
    ),
    linking=r"ist|lautet|die|der|nummer|nr\.|mit|von\s[^\W\d]{2,20}",
    compass=pairs("N: Nord, S: Süd, O: Ost, E: Ost, W: West"),
    factorial="{number} Fakultät",
    emergency=(
        r"ruf\w*(?:\s(?:die|den|unter))?|wähl\w*(?:\sdie)?|notruf|notrufnummer|telefon|nummer"
    ),
    abbreviations=ABBREVIATIONS,
    acronyms=ACRONYMS,
    letters=SPELLER.letters,
    roman_cardinals=(
        r"Kapitel|Kap\.|Band|Bd\.|Teil|Akt|Szene|Artikel|Abschnitt|Phase|Stufe|Level|Typ|Klasse|Buch|Episode|"
        r"Rocky|Final Fantasy|Super Bowl"
    ),
    postprocess=_postprocess,
    rules=rules,
    last_rules=last_rules,
)
