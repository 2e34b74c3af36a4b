"""Text as it streams in, to passages and pauses as soon as each is finished."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable

from wyoming_kokoro.text.passage import Passage, Pause
from wyoming_kokoro.text.reader import TextReader


class Reading:
    """What one request says."""

    def __init__(self, text: AsyncIterator[str], reader: TextReader, idle_seconds: float) -> None:
        self._text = text
        self._reader = reader
        self._idle_seconds = idle_seconds
        self.characters = 0
        """Characters that have come so far."""

    async def items(
        self, patience: Callable[[], float | None]
    ) -> AsyncGenerator[Passage | Pause | None]:
        """Yield each item as soon as it is finished, also when the text merely pauses.

        Yield None whenever text has not come for as long as `patience` says: the seconds that
        can be done without any, None if there is time.
        """
        coming: asyncio.Future[str | None] | None = None
        try:
            while True:
                coming = coming or asyncio.ensure_future(anext(self._text, None))
                idle = self._idle_seconds
                await asyncio.wait([coming], timeout=min(idle, _or(patience(), idle)))
                for item in [] if coming.done() else self._reader.idle():
                    yield item
                while not coming.done():
                    await asyncio.wait([coming], timeout=patience())
                    if not coming.done():
                        yield None
                text, coming = coming.result(), None
                if text is None:
                    break
                self.characters += len(text)
                for item in self._reader.add(text):
                    yield item
        finally:
            if coming:
                coming.cancel()
        for item in self._reader.finish():
            yield item


def _or(seconds: float | None, otherwise: float) -> float:
    return otherwise if seconds is None else seconds
