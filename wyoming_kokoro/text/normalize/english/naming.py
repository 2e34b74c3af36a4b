"""Numbers that name things rather than count them: codes, rooms, pages, models, stations."""

import re
from collections.abc import Iterator
from functools import partial

from wyoming_kokoro.text.normalize.english.places import say_in_pairs
from wyoming_kokoro.text.normalize.figures import cardinal, say_digits, say_number
from wyoming_kokoro.text.normalize.locale import Locale, Rule
from wyoming_kokoro.text.normalize.signs import CODE, split_code
from wyoming_kokoro.text.normalize.words import is_roman, roman_value

_NUMBERED = (
    "rooms?|suite|flight|route|highway|apartment|apt|unit|bus|train|channel|"
    "(?-i:Delta|United|American|Southwest|JetBlue|Alaska|Lufthansa|Ryanair|Emirates|Qantas)"
)
_CODED = (
    "seat|gate|row|platform|terminal|vitamin|grade|size|class|flat|model|flight|room|suite|"
    r"apartment|apt\.?|unit|appendix|locker|level|exit|bus|building|block|zone|lot|bay|stall|stand|"
    "number|section|question|step|figure|table|line|route|rte|highway|hwy|interstate|us"
)
_WORDLIKE = re.compile(r"\b([B-DF-HJ-NP-TV-XZ])([AEIOU])\b")
"""Two letters that would be read."""

_CLEAR_PARTS = ("chap", "vol", "fig", "sect")
"""What has no point sometimes."""

_PARTS = {
    "p": "page",
    "pp": "pages",
    "ch": "chapter",
    "ext": "extension",
    "chap": "chapter",
    "chaps": "chapters",
    "v": "verse",
    "par": "paragraph",
    "vol": "volume",
    "vols": "volumes",
    "fig": "figure",
    "figs": "figures",
    "sec": "section",
    "sect": "section",
    "art": "article",
    "eq": "equation",
    "ed": "edition",
    "ep": "episode",
    "sc": "scene",
}


def rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules: numbers spelled digit by digit first."""
    yield from _spelled_rules(locale)
    yield from _code_rules(locale)
    yield from _numbered_rules(locale)
    yield from _product_rules(locale)


def _numbered_rules(locale: Locale) -> Iterator[Rule]:
    yield Rule(
        "en.numbered",
        re.compile(
            rf"(?i)(?<!\w)((?:{_NUMBERED})(?:\snumber)?(?:\sis)?,?\s(?:(?-i:[A-Z]{{2}}|[A-Z]\d|\d[A-Z])\s)?(?:(?-i:[A-Z]{{2}}))?)(\d{{3,4}})(?![\w%]|[.,:/-]\d)"
        ),
        lambda found: found[1] + say_in_pairs(locale, int(found[2])),
    )
    yield Rule(
        "en.error",
        re.compile(
            r"(?i)(?<!\w)((?:error|http|status)\s)(\d{3})\b|(?<![\w.,])()(\d{3})(?=\serrors?\b)"
        ),
        lambda found: (found[1] or "") + say_in_pairs(locale, int(found[2] or found[4])),
    )
    yield Rule(
        "en.graded",
        re.compile(r"(?<![\w.,-])([A-UW-Z])(\d{1,2}\.\d)(?![\w.,-]?\d|\w)"),
        lambda found: f"{found[1]} {say_number(locale, found[2])}",
    )
    yield Rule(
        "en.plate",
        re.compile(r"(?<![\w-])([A-Z]{2})(\d\d) ?([A-Z]{3})(?![\w-])"),
        lambda found: " ".join((*found[1], say_digits(locale, found[2]), *found[3])),
    )
    yield Rule(
        "en.station",
        re.compile(r"(?<![\w.,])(\d{2,3})\.(\d)(?=\s(?:FM|MHz)\b)"),
        lambda found: f"{say_in_pairs(locale, int(found[1]))} point {say_digits(locale, found[2])}",
    )
    yield Rule(
        "en.section",
        re.compile(r"(?<![\w.,$])(\d{3})\(([a-z])\)(?:\((\d)\))?(?!\w)"),
        lambda found: " ".join(
            (
                say_in_pairs(locale, int(found[1])),
                found[2].upper(),
                *(say_digits(locale, digit) for digit in found[3] or ""),
            )
        ),
    )


def _product_rules(locale: Locale) -> Iterator[Rule]:
    yield Rule(
        "en.carats",
        re.compile(r"(?<![\w.,])(1\d|2[0-4]|[89])K(?!\w)"),
        lambda found: f"{say_number(locale, found[1])} K",
    )
    yield Rule(
        "en.plane",
        re.compile(
            r"(?<=\b(?:a|A) )(7[0-8]7)(?![\w%]|[.,:/-]\d|\s[a-z]+s\b)|(?<=Boeing )(7[0-8]7)\b|"
            r"(?<![\w.,])(529)(?=\splans?\b)|(?<=Airbus A)(3\d\d)\b"
        ),
        lambda found: _say_plane(locale, found),
    )
    yield Rule(
        "en.processor",
        re.compile(r"(?<![\w-])([iI])([3579])-(\d{1,2})(\d{3})([A-Z]{0,2})(?!\w)"),
        lambda found: _say_processor(locale, found),
    )
    yield Rule(
        "en.product",
        re.compile(
            r"(?<![\w.-])(RTX|GTX|RX|GT|GX|Ryzen [3579]|[A-Z]{2}) (\d{4})([A-Z]{0,3})(?![\w%°]|"
            r"[.,:/-]\d|\s[a-z]+s\b)"
        ),
        partial(_say_product, locale),
    )


def part_rule() -> Rule:
    """Return the rule for shortened words before a number, Roman ones included: `fig. IV`."""
    return Rule(
        "en.part",
        re.compile(
            r"(?<![\w.])(?<!\d )([A-Za-z]{1,5}+)(\.\s?|\s)"
            r"(?=\d|[IVXL]{1,6}(?:(?![\w'’.]|\.\w)|\.(?:\s|\Z)))"
        ),
        _say_part,
    )


def small_numeral_rule() -> Rule:
    """Return the rule that writes `Sc. ii` as `Sc. 2`."""
    return Rule(
        "en.numeral.small",
        re.compile(r"(?<=[\s.])[ivx]{1,6}(?![\w'’]|\.\w)"),
        _say_small_numeral,
    )


_HAS_PARTS = re.compile(
    r"(?<!\w)(?i:sc|ch|chap|vol|fig|sec|sect|bk|pt|pp?|act|scene|chapter|volume|part|book|pages?)"
    r"(\.?)\s?\Z"
)


def _say_small_numeral(found: re.Match[str]) -> str | None:
    numeral = found.group().upper()
    before = _HAS_PARTS.search(found.string, max(0, found.start() - 12), found.start())
    alone = len(numeral) == 1 and not (before and before[1])
    return None if before is None or alone or not is_roman(numeral) else str(roman_value(numeral))


def _say_part(found: re.Match[str]) -> str | None:
    written = found[1]
    word = _PARTS.get(written.lower())
    if written.lower() == "art" and found.string[found.end() :][:2] in ("I ", "I'"):
        return None  # what is loved
    if word is None or (found[2][0] != "." and written.lower() not in _CLEAR_PARTS):
        return None
    return f"{word.capitalize() if written[0].isupper() else word} "


def _say_plane(locale: Locale, found: re.Match[str]) -> str:
    number = next(group for group in found.groups() if group)
    return f"{' ' if found[4] else ''}{say_in_pairs(locale, int(number))}"


def _say_processor(locale: Locale, found: re.Match[str]) -> str:
    """Say `i7-13700K`: "I seven thirteen seven hundred K"."""
    hundreds = (
        say_in_pairs(locale, int(found[4])) if found[4][0] != "0" else say_digits(locale, found[4])
    )
    if found[4][1:] == "00":
        hundreds = f"{say_digits(locale, found[4][0])} hundred"
    letters = " ".join(found[5])
    first = say_number(locale, found[3])
    return f"I {say_digits(locale, found[2])} {first} {hundreds} {letters}".rstrip()


def _say_product(locale: Locale, found: re.Match[str]) -> str:
    """Say `RTX 4090`: "R T X forty ninety"."""
    hundreds, rest = divmod(int(found[2]), 100)
    pairs = hundreds % 10 == 0 and rest > 9
    number = (
        f"{cardinal(locale, hundreds)} {cardinal(locale, rest)}"
        if pairs
        else say_in_pairs(locale, int(found[2]))
    )
    return f"{found[1]} {number} {' '.join(found[3])}".rstrip()


def _spelled_rules(locale: Locale) -> Iterator[Rule]:
    yield Rule(
        "en.texted",
        re.compile(r"(?i)(?<!\w)(text\s\S{1,20}\sto\s)(\d{4,6})(?![\w%]|[.,:/-]\d)"),
        lambda found: found[1] + say_digits(locale, found[2]),
    )
    yield Rule(
        "en.wifi",
        re.compile(r"(?<![\w.])802\.11(?:([a-z]{1,2})\b)?(?!\d)"),
        lambda found: f"eight oh two eleven {(found[1] or '').upper()}".strip(),
    )


def _code_rules(locale: Locale) -> Iterator[Rule]:
    yield Rule(
        "en.seats",
        re.compile(
            r"(?i)(?<!\w)(?:seats|rows|gates)\s[\da-z]{2,4}(?:,?\s(?:(?:and|or|to)\s)?\d{1,3}[a-k]\b){1,6}"
        ),
        lambda found: re.sub(
            r"(?<!\w)(\d{1,3})([A-Ka-k])\b",
            lambda seat: f"{say_number(locale, seat[1])} {seat[2].upper()}",
            found.group(),
        ),
    )
    yield Rule(
        "en.coded",
        re.compile(
            rf"(?i)(?<!\w)((?:{_CODED})\s)(\d{{1,4}}[a-z]{{1,2}}|[a-z]{{1,2}}\d{{1,4}})(?!\w)"
        ),
        lambda found: found[1] + _say_code(locale, found[2], opens=False),
    )
    yield Rule("code", CODE, partial(_say_found_code, locale))


def _say_code(locale: Locale, code: str, *, opens: bool) -> str:
    """Say a code; its letters never make a word: not the article where it `opens` a sentence."""
    words = _WORDLIKE.sub(r"\1 \2", split_code(locale, code))
    return re.sub(r"\AA(?: |\Z)", "A-", words) if opens else words


def _say_found_code(locale: Locale, found: re.Match[str]) -> str:
    before = found.string[: found.start()].rstrip()
    return _say_code(locale, found.group(), opens=not before[-1:].isalnum())
