"""The words of an English sentence in, their Penn Treebank tags by spaCy's `en_core_web_sm` out."""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from wyoming_kokoro.text.g2p.words import Word

MODEL = "en_core_web_sm"
_NEEDED = ("tok2vec", "tagger")
"""Of the model's parts, those that make tags."""


def available() -> bool:
    """Say whether spaCy and the model are installed, without importing either."""
    return all(find_spec(name) for name in ("spacy", MODEL))


class SpacyTagger:
    """spaCy's small English model, on words that are cut already.

    Raises on construction whatever an installation raises whose parts do not fit together.
    """

    def __init__(self) -> None:
        import en_core_web_sm
        from spacy.tokens import Doc

        self._doc = Doc
        self._model: Any = en_core_web_sm.load(enable=list(_NEEDED))
        if not self.tag([Word("word", "")])[0]:
            raise ValueError(f"{MODEL} has no tagger")

    def tag(self, words: Sequence[Word]) -> list[str]:
        """Return the tag of each of `words`."""
        texts, spaces = [word.text for word in words], [bool(word.space) for word in words]
        doc = self._model(self._doc(self._model.vocab, words=texts, spaces=spaces))
        return [token.tag_ for token in doc]
