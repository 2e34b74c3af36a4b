"""What the tables of Romance languages share: plurals, and rules that differ only in words."""

import re
from collections.abc import Callable, Mapping

from wyoming_kokoro.text.normalize.figures import NO_DIGIT_BEFORE
from wyoming_kokoro.text.normalize.locale import Form, Noun, Rule
from wyoming_kokoro.text.normalize.tables import choice, pairs

FEMININE = "f"

_NUMBER = r"[-−]?\d{1,3}(?:[ .]\d{3}){1,4}(?!\d)|[-−]?\d{1,15}"
_CONTEXT = 48
"""Characters around a number within which the word that it counts is looked for."""


def regular(table: str, form: Form = "") -> dict[str, Noun]:
    """Read symbols and singulars whose first word takes an s: `km/h: kilomètre par heure`."""
    return {sign: Noun(name, _plural(name), form) for sign, name in pairs(table).items()}


def scaled(units: Mapping[str, Noun], prefixes: str) -> dict[str, Noun]:
    """Return `units` with each of `prefixes`, `k: kilo, M: méga`, before symbol and name."""
    return {
        prefix + sign: Noun(word + noun.one, word + noun.many, noun.form)
        for prefix, word in pairs(prefixes).items()
        for sign, noun in units.items()
    }


def powers(lengths: Mapping[str, Noun], squared: str, cubed: str) -> dict[str, Noun]:
    """Return areas and volumes of `lengths`; the adjectives are given as `carré/carrés`."""
    signs = {"²": squared, "2": squared, "³": cubed, "3": cubed}
    return {
        length + sign: Noun(
            f"{noun.one} {adjective.partition('/')[0]}",
            f"{noun.many} {adjective.partition('/')[2]}",
            noun.form,
        )
        for length, noun in lengths.items()
        for sign, adjective in signs.items()
    }


def weekday_rule(name: str, days: Mapping[str, str], months: str, alone: str = "") -> Rule:
    """Return the rule for `days`, abbreviations that are words too: "mer." but not "la mer".

    They are days with their point where the sentence goes on in lower case or figures, without
    it before a date (`months` is a pattern of the names of months) and in ranges of days. Those
    that match the pattern `alone` are no words, and days at the end of a sentence as well.
    """
    day = rf"(?P<day>{choice(days)})"
    goes_on = r"\.(?=,?\s(?-i:[a-zàáéêû\d]))"
    date = rf",?\s[0-3]?\d(?:er|º)?[\s/-](?:de\s)?(?:{months}|\d)"
    other = rf"\s?[-–]\s?(?:{choice(days)})(?!\w)"
    end = rf"|(?<![\w.])(?<!\d\s)(?P<end>{alone})(?=\.\s*\Z)" if alone else "(?P<end>(?!))?"
    return Rule(
        name,
        re.compile(
            rf"(?i)(?<![\w.])(?<!\d\s){day}(?:{goes_on}|\.?(?=(?:{date}|{other})))"
            rf"|(?<=[-–])(?P<last>{choice(days)})(?!\w)(?:{goes_on})?{end}"
        ),
        lambda found: days[(found["day"] or found["last"] or found["end"]).lower()],
    )


def pointed_unit_rule(name: str, units: str) -> Rule:
    """Return the rule that drops the point of an abbreviated unit within a sentence: "30 min."."""
    return Rule(
        name,
        re.compile(rf"(?<=\d)\s?({units})\.(?=,|\s[a-zà-ÿ(])"),
        lambda found: f" {found[1]}",
    )


def counted_rule(
    name: str, form_of: Callable[[str, str], Form], say: Callable[[str, Form], str], span: str
) -> Rule:
    """Return the rule for numbers that agree with a word which is written out: "2 lâmpadas".

    `form_of` returns the form of a number, "" where nothing asks for one, from some characters
    before it and after it; `say` returns the words of a number in a form.
    """

    def words(found: re.Match[str]) -> str | None:
        before = found.string[max(0, found.start() - _CONTEXT) : found.start()]
        form = form_of(before, found.string[found.end() : found.end() + _CONTEXT])
        if not form:
            return None
        number = say(found["number"], form)
        return (
            span.format(start=say(found["start"], form), end=number) if found["start"] else number
        )

    return Rule(
        name,
        re.compile(
            rf"{NO_DIGIT_BEFORE}(?<![-–/:+#])(?:(?P<start>\d{{1,9}})\s?[-–]\s?)?"
            rf"(?P<number>{_NUMBER})(?![\w:/%°-]|[.,]\d)"
        ),
        words,
    )


