"""Calls of the C interface in any order, with any numbers: each is answered as the header says, and
what is made is the samples that the sentence has, whatever was asked before."""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from tests.engines.native.conftest import Sentence
from wyoming_kokoro.engines.native.generator import NativeGenerator

OK, BAD_ARGUMENT, BAD_STATE = 0, 1, 3

COLUMNS = 24
"""Of the sentence; most streams take fewer."""

EDGES = (-(2**31), -1, 0, 1, 2, 257, 2**31 - 1)


@dataclass(eq=False)
class _Stream:
    """An open stream, and what is to be expected of it."""

    handle: ctypes.c_void_p
    own: bool
    """Whether it measures its statistics itself."""
    columns: int = 0
    sources: int = 0
    ended: bool = False
    samples: list[np.ndarray[Any, Any]] = field(default_factory=list)

    @property
    def made(self) -> int:
        return sum(map(len, self.samples))


class _Calls(RuleBasedStateMachine):
    """Does what a caller may do with one generator."""

    streams: Bundle[_Stream] = Bundle("streams")
    generator: ClassVar[NativeGenerator]
    sentence: ClassVar[Sentence]
    statistics: ClassVar[np.ndarray[Any, Any]]
    whole: ClassVar[np.ndarray[Any, Any]]
    """The samples of the sentence by these statistics."""

    def __init__(self) -> None:
        super().__init__()
        self.functions = self.generator.functions
        self.open: set[_Stream] = set()
        channels = self.generator.channels
        self.styling = np.ones((2, channels), np.float32)
        self.room = np.empty(2 * COLUMNS * self.generator.column_samples, np.float32)

    @rule(target=streams, own=st.booleans(), nan=st.booleans(), scale=st.sampled_from([0.0, 1.0]))
    def begin(self, own: bool, nan: bool, scale: float) -> Any:
        handle = ctypes.c_void_p()
        styling = self.styling.copy()
        styling[1, -1] = np.nan if nan else 0
        given = None if own else self.statistics * np.float32(scale)
        code = self.functions.wk_stream_open(
            self.generator.handle, styling, given, ctypes.byref(handle)
        )
        if nan or (not own and not scale):  # a deviation of 0 is none
            assert code == BAD_ARGUMENT
            assert not handle.value
            return multiple()
        assert code == OK
        stream = _Stream(handle, own)
        self.open.add(stream)
        return stream

    @rule(
        stream=streams,
        columns=st.integers(0, 6),
        ahead=st.integers(-70, 200),
        last=st.booleans(),
        threads=st.integers(1, 3),
    )
    def push(self, stream: _Stream, columns: int, ahead: int, last: bool, threads: int) -> None:
        columns = min(columns, COLUMNS - stream.columns)
        total = stream.columns + columns
        each = self.generator.column_sources
        reach = each * total + 1 if last else each * total + ahead
        sources = min(max(reach, stream.sources), each * COLUMNS + 1) - stream.sources
        right = stream.sources + sources == each * total + 1
        code, samples = self._push(stream, columns, sources, last=last, threads=threads)
        if stream.ended or (stream.own and not last):
            assert code == BAD_STATE
        elif last and not (total and right):
            assert code == BAD_ARGUMENT
        else:
            assert code == OK
            stream.columns, stream.sources, stream.ended = total, stream.sources + sources, last
            stream.samples.append(samples)
            if last:
                assert stream.made == total * self.generator.column_samples

    @rule(
        stream=streams,
        which=st.sampled_from(["columns", "sources", "threads", "room"]),
        number=st.sampled_from(EDGES),
    )
    def push_a_number_that_is_none(self, stream: _Stream, which: str, number: int) -> None:
        """All other numbers are right; too many columns are refused before any is read."""
        most = {"columns": 2**24, "sources": 2**30, "threads": 256, "room": -1}[which]
        assume(number < (which == "threads") or number > most >= 0)
        numbers: dict[str, Any] = {"columns": 1, "sources": 60, which: number}
        code, _ = self._push(stream, **numbers)
        assert code in {BAD_ARGUMENT, *([BAD_STATE] if stream.ended or stream.own else [])}

    @rule(stream=streams)
    def push_with_too_little_room(self, stream: _Stream) -> None:
        columns = 1
        most = (stream.columns + columns) * self.generator.column_samples - stream.made
        code, _ = self._push(stream, columns, 0, room=most - 1)
        assert code == (BAD_STATE if stream.ended or stream.own else BAD_ARGUMENT)

    @rule(stream=streams)
    def ask_what_it_has_measured(self, stream: _Stream) -> None:
        values = np.empty((2, self.generator.channels), np.float32)
        code = self.functions.wk_stream_statistics(stream.handle, values)
        assert code == (BAD_STATE if stream.own and not stream.ended else OK)
        code = self.functions.wk_stream_ranges(stream.handle, values[0])
        assert code == (OK if stream.own and stream.ended else BAD_STATE)
        assert self.functions.wk_stream_statistics(stream.handle, None) == BAD_ARGUMENT

    @rule(stream=consumes(streams))
    def end(self, stream: _Stream) -> None:
        assert self.functions.wk_stream_close(stream.handle) == OK
        self.open.discard(stream)

    @rule()
    def call_with_nothing(self) -> None:
        """What is null, or something else than is wanted, is refused."""
        functions, made = self.functions, ctypes.c_void_p()
        for nothing in (None, self.room.ctypes.data_as(ctypes.c_void_p)):
            assert functions.wk_stream_close(nothing) == BAD_ARGUMENT
            assert functions.wk_generator_close(nothing) == BAD_ARGUMENT
            assert functions.wk_front_close(nothing) == BAD_ARGUMENT
            assert functions.wk_prosody_close(nothing) == BAD_ARGUMENT
            assert functions.wk_generator_channels(nothing) == 0
            code = functions.wk_stream_open(nothing, self.styling, None, ctypes.byref(made))
            assert code == BAD_ARGUMENT

    @invariant()
    def a_generator_with_streams_stays(self) -> None:
        if self.open:
            assert self.functions.wk_generator_close(self.generator.handle) == BAD_STATE

    @invariant()
    def what_was_made_is_what_the_sentence_has(self) -> None:
        for stream in self.open:
            if stream.samples and not stream.own and not stream.ended:
                made = np.concatenate(stream.samples)
                assert np.array_equal(made, self.whole[: len(made)])

    def teardown(self) -> None:
        for stream in self.open:
            assert self.functions.wk_stream_close(stream.handle) == OK

    def _push(
        self,
        stream: _Stream,
        columns: int,
        sources: int,
        *,
        last: bool = False,
        threads: int = 1,
        room: int | None = None,
    ) -> tuple[int, np.ndarray[Any, Any]]:
        """Push the next of the sentence; return the code and the samples."""
        made = ctypes.c_int64()
        code: int = self.functions.wk_stream_push(
            stream.handle,
            self.sentence.hidden[stream.columns :].copy(),
            columns,
            self.sentence.source[stream.sources :].copy(),
            sources,
            last,
            threads,
            0.0,
            self.room,
            len(self.room) if room is None else room,
            ctypes.byref(made),
        )
        return code, self.room[: made.value].copy()


@pytest.mark.slow
def test_calls_in_any_order_are_answered_as_the_header_says(
    generator: NativeGenerator, sentence: Callable[[int], Sentence]
) -> None:
    given = sentence(COLUMNS // 2)
    channels = generator.channels
    random = np.random.default_rng(5)

    class Calls(_Calls):
        """With what it needs."""

    Calls.generator, Calls.sentence = generator, given
    means, deviations = random.normal(0, 0.1, channels), random.uniform(0.5, 1, channels)
    Calls.statistics = np.stack([means, deviations]).astype(np.float32)
    Calls.whole = _whole(Calls)
    run_state_machine_as_test(
        Calls, settings=settings(max_examples=60, stateful_step_count=20, deadline=None)
    )


def _whole(calls: type[_Calls]) -> np.ndarray[Any, Any]:
    """Return the samples that a stream gives to whoever pushes all at once."""
    machine = calls()
    stream: Any = machine.begin(own=False, nan=False, scale=1.0)
    machine.push(stream, COLUMNS, 1, last=True, threads=1)
    machine.teardown()
    samples: np.ndarray[Any, Any] = stream.samples[0]
    return samples
