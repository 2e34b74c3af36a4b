"""misaki's English module, imported without spaCy, and its lexicon, loaded without the wait."""

import importlib
import json
import sys
from importlib.resources import files
from types import ModuleType
from typing import Any


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


def load_lexicon(misaki: Any, british: bool) -> Any:
    """Return misaki's `Lexicon` over its own data.

    Its constructor checks each of 180,000 entries and doubles them for their capitals, which
    costs half a second and 30 MB; what it would have set is set here.
    """
    lexicon = object.__new__(misaki.Lexicon)
    lexicon.british = british
    lexicon.cap_stresses = (0.5, 2)
    country = "gb" if british else "us"
    lexicon.golds = _read(f"{country}_gold.json")
    lexicon.silvers = _read(f"{country}_silver.json")
    return lexicon


class EitherCase(dict[str, Any]):
    """Entries found in lower case and capitalized, whichever of the two is written down.

    Single letters are looked up as they are: `a` is not the letter `A`.
    """

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self.get(word) is not None

    def get(self, word: str, default: Any = None) -> Any:
        """Return the entry of `word`, or of its other case where it has none of its own."""
        found = super().get(word)
        if found is None and len(word) > 1:
            lower = word.lower()
            if word == lower:
                found = super().get(lower.capitalize())
            elif word == lower.capitalize():
                found = super().get(lower)
        return default if found is None else found


def _read(name: str) -> EitherCase:
    return EitherCase(json.loads((files("misaki") / "data" / name).read_bytes()))
