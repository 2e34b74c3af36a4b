"""Hindi: the words for figures and signs."""

import re

from wyoming_kokoro.text.normalize.figures import cardinal, ordinal, say_digits
from wyoming_kokoro.text.normalize.hindi_words import (
    ABBREVIATIONS,
    ACRONYMS,
    MONEY,
    UNITS,
    WORDS,
    spell,
)
from wyoming_kokoro.text.normalize.locale import Clock, Dates, Locale, Numbers, Rule
from wyoming_kokoro.text.normalize.tables import pairs, words

_DAY_HALVES = ((4, "रात"), (12, "सुबह"), (16, "दोपहर"), (19, "शाम"), (24, "रात"))
"""The hour at which a part of the day ends."""

_HALVES = {0: "आधा", 1: "डेढ़", 2: "ढाई"}
_FRACTIONS = {(1, 2): "आधा", (1, 3): "एक तिहाई", (2, 3): "दो तिहाई", (1, 4): "एक चौथाई"}
_FRACTIONS |= {(3, 4): "तीन चौथाई"}
_ENDINGS = {"वाँ": "ाँ", "वां": "ाँ", "वीं": "ीं", "वी": "ी", "वें": "ें", "वे": "ें"}
_FIRST = ("", "पहल", "दूसर", "तीसर", "चौथ")
_SHORT_ENDINGS = {"ला": "ा", "रा": "ा", "था": "ा", "ली": "ी", "री": "ी", "थी": "ी"}
_SHORT_ENDINGS |= {"ले": "े", "रे": "े", "थे": "े"}
_CALLS = "कॉल|काल|डायल|फ़ोन|फोन|संपर्क|एसएमएस"


def _say_date(day: int, month: int, of_year: int | None) -> str:
    said = f"{cardinal(IN, day)} {_MONTHS[month - 1]}"
    return f"{said} {_say_year(of_year)}" if of_year else said


def _say_year(number: int) -> str:
    """Say years of other centuries than ours by the hundred: "उन्नीस सौ सैंतालीस"."""
    hundreds, rest = divmod(number, 100)
    if not 11 <= hundreds <= 19:
        return cardinal(IN, number)
    return f"{cardinal(IN, hundreds)} सौ {cardinal(IN, rest) if rest else ''}".rstrip()


def _say_clock(hour: int, minute: int, second: int | None, half: str) -> str:
    """Say "सात बजे", "सात बजकर पाँच मिनट", "शाम पाँच बजे"."""
    said = ""
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
        said = next(name for end, name in _DAY_HALVES if hour < end) + " "
        hour = hour % 12 or 12
    said += cardinal(IN, hour)
    if not minute and not second:
        return f"{said} बजे"
    said += f" बजकर {cardinal(IN, minute)} मिनट"
    return f"{said} {cardinal(IN, second)} सेकंड" if second else said


def _say_mixed(found: re.Match[str]) -> str:
    """Say "डेढ़", "ढाई", "साढ़े तीन", "सवा दो", "पौने तीन"."""
    whole, part = int(found[1]), found[2]
    if part in ("½", "1/2"):
        return _HALVES.get(whole) or f"साढ़े {cardinal(IN, whole)}"
    if part in ("¼", "1/4"):
        return f"सवा {cardinal(IN, whole)}"
    return f"पौने {cardinal(IN, whole + 1)}"


def _say_place(found: re.Match[str]) -> str | None:
    number, ending = int(found[1]), found[2]
    if ending in _SHORT_ENDINGS:
        return _FIRST[number] + _SHORT_ENDINGS[ending] if 0 < number < len(_FIRST) else None
    if number == 6:
        return f"छठव{_ENDINGS[ending]}"
    return f"{cardinal(IN, number)}व{_ENDINGS[ending]}"


def _say_phone(text: str) -> str:
    plus = "प्लस " if text.startswith("+") else ""
    return plus + ", ".join(say_digits(IN, group) for group in re.findall(r"\d+", text))


def _say_score(found: re.Match[str]) -> str | None:
    if not _SCORED.search(found.string, max(0, found.start() - _NEAR), found.end() + _NEAR):
        return None
    return f"{cardinal(IN, int(found[1]))} {cardinal(IN, int(found[2]))}"


_SCORED = re.compile("स्कोर|जीत|हार|बराबरी|ड्रॉ|मुकाबल")
_NEAR = 60
"""Characters between a score and a word that says what it is, at most."""

