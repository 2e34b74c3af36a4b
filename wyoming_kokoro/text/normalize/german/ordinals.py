"""Ordinals and dates, whose endings follow from the words around: "der dritte Juni", "am dritten
Juni", "mein dritter Versuch", "in der dritten Etage".
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from functools import partial

from wyoming_kokoro.text.normalize.figures import ordinal, year
from wyoming_kokoro.text.normalize.german.gender import FEMININE, MASCULINE, NEUTER, gender_of
from wyoming_kokoro.text.normalize.locale import Locale, Rule
from wyoming_kokoro.text.normalize.numbers import Form
from wyoming_kokoro.text.normalize.tables import choice, numbered, words
from wyoming_kokoro.text.normalize.words import roman_value

MONTHS = words(
    """
    Januar Februar März April Mai Juni Juli August September Oktober November Dezember
    """
)
MONTH_SIGNS = numbered("jan/jän feb mär/mrz apr mai jun jul aug sep/sept okt nov dez")
WEEKDAYS = words("Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag")

_N, _R, _S, _M = "n", "r", "s", "m"
"""Forms of an ordinal by their last letter: "dritten", "dritter" ...; "" is "dritte"."""

_WEAK = frozenset(
    words(
        """
        dem den des am im vom zum zur beim einem einer einen eines keinem keiner keinen meinem
        meiner meinen deinem deiner deinen seinem seiner seinen ihrem ihrer ihren unserem unserer
        unseren diesem diesen jedem jeden jenem jenen alle allen beiden beide welchem welchen
        """
    )
)
"""Words after which an ordinal ends in -en."""

_PLAIN = frozenset(
    words(
        """
        die das ins ans aufs fürs durchs jede jedes jeder jene jenes jener diese dieses dieser
        welche welches welcher meine deine seine ihre unsere eure eine keine
        """
    )
)
_STRONG = frozenset(words("ein kein mein dein sein ihr unser euer"))
_PREPOSITIONS = frozenset(
    words(
        """
        an auf aus bei gegenüber hinter in mit nach neben seit trotz über unter von vor während
        wegen zu zwischen innerhalb außerhalb statt anstatt samt
        """
    )
)
_BEFORE_DATE = frozenset(words("ab bis seit nach vor von gegen um zwischen ohne für"))
_ORDERED = (
    r"FC|SC|Platz|Etage|Stock|Stockwerk|Runde|Halbzeit|Liga|Bundesliga|Advent|Weihnachts\w+|"
    r"Weltkrieg\w*|Mannschaft|Klasse|Gang|Versuch|Quartal|Kapitel|Akt|Satz|Tag|Woche|Staffel"
)
"""What is ordered at the beginning of a text too, where a number may be that of a list's item."""

_CONTEXT = 80
"""Characters before an ordinal in which the word is looked for that decides its ending."""

_ALREADY = re.compile(
    rf"(?:\d{{1,4}}\.(?:\s?(?:\d{{1,2}}\.|(?:{choice(MONTHS)})))?,?\s?(?:(?:und|oder|bis|sowie)\s|[-–]\s?)?)+\Z"
)
"""Ordinals before one that is joined to them."""

_WEEKDAY_BEFORE = re.compile(rf"(?:{choice(WEEKDAYS)}),?\s\Z")
_MONTH = (
    rf"(?P<month>(?:{choice(MONTHS)})(?!\w)|(?i:{choice(MONTH_SIGNS)})(?!\w)(?:\.(?=[,\s]\s?\S))?)"
)
_ROMAN = r"(?P<roman>(?=[IVX])X{0,3}(?:IX|IV|V?I{0,3}))(?![\w'’])"
_WOMEN = frozenset(
    words("Elisabeth Katharina Maria Margarethe Christina Viktoria Isabella Anna Beatrix")
)
_RULERS = (
    "Ludwig|Friedrich|Wilhelm|Friedrich Wilhelm|Heinrich|Karl|Otto|Elisabeth|Johannes Paul|"
    "Johannes|Paul|Benedikt|Franziskus|Pius|Katharina|Georg|Eduard|Philipp|Napoleon|Leopold|"
    "Maximilian|Franz|Nikolaus|Alexander|Peter|Gregor|Leo|Innozenz|Ferdinand|Gustav|Gustav Adolf|"
    "Christian|Iwan|Richard|Jakob|Konrad|Rudolf|Leopold|Joseph|Maria|Margarethe|Isabella|Clemens|"
    "Alfons|Charles|Ramses|Otto|August|Albert|Heinrich"
)


