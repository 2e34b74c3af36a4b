"""What is counted: a noun with its two numbers, and money with its hundredths."""

from dataclasses import dataclass

Form = str
"""Gender or case of a number, by the language's own names: "" is the one for counting."""


@dataclass(frozen=True, slots=True)
class Noun:
    """Something counted."""

    one: str
    many: str
    form: Form = ""
    """Form of the number before it."""


@dataclass(frozen=True, slots=True)
class Currency:
    """Money: `major` and its hundredths."""

    major: Noun
    minor: Noun | None = None
