"""What only French writes or says: pairs of digits, "19 h 05", "XXIe", genders, elisions."""

import re
from collections.abc import Callable, Iterator

from wyoming_kokoro.text.normalize.french.gender import form_of
from wyoming_kokoro.text.normalize.french.units import UNITS
from wyoming_kokoro.text.normalize.locale import Form, Rule
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

_DAYS = pairs(
    "lun: lundi, mar: mardi, mer: mercredi, jeu: jeudi, ven: vendredi, sam: samedi, dim: dimanche"
)
_PERIODS = r"mois|ans?|jours?|semaine|nuit|heure|minute|seconde|personne|pers|litre|kilo|mètre|kWh"
_LINKED = "est|sera|wi-fi|wifi|de|du|d'accès|portail|porte|alarme|l'alarme|confirmation|pin"
_MILLIONS = "millions?|milliards?"
_COMPASS = pairs(
    """
    N: nord, S: sud, E: est, O: ouest, NE: nord-est, NO: nord-ouest, SE: sud-est, SO: sud-ouest,
    NNE: nord-nord-est, NNO: nord-nord-ouest, SSE: sud-sud-est, SSO: sud-sud-ouest,
    ENE: est-nord-est, ESE: est-sud-est, ONO: ouest-nord-ouest, OSO: ouest-sud-ouest
    """
)


def rules(say: Say, ordinal: Callable[[int, Form], str], months: str) -> Iterator[Rule]:
    """Yield the rules; `months` is a pattern of the names of months."""
    yield from _phone_rules(say)
    yield from _rewriting_rules()
    yield weekday_rule("fr.weekday", _DAYS, months, alone="lun|ven|dim")
    yield pointed_unit_rule("fr.unit.pointed", "h|min|mn|sec|pers|sem|cal|kcal")
    yield compass_rule("fr.compass", "[Vv]ents?(?: de| du)?|secteur|direction|rafales de", _COMPASS)
    yield many_units_rule("fr.millions", _MILLIONS, UNITS.exact)
    yield extremes_rule("fr.extremes", "à")
    yield height_rule("fr.height", say, "{metres} mètre {rest}")
    yield page_rule("fr.page", "page")
    yield seasons_rule("fr.seasons")
    yield from _name_rules(ordinal)
    yield Rule(
        "fr.half",
        re.compile(
            r"(?<![\w.,/])(?:(?P<whole>\d{1,3})(?:\s|(?=½)))?(?:1/2|½)\s"
            r"(?P<noun>(?!des?\b|du\b|par\b|et\b|sur\b)[^\W\d_]{3,24})"
        ),
        lambda found: _say_half(say, found["whole"], found["noun"]),
    )
    yield parts_rule(
        "fr.part", "de |d'", "tasse|verre|cuillère|litre|kilo|heure|bouteille|sachet|tour"
    )
    yield counted_rule("fr.counted", form_of, say, "{start} à {end}")


def mend(text: str) -> str:
    """Elide "de" before "euros"."""
    text = re.sub(r"\b(millions?|milliards?) de (?=euros?\b)", r"\1 d'", text)
    return re.sub(r"\b([dl]') (?=\w)", r"\1", text)


def _phone_rules(say: Say) -> Iterator[Rule]:
    """Yield the rules for telephone numbers, which are said in pairs: "zéro six, douze"."""
    yield Rule(
        "fr.phone",
        re.compile(
            r"(?<![\w.,:/@=-])"
            r"(?:(?:\+|00)(?P<country>33|32|41|352)[ .-]?(?:\(0\)[ .-]?)?(?P<one>[1-9])"
            r"|0(?P<first>[1-9]))(?P<pairs>(?:[ .-]?\d{2}){4})(?![\w%]|[.,:/-]\d)"
        ),
        lambda found: _say_phone(say, found),
    )
    yield Rule(
        "fr.phone.short",
        re.compile(
            r"(?i)(?<!\w)((?:appele[rz]|compose[rz]|numéro)\s(?:(?:le|au|vert)\s){0,2})"
            r"([13]\d)(\d\d)(?![\w%°€]|[.,:/-]\d|\s[\d€%°])"
        ),
        lambda found: f"{found[1]}{say(found[2], '')} {_spoken(say)(found[3])}",
    )
    yield code_rule("fr.code", "code(?: pin)?|pin|mot de passe", _LINKED, _say_digits(say))
    yield Rule(
        "fr.phone.free",
        re.compile(r"(?<![\w.,:/@=-])0 ?(8\d\d)[ .]?(\d{3})[ .]?(\d{3})(?![\w%]|[.,:/-]\d)"),
        lambda found: ", ".join(
            (f"{say('0', '')} {say(found[1], '')}", *map(_spoken(say), found.groups()[1:]))
        ),
    )


