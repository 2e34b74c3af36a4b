"""How a language writes and says dates and years."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dates:
    """Its months and days, their signs, and what is said for them."""

    months: tuple[str, ...]
    """January to December."""

    month_signs: Mapping[str, int]
    """Abbreviations without their point, lower case, and the month (1-12)."""

    unclear_months: frozenset[str] = frozenset()
    """Names of months that are other words in lower case: `may`."""

    weekdays: tuple[str, ...] = ()

    weekday_signs: Mapping[str, str] = field(default_factory=dict)
    """Abbreviations without their point, as written, and the whole name."""

    order: str
    """Of day, month and year in figures: `mdy`, `dmy` or `ymd`."""

    say: Callable[[int, int, int | None], str]
    """Say day, month and year (None where there is none)."""

    day_signs: str = ""
    """Pattern of what may follow the day's number in writing: `st|nd|rd|th`."""

    month_first: bool = False
    """Whether a day may follow the name of its month ("May 3") rather than go before it."""

    between: str = ""
    """Pattern of a word that may stand between day, month and year in writing: `de`."""

    day: Callable[[int], str] | None = None
    """Say a day without its month, for "20-22 November"; None to leave such ranges to `span`."""

    short_before: str = ""
    """Pattern of words before `11/20` that make it a date rather than a fraction: `on`."""

    decade: Callable[[int], str] | None = None
    """Say the ten years from a year on; None where they are not written as `1990s`."""
