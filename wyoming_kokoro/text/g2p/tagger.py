"""The words of an English sentence in, their Penn Treebank parts of speech out: by spaCy's
`en_core_web_sm` where the user has installed it, else by a small model of 9 MB that is on board.

Heteronyms need them: the verb in "record it" sounds unlike the noun in "a record".
"""

import base64
import logging
import string
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from importlib.util import find_spec
from typing import Any, Protocol

from wyoming_kokoro.text.g2p.words import WrittenWord

_LOGGER = logging.getLogger(__name__)

MODEL = "en_core_web_sm"
_NEEDED = ("tok2vec", "tagger")
"""Of the model's parts, those that make tags."""

Features = dict[str, float]

_REACH = (-2, -1, 1, 2)
"""Neighbors whose features describe a word too, by their distance."""


class Tagger(Protocol):
    """Tells parts of speech. Not safe for use by several threads at once."""

    def tag(self, words: Sequence[WrittenWord]) -> list[str]:
        """Return the tag of each of `words`."""


def choose_tagger() -> Tagger:
    """Return spaCy's model where the user has installed it, else the one that is on board."""
    tagger = _load_spacy() if _has_spacy() else None
    if tagger is None:
        tagger = CrfTagger()
        _LOGGER.info("English parts of speech are told by the model on board")
    return tagger


def _load_spacy() -> Tagger | None:
    try:
        tagger = SpacyTagger()
    except Exception as error:  # whatever goes wrong in there, speech goes on
        _LOGGER.warning(
            "spaCy's English model %s cannot be used (%s); the model on board is used instead. "
            "Install the version of it that fits the installed spaCy, or uninstall it",
            MODEL,
            error,
        )
        return None
    _LOGGER.info("English parts of speech are told by spaCy's %s", MODEL)
    return tagger


def _has_spacy() -> bool:
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
        if not self.tag([WrittenWord("word", "")])[0]:
            raise ValueError(f"{MODEL} has no tagger")

    def tag(self, words: Sequence[WrittenWord]) -> list[str]:
        """Return the tag of each of `words`."""
        texts, spaces = [word.text for word in words], [bool(word.space) for word in words]
        doc = self._model(self._doc(self._model.vocab, words=texts, spaces=spaces))
        return [token.tag_ for token in doc]


class CrfTagger:
    """The part-of-speech model of `gruut-lang-en`: a conditional random field in CRFsuite's format.

    The model's own list of attributes defines the features: of each word and of two to either
    side, its bytes in base64, its length, its first and last two and three letters, and whether
    it is a digit or a punctuation mark. Not safe for use by several threads at once.
    """

    def __init__(self) -> None:
        import pycrfsuite

        model = files("gruut_lang_en") / "pos" / "model.crf"
        self._model: Any = pycrfsuite.Tagger()
        self._model.open(str(model))

    def tag(self, words: Sequence[WrittenWord]) -> list[str]:
        """Return the tag of each of `words`."""
        tags: list[str] = self._model.tag(_describe([word.text for word in words]))
        return tags


def _describe(words: Sequence[str]) -> list[Features]:
    """Return the features of each word among its neighbors."""
    own = [_features(word) for word in words]
    described = []
    for index, features in enumerate(own):
        item = dict(features)
        for distance in _REACH:
            if 0 <= index + distance < len(own):
                item |= _of_neighbor(words[index + distance], distance)
        item |= {"BOS": 1.0} if index == 0 else {}
        item |= {"EOS": 1.0} if index == len(own) - 1 else {}
        described.append(item)
    return described


@lru_cache(maxsize=4096)
def _of_neighbor(word: str, distance: int) -> Features:
    return {f"{distance:+}:{name}": value for name, value in _features(word).items()}


@lru_cache(maxsize=4096)
def _features(word: str) -> Features:
    encoded = base64.b64encode(word.encode()).decode()
    features = {
        "bias": 1.0,
        f"word:{encoded}": 1.0,
        "len(word)": float(len(word)),
        f"word[:2]:{word[:2]}": 1.0,
        f"word[:3]:{word[:3]}": 1.0,
        f"word[-2:]:{word[-2:]}": 1.0,
        f"word[-3:]:{word[-3:]}": 1.0,
        "word.ispunctuation": float(word in string.punctuation),
        "word.isdigit()": float(word.isdigit()),
    }
    return {name: value for name, value in features.items() if value}  # others weigh nothing
