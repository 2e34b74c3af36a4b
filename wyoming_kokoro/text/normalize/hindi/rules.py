"""What only Hindi writes: ordinals, "डेढ़" and its like, telephone numbers, foreign words."""

import re
from collections.abc import Callable, Iterator

from wyoming_kokoro.text.normalize.figures import is_near
from wyoming_kokoro.text.normalize.hindi.words import MONTHS, WORDS, spell
from wyoming_kokoro.text.normalize.locale import Rule
from wyoming_kokoro.text.normalize.tables import choice, pairs
from wyoming_kokoro.text.normalize.words import roman_value

Say = Callable[[int], str]
"""The words of a number."""

_HALVES = {0: "आधा", 1: "डेढ़", 2: "ढाई"}
_ENDINGS = pairs("वाँ: ाँ, वां: ाँ, वीं: ीं, वी: ी, वें: ें, वे: ें")
"""What is written behind a figure to make it an ordinal, and how that ends after its व."""

_SHORT_ENDINGS = pairs("ला: ा, रा: ा, था: ा, ली: ी, री: ी, थी: ी, ले: े, रे: े, थे: े, ठा: ा, ठी: ी, ठे: े")
_SIXTH = 6
_FIRST = {1: "पहल", 2: "दूसर", 3: "तीसर", 4: "चौथ", _SIXTH: "छठ"}
_WEEKDAY = "(?:सोम|मंगल|बुध|गुरु|शुक्र|शनि|रवि)(?:वार)?"
_LETTERS = "ए|बी|सी|डी|ई|एफ़|एफ|जी|एच|आई|जे|के|एल|एम|एन|ओ|पी|आर|एस|टी|यू|वी"
"""Initials of names."""

_POSTPOSITIONS = "पर|से|तक|का|के|की|को|में|है|हैं|था|थे|होंगे|हो|हुए"
_CALLS = "कॉल|काल|डायल|फ़ोन|फोन|संपर्क"
_SCORED = re.compile("स्कोर|टीम|गोल|बढ़त|जीत|हार|बराबरी|ड्रॉ|मुकाबल")
_FEWEST_RUNS = 40
"""Of a side in cricket, so that no fraction is meant."""

_NOT_IN_WORD = r"(?![\u0900-\u0963\u0966-\u097f])"
_LONGEST_SPELLED = 5


def rules(cardinal: Say, year: Say) -> Iterator[Rule]:
    """Yield the rules in the order in which they are tried, before those of all languages."""
    yield Rule(
        "hi.hours",
        re.compile(r"(?<!\w)(UTC|GMT) ?([+-]) ?(\d{1,2})(?::([0-5]\d))?(?![\w:]|[.,]\d)"),
        lambda found: " ".join(
            (
                found[1],
                "प्लस" if found[2] == "+" else "माइनस",
                *(cardinal(int(number)) for number in found.groups()[2:] if number and int(number)),
            )
        ),
    )
    yield Rule(
        "hi.initial",
        re.compile(rf"(?<![\w.])({_LETTERS})\. ?(?={_LETTERS}\.|[\u0900-\u097f]{{2}})"),
        lambda found: f"{found[1]} ",
    )
    yield from _phone_rules(cardinal)
    yield from _number_rules(cardinal)
    yield from _clock_rules(cardinal)
    yield from _day_rules()
    yield from _score_rules(cardinal)
    yield Rule(
        "hi.year",
        re.compile(rf"(?<![\w.,:/-])(1[1-9]\d\d)(?= (?:में(?! से)|से|तक|के|की|का|ई){_NOT_IN_WORD})"),
        lambda found: year(int(found[1])),
    )


