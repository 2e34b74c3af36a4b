"""The native generator: hidden columns, the source's spectrum and a style come in, samples go out,
a sentence at a time or in blocks.
"""

import ctypes
import threading
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any

import numpy as np

from wyoming_kokoro.engines.kokoro.places import norm_places
from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.engines.kokoro.weights import Weights
from wyoming_kokoro.engines.native.library import FLOAT, NativeLibrary, check, forced_instructions
from wyoming_kokoro.engines.native.structures import ShapeStructure
from wyoming_kokoro.engines.native.weights import (
    WeightReader,
    generator_shape,
    generator_weights,
    styling_weights,
)
from wyoming_kokoro.errors import SynthesisFailed
from wyoming_kokoro.speech import Pcm


class NativeGenerator:
    """A checkpoint's generator in the library.

    `weights` are those of the whole checkpoint. `ranges` is the largest magnitude of each channel
    of what the styled convolutions read, (9216,), and `precisions` says how these are computed, all
    or each: `FLOAT`, `INT16` or `INT8`. `instructions` forces an instruction set, as the
    environment does.

    Raises:
        BadModelFile: a weight is missing, has another shape, or is not finite.
        ModelUnavailable: the library is not written for this architecture.
        SynthesisFailed: the library refuses.
    """

    def __init__(
        self,
        library: NativeLibrary,
        architecture: Mapping[str, Any],
        weights: Weights,
        *,
        ranges: Floats | None = None,
        precisions: int | Sequence[int] = FLOAT,
        instructions: str | None = None,
    ) -> None:
        shape = generator_shape(architecture)
        self.places = norm_places(architecture)
        reader = WeightReader(generator_weights(weights, shape, self.places))
        matrix, offset = styling_weights(weights, self.places, architecture["style_dim"])
        self._matrix, self._offset = matrix, offset
        self._functions = library.functions
        name = instructions or forced_instructions(library)
        handle = ctypes.c_void_p()
        code = self._functions.wk_generator_open(
            ctypes.byref(ShapeStructure.from_buffer_copy(shape.numbers().tobytes())),
            reader.function,
            None,
            ranges,
            np.full(len(self.places), precisions, np.int32),
            name.encode() if name else None,
            ctypes.byref(handle),
        )
        self._handle: ctypes.c_void_p | None = None if code else handle
        reader.check(code)
        self._lock = threading.Lock()
        self._streams: set[_Sentence] = set()
        self.channels = self.places[-1].channels.stop
        self.inputs, self.source_channels = shape.channels, shape.source_channels
        self.column_samples = shape.hop * int(np.prod(shape.rates))
        self.column_sources = int(np.prod(shape.rates))

    @property
    def instructions(self) -> str:
        """The instruction set in use."""
        name: bytes = self._functions.wk_generator_instructions(self.handle)
        return name.decode()

    @property
    def handle(self) -> ctypes.c_void_p:
        """What the library knows it by.

        Raises:
            SynthesisFailed: it has been closed.
        """
        if self._handle is None:
            raise SynthesisFailed("the native generator has been closed")
        return self._handle

    @property
    def functions(self) -> ctypes.CDLL:
        """The library's functions."""
        return self._functions

    def stream(self, style: Floats, statistics: Floats | None = None) -> "GeneratorStream":
        """Begin a sentence in `style`, the timbre half of a style, (128,).

        `statistics` is what every AdaIN normalizes by, (2, 9216): means, then deviations, in the
        order of `places`. Without them they are measured, and the sentence has to be pushed whole.
        """
        styling = self._matrix @ style.astype(np.float32) + self._offset
        with self._lock:
            return GeneratorStream(
                self, np.ascontiguousarray(styling, np.float32), statistics, self._streams
            )

    def whole(
        self,
        hidden: Floats,
        source: Floats,
        style: Floats,
        statistics: Floats | None = None,
        *,
        threads: int = 1,
        due: float = 0.0,
    ) -> tuple[Pcm, Floats]:
        """Return the samples of a whole sentence and the statistics that it was normalized by.

        `hidden` is (columns, 512) and `source` (60 * columns + 1, 22): time comes first.
        """
        with self.stream(style, statistics) as stream:
            samples = stream.push(hidden, source, last=True, threads=threads, due=due)
            return samples, stream.statistics()

    def close(self) -> None:
        """Give back the memory, that of open streams too, once no call is running."""
        with self._lock:
            if self._handle is None:
                return
            for sentence in list(self._streams):
                sentence.close()
            check(self._functions.wk_generator_close(self._handle))
            self._handle = None

    def __del__(self) -> None:
        if getattr(self, "_handle", None) is not None:
            self.close()


