"""Brazilian Portuguese: the words for figures and signs.

Times of day are said as "sete e cinco", "dezenove horas" and "zero hora", which is right after any
preposition; "meio-dia", "meia-noite" and "e meia" are not.
"""

from wyoming_kokoro.text.normalize.figures import cardinal, ordinal
from wyoming_kokoro.text.normalize.locale import Clock, Dates, Locale
from wyoming_kokoro.text.normalize.numbers import Numbers
from wyoming_kokoro.text.normalize.portuguese.rules import last_rules, postprocess, rules
from wyoming_kokoro.text.normalize.portuguese.units import UNITS
from wyoming_kokoro.text.normalize.portuguese.words import (
    ABBREVIATIONS,
    ACRONYMS,
    COUNTED,
    MONEY,
    NAME_WORDS,
    RULERS,
    SIGNS,
    SPELLER,
    WORDS,
)
from wyoming_kokoro.text.normalize.romance.nouns import FEMININE
from wyoming_kokoro.text.normalize.tables import numbered, pairs, words


def _say_date(day: int, month: int, year: int | None) -> str:
    words = f"{_say_day(day)} de {_MONTHS[month - 1]}"
    return f"{words} de {cardinal(BR, year)}" if year else words


def _say_day(day: int) -> str:
    return "primeiro" if day == 1 else cardinal(BR, day)


def _say_clock(hour: int, minute: int, second: int | None, half: str) -> str:
    """Say "sete e cinco", "dezenove horas", "sete e cinco da manhã"."""
    hours = f"{cardinal(BR, hour, FEMININE)} {'hora' if hour < 2 else 'horas'}"
    if second:
        minutes = f"{cardinal(BR, minute)} {'minuto' if minute == 1 else 'minutos'}"
        seconds = f"{cardinal(BR, second)} {'segundo' if second == 1 else 'segundos'}"
        words = f"{hours}, {minutes} e {seconds}"
    elif minute:
        words = f"{cardinal(BR, hour, FEMININE) if hour else hours} e {cardinal(BR, minute)}"
    else:
        words = cardinal(BR, hour, FEMININE) if half else hours
    return f"{words} {_half_of_day(hour, half)}" if half else words


def _half_of_day(hour: int, half: str) -> str:
    hour %= 12
    if half == "am":
        return "da madrugada" if hour < 5 else "da manhã"
    return "da tarde" if hour < 6 else "da noite"


def _say_fraction(number: int, total: int) -> str:
    name = {2: "meio", 3: "terço", 100: "centésimo", 1000: "milésimo"}.get(total)
    if name is None:
        name = ordinal(BR, total) if total <= 10 else f"{cardinal(BR, total)} avo"
    plural = "" if number == 1 and not name.endswith("avo") else "s"
    return f"{cardinal(BR, number)} {name}{plural}"


_MONTHS = words(
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"
)
_MONTH_SIGNS = numbered("jan fev mar abr mai jun jul ago set out nov dez")
_DAYS = words("segunda terça quarta quinta sexta sábado domingo")
_LONG_DAYS = tuple(f"{day}-feira" for day in _DAYS[:5])

BR: Locale = Locale(
    numbers=Numbers(
        language="pt",
        cardinals={"": "spellout-cardinal-masculine", FEMININE: "spellout-cardinal-feminine"},
        ordinals={"": "spellout-ordinal-masculine", FEMININE: "spellout-ordinal-feminine"},
        years="spellout-cardinal-masculine",
        decimals=",.",
        groups=". \u00a0\u202f",
        point="vírgula",
        fraction_as_number=True,
        ordinal_signs={
            **dict.fromkeys(("º", ".º", "ºs"), ""),
            **dict.fromkeys(("ª", ".ª", "ªs"), FEMININE),
        },
    ),
    dates=Dates(
        months=_MONTHS,
        month_signs=_MONTH_SIGNS,
        order="dmy",
        say=_say_date,
        day=_say_day,
        day_signs=r"\.?º|°",
        between="de",
        short_before="|".join(
            ("dia", "em", "até", "desde", "hoje,", *(f"{day},?" for day in (*_LONG_DAYS, *_DAYS)))
        ),
        weekdays=(*_LONG_DAYS, *_DAYS),
        decade=lambda first: f"anos {cardinal(BR, first)}",
    ),
    clock=Clock(
        say=_say_clock,
        separators=":h",
        span="{start} às {end}",
        timer_words=r"temporizador|timer|cronômetro|duração|restantes?|faltam?|restam?|decorridos?",
        swallowed=r"horas|hora|hrs|hs|h",
    ),
    units=UNITS,
    money=MONEY,
    minus="menos",
    plus="mais",
    span="{start} a {end}",
    score="{start} a {end}",
    score_words=(
        r"placar|jogo|partida|ganh\w+|venc\w+|perd\w+|empat\w+|derrot\w+|goleada|gols?|final|bateu"
    ),
    ratio="{start} para {end}",
    rating="{number} de {total}",
    fractions={(1, 2): "meio"},
    fraction=_say_fraction,
    over="{number} sobre {total}",
    mixed="{whole} e {fraction}",
    fractioned="de|da|do",
    signs=SIGNS,
    power={
        "2": "{base} ao quadrado",
        "3": "{base} ao cubo",
        "": "{base} elevado a {exponent}",
    },
    times="{number} vezes",
    times_form=FEMININE,
    by="{start} por {end}",
    number_sign="número",
    dot="ponto",
    at="arroba",
    slash="barra",
    dash="hífen",
    colon="dois-pontos",
    hashtag="hashtag",
    read_endings=frozenset(["me"]),
    version_point="ponto",
    ip_in_numbers=True,
    star="asterisco",
    hash="jogo da velha",
    longest_unbroken=8,
    announcing=WORDS.codes,
    linking=WORDS.linked,
    compass=pairs("N: norte, S: sul, L: leste, E: leste, O: oeste, W: oeste"),
    factorial="{number} fatorial",
    emergency=r"(?:lig(?:ue|ar|ou|uei)|disqu(?:e|ei)|discar|cham(?:e|ar))(?:\spara)?(?:\so)?",
    abbreviations=ABBREVIATIONS,
    acronyms=ACRONYMS,
    name_words=NAME_WORDS,
    letters=SPELLER.letters,
    roman_cardinals=COUNTED,
    roman_ordinals=RULERS,
    roman_ordinal="{number}",
    last_roman_ordinal=10,
    postprocess=postprocess,
    rules=rules,
    last_rules=last_rules,
)