def compass_rule(name: str, before: str, compass: Mapping[str, str]) -> Rule:
    """Return the rule for points of the compass after words that match `before`: "vent NO"."""
    return Rule(
        name,
        re.compile(rf"(?<!\w)((?:{before})\s)({choice(compass)})(?![\w'’&]|[./-]\w)"),
        lambda found: found[1] + compass[found[2]],
    )


def code_rule(name: str, named: str, linked: str, say: Callable[[str], str]) -> Rule:
    """Return the rule for numbers that are no amounts: after a word that matches `named`.

    `linked` is a pattern of words that may stand between: `est|du portail`.
    """
    return Rule(
        name,
        re.compile(
            rf"(?i)(?<!\w)((?:{named})(?:\s(?:{linked})){{0,3}}\s?:?\s)"
            r"(\d{3,12})(?![\w%°€]|[.,:/-]\d|\s[€%°]|\s\d)"
        ),
        lambda found: found[1] + say(found[2]),
    )


def height_rule(name: str, say: Callable[[str, Form], str], template: str) -> Rule:
    """Return the rule for `1m75`; the template says `metres` and `rest`."""
    return Rule(
        name,
        re.compile(r"(?<![\w.,])(\d)\s?m\s?(\d\d)(?![\w%°]|[.,]\d)"),
        lambda found: (
            template.format(metres=say(found[1], ""), rest=say(found[2].lstrip("0"), ""))
            if found[2] != "00"
            else None
        ),
    )


def extremes_rule(name: str, between: str) -> Rule:
    """Return the rule for the least and the greatest of a day, `8°/15°`: the first loses its °."""
    return Rule(
        name,
        re.compile(r"(?<![\w.,])([-−]?\d{1,3})\s?°C?\s?/\s?(?=[-−]?\d{1,3}\s?°)"),
        lambda found: f"{found[1]} {between} ",
    )


def many_units_rule(name: str, millions: str, units: Mapping[str, Noun]) -> Rule:
    """Return the rule for symbols of `units` after "millions de"."""
    symbols = choice(symbol for symbol in units if symbol.isalpha())
    return Rule(
        name,
        re.compile(rf"(?<!\w)((?:{millions})\sde\s)({symbols})(?![\w/²³])"),
        lambda found: found[1] + units[found[2]].many,
    )


def page_rule(name: str, page: str) -> Rule:
    """Return the rule for `p. 12` and `pp. 12-15`."""
    return Rule(
        name,
        re.compile(r"(?<![\w.])[pP](p?)\.\s?(?=\d)"),
        lambda found: f"{page}{'s' * len(found[1])} ",
    )


def seasons_rule(name: str) -> Rule:
    """Return the rule for two years in one, `2024/2025` and `2024/25`, which is no fraction."""
    return Rule(
        name,
        re.compile(r"(?<![\w.,/-])((?:19|20)\d\d)/((?:19|20)\d\d|\d\d)(?![\w/%°]|[.,-]\d)"),
        lambda found: f"{found[1]}, {found[2]}",
    )


def parts_rule(name: str, of: str, measures: str) -> Rule:
    """Return the rule for parts of what matches `measures`: "3/4 xícara" is of a cup, no date."""
    return Rule(
        name,
        re.compile(
            r"(?<![\w.,/])(?:(?P<part>\d{1,2})/(?P<whole>\d{1,2})|(?P<sign>[¼-¾⅐-⅞]))\s"
            rf"(?P<of>{of})?(?=(?:{measures})s?\b)"
        ),
        lambda found: (
            f"{found['sign'] or found['part'] + '⁄' + found['whole']} {found['of'] or 'de '}"
        ),
    )


def _plural(name: str) -> str:
    return re.sub(r"\A[^\W\d_]+", lambda word: f"{word.group()}s", name)
