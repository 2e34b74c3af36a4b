"""misaki's English module, imported without spaCy, and its lexicon, loaded without the wait."""

import importlib
import json
import sys
from collections.abc import Mapping
from importlib.resources import files
from types import ModuleType
from typing import Any, Protocol, cast

Entry = str | dict[str, str | None]
"""Phonemes of a word, or of each part of speech it can be."""


class Lexicon(Protocol):
    """What is used here of misaki's class of that name. Methods return phonemes and a rating."""

    golds: "EitherCase"
    """Its entries that were made by hand."""

    def __call__(self, token: object, context: object) -> tuple[str | None, int | None]:
        """Look a token up, its endings taken off where it is not there itself."""

    def get_NNP(self, word: str) -> tuple[str | None, int | None]:  # noqa: N802 misaki's name
        """Spell a word."""


def import_misaki() -> ModuleType:
    """Import `misaki.en` with an empty module in spaCy's place.

    The import statement is all it needs spaCy for here, and where spaCy is installed it would
    load torch.
    """
    if "spacy" in sys.modules or "misaki.en" in sys.modules:
        return importlib.import_module("misaki.en")
    sys.modules["spacy"] = ModuleType("spacy")
    try:
        return importlib.import_module("misaki.en")
    finally:
        del sys.modules["spacy"]


def load_lexicon(misaki: ModuleType, british: bool) -> Lexicon:
    """Return misaki's `Lexicon` over its own data.

    Its constructor checks each of 180,000 entries and doubles them for their capitals, which
    costs half a second and 20 MB; what it would have set is set here.
    """
    lexicon: Any = object.__new__(misaki.Lexicon)
    lexicon.british = british
    lexicon.cap_stresses = (0.5, 2)
    country = "gb" if british else "us"
    lexicon.golds = _read(f"{country}_gold.json")
    lexicon.silvers = _read(f"{country}_silver.json")
    return cast(Lexicon, lexicon)


class EitherCase:
    """Entries found in lower case and capitalized, whichever of the two is written down.

    Single letters are looked up as they are: `a` is not the letter `A`.
    """

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._entries = entries

    def __contains__(self, word: str) -> bool:
        return self.get(word) is not None

    def __getitem__(self, word: str) -> Entry:
        return self._entries[word]

    def get(self, word: str) -> Entry | None:
        """Return the entry of `word`, or of its other case where it has none of its own."""
        found = self._entries.get(word)
        if found is None and len(word) > 1:
            lower = word.lower()
            if word == lower:
                found = self._entries.get(lower.capitalize())
            elif word == lower.capitalize():
                found = self._entries.get(lower)
        return found


def _read(name: str) -> EitherCase:
    return EitherCase(json.loads((files("misaki") / "data" / name).read_bytes()))
