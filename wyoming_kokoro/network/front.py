"""The front of a fleet: requests in, each spoken by the node with the fewest; one whose node dies,
or has too much to do, before its first sound is spoken by another.

It stands where a server stands: `Server` converses with clients, and this is who speaks. It makes
nothing and keeps nothing.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from math import inf

from wyoming.info import Info

from wyoming_kokoro.errors import (
    BadAnswer,
    ConfigurationError,
    KokoroError,
    ModelUnavailable,
    Overloaded,
    ServerUnreachable,
    ShuttingDown,
    SynthesisFailed,
)
from wyoming_kokoro.network import client
from wyoming_kokoro.network.fleet import differences
from wyoming_kokoro.network.wire import encode
from wyoming_kokoro.speech import SAMPLE_RATE, Request

_LOG = logging.getLogger(__name__)

REFRESH_SECONDS = 2.0
"""After which the nodes are asked again what they offer, one by one."""

AVOIDED_SECONDS = 2.0
"""For which a node that has failed is asked last."""

_ANSWER_SECONDS = 2.0
"""For which a node is waited for that is asked what it offers."""

_PASSING = (
    BadAnswer,
    ModelUnavailable,
    Overloaded,
    ServerUnreachable,
    ShuttingDown,
    SynthesisFailed,
)
"""What another node may do better."""


@dataclass(eq=False)
class Node:
    """A server of the fleet."""

    uri: str
    requests: int = 0
    """That it speaks now."""
    failed: float = -inf
    """When it did so last, by the clock of the event loop."""


class Front:
    """Has nodes speak."""

    def __init__(self, nodes: Sequence[str]) -> None:
        """`nodes` are the URIs of the servers, `tcp://HOST:PORT`."""
        if not nodes:
            raise ConfigurationError("--nodes names no server: give it HOST:PORT,HOST:PORT")
        self._nodes = [Node(uri) for uri in nodes]
        self._info: Info | None = None
        self._described = b""
        self._differing: dict[str, list[str]] = {}

    def describe(self) -> bytes:
        """Return the encoded answer to `describe`, as a node gave it."""
        return self._described

    async def begin(self) -> None:
        """Wait until a node has told what it offers."""
        complained = False
        while not await self._learn():
            if not complained:
                _LOG.warning("no node answers yet: %s", ", ".join(n.uri for n in self._nodes))
            complained = True
            await asyncio.sleep(REFRESH_SECONDS)

    async def keep_current(self) -> None:
        """Ask the nodes again and again what they offer, until cancelled."""
        while True:
            await asyncio.sleep(REFRESH_SECONDS)
            await self._learn()

    async def speak(
        self, request: Request, text: AsyncIterator[str]
    ) -> AsyncGenerator[bytes, None]:
        """Yield the speech of a node, as it sends it.

        Raises:
            KokoroError: it cannot be spoken, or no node does; or one died while it spoke.
        """
        said, untried = _Remembered(text), list(self._nodes)
        while True:
            node = self._next(untried)
            untried.remove(node)
            sounded = False
            try:
                async with aclosing(self._spoken_by(node, request, said)) as speech:
                    async for pcm in speech:
                        if not sounded:
                            sounded = True
                            said.forget()
                        yield pcm
            except _PASSING as error:
                node.failed = self._now()
                if sounded or not untried:
                    raise
                _LOG.warning("%s: %s; another node speaks instead", node.uri, error.code)
            else:
                return

    async def _spoken_by(
        self, node: Node, request: Request, said: "_Remembered"
    ) -> AsyncGenerator[bytes, None]:
        node.requests += 1
        try:
            async with client.speak(node.uri, said.pieces(), request, streaming=True) as speech:
                if (speech.rate, speech.width, speech.channels) != (SAMPLE_RATE, 2, 1):
                    raise ConfigurationError(
                        f"the node {node.uri} sends {speech.rate} Hz: nodes behind a front need "
                        f"--sample-rate {SAMPLE_RATE}, and the front has its own"
                    )
                async for pcm in speech:
                    yield pcm
        finally:
            node.requests -= 1

    def _next(self, untried: Sequence[Node]) -> Node:
        """Return the node that has the fewest requests, of those that have not just failed if there
        are any; of equals the one that has waited longest."""
        now = self._now()
        chosen = min(untried, key=lambda node: (now < node.failed + AVOIDED_SECONDS, node.requests))
        self._nodes.remove(chosen)
        self._nodes.append(chosen)
        return chosen

    async def _learn(self) -> bool:
        """Ask all nodes what they offer, and take up what the first that answers says; tell where
        others differ. Return whether one did."""
        asked = [(node.uri, self._info_of(node)) for node in sorted(self._nodes, key=_uri)]
        answers = await asyncio.gather(*(answer for _, answer in asked))
        told = {uri: info for (uri, _), info in zip(asked, answers, strict=True) if info}
        if not told:
            return False
        alike = self._info in told.values()
        first = self._info if self._info and alike else next(iter(told.values()))
        self._info, self._described = first, encode(first.event())
        for uri, info in told.items():
            self._tell(uri, differences(first, info))
        return True

    async def _info_of(self, node: Node) -> Info | None:
        try:
            return await client.describe(node.uri, _ANSWER_SECONDS)
        except ConfigurationError:
            raise
        except KokoroError:
            node.failed = self._now()
            return None

    def _tell(self, uri: str, differing: list[str]) -> None:
        """Warn once of each way in which a node differs."""
        if differing != self._differing.get(uri, []):
            for difference in differing:
                _LOG.warning("the node %s differs from the others: %s", uri, difference)
        self._differing[uri] = differing

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


def _uri(node: Node) -> str:
    return node.uri


class _Remembered:
    """A text that comes once and can be had again from its beginning, until it is forgotten."""

    def __init__(self, text: AsyncIterator[str]) -> None:
        self._text = text
        self._come: list[str] = []
        self._remembers = True

    def forget(self) -> None:
        """Nobody will want it from its beginning any more."""
        self._remembers = False
        self._come.clear()

    async def pieces(self) -> AsyncIterator[str]:
        """Yield what has come, then what still comes."""
        for piece in list(self._come):
            yield piece
        async for piece in self._text:
            if self._remembers:
                self._come.append(piece)
            yield piece
