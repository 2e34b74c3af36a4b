"""The words of an English sentence in, their Penn Treebank tags by a small model of 9 MB out."""

import base64
import string
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from wyoming_kokoro.text.g2p.words import Word

Features = dict[str, float]

_REACH = (-2, -1, 1, 2)
"""Neighbors whose features describe a word too, by their distance."""


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

    def tag(self, words: Sequence[Word]) -> list[str]:
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
    return {
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
