"""What only Brazilian Portuguese writes or says: its telephone numbers, scores, genders, halves."""

import re
from collections.abc import Iterator

from wyoming_kokoro.text.normalize.figures import is_near, ordinal, say_digits, say_number
from wyoming_kokoro.text.normalize.locale import Locale, Rule
from wyoming_kokoro.text.normalize.portuguese.gender import form_of
from wyoming_kokoro.text.normalize.portuguese.words import SPELLER, WORDS
from wyoming_kokoro.text.normalize.romance import rules as romance
from wyoming_kokoro.text.normalize.romance.nouns import FEMININE
from wyoming_kokoro.text.normalize.romance.numbers import counted_rule
from wyoming_kokoro.text.normalize.tables import choice
from wyoming_kokoro.text.normalize.units import unit_named
from wyoming_kokoro.text.normalize.words import roman_value

_WEEK = {2: "segunda", 3: "terça", 4: "quarta", 5: "quinta", 6: "sexta"}
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


_SHORTEST_NOUN = 3


def rules(br: Locale) -> Iterator[Rule]:
    """Yield the rules of `br`, the table."""
    yield from _phone_rules(br)
    yield from _time_rules()
    yield from _sign_rules(br)
    yield from _name_rules(br)
    yield _half_rule(br)
    yield Rule(
        "pt.pressure",
        re.compile(
            r"(?i)(?<!\w)(press[ãa]o\s(?:[^\W\d_]{1,12}\s){0,4}\d{1,3})/(?=\d{1,3}(?![\w/]))"
        ),
        lambda found: f"{found[1]} por ",
    )
    yield _score_rule(br)
    yield from romance.rules(br, WORDS)
    yield counted_rule(br, form_of)


def _score_rule(br: Locale) -> Rule:
    """Return the rule for `3x2` between teams or where a word says that it is a score."""
    context = re.compile(rf"(?i)(?<!\w)(?:{br.score_words})(?!\w)")
    team = re.compile(r"\s(?:(?:para|contra|sobre)\s)?(?:[ao]s?\s)?[A-ZÀ-Ý]")

    def say(found: re.Match[str]) -> str | None:
        if not team.match(found.string, found.end()) and not is_near(context, found):
            return None
        return br.score.format(start=say_number(br, found[1]), end=say_number(br, found[2]))

    return Rule(
        "pt.score", re.compile(r"(?<![\w.,])(\d{1,2})\s?[xX×]\s?(\d{1,2})(?![\w%°]|[.,]\d)"), say
    )


def last_rules(br: Locale) -> Iterator[Rule]:
    """Yield the rules for what all others left."""
    return romance.last_rules(br, WORDS, SPELLER)


def postprocess(text: str) -> str:
    """Say "à uma", the one hour that is not "às"."""
    return re.sub(r"(?<!\w)([Àà])s uma(?!\w)", r"\1 uma", text)


def _phone_rules(br: Locale) -> Iterator[Rule]:
    """Yield the rules for telephone numbers and others that are said digit by digit."""
    yield Rule(
        "pt.phone",
        re.compile(
            r"(?<![\w.,:/@=-])(?:\+?(?P<country>55)[ -]?)?"
            r"(?:\((?P<area>0?\d{2})\)|(?P<area2>\d{2}))[ -]?"
            rf"(?P<start>9[ ]?\d{{4}}|\d{{4}})[ -](?P<end>\d{{4}}){_NOT_AFTER}"
        ),
        lambda found: _say_phone(br, found),
    )
    yield Rule(
        "pt.phone.bare",
        re.compile(rf"(?<![\w.,:/@=+-])([1-9]{{2}})(9\d{{4}})(\d{{4}}){_NOT_AFTER}"),
        lambda found: ", ".join(
            (say_number(br, found[1]), say_digits(br, found[2]), say_digits(br, found[3]))
        ),
    )
    yield Rule(
        "pt.phone.short",
        re.compile(rf"(?<![\w.,:/@=+-])(9\d{{4}}|(?!20\d\d)[2-5]\d{{3}})-(\d{{4}}){_NOT_AFTER}"),
        lambda found: f"{say_digits(br, found[1])}, {say_digits(br, found[2])}",
    )
    yield Rule(
        "pt.phone.free",
        re.compile(rf"(?<![\w.,:/@=-])0([38]00)[ -]?(\d{{3}})[ -]?(\d{{4}}){_NOT_AFTER}"),
        lambda found: ", ".join(
            (
                f"{say_number(br, '0')} {say_number(br, found[1])}",
                *(say_digits(br, group) for group in found.groups()[1:]),
            )
        ),
    )
    yield Rule(
        "pt.document",
        re.compile(
            r"(?<![\w.,:/-])(?:\d{5}-\d{3}|\d{3}\.\d{3}\.\d{3}-\d{2}"
            rf"|\d{{2}}\.\d{{3}}\.\d{{3}}/\d{{4}}-\d{{2}}){_NOT_AFTER}"
        ),
        lambda found: ", ".join(say_digits(br, run) for run in re.findall(r"\d+", found.group())),
    )


