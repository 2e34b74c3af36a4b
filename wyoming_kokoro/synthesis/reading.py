"""Text as it streams in, to sentences as soon as each is finished."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from typing import Protocol


class Splitter(Protocol):
    """What finds the sentences: `text.sentences.SentenceSplitter`."""

    def add(self, text: str) -> list[str]:
        """Take more text; return the sentences that it finished."""

    def idle(self) -> list[str]:
        """Return what is a whole sentence if nothing more follows."""

    def finish(self) -> list[str]:
        """Return the rest: no more text will come."""


class Reading:
    """The sentences of one request."""

    def __init__(self, text: AsyncIterator[str], splitter: Splitter, idle_seconds: float) -> None:
        self._text = text
        self._splitter = splitter
        self._idle_seconds = idle_seconds
        self.characters = 0
        """Characters that have come so far."""

    async def sentences(self, patience: Callable[[], float | None]) -> AsyncGenerator[str | None]:
        """Yield each sentence as soon as it is finished, also when the text merely pauses.

        Yield None whenever text has not come for as long as `patience` says: the seconds that
        can be done without any, None if there is time.
        """
        coming: asyncio.Future[str | None] | None = None
        try:
            while True:
                coming = coming or asyncio.ensure_future(anext(self._text, None))
                idle = self._idle_seconds
                await asyncio.wait([coming], timeout=min(idle, _or(patience(), idle)))
                for sentence in [] if coming.done() else self._splitter.idle():
                    yield sentence
                while not coming.done():
                    await asyncio.wait([coming], timeout=patience())
                    if not coming.done():
                        yield None
                text, coming = coming.result(), None
                if text is None:
                    break
                self.characters += len(text)
                for sentence in self._splitter.add(text):
                    yield sentence
        finally:
            if coming:
                coming.cancel()
        for sentence in self._splitter.finish():
            yield sentence


def _or(seconds: float | None, otherwise: float) -> float:
    return otherwise if seconds is None else seconds