class _Sentence:
    """What the library has of a sentence. A generator and its stream may be collected in any order,
    so it is of neither."""

    def __init__(self, functions: ctypes.CDLL, handle: ctypes.c_void_p) -> None:
        self.lock = threading.Lock()
        self._functions = functions
        self._handle: ctypes.c_void_p | None = handle

    @property
    def handle(self) -> ctypes.c_void_p:
        """What the library knows it by; `lock` is held as long as that is used."""
        if self._handle is None:
            raise SynthesisFailed("the stream of the native generator has been closed")
        return self._handle

    def close(self) -> None:
        """Give back the memory, once no call is running."""
        with self.lock:
            if self._handle is not None:
                check(self._functions.wk_stream_close(self._handle))
                self._handle = None


class GeneratorStream(AbstractContextManager["GeneratorStream"]):
    """A sentence as it is made, left to right. One call at a time. `opened` has those of the
    generator that are not closed."""

    def __init__(
        self,
        generator: NativeGenerator,
        styling: Floats,
        statistics: Floats | None,
        opened: set[_Sentence],
    ) -> None:
        shape = (2, generator.channels)
        if statistics is not None:
            statistics = np.ascontiguousarray(statistics, np.float32)
            _check("statistics", statistics, shape)
        self._generator = generator
        self._functions = generator.functions
        self._columns = self._samples = 0
        self._opened = opened
        handle = ctypes.c_void_p()
        code = self._functions.wk_stream_open(
            generator.handle, styling, statistics, ctypes.byref(handle)
        )
        check(code)
        self._sentence = _Sentence(self._functions, handle)
        opened.add(self._sentence)

    def push(
        self,
        hidden: Floats,
        source: Floats,
        *,
        last: bool = False,
        threads: int = 1,
        due: float = 0.0,
    ) -> Pcm:
        """Take the next columns, (columns, 512), and the next of the source's, which may run ahead,
        (columns, 22); return the samples that they allow, (samples,). With `last` that is all.

        Of calls at the same time, threads help the one with the smallest `due` first.

        Raises:
            SynthesisFailed: no memory is left, more or fewer columns came than belong together, or
                the sentence has ended.
        """
        hidden = np.ascontiguousarray(hidden, np.float32)
        source = np.ascontiguousarray(source, np.float32)
        _check("hidden columns", hidden, (len(hidden), self._generator.inputs))
        _check("source's columns", source, (len(source), self._generator.source_channels))
        with self._sentence.lock:
            return self._push(hidden, source, last, threads, due)

    def _push(self, hidden: Floats, source: Floats, last: bool, threads: int, due: float) -> Pcm:
        most = (self._columns + len(hidden)) * self._generator.column_samples - self._samples
        samples, made = np.empty(most, np.float32), ctypes.c_int64()
        code = self._functions.wk_stream_push(
            self._sentence.handle,
            hidden,
            len(hidden),
            source,
            len(source),
            last,
            threads,
            due,
            samples,
            most,
            ctypes.byref(made),
        )
        check(code)
        self._columns += len(hidden)
        self._samples += made.value
        return samples[: made.value]

    def statistics(self) -> Floats:
        """Return what every AdaIN normalizes by, (2, 9216).

        Raises:
            SynthesisFailed: they are the sentence's own, and it has not been made yet.
        """
        values = np.empty((2, self._generator.channels), np.float32)
        with self._sentence.lock:
            check(self._functions.wk_stream_statistics(self._sentence.handle, values))
        return values

    def ranges(self) -> Floats:
        """Return the largest magnitude of each channel of what the styled convolutions read,
        (9216,): what `ranges` of an integer generator come from.

        Raises:
            SynthesisFailed: the sentence has not ended, or was given its statistics.
        """
        values = np.empty(self._generator.channels, np.float32)
        with self._sentence.lock:
            check(self._functions.wk_stream_ranges(self._sentence.handle, values))
        return values

    def close(self) -> None:
        """Give back the memory, once no call is running; what is not made by then never will be."""
        self._sentence.close()
        self._opened.discard(self._sentence)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "_sentence"):
            self.close()


def _check(what: str, values: Floats, shape: tuple[int, ...]) -> None:
    if values.shape != shape:
        raise SynthesisFailed(f"the {what} have shape {values.shape} instead of {shape}")
    if not np.isfinite(values).all():  # integers would make sound of them
        raise SynthesisFailed(f"the {what} are not finite; the model's files may be damaged")
