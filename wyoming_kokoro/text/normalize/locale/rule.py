"""A way of writing, and how it is said: what normalization is made of."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Rule:
    """A way of writing, and how it is said."""

    name: str
    """What a language calls it by to replace it: `clock`, `date.iso`."""

    pattern: re.Pattern[str]

    say: Callable[[re.Match[str]], str | None]
    """Return the words for what was found, None to leave it as it is written."""

    needs_digits: bool = False
    """Whether it finds nothing where no digit is, and is not tried there: most texts have none
    when half of the rules are through."""


def where_digits(rules: Iterable[Rule]) -> Iterator[Rule]:
    """Yield `rules`, all of which find nothing but what has a digit in it."""
    for rule in rules:
        yield replace(rule, needs_digits=True)
