"""Scores, records and minutes of play, as Americans and as the British say them."""

import re
from collections.abc import Iterator
from functools import partial

from wyoming_kokoro.text.normalize.figures import cardinal, is_near, ordinal
from wyoming_kokoro.text.normalize.locale import Locale, Rule

_RECORD = (
    r"[Tt]hey['’]re|[Ww]e['’]re|[Yy]ou['’]re|are|is|were|was|now|record(?:\sof|\sis)?|improved?s?\sto|fell\sto|fall\sto|dropped\sto|"
    r"moved\sto|went|go|goes|started|start|sit\sat|stand\sat|finished"
)
_CHANGED = re.compile(r"(?:improve|fell|fall|drop|move|are)\b|improved|[A-Za-z]{2,5}['’]re")
_SCORED = re.compile(r"(?i)\b(?:scores?|scored|final|beat|leads?|led|tied|draw|result)\b")
_TEAM = re.compile(r"\b(?:[Tt]he|[Tt]hey|[Ww]e)\s(?:[A-Z][a-z]+\s){0,3}\w+\s(?:\w+\s)?\Z")
_SET = re.compile(r"(?i)\b(?:sets?|tie-?break\w*|tennis)\b")
_PLAYED = re.compile(
    r"(?i)\b(?:goals?|scor\w+|minutes?|booked|yellow|red\scard|sub(?:bed|stituted)?|penalty|header"
    r"|equali[sz]\w+|made\sit|struck|ahead|sent\soff)\b"
)
_BRITISH = re.compile(
    r"(?i)\b(?:scores?|won|wins?|lost|loses?|beat|beats|led|leads?|drew|draws?|drawn|final|game|match"
    r"|finished|ended|goals?|nil|half[ -]time|full[ -]time|ft|made\sit|ahead|equali[sz]\w+|united"
    r"|city|defeat\w*|victory)\b"
)
_CRICKET = re.compile(
    r"(?i)\b(?:cricket|wickets?|innings|overs?|batting|bowl\w*|declared|stumps|ashes|t20|test\smatch"
    r"|(?:england|india|australia|pakistan|new\szealand|south\safrica|sri\slanka|west\sindies|bangladesh"
    r"|surrey|kent|essex|yorkshire|lancashire)\s(?:are|is|were|reached|finished|closed|slumped|ended|on))\b"
)
_BEFORE_SCORE = re.compile(r"(?<![A-Za-z])[A-Z][a-z]{2,20} \Z")
_TEAM_AFTER = re.compile(r" [A-Z][a-z]{2}")
_PAIR = r"(\d{1,2})[-–](\d{1,2})"
_END = r"(?![\w%°$€£]|[.,:/-]\d)"


def rules(locale: Locale, *, british: bool) -> Iterator[Rule]:
    """Yield the rules."""
    sets = r"[0-7][-–][0-7](?:\(\d{1,2}\))?"
    yield Rule(
        "en.sets",
        re.compile(rf"(?<![\w.,:/-]){sets}(?:,\s(?:and\s)?{sets}|\s{sets}){{1,4}}{_END}"),
        partial(_say_sets, locale),
    )
    yield Rule(
        "en.set",
        re.compile(rf"(?<![\w.,:/-])([0-7])[-–]([0-7]){_END}"),
        lambda found: (
            f"{cardinal(locale, int(found[1]))} {cardinal(locale, int(found[2]))}"
            if is_near(_SET, found)
            else None
        ),
    )
    if british:
        yield Rule(
            "en.cricket",
            re.compile(rf"(?<![\w.,:/-])([1-9]\d{{1,2}})[-–/](10|\d)(?:d|dec)?{_END}"),
            lambda found: (
                f"{cardinal(locale, int(found[1]))} for {cardinal(locale, int(found[2]))}"
                if is_near(_CRICKET, found)
                else None
            ),
        )
        yield Rule(
            "en.football", re.compile(rf"(?<![\w.,:/-]){_PAIR}{_END}"), partial(_say_game, locale)
        )
    yield Rule(
        "en.record",
        re.compile(rf"(?<!\w)((?:{_RECORD})\s(?:now\s)?){_PAIR}(?:-(\d{{1,2}}))?{_END}"),
        partial(_say_record, locale),
    )
    yield Rule(
        "en.added",
        re.compile(r"(?<![\w.,])(45|90|105|120)\s?\+\s?(\d{1,2})['’′](?![\w'’])"),
        partial(_say_added, locale),
    )
    yield Rule(
        "en.minute",
        re.compile(r"(?<![\w.,'’])(\d{1,3})['’′](?![\w'’]|\s?\d)(?:\sminute)?"),
        partial(_say_minute, locale),
    )


def _say_sets(locale: Locale, found: re.Match[str]) -> str | None:
    """Say "six four, seven five" where each could be a set of tennis."""
    pairs = re.findall(r"(\d)[-–](\d)", found.group())
    if any(max(int(one), int(two)) < 6 for one, two in pairs):
        return None
    return re.sub(
        r"(\d)[-–](\d)",
        lambda pair: f"{cardinal(locale, int(pair[1]))} {cardinal(locale, int(pair[2]))}",
        found.group(),
    )


def _say_game(locale: Locale, found: re.Match[str]) -> str | None:
    """Say the score of a football match, "two nil"; other games have more points."""
    goals = [int(number) for number in found.groups()]
    between = _BEFORE_SCORE.search(found.string, 0, found.start()) and _TEAM_AFTER.match(
        found.string, found.end()
    )
    if max(goals) > 9 or not (between or is_near(_BRITISH, found)):
        return None
    return " ".join(cardinal(locale, number) if number else "nil" for number in goals)


def _say_record(locale: Locale, found: re.Match[str]) -> str | None:
    """Say how often a team won and lost: "eight and three", "five and oh"."""
    games = [int(number) for number in found.groups()[1:] if number]
    before = found.string[max(0, found.start() - 60) : found.start(2)]
    certain = _CHANGED.match(found[1]) and not before.endswith(("scores are ", "score are "))
    if not certain and (
        is_near(_SCORED, found)
        or games[0] == games[1]
        or (games[0] < games[1] and not _TEAM.search(before))
    ):
        return None
    *first, last = (cardinal(locale, number) if number else "oh" for number in games)
    return f"{found[1]}{', '.join(first)} and {last}"


def _say_added(locale: Locale, found: re.Match[str]) -> str:
    """Say a minute after the end of regular time: "the ninety plus third minute"."""
    base, added = (int(minutes) for minutes in found.groups())
    if found.string[: found.start()].lower().endswith("the "):
        return f"{cardinal(locale, base)} plus {ordinal(locale, added)} minute"
    return f"{cardinal(locale, base)} plus {cardinal(locale, added)} minutes"


def _say_minute(locale: Locale, found: re.Match[str]) -> str | None:
    minute = int(found[1])
    if not is_near(_PLAYED, found) or not 0 < minute <= 120:
        return None
    return f"{ordinal(locale, minute)} minute"
