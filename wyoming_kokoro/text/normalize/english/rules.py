"""What only English writes, in the order in which it is tried."""

from collections.abc import Iterator

from wyoming_kokoro.text.normalize.english import (
    capitals,
    dates,
    naming,
    places,
    rewrites,
    sizes,
    sports,
)
from wyoming_kokoro.text.normalize.locale import Locale, Rule, where_digits


def rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules of English in the country of `locale`."""
    yield from capitals.rules()
    yield from rewrites.rules()
    yield from dates.rules(locale)
    yield from where_digits(sports.rules(locale, british=locale.dates.order == "dmy"))
    yield from places.rules(locale)
    yield naming.small_numeral_rule()
    yield naming.part_rule()
    yield from where_digits(naming.rules(locale))
    yield from sizes.rules(locale)
