"""What only English writes: streets and saints, house numbers, "the 3rd of May", years."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from wyoming_kokoro.text.normalize.english.words import DIRECTIONS
from wyoming_kokoro.text.normalize.locale import Rule
from wyoming_kokoro.text.normalize.tables import choice

_STREETS = (
    "St|Ave|Rd|Blvd|Dr|Ln|Ct|Hwy|Street|Avenue|Road|Boulevard|Drive|Lane|Court|Way|Place|Square"
)
_DATED = (
    "in|since|by|from|until|till|before|after|during|early|late|mid|year|of|spring|summer|fall|"
    r"autumn|winter|circa|copyright|between|and|to|born|died|founded|est\.?|established|built|"
    "[QH][1-4]|FY"
)
_MEASURED = (
    "°[CF]?|%|µ?[gm]|[kKMGTmc]?(?:Wh|W|V|A|Ah|Hz|m|g|l|L|B)|h?Pa|K|pp[mb]|lm|lx|rpm|kcal|ft|lbs?|mi|"
    "mph|px"
)
_DIGITS = "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_OF_DECADES = "music|hits|rock|pop|songs?|movies?|films?|style|playlists?|fashion|party|classics"
_SPELLED = (
    "pin|codes?|pass(?:word|code)|extension|port|zip|postcode|account|serial|confirmation|order|"
    "tracking|id|ticket"
)
_NUMBERED = "rooms?|suite|flight|route|highway|apartment|apt|unit|bus|train|channel"
_CODED = (
    "seat|gate|row|platform|terminal|vitamin|grade|size|class|flat|model|flight|room|suite|"
    r"apartment|apt\.?|unit|appendix|locker|level"
)


@dataclass(frozen=True, slots=True)
class Words:
    """Number words, as the language's table gives them."""

    cardinal: Callable[[int], str]
    ordinal: Callable[[int], str]
    year: Callable[[int], str]
    number: Callable[[str], str]
    digits: Callable[[str], str]
    code: Callable[[str], str]


def rules(words: Words, months: str) -> Iterator[Rule]:
    """Yield the rules; `months` is a pattern of the names of months."""
    yield from _date_rules(words, months)
    yield from _address_rules(words)
    yield from _name_rules(words)
    yield from _size_rules(words)


def say_in_pairs(words: Words, number: int) -> str:
    """Say a number as people say those of houses: "one twenty three", "twelve hundred"."""
    hundreds, rest = divmod(number, 100)
    thousands = hundreds % 10 == 0 and (hundreds != 10 or not rest)
    if not hundreds or thousands or number >= 10_000:
        return words.cardinal(number)
    if not rest:
        return f"{words.cardinal(hundreds)} hundred"
    return f"{words.cardinal(hundreds)} {'oh ' if rest < 10 else ''}{words.cardinal(rest)}"


def _date_rules(words: Words, months: str) -> Iterator[Rule]:
    yield Rule(
        "en.the_day",
        re.compile(rf"(?i)(?<!\w)the\s([0-3]?\d)(?:st|nd|rd|th)?\s(?:of\s)?(?=(?:{months})\b)"),
        lambda found: f"the {words.ordinal(int(found[1]))} of ",
    )
    yield Rule(
        "en.decade",
        re.compile(r"(?i)(?<!\w)((?:the|early|late|mid)[\s-])(?=\d0s\b)"),
        lambda found: f"{found[1]}'",
    )
    yield Rule(
        "en.decade.music",
        re.compile(rf"(?i)(?<![\w'])(?=\d0s\s(?:{_OF_DECADES})\b)"),
        lambda _: "'",
    )
    yield Rule(
        "en.weekend",
        re.compile(
            rf"(?i)(?<![\w.])(Sat|Sun)\b\.?(?=,?\s(?:\d|(?:{months})\b)|\s?[-–]\s?[mtwfs][a-z])"
            r"|(?<=[-–])(Sat|Sun)\b"
        ),
        lambda found: "Saturday" if found.group().lower().startswith("sat") else "Sunday",
    )
    yield Rule(
        "en.years",
        re.compile(
            r"(?<![\w.,$€£/#-])(1[1-9]\d\d|20\d\d)\s?[-–]\s?(1[1-9]\d\d|20\d\d|\d\d)"
            rf"(?![\w%°$€£:/-]|[.,]\d|\s(?:{_MEASURED})\b)"
        ),
        lambda found: _say_years(words, found[1], found[2]),
    )
    yield Rule(
        "en.short_year",
        re.compile(r"(?<!\w)['’](\d\d)(?![\w'’\"”])"),
        lambda found: f"{'oh ' if found[1][0] == '0' else ''}{words.cardinal(int(found[1]))}",
    )
    yield Rule(
        "en.left",
        re.compile(r"(?<![\w:.,])(\d{1,2}):([0-5]\d)(?=\s(?:left|remaining|elapsed|to go)\b)"),
        lambda found: f"{found[1]} min" + (f" {int(found[2])} s" if int(found[2]) else ""),
    )
    yield Rule(
        "en.year",
        re.compile(
            rf"(?i)(?<!\w)((?:(?:{_DATED})\s|(?:{months}),?\s)|\()"
            rf"(1[1-9]\d\d|20\d\d)(?![\w%°$€£:/]|[.,-]\d|\s(?:{_MEASURED})\b|\s[a-z]++s\b)"
        ),
        lambda found: found[1] + words.year(int(found[2])),
    )


