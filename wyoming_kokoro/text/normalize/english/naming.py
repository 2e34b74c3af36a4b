"""Numbers that name things rather than count them: codes, rooms, pages, models, stations."""

import re
from collections.abc import Iterator
from functools import partial

from wyoming_kokoro.text.normalize.english.places import say_in_pairs
from wyoming_kokoro.text.normalize.figures import say_digits, say_number
from wyoming_kokoro.text.normalize.locale import Locale, Rule
from wyoming_kokoro.text.normalize.signs import CODE, split_code

_SPELLED = (
    "pin|codes?|pass(?:word|code)|extension|port|zip|postcode|account|serial|confirmation|order|"
    "tracking|id|ticket"
)
_NUMBERED = "rooms?|suite|flight|route|highway|apartment|apt|unit|bus|train|channel"
_CODED = (
    "seat|gate|row|platform|terminal|vitamin|grade|size|class|flat|model|flight|room|suite|"
    r"apartment|apt\.?|unit|appendix|locker|level|exit|bus|building|block|zone|lot|bay|stall|stand|"
    "number|section|question|step|figure|table|line"
)
_WORDLIKE = re.compile(r"\b([B-DF-HJ-NP-TV-XZ])([AEIOU])\b")
"""Two letters that would be read."""

_PARTS = {
    "p": "page",
    "pp": "pages",
    "ch": "chapter",
    "ext": "extension",
    "v": "verse",
    "par": "paragraph",
}


def rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules: numbers spelled digit by digit first."""
    yield from _spelled_rules(locale)
    yield from _code_rules(locale)
    yield Rule(
        "en.numbered",
        re.compile(
            rf"(?i)(?<!\w)((?:{_NUMBERED}),?\s(?:[A-Z]{{2}}\s?)?)(\d{{3,4}})(?![\w%]|[.,:/-]\d)"
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
        "en.station",
        re.compile(r"(?<![\w.,])(\d{2,3})\.(\d)(?=\s(?:FM|MHz)\b)"),
        lambda found: f"{say_in_pairs(locale, int(found[1]))} point {say_digits(locale, found[2])}",
    )
    yield Rule(
        "en.part",
        re.compile(r"(?<![\w.])(p|pp|ch|ext|v|par)\.\s?(?=\d)"),
        lambda found: f"{_PARTS[found[1]]} ",
    )


def _spelled_rules(locale: Locale) -> Iterator[Rule]:
    yield Rule(
        "en.spelled",
        re.compile(
            rf"(?i)(?<!\w)((?:{_SPELLED})(?:\s(?:code|number|no\.|is|to|was|set)){{0,2}}:?\s#?)"
            r"(\d{3,12})(?![\w%°]|[.,:/-]\d|\s(?!is|was|has)[a-z]+s\b)"
        ),
        lambda found: found[1] + say_digits(locale, found[2]),
    )
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