def _number_rules(cardinal: Say) -> Iterator[Rule]:
    yield Rule(
        "hi.named_decimal",
        re.compile(r"(?<![\w./@-])(?!PM\d)[A-Z][A-Za-z]{0,5}(?=\d{1,3}\.\d{1,3}(?![\w.]))"),
        lambda found: f"{found.group()} ",
    )
    yield Rule(
        "hi.ordinal",
        re.compile(
            rf"(?<![\w.,])(\d{{1,6}})-?({choice([*_ENDINGS, *_SHORT_ENDINGS])}){_NOT_IN_WORD}"
        ),
        lambda found: _say_place(cardinal, int(found[1]), found[2]),
    )
    yield Rule(
        "hi.height",
        re.compile(r"(?<![\w.,/])(\d)['′’] ?(1[01]|\d)(?:[\"″”]|(?!\w))"),
        lambda found: f"{cardinal(int(found[1]))} फ़ुट {cardinal(int(found[2]))} इंच",
    )
    yield Rule(
        "hi.mixed",
        re.compile(r"(?<![\w.,/])(\d{1,3}) ?([½¼¾]|(?<= )(?:1/2|[13]/4)(?![\d/]))"),
        lambda found: _say_mixed(cardinal, int(found[1]), found[2]),
    )


def _day_rules() -> Iterator[Rule]:
    yield Rule(
        "hi.day",
        re.compile(
            r"(?<![\w.,:/-])(3[01]|[12]\d|0?[1-9])/(1[0-2]|0?[1-9])(?= (?:को|तक|से पहले|के दिन))"
        ),
        lambda found: f"{int(found[1])} {MONTHS[int(found[2]) - 1]}",
    )
    yield Rule(
        "hi.per",
        re.compile(
            r"(?<=[\u0900-\u097f.]) ?/ ?(?=(?:किमी|kWh|यूनिट|घंटा|घंटे|मिनट|दिन|महीना|माह|किलो|लीटर))"
        ),
        lambda _: " प्रति ",
    )
    yield Rule(
        "hi.per.other",
        re.compile(r"(?<=\d) ?/ ?(?=[\u0900-\u0963\u0966-\u097f]{2})"),
        lambda _: " प्रति ",
    )
    yield Rule("hi.until", re.compile(r"(?<=बजे) ?[-–—] ?(?=\d)"), lambda _: " से ")
    yield Rule(
        "hi.weekday",
        re.compile(r"(?<!\w)(सोम|मंगल|बुध|गुरु|शुक्र|शनि|रवि)\.(?=,? [^\W_])"),
        lambda found: f"{found[1]}वार",
    )
    yield Rule(
        "hi.weekdays",
        re.compile(rf"(?<!\w)({_WEEKDAY}) ?[-–] ?({_WEEKDAY}){_NOT_IN_WORD}"),
        lambda found: f"{found[1]} से {found[2]}",
    )


def _score_rules(cardinal: Say) -> Iterator[Rule]:
    yield Rule(
        "hi.wickets",
        re.compile(r"(?<![\w.,:/-])(\d{2,3})/(10|\d)(?![\w.,:/%°-])"),
        lambda found: _say_score(cardinal, found, " पर "),
    )
    yield Rule(
        "hi.score",
        re.compile(r"(?<![\w.,:/-])(\d{1,3}) ?[-–] ?(\d{1,3})(?![\w.,:/%°-])"),
        lambda found: _say_score(cardinal, found, " "),
    )


def last_rules(cardinal: Say) -> Iterator[Rule]:
    """Yield the rules for what the others have said, and for foreign words."""
    yield Rule(
        "hi.per_hour",
        re.compile(f"(?<=प्रति घंट)ा(?= (?:की|से|का|के|तक|पर){_NOT_IN_WORD})"),
        lambda _: "े",
    )
    yield Rule(
        "hi.numeral",
        re.compile(r"(?<![\w.-])(?:I?II|IV|VI{1,3}|IX|XI{1,3}|XI?V|XVI{1,3}|XI?X)(?![\w.-])"),
        lambda found: cardinal(roman_value(found.group())),
    )
    yield Rule(
        "hi.letters",
        re.compile(r"(?<![\w.'’&/-])[A-Z](?: [A-Z]){1,9}(?![\w'’&/-]|\.\w)"),
        lambda found: spell(found.group().replace(" ", "")),
    )
    yield Rule(
        "hi.word",
        re.compile(r"(?<![^\W\d_])[A-Za-z]++(?:-[A-Za-z]++)?(?![^\W\d_]|['’]\w)"),
        lambda found: _say_word(found.group()),
    )


