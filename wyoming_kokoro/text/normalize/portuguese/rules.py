"""What only Brazilian Portuguese writes or says: its telephone numbers, scores, genders, halves."""

import re
from collections.abc import Callable, Iterator

from wyoming_kokoro.text.normalize.figures import is_near
from wyoming_kokoro.text.normalize.locale import Form, Rule
from wyoming_kokoro.text.normalize.portuguese.gender import form_of
from wyoming_kokoro.text.normalize.portuguese.units import UNITS
from wyoming_kokoro.text.normalize.romance.rules import (
    FEMININE,
    code_rule,
    compass_rule,
    counted_rule,
    extremes_rule,
    height_rule,
    many_units_rule,
    page_rule,
    parts_rule,
    pointed_unit_rule,
    seasons_rule,
    weekday_rule,
)
from wyoming_kokoro.text.normalize.tables import pairs
from wyoming_kokoro.text.normalize.words import roman_value

Say = Callable[[str, Form], str]
"""The words of a number in figures."""

_WEEK = {2: "segunda", 3: "terça", 4: "quarta", 5: "quinta", 6: "sexta"}
_DAYS = pairs(
    "seg: segunda, ter: terça, qua: quarta, qui: quinta, sex: sexta, sáb: sábado, sab: sábado, "
    "dom: domingo"
)
_PERIODS = r"mês|ano|dia|semana|noite|hora|minuto|segundo|pessoa|litro|quilo|metro|kWh"
_LINKED = "é|será|wi-fi|wifi|de|do|da|portão|porta|alarme|acesso|confirmação|pin"
_COMPASS = pairs(
    """
    N: norte, S: sul, L: leste, E: leste, O: oeste, NE: nordeste, NO: noroeste, SE: sudeste,
    SO: sudoeste, NNE: nor-nordeste, NNO: nor-noroeste, SSE: sul-sudeste, SSO: sul-sudoeste,
    ENE: és-nordeste, ESE: és-sudeste, ONO: oés-noroeste, OSO: oés-sudoeste
    """
)
_ORDERED = (
    r"andar|piso|lugar|dia|mês|ano|turno|tempo|capítulo|item|passo|colocado|grau|quarto|festival"
)
_WARM = re.compile(
    r"(?i)\b(?:temperatura|máxim[ao]|mínim[ao]|sensação|termostato|clima|graus|faz|fará|fazendo|"
    r"calor|frio|ar-condicionado|forno|aquecedor|previsão)\b"
)
_LASTING = (
    r"faltam?|restam?|por|durante|em|daqui a|dentro de|após|depois de|há|cerca de|mais|"
    r"lev\w{1,4}|dur\w{1,4}|demor\w{1,4}"
)
_NOT_AFTER = r"(?![\w%]|[.,:/-]\d)"


def rules(
    say: Say, digits: Callable[[str], str], ordinal: Callable[[int, Form], str], months: str
) -> Iterator[Rule]:
    """Yield the rules; `months` is a pattern of the names of months."""
    yield from _phone_rules(say, digits)
    yield weekday_rule("pt.weekday", _DAYS, months, alone="seg|qua|qui|sáb")
    yield pointed_unit_rule("pt.unit.pointed", "h|hs|min|seg|kg|g|ml|km|cal|kcal")
    yield from _time_rules()
    yield page_rule("pt.page", "página")
    yield seasons_rule("pt.seasons")
    yield from _name_rules(ordinal)
    yield from _part_rules(say)
    yield compass_rule("pt.compass", "[Vv]entos?(?: de)?|quadrante|direção|rajadas de", _COMPASS)
    yield many_units_rule("pt.millions", "milhão|milhões|bilhão|bilhões", UNITS.exact)
    yield extremes_rule("pt.extremes", "a")
    yield height_rule("pt.height", say, "{metres} metro e {rest}")
    yield Rule(
        "pt.score",
        re.compile(r"(?<=[^\W\d_]\s)(\d{1,2})\s?[xX×]\s?(\d{1,2})(?=\s[A-ZÀ-Ý]|[.,;!?]?\Z)"),
        lambda found: f"{say(found[1], '')} a {say(found[2], '')}",
    )
    yield Rule(
        "pt.per",
        re.compile(rf"(?<=[$€£%\dhlLgmsWo²³])\s?/\s?(?=(?:{_PERIODS})(?!\w))"),
        lambda _: " por ",
    )
    yield Rule(
        "pt.between",
        re.compile(r"(?i)(?<!\w)(entre\s-?\d[\d.,]{0,12})\s?[-–]\s?(?=\d)"),
        lambda found: f"{found[1]} e ",
    )
    yield counted_rule("pt.counted", form_of, say, "{start} a {end}")


def mend(text: str) -> str:
    """Say "à uma", the one hour that is not "às"."""
    return re.sub(r"(?<!\w)([Àà])s uma(?!\w)", r"\1 uma", text)


