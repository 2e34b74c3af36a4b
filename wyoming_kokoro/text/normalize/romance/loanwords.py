"""Foreign words as they sound, for a reader that knows only its own language's."""

import re
from collections.abc import Mapping

from wyoming_kokoro.text.normalize.locale import Rule
from wyoming_kokoro.text.normalize.tables import choice


def loanword_rule(spellings: Mapping[str, str]) -> Rule:
    """Return the rule that writes the words in `spellings` so that they sound right."""
    lower = {word.lower(): spelling for word, spelling in spellings.items()}
    return Rule(
        "romance.loanword",
        re.compile(rf"(?i)(?<![\w-])(?:{choice(lower)})(?![\w-])"),
        lambda found: lower[found.group().lower()],
    )