def rules(de: Locale) -> Iterator[Rule]:
    """Yield the rules, dates before other ordinals."""
    yield from _roman_rules(de)
    yield Rule(
        "de.ordinal.span",
        re.compile(r"(?<![\w.,:/-])(?P<number>\d{1,4})\.\s?[-–]\s?(?=(?P<noun>\d{1,4})\.)"),
        lambda found: f"{ordinal(de, int(found['number']), _span_form(found))} bis ",
        needs_digits=True,
    )
    yield Rule(
        "de.date.named",
        re.compile(
            rf"(?<![\w.,:/-])(?P<day>[0-3]?\d)\.?\s?{_MONTH}(?:\s(?P<year>[12]\d{{3}})(?![\w]|[.,:]\d))?"
        ),
        partial(_say_date, de),
        needs_digits=True,
    )
    yield Rule(
        "de.date",
        re.compile(
            r"(?<![\w.,:/-])(?P<day>[0-3]?\d)\.\s?(?P<month>[01]?\d)\."
            r"(?:\s?(?P<year>[12]\d{3}|\d\d(?=[\s,;!?.]|\Z)))?(?![\w:]|\.?\d)"
        ),
        partial(_say_date, de),
        needs_digits=True,
    )
    yield Rule(
        "date.iso",
        re.compile(
            r"(?<![\w./-])(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
            r"(?:T(?P<time>\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?(?![\w/-])"
        ),
        partial(_say_iso, de),
        needs_digits=True,
    )
    yield Rule(
        "de.ordinal",
        re.compile(
            r"(?<![\w.,:/-])(?P<number>\d{1,4})\."
            r"(?:(?=,\s(?:\d|und|oder))|\s(?=(?P<noun>[A-Za-zÄÖÜäöü]+))|(?P<end>\Z))"
        ),
        partial(_say_ordinal, de),
        needs_digits=True,
    )


def say_date(de: Locale, day: int, month: int, of_year: int | None, form: Form = _R) -> str:
    """Return a date, its day in one of the forms of an ordinal."""
    said = f"{ordinal(de, day, form)} {MONTHS[month - 1]}"
    return f"{said} {year(de, of_year)}" if of_year else said


def _before(found: re.Match[str]) -> str:
    """Return what decides the ending: the text before the first of the ordinals that are joined."""
    before = found.string[max(0, found.start() - _CONTEXT) : found.start()]
    return _WEEKDAY_BEFORE.sub("", _ALREADY.sub("", before))


def _form_by_determiner(before: str) -> Form | None:
    """Return the ending after an article or the like, None where there is none."""
    found = before.split()
    last = found[-1].lower().lstrip('(„“"') if found and before[-1:].isspace() else ""
    if last in _WEAK:
        return _N
    if last == "der":
        earlier = found[-2] if len(found) > 1 else ""
        noun = len(found) > 2 and earlier[:1].isupper() and earlier.isalpha()
        return _N if noun or earlier.lower() in _PREPOSITIONS else ""
    return "" if last in _PLAIN else None


def _strong_form(gender: str) -> Form:
    return {MASCULINE: _R, NEUTER: _S, FEMININE: ""}.get(gender, "")


def _date_form(before: str) -> Form:
    form = _form_by_determiner(before)
    if form is not None:
        return form
    last = before.split()[-1:] or [""]
    return _N if last[0].lower() in _BEFORE_DATE else _R


def _say_date(de: Locale, found: re.Match[str]) -> str | None:
    written = found["month"].lower().rstrip(".")
    names = {name.lower(): number for number, name in enumerate(MONTHS, 1)} | MONTH_SIGNS
    day, month = int(found["day"]), int(written) if written.isdecimal() else names[written]
    of_year = _year_of(found["year"])
    before = _before(found)
    named = _WEEKDAY_BEFORE.search(found.string[max(0, found.start() - _CONTEXT) : found.start()])
    told = of_year or named or not written.isdecimal() or _tells_date(before)
    if not told or not (1 <= month <= len(MONTHS) and 1 <= day <= monthrange(2000, month)[1]):
        return None
    said = say_date(de, day, month, of_year, _date_form(before))
    ends = found.group().endswith(".") and not found.string[found.end() :].strip(' "”“)')
    return f"{said}." if ends else said