def _say_phone(br: Locale, found: re.Match[str]) -> str:
    area = say_number(br, (found["area"] or found["area2"]).lstrip("0"))
    country = f"mais {say_number(br, found['country'])}, " if found["country"] else ""
    groups = (found["start"].replace(" ", ""), found["end"])
    return f"{country}{area}, {', '.join(say_digits(br, group) for group in groups)}"


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
            r"(?i)(?<!\w)((?:(?:das|à|às)\s\d{1,2}(?:h(?:[0-5]\d)?|:[0-5]\d)?|\d{1,2}h(?:[0-5]\d)?)\s?)[-–]\s?(?=\d{1,2}(?:h|:))"
        ),
        lambda found: f"{found[1].rstrip()} às ",
    )


def _sign_rules(br: Locale) -> Iterator[Rule]:
    yield Rule(
        "pt.spoon",
        re.compile(rf"(?<=\d)\s?({choice(_SPOONS)})(?=\s(?:\(|de|do|da|cheia|rasa))"),
        lambda found: f" {_SPOONS[found[1]]}" + ("" if _is_single(found) else _PLURAL[found[1]]),
    )
    yield Rule(
        "pt.plate",
        re.compile(r"(?<![\w.-])([A-Z]{3})[ -]?(\d)([A-Z])(\d{2})(?!\w)"),
        lambda found: " ".join(
            (
                br.letters(found[1]),
                say_number(br, found[2]),
                br.letters(found[3]),
                say_number(br, found[4]) if found[4][0] != "0" else say_digits(br, found[4]),
            )
        ),
    )
    yield Rule(
        "pt.million",
        re.compile(r"(?<=\d)\s?([mb]i|M)(?=\sde\b)"),
        lambda found: " bilhões" if found[1] == "bi" else " milhões",
    )


def _name_rules(br: Locale) -> Iterator[Rule]:
    """Yield the rules for names, and for places in a row that the shared rules do not know."""
    yield Rule(
        "pt.street", re.compile(r"(?<![\w.])R\.\s?(?=(?:d[aeo]s?\s)?[A-ZÀ-Ý])"), lambda _: "rua "
    )
    yield Rule(
        "pt.dom",
        re.compile(r"(?<![\w.])D\.\s?(?=(?:Pedro|João|Manuel|Afonso|Sebastião)\b)"),
        lambda _: "Dom ",
    )
    yield Rule(
        "pt.place",
        re.compile(rf"(?<![\w.,])(\d{{1,3}})°(?=\s(?:{_ORDERED})(?!\w))"),
        lambda found: ordinal(br, int(found[1])),
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
        lambda found: found[1] + ordinal(br, roman_value(found[2]), FEMININE),
    )
    yield Rule(
        "pt.edition",
        re.compile(
            r"(?<![\w.])(?=[IVX])(X?(?:IX|IV|V?I{0,3}))(?=\s(?:(Guerra|Bienal|Feira|Copa|Semana|"
            r"Conferência|Jornada|República)|Congresso|Festival|Encontro|Fórum|Simpósio)\b)"
        ),
        lambda found: ordinal(br, roman_value(found[1]), FEMININE if found[2] else "").capitalize(),
    )


_SPOONS = {"col.": "colher", "colh.": "colher", "xíc.": "xícara", "c.": "colher"}
_PLURAL = {"col.": "es", "colh.": "es", "xíc.": "s", "c.": "es"}


def _is_single(found: re.Match[str]) -> bool:
    """Say whether what stands before is one, or a part of one."""
    before = found.string[max(0, found.start() - 6) : found.start()]
    return re.search(r"(?<![\d.,])(?:1|\d/\d)\Z", before) is not None and not re.search(
        r"\d \d/\d\Z", before
    )


def _half_rule(br: Locale) -> Rule:
    return Rule(
        "pt.half",
        re.compile(
            r"(?<![\w.,/])(?:(?P<whole>\d{1,3})(?:\s|(?=½)))?(?:1/2|½)\s(?P<noun>(?!de\b|d[ao]s?\b)"
            r"[^\W\d_]{1,24})(?![\w/])"
        ),
        lambda found: _say_half(br, found["whole"], found["noun"]),
    )


def _say_half(br: Locale, whole: str | None, word: str) -> str | None:
    """Say "meia xícara", "meio litro", "duas xícaras e meia"."""
    unit = unit_named(br, word)
    if not unit and len(word) < _SHORTEST_NOUN:
        return None
    noun = (unit.many if int(whole or 1) > 1 else unit.one) if unit else word
    form = unit.form if unit else form_of("", f" {word}")
    half = "meia" if form == FEMININE else "meio"
    return f"{say_number(br, whole, form)} {noun} e {half}" if whole else f"{half} {noun}"
