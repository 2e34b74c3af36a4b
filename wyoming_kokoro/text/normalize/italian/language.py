"""Italian: the words for figures and signs.

Times of day are said as they are written, which is right on either clock: "le sette e trenta",
"le quattordici e cinque"; noon halves are named: "del mattino", "di sera".
"""

from wyoming_kokoro.text.normalize.figures import cardinal, ordinal
from wyoming_kokoro.text.normalize.italian.gender import FEMININE, MASCULINE, inflect
from wyoming_kokoro.text.normalize.italian.rules import last_rules, postprocess, rules
from wyoming_kokoro.text.normalize.italian.units import UNITS
from wyoming_kokoro.text.normalize.italian.words import (
    ABBREVIATIONS,
    ACRONYMS,
    MONEY,
    SPELLER,
    WORDS,
)
from wyoming_kokoro.text.normalize.locale import Clock, Dates, Locale
from wyoming_kokoro.text.normalize.numbers import Numbers
from wyoming_kokoro.text.normalize.tables import numbered, pairs, words


def _say_day(day: int) -> str:
    return "primo" if day == 1 else cardinal(IT, day)


def _say_date(day: int, month: int, of_year: int | None) -> str:
    said = f"{_say_day(day)} {_MONTHS[month - 1]}"
    return f"{said} {cardinal(IT, of_year)}" if of_year else said


def _say_clock(hour: int, minute: int, second: int | None, half: str) -> str:
    if hour in (0, 24) and not minute and not second:
        return "mezzanotte"
    said = cardinal(IT, hour, FEMININE)
    if minute:
        said += f" e {cardinal(IT, minute)}"
    if second:
        said += f" e {cardinal(IT, second, MASCULINE)} second{'o' if second == 1 else 'i'}"
    return f"{said} {_part_of_day(hour, half)}" if half else said


def _part_of_day(hour: int, half: str) -> str:
    if half == "am":
        return "del mattino" if 4 <= hour < 12 else "di notte"
    return "del pomeriggio" if hour == 12 or hour < 6 else "di sera"


def _say_fraction(number: int, total: int) -> str:
    name = "mezzo" if total == 2 else ordinal(IT, total)
    return f"{cardinal(IT, number, MASCULINE)} {name if number == 1 else f'{name[:-1]}i'}"


_MONTHS = words(
    """
    gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
    """
)
_WEEKDAYS = pairs("lun: lunedì, merc: mercoledì, gio: giovedì, sab: sabato, dom: domenica")


IT: Locale = Locale(
    numbers=Numbers(
        language="it",
        cardinals={"": "spellout-numbering"},
        ordinals={"": "spellout-ordinal-masculine", FEMININE: "spellout-ordinal-feminine"},
        inflect=inflect,
        decimals=",.",
        groups=". ",
        point="virgola",
        fraction_as_number=True,
    ),
    dates=Dates(
        months=_MONTHS,
        month_signs=numbered("gen feb mar apr mag giu lug ago sett ott nov dic"),
        weekdays=words("lunedì martedì mercoledì giovedì venerdì sabato domenica"),
        weekday_signs=_WEEKDAYS | {sign.title(): day for sign, day in _WEEKDAYS.items()},
        order="dmy",
        say=_say_date,
        between="del?|di",
        short_before=(
            r"il|del|dal|entro|fino al|"
            "lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica"
        ),
    ),
    clock=Clock(
        say=_say_clock,
        am=r"a\.\s?m\.?|am",
        pm=r"p\.\s?m\.?|pm",
        span="dalle {start} alle {end}",
        timer_words="timer|conto alla rovescia|cronometro|durata|mancan?o?|restan?o?|rimast[ei]",
        swallowed="h",
    ),
    units=UNITS,
    money=MONEY,
    minus="meno",
    plus="più",
    span="da {start} a {end}",
    score="{start} a {end}",
    score_words=r"vin\w+|pers[oei]|perd\w+|paregg\w+|risultato|partita|gol|batt\w+|finit[ao]|finale",
    ratio="{start} a {end}",
    rating="{number} su {total}",
    fraction=_say_fraction,
    over="{number} su {total}",
    mixed="{whole} e {fraction}",
    mixed_fractions={(1, 2): "mezzo"},
    fractioned="di",
    signs={
        "=": "uguale a",
        "&": "e",
        "×": "per",
        "÷": "diviso",
        "±": "più o meno",
        "<": "minore di",
        ">": "maggiore di",
        "≤": "minore o uguale a",
        "≥": "maggiore o uguale a",
        "≈": "circa",
        "≠": "diverso da",
        "√": "radice quadrata di",
        "+": "più",
        "∞": "infinito",
        "π": "pi greco",
        "°": "gradi",
        "@": "chiocciola",
        "~": "circa",
        "µ": "micro",
        "€": "euro",
        "£": "sterline",
        "$": "dollari",
        "¥": "yen",
        "§": "paragrafo",
        "^": "elevato a",
        "‰": "per mille",
    },
    power={
        "2": "{base} al quadrato",
        "3": "{base} al cubo",
        "": "{base} elevato a {exponent}",
    },
    times="{number} volte",
    by="{start} per {end}",
    number_sign="numero",
    dot="punto",
    at="chiocciola",
    slash="barra",
    dash="trattino",
    colon="due punti",
    hashtag="hashtag",
    read_endings=frozenset(["it", "me", "to"]),
    version_point="punto",
    ip_in_numbers=True,
    star="asterisco",
    hash="cancelletto",
    longest_unbroken=8,
    announcing=WORDS.codes,
    linking=WORDS.linked,
    compass=pairs("N: nord, S: sud, E: est, O: ovest, W: ovest"),
    factorial="{number} fattoriale",
    emergency=r"chiam\w+(?:\sil)?|compon\w+(?:\sil)?|telefon\w+(?:\sal)?|numero|emergenze",
    abbreviations=ABBREVIATIONS,
    acronyms=ACRONYMS,
    letters=SPELLER.letters,
    roman_cardinals=(
        r"[Cc]apitolo|[Tt]omo|[Vv]olume|[Pp]arte|[Aa]tto|[Ss]cena|[Tt]itolo|[Ff]ase|[Ll]ivello|"
        r"[Tt]ipo|[Cc]lasse|[Ll]ibro|[Ee]pisodio|Rocky|Final Fantasy|Super Bowl"
    ),
    roman_ordinals=(
        r"[Ss]ecolo|Felipe|Filippo|Alfonso|Carlo|Vittorio Emanuele|Umberto|Ferdinando|"
        r"Luigi|Enrico|Giacomo|Pietro|Giovanni Paolo|Giovanni|Paolo|Benedetto|Pio|Leone|Francesco|"
        r"Clemente|Innocenzo|Urbano|Napoleone|Guglielmo|Giorgio|Edoardo|Riccardo|Federico|Leopoldo|"
        r"Cosimo|Gregorio|Sisto|Bonifacio|Giulio|Alessandro|Nicola|Ramses"
    ),
    roman_ordinal="{number}",
    postprocess=postprocess,
    rules=rules,
    last_rules=last_rules,
)
