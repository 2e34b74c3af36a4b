"""Pieces side by side: as many at once as there are lanes, the first first, and failing as one."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any, cast

import numpy as np
import pytest

from wyoming_kokoro.engines.onnx.budget import ThreadBudget
from wyoming_kokoro.engines.onnx.lanes import PieceRunner, bottlenecks, lanes_for
from wyoming_kokoro.engines.onnx.sessions import OnnxSession, Port
from wyoming_kokoro.errors import SynthesisFailed

PATIENCE = 10


class Made:
    """A value as a runtime has it."""

    def __init__(self, number: float) -> None:
        self.number = number

    def numpy(self) -> np.ndarray[Any, Any]:
        return np.array(self.number)


class Piece:
    """Adds up what it reads, after calling `act`."""

    threads = 1

    def __init__(self, name: str, reads: str, act: Callable[[], None] = lambda: None) -> None:
        self.inputs = tuple(Port(letter, None, 0) for letter in reads)
        self.outputs = (Port(name, None, 0),)
        self._act = act

    def held(self, **inputs: Any) -> list[Made]:
        self._act()
        return [Made(sum(getattr(value, "number", value) for value in inputs.values()))]


def lanes(count: int, *pieces: Piece) -> PieceRunner:
    return PieceRunner([cast("OnnxSession", piece) for piece in pieces], count)


def run(crew: PieceRunner, x: int) -> list[Any]:
    """The results of a call that is alone."""
    with ThreadBudget(4).call(due=0) as call:
        return crew.run(call, x=cast("Any", x))


@pytest.mark.parametrize(
    ("threads", "count", "each"), [(1, 1, 1), (2, 2, 1), (3, 3, 1), (4, 2, 2), (8, 2, 4)]
)
def test_lanes_share_the_threads(threads: int, count: int, each: int) -> None:
    assert lanes_for(threads) == (count, each)


def test_a_piece_runs_after_those_whose_results_it_reads() -> None:
    crew = lanes(2, Piece("a", "x"), Piece("b", "xa"), Piece("c", "x"), Piece("d", "abc"))
    (sum_of_all,) = run(crew, x=1)
    assert sum_of_all == 1 + 2 + 1
    crew.close()


def test_two_that_do_not_wait_for_one_another_run_at_once() -> None:
    meet = threading.Barrier(2)

    def together() -> None:
        meet.wait(PATIENCE)

    crew = lanes(2, Piece("a", "x", together), Piece("b", "x", together), Piece("c", "ab"))
    assert run(crew, x=1) == [2]
    crew.close()


def test_a_piece_that_all_others_wait_for_or_are_waited_for_runs_alone() -> None:
    pieces = [Piece("a", "x"), Piece("b", "x"), Piece("c", "ab"), Piece("d", "c"), Piece("e", "xc")]
    pieces.append(Piece("f", "de"))
    assert bottlenecks([cast("OnnxSession", piece) for piece in pieces]) == [2, 5]


def test_of_those_that_could_run_the_first_does_however_late_it_could() -> None:
    order: list[str] = []

    def piece(name: str, reads: str) -> Piece:
        return Piece(name, reads, partial(order.append, name))

    crew = lanes(1, piece("a", "x"), piece("b", "a"), piece("c", "x"), piece("d", "bc"))
    run(crew, x=1)
    assert order == ["a", "b", "c", "d"]
    crew.close()


def test_a_piece_that_fails_fails_the_run_and_not_the_next_one() -> None:
    faults = [SynthesisFailed("no memory")]

    def fail_once() -> None:
        if faults:
            raise faults.pop()

    crew = lanes(2, Piece("a", "x", fail_once), Piece("b", "x"), Piece("c", "ab"))
    with pytest.raises(SynthesisFailed, match="no memory"):
        run(crew, x=1)
    assert run(crew, x=2) == [4]
    crew.close()


def test_a_piece_has_all_threads_only_for_a_call_that_is_alone() -> None:
    order: list[str] = []
    shared = cast("OnnxSession", Piece("a", "x", partial(order.append, "shared")))
    alone = cast("OnnxSession", Piece("a", "x", partial(order.append, "alone")))
    crew = PieceRunner([shared], 1, {shared: alone})
    budget = ThreadBudget(4, now=lambda: 0.0)
    with budget.call(due=1) as call:
        crew.run(call, x=cast("Any", 1))
        with budget.call(due=2):
            crew.run(call, x=cast("Any", 1))
    assert order == ["alone", "shared"]
    crew.close()
