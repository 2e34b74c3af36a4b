"""Text as it streams in, to passages and pauses as soon as each is finished."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable

from wyoming_kokoro.text.passage import Passage, Pause
from wyoming_kokoro.text.reader import TextReader

REACTION_SECONDS = 0.5
"""What a listener should have left to hear when the next sentence is begun.

A sentence may be kept back until the next is known, in case one of the two is too short to be
spoken alone. That may cost nobody a wait: not for the first sound, nor in the middle.
"""

IN_ONE_GO_SECONDS = 0.01
"""What passes at the most between messages that were sent one after the other: Home Assistant
sends a text that it has as a stream too, whose end comes in a message of its own."""

SLICE = 1000
"""Characters that are read in one go, within a few milliseconds."""


class Reading:
    """What one request says."""

    def __init__(self, text: AsyncIterator[str], reader: TextReader, idle_seconds: float) -> None:
        self._text = text
        self._reader = reader
        self._idle_seconds = idle_seconds
        self._come: list[str] = []
        self.characters = 0
        """Characters that have come so far."""

    @property
    def text(self) -> str:
        """What has come so far."""
        return "".join(self._come)

    async def items(
        self, patience: Callable[[], float | None]
    ) -> AsyncGenerator[Passage | Pause | None]:
        """Yield each item as soon as it is finished, also when the text merely pauses, and what is
        kept back for its neighbors as soon as the listener would wait for it.

        Yield None whenever text has not come for as long as `patience` says: the seconds that
        can be done without any, None if there is time.
        """
        coming: asyncio.Future[str | None] | None = None
        try:
            while True:
                coming = coming or asyncio.ensure_future(anext(self._text, None))
                idle = min(self._idle_seconds, _or(patience(), self._idle_seconds))
                spare = max(IN_ONE_GO_SECONDS, _or(patience(), 0.0) - REACTION_SECONDS)
                spare = min(idle, spare)
                for seconds, finished in (
                    (spare, self._reader.let_go),
                    (idle - spare, self._reader.idle),
                ):
                    await asyncio.wait([coming], timeout=seconds)
                    for item in [] if coming.done() else finished():
                        yield item
                while not coming.done():
                    await asyncio.wait([coming], timeout=patience())
                    if not coming.done():
                        yield None
                text, coming = coming.result(), None
                if text is None:
                    break
                self._come.append(text)
                self.characters += len(text)
                for start in range(0, len(text), SLICE):
                    for item in self._reader.add(text[start : start + SLICE]):
                        yield item
                    await asyncio.sleep(0)  # nobody waits while a long text is read
        finally:
            if coming:
                coming.cancel()
        for item in self._reader.finish():
            yield item


def _or(seconds: float | None, otherwise: float) -> float:
    return otherwise if seconds is None else seconds