def _say_digits(say: Say) -> Callable[[str], str]:
    return lambda digits: " ".join(say(digit, "") for digit in digits)


def _spoken(say: Say) -> Callable[[str], str]:
    """Return what says a part of a number, zeros first."""

    def words_of(digits: str) -> str:
        rest = digits.lstrip("0")
        return " ".join(
            [say("0", "")] * (len(digits) - len(rest)) + ([say(rest, "")] if rest else [])
        )

    return words_of


def _say_phone(say: Say, found: re.Match[str]) -> str:
    spoken = _spoken(say)
    start = f"plus {say(found['country'], '')} {say(found['one'], '')}" if found["country"] else ""
    pairs_of = re.findall(r"\d\d", found["pairs"])
    return ", ".join([start or spoken(f"0{found['first']}"), *map(spoken, pairs_of)])


def _rewriting_rules() -> Iterator[Rule]:
    """Yield the rules that write the French way as the shared rules know it."""
    yield Rule(
        "fr.between",
        re.compile(r"(?i)(?<!\w)(entre\s-?\d[\d.,]{0,12})\s?[-–]\s?(?=\d)"),
        lambda found: f"{found[1]} et ",
    )
    yield Rule(
        "fr.duration",
        re.compile(
            r"(?i)(?<![\w:.,])(\d{1,3})\s?h(?:eures?)?\s?(\d{1,2})\s?(?:min(?:utes?)?|mn)(?!\w)"
        ),
        lambda found: f"{found[1]} h {int(found[2])} min",
    )
    yield Rule(
        "fr.clock",
        re.compile(
            r"(?i)(?<![\w:.,])(\d{1,2})\s?h(?:eures?)?\s?([0-5]\d)(?![\w:%°€]|[.,]\d|\s?(?:kW|W|[%°€]|m(?:i?n)?\b))"
        ),
        lambda found: f"{found[1]}:{found[2]}",
    )
    yield Rule(
        "fr.price",
        re.compile(r"(?<![\w.,])(\d{1,6})\s?€\s?(\d{2})(?![\w%]|[.,]\d|\s?[%€°])"),
        lambda found: f"{found[1]},{found[2]} €",
    )
    yield Rule(
        "fr.thousands",
        re.compile(r"(?<![\w.,])[1-9]\d{0,2}(?:\.\d{3}){1,4}(?=(?:,\d\d)?\s?[€$£])"),
        lambda found: found.group().replace(".", ""),
    )
    yield Rule(
        "fr.per",
        re.compile(rf"(?<=[€$£%\dhlLgmsWo²³])\s?/\s?(?=(?:{_PERIODS})(?!\w))"),
        lambda _: " par ",
    )


def _name_rules(ordinal: Callable[[int, Form], str]) -> Iterator[Rule]:
    """Yield the rules for gentlemen, and for places in a row that the shared ones do not know."""
    yield Rule("fr.days", re.compile(r"(?<!\w)[JH]-(?=\d{1,3}(?!\w))"), _say_before)
    yield Rule("fr.monsieur", re.compile(r"(?<![\w.])M\.\s?(?=[A-ZÀ-Ý])"), lambda _: "monsieur ")
    yield Rule(
        "fr.second",
        re.compile(r"(?<![\w.,])2nd(es?|s?)(?!\w)"),
        lambda found: f"second{found[1]}",
    )
    yield Rule(
        "fr.roman",
        re.compile(
            r"(?<![\w.])(?=[IVX])(?P<value>X{0,3}(?:IX|IV|V?I{0,3}))"
            r"(?:(?P<first>(?<=I)(?:er|re|ère))|(?:e|ème))(?!\w)"
        ),
        lambda found: ordinal(
            roman_value(found["value"]), FEMININE if (found["first"] or "").endswith("re") else ""
        ),
    )


def _say_before(found: re.Match[str]) -> str:
    return f"{found.group()[0]} moins "


def _say_half(say: Say, whole: str | None, noun: str) -> str:
    """Say "une demi-tasse", "deux tasses et demie"."""
    form = form_of("", f" {noun}")
    if whole:
        return f"{say(whole, form)} {noun} et demi{'e' if form else ''}"
    return f"{say('1', form)} demi-{noun}"
