"""Text as it streams in, to sentences as soon as each is finished."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
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
    """The sentences of one request, and whether it is the text that is being waited for."""

    def __init__(self, text: AsyncIterator[str], splitter: Splitter, idle_seconds: float) -> None:
        self._text = text
        self._splitter = splitter
        self._idle_seconds = idle_seconds
        self.characters = 0
        """Characters that have come so far."""
        self.waiting = False
        """Whether the next sentence waits for text that has not come yet."""

    async def sentences(self) -> AsyncGenerator[str]:
        """Yield each sentence as soon as it is finished, also when the text merely pauses."""
        coming: asyncio.Future[str | None] | None = None
        try:
            while True:
                coming = coming or asyncio.ensure_future(anext(self._text, None))
                for sentence in await self._paused(coming):
                    yield sentence
                text = await self._arrived(coming)
                coming = None
                if text is None:
                    break
                for sentence in self._splitter.add(text):
                    yield sentence
        finally:
            if coming:
                coming.cancel()
        for sentence in self._splitter.finish():
            yield sentence

    async def _paused(self, coming: asyncio.Future[str | None]) -> list[str]:
        """Return what can be spoken although the text has paused; nothing if it has not."""
        self.waiting = True
        done, _ = await asyncio.wait([coming], timeout=self._idle_seconds)
        self.waiting = False
        return [] if done else self._splitter.idle()

    async def _arrived(self, coming: asyncio.Future[str | None]) -> str | None:
        self.waiting = True
        text = await coming
        self.waiting = False
        self.characters += len(text or "")
        return text
