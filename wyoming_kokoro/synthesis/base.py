"""What the network asks of synthesis: a request and its text go in, paced PCM comes out. And what
synthesis asks of the front end: a passage goes in, phonemes come out."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from typing import Protocol

from wyoming_kokoro.models.catalog import Notation
from wyoming_kokoro.speech import Language, Phonemes, Request
from wyoming_kokoro.text.passage import Span


class Speaker(Protocol):
    """Makes speech while its text is still arriving."""

    def speak(self, request: Request, text: AsyncIterator[str]) -> AsyncGenerator[bytes, None]:
        """Speak `text` in the voice that `request` names.

        Yields int16 little-endian mono PCM at 24 kHz in pieces of 20 to 100 ms, paced by the
        playback clock; nothing where the text holds nothing to say. Closing the generator
        cancels the work.

        Raises:
            KokoroError: the speech cannot be made; the message is for the client.
        """


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
