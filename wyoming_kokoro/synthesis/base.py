"""What the network asks of synthesis: a request and its text go in, paced PCM comes out."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Protocol

from wyoming_kokoro.speech import Request


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