def _phone_rules(say: Say, digits: Callable[[str], str]) -> Iterator[Rule]:
    """Yield the rules for telephone numbers and others that are said digit by digit."""
    yield Rule(
        "pt.phone",
        re.compile(
            r"(?<![\w.,:/@=-])(?:\+?(?P<country>55)[ -]?)?"
            r"(?:\((?P<area>0?\d{2})\)|(?P<area2>\d{2}))[ -]?"
            rf"(?P<start>9[ ]?\d{{4}}|\d{{4}})[ -](?P<end>\d{{4}}){_NOT_AFTER}"
        ),
        lambda found: _say_phone(say, digits, found),
    )
    yield Rule(
        "pt.phone.short",
        re.compile(rf"(?<![\w.,:/@=+-])(9\d{{4}}|(?!20\d\d)[2-5]\d{{3}})-(\d{{4}}){_NOT_AFTER}"),
        lambda found: f"{digits(found[1])}, {digits(found[2])}",
    )
    yield Rule(
        "pt.phone.free",
        re.compile(rf"(?<![\w.,:/@=-])0([38]00)[ -]?(\d{{3}})[ -]?(\d{{4}}){_NOT_AFTER}"),
        lambda found: f"{say('0', '')} {say(found[1], '')}, {digits(found[2])}, {digits(found[3])}",
    )
    yield code_rule("pt.code", "código(?: pin)?|pin|senha", _LINKED, digits)
    yield Rule(
        "pt.document",
        re.compile(
            r"(?<![\w.,:/-])(?:\d{5}-\d{3}|\d{3}\.\d{3}\.\d{3}-\d{2}"
            rf"|\d{{2}}\.\d{{3}}\.\d{{3}}/\d{{4}}-\d{{2}}){_NOT_AFTER}"
        ),
        lambda found: ", ".join(map(digits, re.findall(r"\d+", found.group()))),
    )


def _say_phone(say: Say, digits: Callable[[str], str], found: re.Match[str]) -> str:
    area = say((found["area"] or found["area2"]).lstrip("0"), "")
    country = f"mais {say(found['country'], '')}, " if found["country"] else ""
    return f"{country}{area}, {digits(found['start'].replace(' ', ''))}, {digits(found['end'])}"


def _time_rules() -> Iterator[Rule]:
    """Yield the rules that write hours as the shared rules know them."""
    yield Rule(
        "pt.weekday.number",
        re.compile(r"(?<![\w.,])([2-6])[ªa°][ -](?=feiras?\b)"),
        lambda found: f"{_WEEK[int(found[1])]}-",
    )
    yield Rule(
        "pt.duration",
        re.compile(
            r"(?i)(?<![\w:.,])(\d{1,3})\s?h(?:oras?)?\s?(\d{1,2})\s?(?:min(?:utos?)?|m)(?!\w)"
        ),
        lambda found: f"{found[1]} h {int(found[2])} min",
    )
    yield Rule(
        "pt.lasting",
        re.compile(rf"(?i)(?<!\w)((?:{_LASTING})\s)(\d{{1,3}})h([0-5]\d)(?!\w|[.,:]\d)"),
        lambda found: f"{found[1]}{found[2]} h {int(found[3])} min",
    )
    yield Rule(
        "pt.hours",
        re.compile(
            r"(?i)(?<!\w)((?:das|à|às)\s\d{1,2}(?:h(?:[0-5]\d)?|:[0-5]\d)?)\s?[-–]\s?(?=\d{1,2}(?:h|:))"
        ),
        lambda found: f"{found[1]} às ",
    )


def _name_rules(ordinal: Callable[[int, Form], str]) -> Iterator[Rule]:
    """Yield the rules for names, and for places in a row that the shared rules do not know."""
    yield Rule("pt.street", re.compile(r"(?<![\w.])R\.\s?(?=[A-ZÀ-Ý])"), lambda _: "rua ")
    yield Rule(
        "pt.dom",
        re.compile(r"(?<![\w.])D\.\s?(?=(?:Pedro|João|Manuel|Afonso|Sebastião)\b)"),
        lambda _: "Dom ",
    )
    yield Rule(
        "pt.place",
        re.compile(rf"(?<![\w.,])(\d{{1,3}})°(?=\s(?:{_ORDERED})(?!\w))"),
        lambda found: ordinal(int(found[1]), ""),
    )
    yield Rule(
        "pt.degrees",
        re.compile(rf"(?<![\w,])(\d{{1,3}})º(?!\w|\s(?:C|F|{_ORDERED})(?!\w))"),
        lambda found: f"{found[1]}°" if is_near(_WARM, found) else None,
    )
    yield Rule(
        "pt.queen",
        re.compile(
            r"(?<!\w)((?:Elizabeth|Elisabete|Isabel|Maria|Catarina|Cristina)\s)"
            r"(IV|V|I{1,3})(?![\w'’]|\.\w)"
        ),
        lambda found: found[1] + ordinal(roman_value(found[2]), FEMININE),
    )
    yield Rule(
        "pt.edition",
        re.compile(
            r"(?<![\w.])(?=[IVX])(X?(?:IX|IV|V?I{0,3}))(?=\s(?:(Guerra|Bienal|Feira|Copa|Semana|"
            r"Conferência|Jornada|República)|Congresso|Festival|Encontro|Fórum|Simpósio)\b)"
        ),
        lambda found: ordinal(roman_value(found[1]), FEMININE if found[2] else "").capitalize(),
    )


def _part_rules(say: Say) -> Iterator[Rule]:
    """Yield the rules for halves, and for parts of measures."""
    yield Rule(
        "pt.half",
        re.compile(
            r"(?<![\w.,/])(?:(?P<whole>\d{1,3})(?:\s|(?=½)))?(?:1/2|½)\s(?P<noun>(?!de\b|d[ao]s?\b)"
            r"[^\W\d_]{3,24})"
        ),
        lambda found: _say_half(say, found["whole"], found["noun"]),
    )
    yield parts_rule(
        "pt.part", "de ", "xícara|colher|copo|litro|quilo|hora|lata|pacote|volta|página|tanque"
    )


def _say_half(say: Say, whole: str | None, noun: str) -> str:
    """Say "meia xícara", "duas xícaras e meia"."""
    form = form_of("", f" {noun}")
    half = "meia" if form == FEMININE else "meio"
    return f"{say(whole, form)} {noun} e {half}" if whole else f"{half} {noun}"
