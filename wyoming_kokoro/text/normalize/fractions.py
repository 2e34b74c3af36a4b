"""Two numbers with a sign between them said in words: fractions, ratings, scores, ratios."""

import re
import unicodedata
from collections.abc import Iterator
from functools import partial

from wyoming_kokoro.text.normalize.figures import cardinal, is_near, say_number, say_whole
from wyoming_kokoro.text.normalize.locale import Locale, Rule
from wyoming_kokoro.text.normalize.numbers import Noun
from wyoming_kokoro.text.normalize.units import unit_named, unit_pattern

_VULGAR = re.compile(r"(?:(?<!\d)(\d{1,4})\s?)?([¼-¾⅐-⅞])")
_RATING_TOTALS = frozenset([5, 6, 10, 20, 100])
_PLAIN_DENOMINATORS = frozenset([2, 3, 4, 8, 16, 32, 64])
_SMALLEST_PART = 1000


def rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules for pairs of numbers."""
    yield Rule("fraction.vulgar", _VULGAR, _spread)
    point = f"[{re.escape(locale.numbers.decimals)}]"
    nouns = rf"(?P<noun>\s(?:{locale.fractioned})\b)?" if locale.fractioned else "(?P<noun>(?!))?"
    yield Rule(
        "fraction",
        re.compile(
            rf"(?<![\w.,/])(?:(?P<whole>\d{{1,3}})\s)?(?P<number>\d{{1,4}}(?:{point}\d{{1,3}})?)[/⁄]"
            rf"(?P<total>\d{{1,4}})(?:[\s-]?{unit_pattern(locale)}|{nouns}(?![\w/]|[.,:]\d))"
        ),
        partial(_say, locale),
    )
    if locale.score_words:
        yield _score_rule(locale)
    yield Rule(
        "ratio",
        re.compile(r"(?<![\w.,:/])(\d{1,3}):(\d{1,3})(?![\w:/]|\.\d)"),
        lambda found: locale.ratio.format(
            start=say_whole(locale, found[1]), end=say_whole(locale, found[2])
        ),
    )


def mixed_rule() -> Rule:
    """Return the rule that writes `1-1/2` as `1 1/2`."""
    return Rule(
        "fraction.mixed",
        re.compile(r"(?<![\w.,/-])(\d{1,3})-(?=([1-9]|1[0-5])/(2|3|4|8|16)(?![\w/]|[.,]\d))"),
        lambda found: f"{found[1]} " if int(found[2]) < int(found[3]) else None,
        needs_digits=True,
    )


def _spread(found: re.Match[str]) -> str:
    """Write `1½` as `1 1/2`, for the next rule."""
    parts = unicodedata.normalize("NFKC", found[2]).replace("⁄", "/")
    return f"{found[1]} {parts}" if found[1] else parts


def _say(locale: Locale, found: re.Match[str]) -> str:
    noun = unit_named(locale, found["unit"].replace(" ", "")) if found["unit"] else None
    rest = found["noun"] or ""
    words, many = _say_pair(locale, found, counted=bool(noun or rest))
    if noun is None:
        return words + rest
    return locale.units.said.format(number=words, unit=_form(noun, many))


def _form(noun: Noun, many: bool) -> str:
    return noun.many if many else noun.one


def _say_pair(locale: Locale, found: re.Match[str], counted: bool) -> tuple[str, bool]:
    """Return the words, and whether what they count is plural."""
    number, total = found["number"], int(found["total"])
    rated = not found["whole"] and not counted and total in _RATING_TOTALS
    fraction = (
        None
        if rated or not number.isdecimal()
        else _name(locale, found["whole"], int(number), total)
    )
    if fraction is not None:
        return fraction, bool(found["whole"])
    template = locale.rating if float(number.replace(",", ".")) <= total else locale.over
    words = template.format(number=say_number(locale, number), total=cardinal(locale, total))
    return f"{cardinal(locale, int(found['whole']))} {words}" if found["whole"] else words, True


def _name(locale: Locale, whole: str | None, number: int, total: int) -> str | None:
    """Return "three quarters", "two and a half"; None where the numbers make no fraction."""
    if whole:
        part = locale.mixed_fractions.get((number, total)) or _name(locale, None, number, total)
        return part and locale.mixed.format(whole=cardinal(locale, int(whole)), fraction=part)
    if (number, total) in locale.fractions:
        return locale.fractions[number, total]
    usual = total in _PLAIN_DENOMINATORS and 0 < number < total
    if locale.fraction and (usual or (number == 1 and 1 < total <= _SMALLEST_PART)):
        return locale.fraction(number, total)
    return None


def _score_rule(locale: Locale) -> Rule:
    context = re.compile(rf"(?i)(?<!\w)(?:{locale.score_words})(?!\w)")

    def say(found: re.Match[str]) -> str | None:
        if not is_near(context, found):
            return None
        start, end = (say_whole(locale, digits) for digits in found.groups())
        return locale.score.format(start=start, end=end)

    pattern = r"(?<![\w.,:/-])(\d{1,3})\s?[-–:]\s?(\d{1,3})(?![\w%°]|[.,:/-]\d)"
    return Rule("score", re.compile(pattern), say)
