"""Numbers that name: of chapters, kilometers of a road, processors; bearings, and hearts."""

import re
from collections.abc import Iterator, Mapping
from functools import partial

from wyoming_kokoro.text.normalize.figures import cardinal, say_number, say_whole
from wyoming_kokoro.text.normalize.locale import Locale, Rule, where_digits
from wyoming_kokoro.text.normalize.tables import choice
from wyoming_kokoro.text.normalize.words import is_roman, roman_value

_DISTANCES = (
    r"k?m|mi|[ck]h?il[oóô]m[^\W\d_]{3,8}|quil[oô]metros?|m[eè]tr[^\W\d_]{1,2}|mill?[^\W\d_]{1,3}"
)


_SEATS = (
    "asientos?|butacas?|plaza|puerta|fila|vagón|coche|aula|sala|post[oi]|sedil[ei]|poltrona|porta|"
    "carrozza|assentos?|portão|vagão|sièges?|places?|porte|voiture|salle|quai|gate|apto?|piso|números?|"
    "numer[oi]|numéros?"
)
"""What has a number and a letter, which is no unit: "22F"."""

_LETTERS_APART = re.compile(
    r"(?<![\w.'’&/-])(?<![\w.] )[B-DF-NP-XZ](?: [A-Z]){1,9}(?![\w'’&/-]|\.\w|,? [A-Z]\w)"
)
_WORDS = frozenset("AEIOUY")
"""Letters that are words, so that two of them may be no letters."""


def name_rules(locale: Locale, parts: Mapping[str, str], hearted: str) -> Iterator[Rule]:
    """Yield the rules; `parts` has what is shortened before a number, and `hearted` is a pattern of
    words behind which `<3` is a heart."""
    yield _part_rule(locale, parts)
    yield from _program_rules(locale)
    yield Rule("romance.letters", _LETTERS_APART, partial(_spell_apart, locale))
    yield from where_digits(_digit_rules(locale))
    yield Rule(
        "romance.heart",
        re.compile(rf"(?i)(?<!\w)((?:{hearted})\s)<3\s(?=[a-zà-ÿ])"),
        lambda found: found[1],
    )


def _program_rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules for what programmers write with a point: `Node.js`, `.NET`."""
    yield Rule(
        "romance.js",
        re.compile(r"\.js(?<=[A-Za-z]\.js)(?!\w)"),
        lambda _: f" {locale.letters('js')}",
    )
    yield Rule(
        "romance.net",
        re.compile(r"\.NET(?<![\w.]\.NET)(?!\w)"),
        lambda _: f"{locale.dot} net",
    )


def _spell_apart(locale: Locale, found: re.Match[str]) -> str | None:
    """Spell `S M S` as what it is rather than read conjunctions or points of the compass."""
    letters = found.group().replace(" ", "")
    return None if len(letters) == len("AA") and set(letters) <= _WORDS else locale.letters(letters)


def _part_rule(locale: Locale, parts: Mapping[str, str]) -> Rule:
    """Return the rule for `cap. IV` and `fig. 3b`."""
    words = {**parts, **{f"{one[0].upper()}{one[1:]}": word for one, word in parts.items()}}

    def say(found: re.Match[str]) -> str | None:
        part, numeral = words.get(found["part"]), found["numeral"]
        if part is None:
            return None
        if found["letter"]:
            return f"{part} {say_number(locale, found['number'])} {found['letter']}"
        if not numeral:
            return f"{part} "
        return f"{part} {cardinal(locale, roman_value(numeral))}" if is_roman(numeral) else None

    return Rule(
        "romance.part.numbered",
        re.compile(
            r"(?<![\w.])(?P<part>[^\W\d_]{1,5}+\.)\s?"
            r"(?:(?P<number>\d{1,3})(?P<letter>[a-h])(?!\w)|(?=\d)"
            r"|(?P<numeral>[IVXL]{1,7})(?![\w'’]|\.\w))"
        ),
        say,
    )


def _digit_rules(locale: Locale) -> Iterator[Rule]:
    kilometer, points = locale.units.exact["km"].one, locale.compass
    yield Rule(
        "romance.kilometer",
        re.compile(r"(?<![\w.])(?<!\d )(?<!\d\u00a0)[kK][mM]\.?\s(?=\d)"),
        lambda _: f"{kilometer} ",
    )
    yield Rule(
        "romance.bearing",
        re.compile(
            rf"(?<=\d)(\s?(?:{_DISTANCES})\s)({choice(points)})(?![\w'’]|[.-]\w)(?:\.(?=\s[a-zà-ÿ]))?"
        ),
        lambda found: f"{found[1]}{points[found[2]]}",
    )
    yield Rule(
        "romance.circa", re.compile(r"(?<![\w.])ca?\.\s?(?=\d{3,4}(?!\d))"), lambda _: "circa "
    )
    yield Rule(
        "romance.minute",
        re.compile(r"(?<=\bminut[oe] )(\d{1,3})['’′](?!\w)"),
        lambda found: found[1],
    )
    yield Rule(
        "romance.seat",
        re.compile(rf"(?<!\w)((?i:{_SEATS})\s)(\d{{1,3}})([A-Z])(?!\w)"),
        lambda found: f"{found[1]}{say_number(locale, found[2])} {locale.letters(found[3])}",
    )
    yield Rule(
        "romance.processor",
        re.compile(r"(?<![\w-])i([3579])-(\d{4,5})([A-Z]{0,2})(?!\w)"),
        lambda found: " ".join(
            (
                f"i {say_whole(locale, found[1])} {say_whole(locale, found[2])}",
                *([locale.letters(found[3])] if found[3] else ()),
            )
        ),
    )
    yield Rule(
        "romance.carats",
        re.compile(r"(?<![\w.,])(1\d|2[0-4]|[89])K(?!\w)"),
        lambda found: f"{say_number(locale, found[1])} {locale.letters('K')}",
    )
