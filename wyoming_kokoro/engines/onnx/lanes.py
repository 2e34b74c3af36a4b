"""Pieces of a graph, run side by side: their sessions in, what runs like one session out."""

from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from types import MappingProxyType
from typing import TYPE_CHECKING

from wyoming_kokoro.engines.base import AT_ONCE
from wyoming_kokoro.engines.onnx.budget import Call
from wyoming_kokoro.engines.onnx.sessions import Array, OnnxSession, Port

if TYPE_CHECKING:
    from wyoming_kokoro.engines.onnx.sessions import Held


def lanes_for(threads: int) -> tuple[int, int]:
    """Return how many pieces run at once on so many threads, and how many threads each has.

    Two at once: there are seldom more that do not wait for one another.
    """
    each = max(1, threads // 2)
    return threads // each, each


def bottlenecks(pieces: Sequence[OnnxSession]) -> list[int]:
    """Return the places of the pieces that run alone: all others come before them or after."""
    maker = {port.name: place for place, piece in enumerate(pieces) for port in piece.outputs}
    before: list[set[int]] = []
    for piece in pieces:
        read = {maker[name] for name in _names(piece.inputs) if name in maker}
        before.append(read.union(*(before[place] for place in read)))
    after = [sum(place in earlier for earlier in before) for place in range(len(pieces))]
    return [
        place
        for place, earlier in enumerate(before)
        if len(earlier) + after[place] == len(pieces) - 1
    ]


class PieceRunner:
    """Runs the pieces of a graph, as many at once as there are `lanes`.

    Each piece comes after those whose results it reads. Of those that could run, the first does.
    While a call shares the threads with no other, a piece is replaced by what `alone` has for it:
    the same on all threads. There may be `AT_ONCE` runs at a time: the pieces of one more would
    wait behind those that wait for it.
    """

    def __init__(
        self,
        pieces: Sequence[OnnxSession],
        lanes: int,
        alone: Mapping[OnnxSession, OnnxSession] = MappingProxyType({}),
    ) -> None:
        self._pieces = pieces
        self._lanes = lanes
        self._alone = alone
        self._threads = ThreadPoolExecutor(lanes * AT_ONCE, "lane")

    def run(self, call: Call, **inputs: "Array | Held") -> list[Array]:
        """Return the last piece's outputs for `inputs`, given by name; see `OnnxSession.run`.

        Raises:
            SynthesisFailed: ONNX Runtime could not run a piece on them.
        """
        work = _Work(self._pieces, inputs)
        running: dict[Future[list[Held]], OnnxSession] = {}
        results: list[Held] = []
        try:
            while work.waiting or running:
                for piece in work.start(self._lanes - len(running)):
                    session = self._alone.get(piece, piece) if call.alone else piece
                    future = self._threads.submit(call.held, session, **work.read_by(piece))
                    running[future] = piece
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    results = future.result()
                    work.finish(running.pop(future), results)
        finally:
            wait(running)
        return [result.numpy() for result in results]

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown()


class _Work:
    """How far a run is: the pieces that wait, and the values that they wait for."""

    def __init__(self, pieces: Sequence[OnnxSession], inputs: "dict[str, Array | Held]") -> None:
        self.waiting = list(pieces)
        self.values = dict(inputs)

    def start(self, most: int) -> list[OnnxSession]:
        """Return up to `most` pieces that can run; they wait no longer."""
        ready = [one for one in self.waiting if _names(one.inputs) <= self.values.keys()][:most]
        for piece in ready:
            self.waiting.remove(piece)
        return ready

    def read_by(self, piece: OnnxSession) -> "dict[str, Array | Held]":
        """Return what `piece` is run on."""
        return {name: self.values[name] for name in _names(piece.inputs)}

    def finish(self, piece: OnnxSession, results: "Sequence[Held]") -> None:
        """Note what `piece` has made, and forget what no other will read."""
        wanted = set().union(*(_names(one.inputs) for one in self.waiting))
        self.values = {name: self.values[name] for name in self.values if name in wanted}
        self.values |= {
            port.name: result for port, result in zip(piece.outputs, results, strict=True)
        }


def _names(ports: Sequence[Port]) -> set[str]:
    return {port.name for port in ports}
