"""What Spanish and Italian write alike: rules that take their words from either table."""

import re
from collections.abc import Callable, Iterator, Mapping

from wyoming_kokoro.text.normalize.figures import cardinal, ordinal
from wyoming_kokoro.text.normalize.locale import Locale, Rule
from wyoming_kokoro.text.normalize.tables import choice
from wyoming_kokoro.text.normalize.words import roman_value

_VERSIONED = (
    r"versi[oó]n[ei]?|release|firmware|software|core|supervisor|python|android|ios|macos|bluetooth|"
    r"usb|hdmi|zigbee|matter|esphome|hacs|home assistant"
)


def number_rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules for numbers that are not what their signs say: of America, of versions."""
    yield Rule(
        "american",
        re.compile(r"(?<![\w.,])[1-9]\d{0,2}(?:(?:,\d{3}){1,5}\.\d++|(?:,\d{3}){2,5})(?![,\d])"),
        lambda found: found.group().replace(",", ""),
    )
    yield Rule(
        "version",
        re.compile(rf"(?i)(?<!\w)((?:{_VERSIONED})\s\d{{1,4}})\.(?=\d{{1,3}}(?![\w.,]?\d))"),
        lambda found: f"{found[1]} {locale.version_point} ",
    )
    yield Rule("sides", re.compile(r"(?<=\d)(\s?[cmk]?m)\sx\s(?=\d)"), r"{0[1]} × ".format)
    yield Rule(
        "thousands",
        re.compile(r"(?<![\w.,])(\d{1,3})(?:[.,](\d))?k(?=\s[^\W\d_]{3}|\s?[.,;!?)]|\Z)"),
        lambda found: cardinal(locale, int(found[1]) * 1000 + int(found[2] or 0) * 100),
    )


def date_rules(locale: Locale, between: str) -> Iterator[Rule]:
    """Yield the rules for `20/11`, where that is no fraction, and `11/2026`.

    `between` stands between month and year.
    """
    yield Rule(
        "day",
        re.compile(
            r"(?<![\w.,/])(?!24/7|16/9)(1[3-9]|2\d|3[01])/(0?[1-9]|1[0-2])(?![\w/%°]|[.,]\d|\s?[€$%°])"
        ),
        lambda found: locale.dates.say(int(found[1]), int(found[2]), None),
    )
    yield Rule(
        "month",
        re.compile(r"(?<![\w./,-])(0?[1-9]|1[0-2])/((?:19|20)\d\d)(?![\w/])"),
        lambda found: f"{locale.dates.months[int(found[1]) - 1]}{between}{found[2]}",
    )


def mark_rules(seconds: str, minutes: str) -> Iterator[Rule]:
    """Yield the rules for the marks of inches, seconds and minutes, which are quotes elsewhere."""
    yield Rule("inches", re.compile(r"(?<=\d)[\"”](?!\w)"), _unless_open('"', "″"))
    yield Rule("seconds", re.compile(r"(?<=\d)''(?!\w)"), lambda _: f" {seconds}")
    yield Rule("minutes", re.compile(r"(?<=\d)['′](?![\w'])"), _unless_open("'", f" {minutes}"))


def _unless_open(quote: str, words: str) -> Callable[[re.Match[str]], str | None]:
    """Return what says `words`, where `quote` does not close what it opened before."""

    def say(found: re.Match[str]) -> str | None:
        before = found.string[max(0, found.start() - _LONGEST_QUOTED) : found.start()]
        return None if re.search(rf"(?<!\w){quote}", before) else words

    return say


_LONGEST_QUOTED = 80


def numeral_rule(locale: Locale, last_ordinal: int) -> Rule:
    """Return the rule for Roman numerals that nothing explains: after a name they order."""

    def say(found: re.Match[str]) -> str:
        value = roman_value(found["numeral"])
        if not found["name"]:
            return cardinal(locale, value)
        said = ordinal if value <= last_ordinal else cardinal
        return f"{found['name']}{said(locale, value)}"

    return Rule(
        "numeral",
        re.compile(
            r"(?<![\w.'’-])(?P<name>[A-ZÀ-Þ][a-zß-ÿ]++ )?(?=[IVX]{2})"
            r"(?P<numeral>X{0,3}(?:IX|IV|V?I{0,3}))(?![\w'’-])"
        ),
        say,
    )


def loanword_rule(spellings: Mapping[str, str]) -> Rule:
    """Return the rule that writes foreign words as they sound, for a reader that knows them not."""
    lower = {word.lower(): spelling for word, spelling in spellings.items()}
    return Rule(
        "loanword",
        re.compile(rf"(?i)(?<![\w-])(?:{choice(lower)})(?![\w-])"),
        lambda found: lower[found.group().lower()],
    )