def _say_years(words: Words, first: str, last: str) -> str | None:
    if int(last) <= int(first if len(last) == 4 else first[2:]):
        return None
    end = words.cardinal(int(last)) if len(last) == 2 else words.year(int(last))
    return f"{words.year(int(first))} to {end}"


def _address_rules(words: Words) -> Iterator[Rule]:
    yield Rule(
        "en.house",
        re.compile(
            r"(?<![\w.,:$€£/#-])(\d{1,5})([A-Z]?)((?:\s[NSEW]\b\.?)?)"
            rf"(?=\s(?:[A-Z\d][\w'’]*+\s){{1,3}}(?:{_STREETS})\b)"
        ),
        lambda found: " ".join(
            part
            for part in (
                say_in_pairs(words, int(found[1])),
                found[2],
                _COMPASS.get(found[3].strip(" ."), ""),
            )
            if part
        ),
    )
    yield Rule(
        "en.zip",
        re.compile(r"(?<=\b[A-Z]{2}\s)(\d{5})(?:-(\d{4}))?(?![\w-])"),
        lambda found: ", ".join(words.digits(part) for part in found.groups() if part),
    )
    yield Rule(
        "en.street",
        re.compile(
            r"(?<![\w.])(?:((?:[A-Z][\w'’]++|\d{1,3}(?:st|nd|rd|th))\s)St(?:\.|(?!\w))"
            r"|St\.\s?(?=[A-Z]))"
        ),
        _say_street_or_saint,
    )
    yield Rule(
        "en.drive",
        re.compile(r"(?<!\w)([A-Z][\w'’]++\s)Dr\.?(?=\s*(?:[,.;!?]|\Z|in\b|on\b|is\b|and\b|at\b))"),
        lambda found: f"{found[1]}Drive",
    )
    yield Rule(
        "en.direction",
        re.compile(rf"(?<![\w.])(?:{choice(DIRECTIONS)})(?!\w| (?:{_DIGITS})\b)"),
        lambda found: DIRECTIONS[found.group()],
    )


_COMPASS = {"N": "North", "S": "South", "E": "East", "W": "West"}


def _say_street_or_saint(found: re.Match[str]) -> str:
    """Say "Street" after a name or number, "Saint" before a name."""
    if not found[1]:
        return "Saint "
    ends = found.group().endswith(".") and not found.string[found.end() :].strip(" \"'”’)")
    return f"{found[1]}Street{'.' if ends else ''}"


