"""Spanish of Spain: the words for figures and signs.

Times of day up to twelve are said with "y cuarto" and "y media", later ones as on a timetable:
"las siete y media", "las catorce treinta". Prices have their cents: "con cincuenta céntimos".
"""

from wyoming_kokoro.text.normalize.figures import cardinal
from wyoming_kokoro.text.normalize.locale import Clock, Dates, Locale
from wyoming_kokoro.text.normalize.numbers import Numbers
from wyoming_kokoro.text.normalize.spanish.gender import ADJECTIVE, FEMININE, MASCULINE, inflect
from wyoming_kokoro.text.normalize.spanish.rules import last_rules, rules
from wyoming_kokoro.text.normalize.spanish.units import UNITS
from wyoming_kokoro.text.normalize.spanish.words import (
    ABBREVIATIONS,
    ACRONYMS,
    MONEY,
    SPELLER,
    WORDS,
)
from wyoming_kokoro.text.normalize.tables import numbered, pairs, words


def _say_date(day: int, month: int, of_year: int | None) -> str:
    said = f"{cardinal(ES, day)} de {_MONTHS[month - 1]}"
    return f"{said} de {cardinal(ES, of_year)}" if of_year else said


def _say_clock(hour: int, minute: int, second: int | None, half: str) -> str:
    said = cardinal(ES, hour, FEMININE)
    if minute:
        said += _say_minute(hour, minute)
    elif hour in (0, 24):
        said += " horas"
    if second:
        said += f" y {cardinal(ES, second, MASCULINE)} segundo{'' if second == 1 else 's'}"
    return f"{said} {_part_of_day(hour, half)}" if half else said


def _say_minute(hour: int, minute: int) -> str:
    if 1 <= hour <= 12:
        return f" y {_QUARTERS.get(minute) or cardinal(ES, minute)}"
    return f"{' y' if minute < 10 else ''} {cardinal(ES, minute)}"


def _part_of_day(hour: int, half: str) -> str:
    if half == "am":
        return "de la noche" if hour == 12 else f"de la {'madrugada' if hour < 6 else 'mañana'}"
    if hour == 12:
        return "del mediodía"
    return f"de la {'tarde' if hour < 9 else 'noche'}"


_QUARTERS = {15: "cuarto", 30: "media"}


def _say_fraction(number: int, total: int) -> str:
    name = _PARTS.get(total) or f"{cardinal(ES, total).replace('é', 'e').replace('ó', 'o')}avo"
    return f"{cardinal(ES, number, MASCULINE)} {name}{'' if number == 1 else 's'}"


_PARTS = {
    2: "medio",
    3: "tercio",
    4: "cuarto",
    5: "quinto",
    6: "sexto",
    7: "séptimo",
    8: "octavo",
    9: "noveno",
    10: "décimo",
    100: "centésimo",
    1000: "milésimo",
}
_MONTHS = words(
    """
    enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
    """
)
_WEEKDAYS = pairs(
    """
    lun: lunes, mié: miércoles, mie: miércoles, miérc: miércoles, jue: jueves, vie: viernes,
    sáb: sábado, sab: sábado, dom: domingo
    """
)


