"""What synthesis asks of the front end: a passage goes in, phonemes come out."""

from collections.abc import Sequence
from typing import Protocol

from wyoming_kokoro.models.catalog import Notation
from wyoming_kokoro.speech import Language, Phonemes
from wyoming_kokoro.text.passage import Span


class Phonemizer(Protocol):
    """Reads passages, one after the other. Any thread may call it."""

    def phonemize(
        self, text: str | Sequence[Span], language: Language, notation: Notation
    ) -> Phonemes:
        """Return how `text`, one passage, is pronounced; no symbols where nothing is spoken.

        Raises:
            UnknownLanguage: the packages that read `language` are not installed.
            EspeakUnavailable: espeak-ng reads `language` and cannot be used.
        """

    def readable(self, text: str | Sequence[Span], language: Language) -> list[Phonemes]:
        """Return the words of `text` for an engine that reads text: a piece for each language."""