def _name_rules(words: Words) -> Iterator[Rule]:
    """Yield the rules for numbers that name things rather than count them."""
    yield Rule(
        "en.number",
        re.compile(r"(?<![\w.])([Nn]os?)\.\s?(?=\d)"),
        lambda found: "number " if len(found[1]) == 2 else "numbers ",
    )
    yield Rule(
        "en.part",
        re.compile(r"(?<![\w.])(p|pp|ch|ext|v|par)\.\s?(?=\d)"),
        lambda found: f"{_PARTS[found[1]]} ",
    )
    yield Rule(
        "en.spelled",
        re.compile(
            rf"(?i)(?<!\w)((?:{_SPELLED})(?:\s(?:code|number|no\.|is|to|was|set)){{0,2}}:?\s#?)"
            r"(\d{3,12})(?![\w%°]|[.,:/-]\d|\s[a-z]+s\b)"
        ),
        lambda found: found[1] + words.digits(found[2]),
    )
    yield Rule(
        "en.wifi",
        re.compile(r"(?<![\w.])802\.11(?:([a-z]{1,2})\b)?(?!\d)"),
        lambda found: f"eight oh two eleven {(found[1] or '').upper()}".strip(),
    )
    yield Rule(
        "en.coded",
        re.compile(
            rf"(?i)(?<!\w)((?:{_CODED})\s)(\d{{1,4}}[a-z]{{1,2}}|[a-z]{{1,2}}\d{{1,4}})(?!\w)"
        ),
        lambda found: found[1] + words.code(found[2]),
    )
    yield Rule(
        "en.numbered",
        re.compile(
            rf"(?i)(?<!\w)((?:{_NUMBERED})\s(?:[A-Z]{{2}}\s?)?)(\d{{3,4}})(?![\w%]|[.,:/-]\d)"
        ),
        lambda found: found[1] + say_in_pairs(words, int(found[2])),
    )


_PARTS = {
    "p": "page",
    "pp": "pages",
    "ch": "chapter",
    "ext": "extension",
    "v": "verse",
    "par": "paragraph",
}


def _size_rules(words: Words) -> Iterator[Rule]:
    yield Rule(
        "en.per",
        re.compile(
            r"(?<=[\d²³hlLgB])\s?/\s?(?=(?:day|week|month|year|night|person|hour|minute|second|user)\b)"
        ),
        lambda _: " per ",
    )
    yield Rule(
        "en.or",
        re.compile(r"(?<=°[CF])\s?/\s?(?=-?\d)"),
        lambda _: " or ",
    )
    yield Rule(
        "en.decimal_comma",
        re.compile(
            r"(?<![\d.,])(€\s?)?(\d{1,3}(?:\.\d{3}){0,4}),(\d\d)(?(1)(?![\d,])|(?=\s?(?:€|EUR)))"
        ),
        lambda found: f"{found[1] or ''}{found[2].replace('.', '')}.{found[3]}",
    )
    yield Rule(
        "en.height",
        re.compile(r"(?<![\w.,/])([3-8])['′’]\s?(1[01]|\d)(?:[\"″”]|''|(?![\w'.]))"),
        lambda found: f"{words.cardinal(int(found[1]))} foot {words.cardinal(int(found[2]))}",
    )
    yield Rule(
        "en.inches",
        re.compile(
            r"(?<=\d)\sin(?=\s(?:of|tall|wide|long|deep|thick|high|x)\b|[,;)]|\.?\Z)"
            r"|(?<=\d)\s?in\.(?=\s[a-z])"
        ),
        lambda _: "in",
    )
    yield Rule(
        "en.screen",
        re.compile(r"(?<![\w.,])(\d{3,4})([pi])(?!\w)"),
        lambda found: f"{say_in_pairs(words, int(found[1]))} {found[2]}",
    )
    yield Rule(
        "en.pixels",
        re.compile(r"(?<![\w.,])(\d{3,4})\s?[x×]\s?(\d{3,4})(?![\w.,]?\d)"),
        lambda found: " by ".join(say_in_pairs(words, int(side)) for side in found.groups()),
    )
    yield Rule(
        "en.scale",
        re.compile(r"(?<![\w,/])(-?\d{1,3}(?:\.\d)?)\s?([CF])(?![\w'’+#&-]|\.\w)"),
        lambda found: f"{found[1]} °{found[2]}",
    )
    yield Rule(
        "en.thousands",
        re.compile(r"(?<![\w.,$€£¥])(\d{1,3}(?:\.\d{1,2})?)([kKMB])(?=\s[a-z]|[.,;!?)]|\Z)"),
        lambda found: f"{words.number(found[1])} {_MAGNITUDES[found[2]]}",
    )


_MAGNITUDES = {"k": "K", "K": "K", "M": "million", "B": "billion"}
