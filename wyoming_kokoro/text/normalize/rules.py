"""The ways of writing that all languages share, in the order in which they are tried."""

import re
from collections.abc import Callable, Iterator
from functools import cache

from wyoming_kokoro.text.normalize import addresses, amounts, quantities, signs, times, words
from wyoming_kokoro.text.normalize.locale import Locale, Rule

_SPACES = re.compile(r"\s+")
_SPACE_BEFORE_MARK = re.compile(r"(?<=\w)\s+(?=[,.!?;:](?:\s|$))")
_FOREIGN_DIGITS = re.compile(r"[^\D0-9]")


def say(text: str, locale: Locale) -> str:
    """Return `text` with everything that a rule of `locale` knows said in words."""
    text = _FOREIGN_DIGITS.sub(lambda found: str(int(found.group())), text)
    for rule in _rules(locale):
        text = rule.pattern.sub(rule_words(rule), text)
    return _SPACE_BEFORE_MARK.sub("", _SPACES.sub(" ", text)).strip()


def rule_words(rule: Rule) -> Callable[[re.Match[str]], str]:
    """Return what to put in place of what `rule` finds."""

    def words_of(found: re.Match[str]) -> str:
        said = rule.say(found)
        return found.group() if said is None else said

    return words_of


@cache
def _rules(locale: Locale) -> tuple[Rule, ...]:
    """Return the rules of `locale`: its own first, or in place of the shared one so named."""
    own = {rule.name: rule for rule in locale.rules}
    shared = tuple(_shared(locale))
    names = {rule.name for rule in shared}
    first = tuple(rule for rule in locale.rules if rule.name not in names)
    return first + tuple(own.get(rule.name, rule) for rule in shared)


def _shared(locale: Locale) -> Iterator[Rule]:
    yield from addresses.rules(locale)
    yield from quantities.phone_rules(locale)
    yield from quantities.decade_rules(locale)
    yield from times.rules(locale)
    yield from words.rules(locale)
    yield from quantities.ordinal_rules(locale)
    yield from amounts.rules(locale)
    yield words.abbreviation_rule(locale)
    yield from quantities.rules(locale)
    yield from signs.rules(locale)
