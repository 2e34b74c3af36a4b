"""The words of an English sentence in, their Penn Treebank parts of speech out.

Heteronyms need them: the verb in "record it" sounds unlike the noun in "a record".
"""

import logging
from collections.abc import Sequence
from typing import Protocol

from wyoming_kokoro.text.g2p import spacy_tagger
from wyoming_kokoro.text.g2p.crf_tagger import CrfTagger
from wyoming_kokoro.text.g2p.words import Word

_LOGGER = logging.getLogger(__name__)


class Tagger(Protocol):
    """Tells parts of speech. Not safe for use by several threads at once."""

    def tag(self, words: Sequence[Word]) -> list[str]:
        """Return the tag of each of `words`."""


def choose_tagger() -> Tagger:
    """Return spaCy's model where the user has installed it, else the one that is on board."""
    tagger = _load_spacy() if spacy_tagger.available() else None
    if tagger is None:
        tagger = CrfTagger()
        _LOGGER.info("English parts of speech are told by the model on board")
    return tagger


def _load_spacy() -> Tagger | None:
    try:
        tagger = spacy_tagger.SpacyTagger()
    except Exception as error:  # whatever goes wrong in there, speech goes on
        _LOGGER.warning(
            "spaCy's English model %s cannot be used (%s); the model on board is used instead. "
            "Install the version of it that fits the installed spaCy, or uninstall it",
            spacy_tagger.MODEL,
            error,
        )
        return None
    _LOGGER.info("English parts of speech are told by spaCy's %s", spacy_tagger.MODEL)
    return tagger
