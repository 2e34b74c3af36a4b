"""What tables of Romance languages are made of: the feminine, plurals, scales, powers."""

import re
from collections.abc import Mapping

from wyoming_kokoro.text.normalize.numbers import Form, Noun
from wyoming_kokoro.text.normalize.tables import pairs

FEMININE = "f"


def regular(table: str, form: Form = "") -> dict[str, Noun]:
    """Read symbols and singulars whose first word takes an s: `km/h: kilomètre par heure`."""
    return {sign: Noun(name, _plural(name), form) for sign, name in pairs(table).items()}


def scaled(units: Mapping[str, Noun], prefixes: str) -> dict[str, Noun]:
    """Return `units` with each of `prefixes`, `k: kilo, M: méga`, before symbol and name."""
    return {
        prefix + sign: Noun(word + noun.one, word + noun.many, noun.form)
        for prefix, word in pairs(prefixes).items()
        for sign, noun in units.items()
    }


def powers(lengths: Mapping[str, Noun], squared: str, cubed: str) -> dict[str, Noun]:
    """Return areas and volumes of `lengths`; the adjectives are given as `carré/carrés`."""
    signs = {"²": squared, "2": squared, "³": cubed, "3": cubed}
    return {
        length + sign: Noun(
            f"{noun.one} {adjective.partition('/')[0]}",
            f"{noun.many} {adjective.partition('/')[2]}",
            noun.form,
        )
        for length, noun in lengths.items()
        for sign, adjective in signs.items()
    }


def _plural(name: str) -> str:
    return re.sub(r"\A[^\W\d_]+", lambda word: f"{word.group()}s", name)
