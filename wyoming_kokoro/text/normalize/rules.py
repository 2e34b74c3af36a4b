"""The ways of writing that all languages share, in the order in which they are tried."""

import re
from collections.abc import Callable, Iterator
from functools import cache

from wyoming_kokoro.text.normalize import (
    addresses,
    clock,
    codes,
    counting,
    dates,
    fractions,
    money,
    phones,
    science,
    signs,
    stretched,
    units,
    words,
)
from wyoming_kokoro.text.normalize.locale import Locale, Rule, where_digits
from wyoming_kokoro.text.normalize.required import Characters, required_characters

_TIDY: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\s+"), " "),
    (re.compile(r"(?<=\w) (?=[,.!?;:](?:\s|\Z)|[)\]])"), ""),
    (re.compile(r"(?<=[(\[]) "), ""),
    (re.compile(r"(?<=[a-z]{3})\.(?=[,;:])"), ""),
)
_MOST_ROUNDS = 4
_FOREIGN_DIGITS = re.compile(r"[^\D0-9]")
_DIGIT = re.compile("[0-9]")


def say(text: str, locale: Locale) -> str:
    """Return `text` with everything that a rule of `locale` knows said in words.

    What stood beside a number may be found only when that is said, so all is tried again until
    nothing changes.
    """
    for _ in range(_MOST_ROUNDS):
        said = _say_once(text, locale)
        if said == text:
            break
        text = said
    return text


def _say_once(text: str, locale: Locale) -> str:
    text = _FOREIGN_DIGITS.sub(lambda found: str(int(found.group())), locale.preprocess(text))
    characters, has_digits = set(text), bool(_DIGIT.search(text))
    for rule, words_of, required in _rules(locale):
        possible = required is None or not required.isdisjoint(characters)
        if possible and (has_digits or not rule.needs_digits):
            said = rule.pattern.sub(words_of, text)
            if said != text:
                text, characters, has_digits = said, set(said), bool(_DIGIT.search(said))
    for pattern, plain in _TIDY:
        text = pattern.sub(plain, text)
    return locale.postprocess(text.strip())


@cache
def _rules(
    locale: Locale,
) -> tuple[tuple[Rule, Callable[[re.Match[str]], str], Characters | None], ...]:
    """Return the rules of `locale`: those of codes, its own, or in place of the shared one so
    named, the other shared ones. With each go what to put in place of what it finds, and characters
    of which it needs one."""
    own = {rule.name: rule for rule in locale.rules(locale)}
    shared = {rule.name: rule for rule in _shared(locale)}
    first = {name: rule for name, rule in own.items() if name not in shared}
    ordered = (
        words.roman_sign_rule(),
        *codes.rules(locale),
        fractions.mixed_rule(),
        *([dates.month_span_rule(locale)] if locale.dates.month_signs else []),
        *(first | shared | own).values(),
        *locale.last_rules(locale),
        words.point_rule(),
    )
    return tuple((rule, _words_of(rule), required_characters(rule.pattern)) for rule in ordered)


def _words_of(rule: Rule) -> Callable[[re.Match[str]], str]:
    """Return what to put in place of what `rule` finds: what it says, or else what is there."""

    def words_of(found: re.Match[str]) -> str:
        said = rule.say(found)
        return found.group() if said is None else said

    return words_of


def _shared(locale: Locale) -> Iterator[Rule]:
    yield from where_digits(phones.rules(locale))
    yield from addresses.rules(locale)
    yield from where_digits(counting.decade_rules(locale))
    yield from dates.rules(locale)
    yield from science.rules(locale)
    yield from where_digits(clock.rules(locale))
    yield from words.rules(locale)
    yield stretched.stretched_rule()
    yield science.formula_rule(locale)
    yield from where_digits(counting.ordinal_rules(locale))
    yield from where_digits(money.rules(locale))
    yield from fractions.rules(locale)
    yield from where_digits(counting.size_rules(locale))
    yield from units.rules(locale)
    if locale.abbreviations:
        yield words.abbreviation_rule(locale)
    yield words.initial_rule(locale)
    yield from where_digits(counting.rules(locale))
    yield from signs.rules(locale)