_MONTHS = words("जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर")
_MONTH_SIGNS = {
    **{name: number for number, name in enumerate(_MONTHS, 1)},
    **{"फरवरी": 2, "सितम्बर": 9, "अक्तूबर": 10, "नवम्बर": 11, "दिसम्बर": 12, "जन": 1, "फ़र": 2},
    **{"फर": 2, "अग": 8, "सित": 9, "अक्टू": 10, "नव": 11, "दिस": 12},
    **{"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9},
    **{"oct": 10, "nov": 11, "dec": 12, "january": 1, "february": 2, "march": 3, "april": 4},
    **{"june": 6, "july": 7, "august": 8, "september": 9, "october": 10, "november": 11},
    **{"december": 12},
}

IN: Locale = Locale(
    numbers=Numbers(
        language="hi",
        cardinals={"": "spellout-cardinal"},
        ordinals={"": "spellout-ordinal-masculine"},
        year=_say_year,
        respell={"ानबे": "ानवे"},
        groups=",",
        grouped=r"[1-9]\d{0,2}(?:,\d{2,3}){0,4},\d{3}(?!,?\d)",
        point="दशमलव",
    ),
    dates=Dates(
        months=_MONTHS,
        month_signs=_MONTH_SIGNS,
        order="dmy",
        say=_say_date,
        month_first=True,
        day=lambda number: cardinal(IN, number),
    ),
    clock=Clock(say=_say_clock, swallowed="बजे"),
    units=UNITS,
    money=MONEY,
    minus="माइनस",
    plus="प्लस",
    span="{start} से {end}",
    score="{start} {end}",
    ratio="{start} अनुपात {end}",
    rating="{total} में से {number}",
    fractions=_FRACTIONS,
    fraction=lambda number, total: f"{cardinal(IN, number)} बटा {cardinal(IN, total)}",
    over="{number} बटा {total}",
    mixed="{whole} सही {fraction}",
    signs=pairs(
        """
        =: बराबर, &: और, ×: गुणा, ÷: भाग, ±: प्लस माइनस, <: से कम, >: से ज़्यादा, ≤: से कम या बराबर,
        ≥: से ज़्यादा या बराबर, ≈: लगभग, ≠: बराबर नहीं, √: वर्गमूल, +: प्लस, ∞: अनंत, π: पाई,
        °: डिग्री, @: एट, ~: लगभग, µ: माइक्रो, μ: माइक्रो, €: यूरो, £: पाउंड, $: डॉलर, ¥: येन,
        ₹: रुपये, §: धारा, ^: कैरट, №: नंबर, ‰: प्रति हज़ार, *: स्टार, \\: बैकस्लैश, ¢: सेंट,
        ₿: बिटकॉइन, Ω: ओम, Δ: डेल्टा
        """
    ),
    power={"2": "{base} का वर्ग", "3": "{base} का घन", "": "{base} की घात {exponent}"},
    times="{number} गुना",
    by="{start} गुणा {end}",
    number_sign="नंबर",
    dot="डॉट",
    at="एट",
    slash="स्लैश",
    dash="डैश",
    underscore="अंडरस्कोर",
    colon="कोलन",
    hashtag="हैशटैग",
    version_point="पॉइंट",
    emergency=_CALLS,
    abbreviations=ABBREVIATIONS,
    acronyms=ACRONYMS,
    letters=spell,
    rules=(
        Rule(
            "hi.phone",
            re.compile(
                r"(?<![\w.,-])(?:(?:\+91[ -]?|0)?[6-9]\d{4}[ -]?\d{5}|0\d{2,4}[ -]\d{6,8}"
                r"|1800[ -]\d{3,4}[ -]\d{3,4})(?![\w.-])"
            ),
            lambda found: _say_phone(found.group()),
        ),
        Rule(
            "hi.called",
            re.compile(rf"(?<![\w.,:/-])\d{{3,5}}(?= (?:पर|नंबर पर|को) (?:{_CALLS}))"),
            lambda found: say_digits(IN, found.group()),
        ),
        Rule(
            "hi.ordinal",
            re.compile(
                rf"(?<![\w.,])(\d{{1,6}})[ -]?({'|'.join((*_ENDINGS, *_SHORT_ENDINGS))})(?![\u0900-\u097f])"
            ),
            _say_place,
        ),
        Rule(
            "hi.mixed",
            re.compile(r"(?<![\w.,/])(\d{1,3}) ?([½¼¾]|(?<= )(?:1/2|[13]/4)(?![\d/]))"),
            _say_mixed,
        ),
        Rule(
            "hi.score",
            re.compile(r"(?<![\w.,:/-])(\d{1,3}) ?[-–] ?(\d{1,3})(?![\w.,:/%°-])"),
            _say_score,
        ),
        Rule(
            "hi.year",
            re.compile(
                r"(?<![\w.,:/-])(?:(?<=सन् )|(?<=वर्ष )|(?<=साल ))?(1[1-9]\d\d)"
                r"(?= (?:में(?! से)|से|तक|के|की|का|ई)(?![\u0900-\u097f]))"
            ),
            lambda found: _say_year(int(found[1])),
        ),
    ),
    last_rules=(
        Rule(
            "hi.word",
            re.compile(r"(?<![A-Za-z])[A-Za-z][A-Za-z'’]*(?:-[A-Za-z]+)?"),
            lambda found: (
                WORDS.get(found.group().lower())
                or (
                    spell(found.group())
                    if len(found.group()) < 6 and found.group().isupper()
                    else None
                )
            ),
        ),
    ),
)
