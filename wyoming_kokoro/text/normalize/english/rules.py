"""What only English writes, in the order in which it is tried."""

from collections.abc import Iterator

from wyoming_kokoro.text.normalize.english import dates, naming, places, rewrites, sizes
from wyoming_kokoro.text.normalize.locale import Locale, Rule, where_digits


def rules(locale: Locale) -> Iterator[Rule]:
    """Yield the rules of English in the country of `locale`."""
    yield from rewrites.rules()
    yield from dates.rules(locale)
    yield from places.rules(locale)
    yield from where_digits(naming.rules(locale))
    yield from sizes.rules(locale)