def _year_of(written: str | None) -> int | None:
    if not written:
        return None
    return int(written) + (0 if len(written) > 2 else 2000 if int(written) < 70 else 1900)


def _tells_date(before: str) -> bool:
    """Say whether what stands before `20.11.` makes it a date rather than a version."""
    last = (before.split() or [""])[-1].lower()
    return (
        not last
        or last in _WEAK | _BEFORE_DATE
        or last in ("der", "die", "heute:", "datum:", "und")
    )


def _say_iso(de: Locale, found: re.Match[str]) -> str | None:
    of_year, month, day = (int(found[part]) for part in ("year", "month", "day"))
    if not of_year or not 1 <= month <= len(MONTHS):
        return None
    if not 1 <= day <= monthrange(of_year, month)[1]:
        return None
    said = say_date(de, day, month, of_year, _date_form(_before(found)))
    return f"{said}, {found['time']}" if found["time"] else said


def _say_ordinal(de: Locale, found: re.Match[str]) -> str | None:
    before, noun = _before(found), _noun_after(found)
    form = _form_by_determiner(before)
    if found["end"] is not None and form is None:
        return None  # a full stop
    if form is None and not _is_ordered(found, before, noun):
        return None
    if form is None:
        form = _form_of(before, noun)
    said = ordinal(de, int(found["number"]), form)
    return said + ("." if found["end"] is not None else " " if found["noun"] else "")


def _span_form(found: re.Match[str]) -> Form:
    """Return the ending of the first of two days or places with a dash between them."""
    before = _before(found)
    form = _form_by_determiner(before)
    if form is not None:
        return form
    noun = _noun_after(found)
    return _date_form(before) if noun in MONTHS or not noun else _form_of(before, noun)


def _noun_after(found: re.Match[str]) -> str:
    """Return the noun that is ordered, past other ordinals and adjectives; "" without one."""
    after = found.string[found.end() : found.end() + _CONTEXT]
    noun = re.match(
        r"(?:,?\s?(?:\d{1,4}\.,?|[a-zäöüß]{1,20}+)\s){0,6}+([A-ZÄÖÜ]\w{0,40})",
        after,
    )
    return noun[1] if noun else ""


def _is_ordered(found: re.Match[str], before: str, noun: str) -> bool:
    """Say whether a number with a point and nothing before it that says so is an ordinal."""
    if re.match(r"(?:und|oder|bis|,)", found["noun"] or found.string[found.end() :]):
        return re.search(r"\d\.", found.string[found.end() :]) is not None
    ordered = re.fullmatch(rf"(?:{_ORDERED})", noun) is not None
    if not before.strip():
        return ordered
    last = before.split()[-1].lower()
    return ordered or last in _STRONG | _PREPOSITIONS | _BEFORE_DATE


def _form_of(before: str, noun: str) -> Form:
    gender, last = gender_of(noun), (before.split() or [""])[-1].lower()
    if last in _PREPOSITIONS | {"ab", "seit"}:
        return {FEMININE: _R}.get(gender, _M)
    return _strong_form(gender)


def _roman_rules(de: Locale) -> Iterator[Rule]:
    yield Rule(
        "roman.ordinal",
        re.compile(rf"(?<!\w)(?P<name>{_RULERS})(?P<s>s?)\s{_ROMAN}(?:\.(?=\s*\S))?"),
        partial(_say_ruler, de),
    )
    yield Rule(
        "de.roman",
        re.compile(rf"(?<=[a-z]\s){_ROMAN}\.(?=\s[A-ZÄÖÜ])"),
        lambda found: (
            f"{roman_value(found['roman'])}."
            if _form_by_determiner(_before(found)) is not None
            else None
        ),
    )


def _say_ruler(de: Locale, found: re.Match[str]) -> str:
    woman = found["name"] in _WOMEN
    last = (found.string[max(0, found.start() - _CONTEXT) : found.start()].split() or [""])[-1]
    if found["s"]:
        article = "der" if woman else "des"
    elif last.lower() in _PREPOSITIONS:
        article = "der" if woman else "dem"
    else:
        article = "die" if woman else "der"
    nominative = not found["s"] and last.lower() not in _PREPOSITIONS
    number = ordinal(de, roman_value(found["roman"]), "" if nominative else _N)
    return f"{found['name']}{found['s']} {article} {number}"
