"""How a language writes and says times of day."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clock:
    """The signs of times, and what is said for them."""

    say: Callable[[int, int, int | None, str], str]
    """Say hour, minute, second (None where there is none) and half of the day: `am`, `pm`, ""."""

    separators: str = ":"
    """Between hour and minute: `:`, `h`, `.`."""

    am: str = r"a\.m\.|am"
    """Pattern of the sign for the first half of the day, whatever its case."""

    pm: str = r"p\.m\.|pm"

    span: str = ""
    """A range of times, where it is not said like others: "dalle {start} alle {end}"."""

    timer_words: str = ""
    """Pattern of words that make `00:05:00` in their sentence a duration: `timer`."""

    swallowed: str = ""
    """Pattern of a word after the time that `say` says anyway, or that is not said: `o'clock`."""
