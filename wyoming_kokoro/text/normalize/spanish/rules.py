"""What only Spanish writes, and numbers that agree with what they count."""

import re
from collections.abc import Iterator
from functools import partial

from wyoming_kokoro.text.normalize.figures import (
    cardinal,
    is_near,
    ordinal,
    say_digits,
)
from wyoming_kokoro.text.normalize.locale import Locale, Rule
from wyoming_kokoro.text.normalize.numbers import Noun
from wyoming_kokoro.text.normalize.romance import rules as romance
from wyoming_kokoro.text.normalize.romance.numbers import agreeing_rule
from wyoming_kokoro.text.normalize.spanish.gender import (
    ADJECTIVE,
    FEMININE,
    MASCULINE,
    form_before,
    form_of_acronym,
)
from wyoming_kokoro.text.normalize.spanish.words import SPELLER, WORDS
from wyoming_kokoro.text.normalize.units import unit_named
from wyoming_kokoro.text.normalize.words import roman_value

_ORDERED = (
    r"piso|planta|puerta|lugar|puesto|curso|trimestre|semestre|aniversario|cumpleaños|día|grado"
)
_TIME = r"\d{1,2}:[0-5]\d(?!\d)"


def rules(es: Locale) -> Iterator[Rule]:
    """Yield the rules of `es`, the table."""
    yield _phone_rule(es)
    yield from _time_rules()
    yield from _ordinal_rules(es)
    yield _half_rule(es)
    yield from _sign_rules()
    yield from romance.rules(es, WORDS)
    yield agreeing_rule(
        es, lambda noun, _: form_before(noun) or form_of_acronym(noun), hours="las?"
    )


def last_rules(es: Locale) -> Iterator[Rule]:
    """Yield the rules for what all others left."""
    return romance.last_rules(es, WORDS, SPELLER)


def _phone_rule(es: Locale) -> Rule:
    return Rule(
        "es.phone",
        re.compile(
            r"(?<![\w.,:/+-])(?<!\+\d\d[ -])(?!\d{3}\s000)"
            r"(?:[6-9]\d{8}|[6-9]\d{2}(?:[ -]\d{3}){2}|[6-9]\d{2}(?:[ -]\d{2}){3}"
            r"|9\d[ -]\d{3}(?:[ -]\d{2}){2})(?![\w%°]|\s?[€$%°]|[.,:/-]\d)"
        ),
        lambda found: ", ".join(
            say_digits(es, group) for group in re.findall(r"\d{2,3}(?!\d)|\d{3}", found.group())
        ),
    )


def _time_rules() -> Iterator[Rule]:
    yield Rule(
        "es.week",
        re.compile(r"(?<![\w-])L\s?[-–]\s?([JVSD])(?![\w-])"),
        lambda found: f"de lunes a {_LAST_DAYS[found[1]]}",
    )
    yield Rule(
        "es.clock.point",
        re.compile(
            r"(?i)(?<!\w)(?P<hour>las?\s\d{1,2})[.h](?P<minute>[0-5]\d)(?!\w|[.,]\d)"
            r"|(?<![\w.,:])(?P<hour2>[01]?\d|2[0-4])\.(?P<minute2>[0-5]\d)(?=\s?h(?:s|rs|oras)?\b)"
        ),
        lambda found: f"{found['hour'] or found['hour2']}:{found['minute'] or found['minute2']}",
    )
    yield Rule(
        "es.duration",
        re.compile(r"(?<![\w.,:])(\d{1,2})h([0-5]\d)(?!\w|[.,:]\d)"),
        r"{0[1]} h {0[2]} min".format,
    )
    yield Rule(
        "es.clock.one",
        re.compile(r"(?<!\w)([Ss]on\s)?([Ll])as(?=\s0?1(?::[0-5]\d(?!\d)|\s?[aApP]\.?\s?[mM]\b))"),
        lambda found: f"{_IS[found[1]]}{found[2]}a",
    )
    yield Rule(
        "es.clock.span",
        re.compile(
            r"(?i)(?<!\w)(?:(?P<from>de|desde|entre)\s)?(?P<the>las?\s)?"
            rf"(?P<start>{_TIME})\s?[-–]\s?(?P<end>{_TIME})"
        ),
        _spread_times,
    )


_LAST_DAYS = {"J": "jueves", "V": "viernes", "S": "sábado", "D": "domingo"}
_IS = {None: "", "Son ": "Es ", "son ": "es "}


def _spread_times(found: re.Match[str]) -> str:
    """Write "10:00-11:30" as "de 10:00 a 11:30", with the articles there are."""
    start_word = found["from"] or "de"
    and_word = "y" if start_word.lower() == "entre" else "hasta" if start_word == "desde" else "a"
    the = found["the"] or ""
    return f"{start_word} {the}{found['start']} {and_word} {the}{found['end']}"


def _ordinal_rules(es: Locale) -> Iterator[Rule]:
    yield Rule(
        "es.door",
        re.compile(r"(?<![\w.,])(\d{1,2})\.?º(?=\s(?:[ABDE]|izq|dcha|izda|puerta)\b)"),
        lambda found: ordinal(es, int(found[1]), MASCULINE),
    )
    yield Rule(
        "es.ordinal",
        re.compile(
            r"(?<![\w.,-])(?P<number>\d{1,4})"
            r"(?P<sign>\.?[ºª]|\.[oa]|°|\.?(?:er|r[oa]|er[oa]|d[oa]|t[oa]|m[oa]|v[oa]|n[oa])s?)(?!\w|\s?[CF]\b)"
            r"(?=(?:\s(?P<noun>[^\W\d_]+))?)"
        ),
        partial(_say_ordinal, es),
    )
    yield Rule(
        "es.queen",
        re.compile(
            r"(?<!\w)((?:Isabel|Catalina|Margarita|Cristina|Juana|Ana|Leonor|Beatriz)\s)"
            r"(IV|V|I{1,3})(?![\w'’]|\.\w)"
        ),
        lambda found: found[1] + ordinal(es, roman_value(found[2]), FEMININE),
    )
    yield Rule(
        "es.edition",
        re.compile(
            r"(?<![\w.])([IVX]{1,5})(?=\s(?:(Guerra|República|Feria|Edición|Carrera|Bienal|Jornada|Cumbre|"
            r"Copa|Legislatura|Dinastía)|Congreso|Festival|Centenario|Plan|Premio|Foro|Concilio)(s?)\b)"
        ),
        partial(_say_edition, es),
    )


