"""What is spelled rather than counted: keys that are pressed, and codes behind words for them."""

import re
from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from wyoming_kokoro.text.normalize.figures import say_digits, year
from wyoming_kokoro.text.normalize.locale import Locale, Rule, where_digits

STAR, HASH, ASTERISK = "\ufe61", "\ufe5f", "\u2217"
"""The keys of a telephone, and the sign in print: these stand for them once nothing else can be
meant."""

_NUMERIC = (
    r"(?!\d{4}-\d{1,2}-\d{1,2}(?!\d)|\d{1,2}-\d{1,2}-\d{4}(?!\d))"  # a date
    r"(?:\d{3,24}(?:-\d{2,12}| \d{3,12}){0,6}(?:(?<=\d{3}) \d\d(?=[.,;!?)]|\s?\Z))?"
    r"|\d{2}(?:(?:[ -]\d{2,12}){2,6}|-\d{3,7}))"
)
_MIXED = (
    r"(?=[A-Z/-]{0,12}\d)(?=[\d/-]{0,12}[A-Z])[A-Z\d]{1,24}(?:[/-][A-Z\d]{1,24}){0,4}"
    r"(?: (?=\d{0,7}[A-Z]\w{0,7}\d|\d{1,7}[A-Z]|\d{3}|[A-Z]{3}\b)[A-Z\d]{2,8}){0,8}(?![a-z])"
    r"|[A-Z]{2}(?: \d\d){2,4}(?: [A-Z])?(?!\w)|[A-Z]{2,4} \d{3,8}(?!\w)"
)
_ANY_CASE = (
    r"(?=[A-Za-z]{0,12}\d)(?=\d{0,12}[A-Za-z])(?!\d+(?:st|nd|rd|th|[ap]m|s|x|[kKM]|k?g|k?m|min|h)\b)"
    r"[A-Za-z\d]{4,24}"
)
_SHORT = re.compile(r"\d{3,4}")
CODE = f"{_MIXED}|{_NUMERIC}"
"""Pattern of a code in capitals and figures, or in three figures and more."""

_COUNTED = re.compile(
    r"\s(?!(?:is|was|has|does|means|works|expires|opens|needs|unlocks|this|its|as|puis|dans|vers|sans|après|pas|plus|es|des|más|mais)\b)"
    r"(?:[a-zà-ÿ]{2,20}s\b|more\b|people\b)"
)
"""Behind a short number, what makes it an amount: "order 200 bolts"."""

_NUMBER_SIGN = re.compile(r"(?i)\s(?:n\.?[º°]|n\.|no\.|#)(?=:?\s\Z)")
_READ = re.compile(
    r"(?=[A-Z]{4})(?:[B-DF-HJ-NP-TV-Z]{0,2}[AEIOU]{1,2}){2,4}[B-DF-HJ-NP-TV-Z]{0,2}\d{1,4}"
)
"""A code that begins with a word: `SAVE20`."""

_PART = re.compile(r"[^\W\d_]+|\d+")
_YEAR = r"(?:1[5-9]|20)\d\d"


def rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules: they go before telephone numbers, which are parted by pauses."""
    yield from where_digits(_digit_rules(locale))
    words = {STAR: locale.star, HASH: locale.hash, ASTERISK: locale.asterisk or locale.star}
    yield Rule(
        "code.key",
        re.compile(rf"\s?([{STAR}{HASH}{ASTERISK}])\s?"),
        lambda found: f" {words[found[1]]} ",
    )


def _digit_rules(locale: Locale) -> Iterator[Rule]:
    if locale.announcing:
        between = rf"(?:[\s-](?:(?i:{locale.linking})(?!\w)|#)){{0,3}}\s?[:：]?\s"
        yield Rule(
            "code.announced",
            re.compile(
                rf"(?<!\w)(?P<before>(?i:{locale.announcing})(?!\w){between})(?P<sign>#\s?)?"
                rf"(?P<code>{CODE}|{_ANY_CASE})(?![\w%°]|[.,:/-]\d|\s?[€$£%°])"
            ),
            partial(_say_announced, locale),
        )
        yield Rule(
            "code.single",
            re.compile(r"(?<![\w.,:/+-])\d(?:-\d){2,9}(?![\w%°-]|[.,:/]\d)"),
            lambda found: say_digits(locale, found.group().replace("-", "")),
        )
    yield Rule(
        "code.years",
        re.compile(rf"(?<![\w.,:/+-]){_YEAR}(?: {_YEAR}){{2,20}}(?![\w%°-]|[.,:/]\d| \d)"),
        partial(_say_years, locale),
    )
    yield Rule(
        "code.groups",
        re.compile(r"(?<![\w.,:/+-])\d{4}(?: \d{4}){2,4}(?: \d{1,4})?(?![\w%°-]|[.,:/]\d| \d)"),
        lambda found: spell(locale, found.group()),
    )
    yield Rule(
        "code.pressed",
        re.compile(rf"(?<={STAR})\d{{1,12}}|(?<![\w.,])\d{{2,12}}(?={HASH})"),
        lambda found: say_digits(locale, found.group()),
    )


def spell(locale: Locale, code: str) -> str:
    """Say every letter and digit of `code`, with a rest between its groups, not behind letters."""
    groups = [group for group in re.split("[ /-]", code) if group]
    short = len(code) <= locale.longest_unbroken
    rests = (" " if short or group.isalpha() else ", " for group in groups)
    said = (_spell_group(locale, group) for group in groups)
    spelled = "".join(map("".join, zip(said, rests, strict=True))).rstrip(", ")
    # Behind a rest A would be an article in English.
    return re.sub("(?<=, )A ", "A-", spelled) if locale.numbers.language == "en" else spelled


def _spell_group(locale: Locale, group: str) -> str:
    return " ".join(
        say_digits(locale, part) if part.isdecimal() else " ".join(map(locale.letters, part))
        for part in _PART.findall(group)
    )


def _say_years(locale: Locale, found: re.Match[str]) -> str | None:
    """Say years in a row, a rest between them; groups of a code are in no order."""
    years = [int(one) for one in found.group().split()]
    pairs = list(pairwise(years))
    if all(one < other for one, other in pairs) or all(one > other for one, other in pairs):
        return ", ".join(year(locale, one) for one in years)
    return None


def _say_announced(locale: Locale, found: re.Match[str]) -> str | None:
    code = found["code"]
    if not found["sign"] and _SHORT.fullmatch(code) and _COUNTED.match(found.string, found.end()):
        return None
    if _READ.fullmatch(code):
        return None
    before = _NUMBER_SIGN.sub(f" {locale.number_sign}", found["before"])
    number = f"{locale.number_sign} " if found["sign"] else ""
    return f"{before}{number}{spell(locale, code)}"
