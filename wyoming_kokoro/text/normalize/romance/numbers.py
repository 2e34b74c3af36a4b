"""Numbers that mean more than they show: those that agree, versions, Roman ones."""

import re
from collections.abc import Callable, Iterator

from wyoming_kokoro.text.normalize.figures import (
    NO_DIGIT_BEFORE,
    cardinal,
    ordinal,
    say_number,
    signed_pattern,
)
from wyoming_kokoro.text.normalize.locale import Locale, Rule
from wyoming_kokoro.text.normalize.numbers import Form
from wyoming_kokoro.text.normalize.romance.nouns import FEMININE
from wyoming_kokoro.text.normalize.words import roman_value

_NUMBER = r"[-−]?\d{1,3}(?:[ .]\d{3}){1,4}(?!\d)|[-−]?\d{1,15}"
_CONTEXT = 48
"""Characters around a number within which the word that it counts is looked for."""

_SET = re.compile(r"([0-7])[-–/]([0-7])")
_LEAST_TO_WIN = 6
"""Games of a set."""

_VERSIONED = (
    r"vers(?:i[oó]ne?|ão|ion)|release|firmware|software|core|supervisor|python|android|ios|macos|"
    r"bluetooth|usb|hdmi|zigbee|matter|esphome|hacs|home assistant"
)


def amount_rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules for numbers that are not what their signs say: of America, of versions."""
    yield Rule(
        "romance.american",
        re.compile(r"(?<![\w.,])[1-9]\d{0,2}(?:(?:,\d{3}){1,5}\.\d++|(?:,\d{3}){2,5})(?![,\d])"),
        lambda found: found.group().replace(",", ""),
    )
    yield Rule(
        "romance.added",
        re.compile(r"(?<![\w.,])(45|90|105|120)\s?\+\s?(\d{1,2})['’′](?![\w'’])"),
        lambda found: " ".join(
            (say_number(locale, found[1]), locale.plus, say_number(locale, found[2]))
        ),
    )
    yield Rule(
        "romance.scale",
        re.compile(r"(?<![\w.,:/])1\s?:\s?(\d{1,3}(?:[. ]\d{3}){1,3})(?![\w:]|[.,]\d)"),
        lambda found: locale.ratio.format(
            start=cardinal(locale, 1), end=cardinal(locale, int(re.sub(r"\D", "", found[1])))
        ),
    )
    yield Rule(
        "romance.version",
        re.compile(rf"(?i)(?<!\w)((?:{_VERSIONED})\s\d{{1,4}})\.(?=\d{{1,3}}(?![\w.,]?\d))"),
        lambda found: f"{found[1]} {locale.version_point} ",
    )
    yield Rule(
        "romance.thousands",
        re.compile(r"(?<![\w.,])(\d{1,3})(?:[.,](\d))?k(?=\s[^\W\d_]{3}|\s?[.,;!?)]|\Z)"),
        lambda found: cardinal(locale, int(found[1]) * 1000 + int(found[2] or 0) * 100),
    )


def set_rule(locale: Locale, score: str) -> Rule:
    """Return the rule for the sets of a match of tennis, `6-4, 7-5`; each is said as `score`."""

    def say(found: re.Match[str]) -> str | None:
        pairs = [(int(one), int(two)) for one, two in _SET.findall(found.group())]
        if any(max(pair) < _LEAST_TO_WIN for pair in pairs):
            return None
        return _SET.sub(
            lambda pair: score.format(
                start=cardinal(locale, int(pair[1])), end=cardinal(locale, int(pair[2]))
            ),
            found.group(),
        )

    between = r"(?:,?\s(?:[yeo]|et|und)\s|,\s|\s)"
    return Rule(
        "romance.sets",
        re.compile(
            rf"(?<![\w.,:/-])[0-7][-–/][0-7](?:{between}[0-7][-–/][0-7]){{1,4}}(?![\w%°€$]|[.,:/-]\d)"
        ),
        say,
    )


def counted_rule(locale: Locale, form_of: Callable[[str, str], Form]) -> Rule:
    """Return the rule for numbers that agree with a word which is written out: "2 lâmpadas".

    `form_of` returns the form of a number, "" where nothing asks for one, from some characters
    before it and after it.
    """

    def say(found: re.Match[str]) -> str | None:
        before = found.string[max(0, found.start() - _CONTEXT) : found.start()]
        form = form_of(before, found.string[found.end() : found.end() + _CONTEXT])
        if not form:
            return None
        number = say_number(locale, found["number"], form)
        if not found["start"]:
            return number
        return locale.span.format(start=say_number(locale, found["start"], form), end=number)

    return Rule(
        "romance.counted",
        re.compile(
            rf"{NO_DIGIT_BEFORE}(?<![-–/:+#])(?:(?P<start>\d{{1,9}})\s?[-–]\s?)?"
            rf"(?P<number>{_NUMBER})(?![\w:/%°-]|[.,]\d|\s(?i:[ap]\.?\s?m)\b)"
        ),
        say,
    )


def agreeing_rule(
    locale: Locale, form_before: Callable[[str, bool], Form], hours: str = "(?!)"
) -> Rule:
    """Return the rule for numbers whose form follows from the next word: "21 luces", "1 o 2 luces".

    `form_before` returns the form before a word, "" where it is no noun, from the word and whether
    it is the plural after another number; `hours` is a pattern of what stands before an hour,
    which is feminine.
    """
    after = re.compile(rf"(?i)(?<!\w)(?:{hours})\s\Z")

    def say(found: re.Match[str]) -> str:
        form = form_before(found["noun"] or "", found["other"] is not None)
        if not form and after.search(found.string, max(0, found.start() - _CONTEXT), found.start()):
            form = FEMININE
        return say_number(locale, found.group(), form)

    return Rule(
        "number.signed",
        re.compile(
            rf"(?<![\w.,]){signed_pattern(locale)}(?!\d)"
            r"(?=(?:(?P<other>\s[aeouy]\s\d{1,6})?\s(?P<noun>[^\W\d_]+))?)"
        ),
        say,
    )


def numeral_rule(locale: Locale, last_ordinal: int) -> Rule:
    """Return the rule for Roman numerals that nothing explains.

    After a name they order, as far as `last_ordinal`.
    """

    def say(found: re.Match[str]) -> str:
        value = roman_value(found["numeral"])
        if not found["name"]:
            return cardinal(locale, value)
        said = ordinal if value <= last_ordinal else cardinal
        return f"{found['name']}{said(locale, value)}"

    return Rule(
        "romance.numeral",
        re.compile(
            r"(?<![\w.'’-])(?P<name>[A-ZÀ-Þ][a-zß-ÿ]++ )?(?=[IVX]{2})"
            r"(?P<numeral>X{0,3}(?:IX|IV|V?I{0,3}))(?![\w'’-])"
        ),
        say,
    )