def _say_ordinal(es: Locale, found: re.Match[str]) -> str | None:
    number, sign, noun = int(found["number"]), found["sign"].lstrip("."), found["noun"] or ""
    if sign == "°" and not re.fullmatch(_ORDERED, noun):
        return None
    counts = form_before(noun)
    if found["sign"] == "º" and not counts and not _is_place(found):
        return f"{found['number']}°"
    if sign.rstrip("s")[-1] in "ªa":
        return ordinal(es, number, FEMININE)
    return ordinal(es, number, ADJECTIVE if counts or sign == "er" else MASCULINE)


def _is_place(found: re.Match[str]) -> bool:
    """Say whether what stands before `3º` makes it the third rather than three degrees."""
    before = found.string[max(0, found.start() - 12) : found.start()]
    return 0 < int(found["number"]) <= _LAST_PLACE and bool(_BEFORE_PLACES.search(before))


_LAST_PLACE = 40
_BEFORE_PLACES = re.compile(
    r"(?i)(?<!\w)(?:el|del|al|piso|es|va|vas|van|marcha|sigue|lleg\w+|qued\w+|acab\w+|termin\w+) \Z"
)


def _say_edition(es: Locale, found: re.Match[str]) -> str | None:
    if not re.fullmatch(r"X{0,3}(?:IX|IV|V?I{0,3})", found[1]):
        return None
    form = FEMININE if found[2] else ADJECTIVE
    return ordinal(es, roman_value(found[1]), form).capitalize() + found[3]


def _half_rule(es: Locale) -> Rule:
    return Rule(
        "es.half",
        re.compile(
            r"(?<![\w.,/])(?:(?P<whole>\d{1,3})\s?)?(?:(?<!\d)1/2|½)\s?"
            r"(?P<noun>[^\W\d_]+[²³]?)(?![\w/]|\.\w)"
        ),
        partial(_say_half, es),
    )


def _say_half(es: Locale, found: re.Match[str]) -> str | None:
    """Say "media hora", "medio kilo", "dos horas y media"."""
    word = found["noun"]
    noun = unit_named(es, word) or Noun(word.removesuffix("s"), word, form_before(word))
    if not noun.form:
        return None
    half = "media" if noun.form == FEMININE else "medio"
    if not found["whole"]:
        return f"{half} {noun.one}"
    whole = int(found["whole"])
    counted = noun.one if whole == 1 else noun.many
    return f"{cardinal(es, whole, noun.form)} {counted} y {half}"


def _sign_rules() -> Iterator[Rule]:
    yield Rule(
        "es.with",
        re.compile(r"(?<!\w)([csp])/\s?(?=[a-zá-ú]{2})"),
        lambda found: f"{_SHORT[found[1]]} ",
    )
    yield Rule(
        "es.thousand",
        re.compile(r"([$€£]\s?)(\d{1,3})\s?mil(?!\w|\s(?:mill|de\b))"),
        lambda found: f"{found[1]}{found[2]}000",
    )
    yield Rule("es.million", re.compile(r"(?<=\d)\s?M(?=\sde\b)"), lambda _: " millones")
    yield Rule(
        "es.minute",
        re.compile(r"(?<=\b[edED]l )(\d{1,3})['’′](?!\w)"),
        lambda found: f"minuto {found[1]}",
    )
    yield Rule(
        "es.don",
        re.compile(r"(?<![\w.])D(?P<ends>\.|\.?ª)\s(?=[A-ZÁ-Ú][a-zá-ú])"),
        _say_don,
    )
    yield Rule("es.decade", re.compile(r"(?<!\w)['’](?=\d0\b)"), lambda _: "")
    yield Rule("es.resolution", re.compile(r"(?<![\w.,])(\d{1,2})K(?!\w)"), r"{0[1]} ka".format)
    yield Rule(
        "es.number",
        re.compile(r"(?<!\w)[Nn](?:\.?[º°]|ro\.|úm\.)\s?(?=\d|de\b|[A-Z]\w)"),
        lambda _: "número ",
    )
    yield Rule(
        "es.pulse",
        re.compile(r"(?<=\d)\s?ppm\b"),
        lambda found: " latidos por minuto" if is_near(_HEART, found) else None,
    )


def _say_don(found: re.Match[str]) -> str | None:
    """Say "don" or "doña", but leave the initial of a name: "Franklin D. Roosevelt"."""
    if found["ends"].endswith("ª"):
        return "doña "
    before = found.string[max(0, found.start() - 24) : found.start()]
    return None if re.search(r"(?<!\w)[A-ZÁ-Ú][a-zá-ú]++ \Z", before) else "don "


_SHORT = {"c": "con", "s": "sin", "p": "para"}

_HEART = re.compile(r"(?i)\b(?:pulsaciones|pulso|card[ií]ac\w+|coraz\w+|latidos|ritmo)\b")