ES: Locale = Locale(
    numbers=Numbers(
        language="es",
        cardinals={
            "": "spellout-numbering",
            MASCULINE: "spellout-cardinal-masculine",
            FEMININE: "spellout-cardinal-feminine",
        },
        ordinals={
            "": "spellout-ordinal-masculine",
            FEMININE: "spellout-ordinal-feminine",
            ADJECTIVE: "spellout-ordinal-masculine-adjective",
        },
        respell={"decimoprimer": "undécim", "decimosegund": "duodécim", "undécim ": "undécimo "},
        inflect=inflect,
        decimals=",.",
        groups=". ",
        point="coma",
        fraction_as_number=True,
    ),
    dates=Dates(
        months=_MONTHS,
        month_signs=numbered("ene feb mar abr may jun jul ago sep/sept/set oct nov dic"),
        weekdays=words("lunes martes miércoles jueves viernes sábado domingo"),
        weekday_signs=_WEEKDAYS | {sign.title(): day for sign, day in _WEEKDAYS.items()},
        order="dmy",
        say=_say_date,
        day_signs=r"\.?º|°",
        between="del?",
        day=lambda day: cardinal(ES, day),
        short_before=(r"el|del|día|lunes|martes|miércoles|jueves|viernes|sábado|domingo"),
    ),
    clock=Clock(
        say=_say_clock,
        am=r"a\.\s?m\.?|am",
        pm=r"p\.\s?m\.?|pm",
        span="de {start} a {end}",
        timer_words="temporizador|cuenta atrás|cronómetro|duración|quedan?|faltan?|restantes?",
        swallowed="hs?|hrs?",
    ),
    units=UNITS,
    money=MONEY,
    minus="menos",
    plus="más",
    span="{start} a {end}",
    score="{start} a {end}",
    score_words=r"gan\w+|empat\w+|perd\w+|venci\w+|resultado|marcador|partido|gol(?:es)?|derrot\w+",
    ratio="{start} a {end}",
    rating="{number} sobre {total}",
    fraction=_say_fraction,
    over="{number} sobre {total}",
    mixed="{whole} y {fraction}",
    mixed_fractions={(1, 2): "medio"},
    fractioned="de",
    signs={
        "=": "es igual a",
        "&": "y",
        "×": "por",
        "÷": "entre",
        "±": "más menos",
        "<": "menor que",
        ">": "mayor que",
        "≤": "menor o igual que",
        "≥": "mayor o igual que",
        "≈": "aproximadamente",
        "≠": "distinto de",
        "√": "raíz cuadrada de",
        "+": "más",
        "∞": "infinito",
        "π": "pi",
        "°": "grados",
        "@": "arroba",
        "~": "aproximadamente",
        "µ": "micro",
        "€": "euros",
        "£": "libras",
        "$": "dólares",
        "¥": "yenes",
        "§": "sección",
        "^": "elevado a",
        "‰": "por mil",
    },
    power={
        "2": "{base} al cuadrado",
        "3": "{base} al cubo",
        "": "{base} elevado a {exponent}",
    },
    times="{number} veces",
    times_form=FEMININE,
    by="{start} por {end}",
    number_sign="número",
    dot="punto",
    at="arroba",
    slash="barra",
    dash="guion",
    colon="dos puntos",
    hashtag="almohadilla",
    read_endings=frozenset(["es", "me", "to", "eu"]),
    version_point="punto",
    ip_in_numbers=True,
    star="asterisco",
    hash="almohadilla",
    longest_unbroken=8,
    announcing=WORDS.codes,
    linking=WORDS.linked,
    compass=pairs("N: norte, S: sur, E: este, O: oeste, W: oeste"),
    factorial="{number} factorial",
    emergency=r"llam\w+(?:\sal?)?|marc\w+(?:\sel)?|emergencias|teléfono",
    abbreviations=ABBREVIATIONS,
    acronyms=ACRONYMS,
    letters=SPELLER.letters,
    roman_cardinals=(
        r"[Cc]apítulo|[Tt]omo|[Vv]olumen|[Pp]arte|[Aa]cto|[Ee]scena|[Tt]ítulo|[Ff]ase|[Nn]ivel|"
        r"[Tt]ipo|[Cc]lase|[Ll]ibro|[Ee]pisodio|Rocky|Final Fantasy|Super Bowl"
    ),
    roman_ordinals=(
        r"[Ss]iglos?|Felipe|Alfonso|Juan Carlos|Carlos|Fernando|Luis|Enrique|Jaime|Sancho|Pedro|"
        r"Juan Pablo|Juan|Pablo|Benedicto|Pío|León|Francisco|Clemente|Inocencio|Urbano|Napoleón|"
        r"Guillermo|Jorge|Eduardo|Ricardo|Jacobo|Federico|Leopoldo|Ramiro|Ramsés|Nicolás|Alejandro"
    ),
    roman_ordinal="{number}",
    last_roman_ordinal=10,
    rules=rules,
    last_rules=last_rules,
)
