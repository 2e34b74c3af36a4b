"""How a language writes and says money."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wyoming_kokoro.text.normalize.locale.nouns import Currency, Noun


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Money:
    """Currencies."""

    signs: Mapping[str, Currency]
    """By sign or code, before or after the amount: `$`, `€`, `USD`."""

    minor_signs: Mapping[str, Noun] = field(default_factory=dict)
    """Of hundredths, after the amount: `¢`, `p`."""

    both: str = "{major} and {minor}"

    magnitudes: Mapping[str, Noun] = field(default_factory=dict)
    """What may stand between amount and currency, and its name: `M`, `bn`, `million`."""

    of: str = "{number} {currency}"
    """With a magnitude: "cinco millones de euros"."""
