"""Numbers in their many uses said in words: telephones, scores, fractions, ordinals, years."""

import re
import unicodedata
from collections.abc import Iterator
from functools import partial

from wyoming_kokoro.text.normalize.figures import (
    NO_DIGIT_BEFORE,
    cardinal,
    ordinal,
    say_digits,
    say_number,
    say_whole,
    signed_pattern,
)
from wyoming_kokoro.text.normalize.locale import Locale, Rule

_VULGAR = re.compile(r"(\d+)?\s?([¼-¾⅐-⅞])")
_RATING_TOTALS = frozenset([5, 6, 10, 20, 100])
_PLAIN_DENOMINATORS = frozenset([2, 3, 4, 8, 16, 32, 64])


def phone_rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules for telephone numbers: they look like dates and ranges otherwise."""
    yield Rule(
        "phone",
        re.compile(
            r"(?<![\w.,])(?:\+\d{1,3}(?:[ .-]?\(?\d{1,4}\)?){2,6}"
            r"|(?:1[ .-])?\(\d{3}\)[ .-]?\d{3}[ .-]\d{4}"
            r"|(?:1[ .-])?\d{3}([ .-])\d{3}\1\d{4}"
            r"|\d{3}-\d{4})(?![\w]|[.,-]\d)"
        ),
        lambda found: _say_phone(locale, found.group()),
    )
    if locale.emergency:
        yield Rule(
            "phone.short",
            re.compile(rf"(?i)(?<!\w)((?:{locale.emergency})\s)(\d{{3,7}})(?![\w]|[.,:/-]\d)"),
            lambda found: found[1] + say_digits(locale, found[2]),
        )


def decade_rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rule for decades: they look like seconds otherwise."""
    if locale.dates.decade:
        decade = locale.dates.decade
        yield Rule(
            "decade",
            re.compile(r"(?<![\w.,])(?:['’]?(\d0)|(\d{3}0))['’]?s(?!\w)"),
            lambda found: decade(int(found[1] or found[2])),
        )


def ordinal_rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rule for ordinals: their endings look like units otherwise."""
    if locale.numbers.ordinal_signs:
        yield _ordinal_rule(locale)


def rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules for numbers with a meaning of their own."""
    yield Rule("fraction.vulgar", _VULGAR, partial(_spread_fraction))
    yield Rule(
        "fraction",
        re.compile(r"(?<![\w.,/])(?:(\d{1,3})\s)?(\d{1,4})[/⁄](\d{1,4})(?![\w/]|[.,]\d)"),
        partial(_say_fraction, locale),
    )
    if locale.score_words:
        yield _score_rule(locale)
    signed = signed_pattern(locale)
    yield Rule(
        "span",
        re.compile(rf"{NO_DIGIT_BEFORE}({signed})\s?(?:-|–|—(?=\d))\s?({signed})(?![\w]|-\d)"),
        lambda found: locale.span.format(
            start=say_number(locale, found[1]), end=say_number(locale, found[2])
        ),
    )
    yield Rule(
        "number.sign",
        re.compile(r"(?<![\w&])#\s?(?=\d)"),
        lambda _: f"{locale.number_sign} ",
    )
    if locale.times:
        yield Rule(
            "times",
            re.compile(rf"{NO_DIGIT_BEFORE}({signed})\s?[x×](?![\w×]|\s?\d)"),
            lambda found: locale.times.format(number=say_number(locale, found[1])),
        )
    yield Rule(
        "by",
        re.compile(rf"{NO_DIGIT_BEFORE}({signed})\s?[x×]\s?(?=[\d.])"),
        lambda found: locale.by.format(start=say_number(locale, found[1]), end="").rstrip() + " ",
    )


def _say_phone(locale: Locale, number: str) -> str:
    """Say every digit, with a pause between the groups."""
    plus = f"{locale.plus} " if number.startswith("+") else ""
    return plus + ", ".join(say_digits(locale, group) for group in re.findall(r"\d+", number))


def _spread_fraction(found: re.Match[str]) -> str:
    """Write `1½` as `1 1/2`, for the next rule."""
    parts = unicodedata.normalize("NFKC", found[2]).replace("⁄", "/")
    return f"{found[1]} {parts}" if found[1] else parts


def _say_fraction(locale: Locale, found: re.Match[str]) -> str:
    number, total = int(found[2]), int(found[3])
    if not found[1] and total in _RATING_TOTALS and number <= total:
        return _of_two(locale, locale.rating, number, total)
    fraction = _name_fraction(locale, number, total)
    if not found[1]:
        return fraction or _of_two(locale, locale.over, number, total)
    whole = cardinal(locale, int(found[1]))
    if fraction is None:
        return f"{whole} {_of_two(locale, locale.over, number, total)}"
    return locale.mixed.format(whole=whole, fraction=fraction)


def _name_fraction(locale: Locale, number: int, total: int) -> str | None:
    if (number, total) in locale.fractions:
        return locale.fractions[number, total]
    if locale.fraction and total in _PLAIN_DENOMINATORS and 0 < number < total:
        return locale.fraction(number, total)
    return None


def _of_two(locale: Locale, template: str, number: int, total: int) -> str:
    return template.format(number=cardinal(locale, number), total=cardinal(locale, total))


def _score_rule(locale: Locale) -> Rule:
    context = re.compile(rf"(?i)(?<!\w)(?:{locale.score_words})(?!\w)")

    def say(found: re.Match[str]) -> str | None:
        if not context.search(found.string):
            return None
        start, end = (say_whole(locale, digits) for digits in found.groups())
        return locale.score.format(start=start, end=end)

    return Rule(
        "score", re.compile(r"(?<![\w.,:/-])(\d{1,3})\s?[-–:]\s?(\d{1,3})(?![\w%°]|[.,:/-]\d)"), say
    )


def _ordinal_rule(locale: Locale) -> Rule:
    signs = locale.numbers.ordinal_signs
    pattern = "|".join(sorted(map(re.escape, signs), key=len, reverse=True))
    return Rule(
        "ordinal",
        re.compile(
            rf"(?<![\w.,])(\d{{1,12}}|\d{{1,3}}(?:,\d{{3}})+)\s?(?:{pattern})(?!\w)".replace(
                r"\s?", ""
            )
        ),
        lambda found: ordinal(
            locale,
            int(re.sub(r"\D", "", found[1])),
            signs[found.group()[len(found[1]) :]],
        ),
    )
