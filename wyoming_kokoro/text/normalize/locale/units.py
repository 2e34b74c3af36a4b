"""How a language writes and says units of measure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wyoming_kokoro.text.normalize.locale.nouns import Noun


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Units:
    """Units of measure. A symbol means what `exact` says, else a prefix and a base."""

    exact: Mapping[str, Noun]
    """By symbol as written: `°C`, `kWh`, `km/h`, `min`."""

    bases: Mapping[str, Noun] = field(default_factory=dict)
    """By symbol: the units that take every prefix: `W`, `B`, `Hz`."""

    prefixes: Mapping[str, str] = field(default_factory=dict)
    """By symbol: `k` is "kilo"."""

    prefixed_only: frozenset[str] = frozenset()
    """Bases that are no unit by themselves in writing: `B`."""

    durations: Mapping[str, str] = field(default_factory=dict)
    """What follows numbers in "2h 15m", and the symbol in `exact` that it means there."""

    one_after: str = ""
    """Pattern of words after which a unit without a number is one: `the|a|per`."""

    last: str = " "
    """Before the last part of "2h 15m": " e "."""

    said: str = "{number} {unit}"
    per: str = "{unit} per {per}"
    """Of units that are divided, where `exact` does not have the whole."""

    powers: Mapping[str, str] = field(default_factory=dict)
    """What `²` and `³` make of a unit: "square {unit}"."""

    percent: str = "{number} percent"
    percents: str = "percent"
    """A percent sign without a number before it."""

    tight: frozenset[str] = frozenset()
    """Symbols that are words as well, and units only right behind their number: `in`, `A`."""
