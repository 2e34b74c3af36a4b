"""A way of writing, and how it is said: what normalization is made of."""

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A way of writing, and how it is said."""

    name: str
    """What a language calls it by to replace it: `clock`, `date.iso`."""

    pattern: re.Pattern[str]

    say: Callable[[re.Match[str]], str | None]
    """Return the words for what was found, None to leave it as it is written."""