def _clock_rules(cardinal: Say) -> Iterator[Rule]:
    """Yield the rules for times before बजे."""
    yield Rule(
        "hi.half_past",
        re.compile(r"(?<![\w:.,/-])(1[0-2]|0?[1-9]):30 ?(?=बजे)"),
        lambda found: f"{_say_mixed(cardinal, int(found[1]), '½')} ",
    )
    yield Rule(
        "hi.minutes_past",
        re.compile(
            r"(?<![\w:.,/-])([01]?\d|2[0-3]):([0-5]\d) ?बजे"
            rf"(?= (?!(?:{_POSTPOSITIONS}){_NOT_IN_WORD})[\u0900-\u097f])"
        ),
        lambda found: _say_minutes_past(cardinal, int(found[1]), int(found[2])),
    )


def _say_minutes_past(cardinal: Say, hour: int, minute: int) -> str | None:
    """Say a time at which something happens; before a postposition it needs no पर."""
    if not minute or not hour:
        return None
    return f"{cardinal(hour)} बजकर {cardinal(minute)} मिनट पर"


def _phone_rules(cardinal: Say) -> Iterator[Rule]:
    yield Rule(
        "hi.phone",
        re.compile(
            r"(?<![\w.,-])(?:(?:\+91[ -]?|0)?[6-9]\d{4}[ -]?\d{5}|0\d{2,4}[ -]\d{6,8}"
            r"|1800[ -]\d{3,4}[ -]\d{3,4})(?![\w.-])"
        ),
        lambda found: _say_phone(cardinal, found.group()),
    )
    yield Rule(
        "hi.called",
        re.compile(rf"(?<![\w.,:/-])\d{{3,5}}(?= (?:पर|नंबर पर|को) (?:{_CALLS})| (?:डायल|मिलाए))"),
        lambda found: _say_phone(cardinal, found.group()),
    )


def _say_phone(cardinal: Say, text: str) -> str:
    """Say every digit, with a rest between groups."""
    plus = "प्लस " if text.startswith("+") else ""
    groups = (" ".join(cardinal(int(digit)) for digit in run) for run in re.findall(r"\d+", text))
    return plus + ", ".join(groups)


def _say_place(cardinal: Say, number: int, ending: str) -> str | None:
    if ending in _SHORT_ENDINGS:
        return _FIRST[number] + _SHORT_ENDINGS[ending] if number in _FIRST else None
    return f"{'छठ' if number == _SIXTH else cardinal(number)}व{_ENDINGS[ending]}"


def _say_mixed(cardinal: Say, whole: int, part: str) -> str:
    """Say "डेढ़", "ढाई", "साढ़े तीन", "सवा दो", "पौने तीन"."""
    if part in ("½", "1/2"):
        return _HALVES.get(whole) or f"साढ़े {cardinal(whole)}"
    if part in ("¼", "1/4"):
        return f"सवा {cardinal(whole)}"
    return f"पौने {cardinal(whole + 1)}"


def _say_score(cardinal: Say, found: re.Match[str], between: str) -> str | None:
    runs = between == " पर " and int(found[1]) > _FEWEST_RUNS
    if not runs and not is_near(_SCORED, found):
        return None
    return f"{cardinal(int(found[1]))}{between}{cardinal(int(found[2]))}"


def _say_word(word: str) -> str | None:
    """Say a foreign word as Hindi writes it, letters as their names; espeak-ng reads others."""
    if known := WORDS.get(word.lower()):
        return known
    if "-" in word:
        return " ".join(_say_word(part) or part for part in word.split("-"))
    return spell(word) if word.isupper() and len(word) <= _LONGEST_SPELLED else None
