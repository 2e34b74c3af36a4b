"""What the native library makes of a whole sentence at once: weights come in, and what calls it, by
any number of threads, until it is closed.
"""

import ctypes
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.engines.kokoro.weights import Weights
from wyoming_kokoro.engines.native.library import NativeLibrary, check, forced_instructions
from wyoming_kokoro.engines.native.weights import WeightReader, style_scaling
from wyoming_kokoro.errors import SynthesisFailed

Block = tuple[Weights, int, int]
"""A residual block, with its inputs and outputs."""


class WholePart:
    """A part of the network: `name` is the library's for it, `values` are its weights in the order
    of its source, and `styling` makes its scales and shifts of a style.

    Raises:
        BadModelFile: a weight is missing, has another shape, or is not finite.
        SynthesisFailed: the library refuses.
    """

    def __init__(
        self,
        library: NativeLibrary,
        name: str,
        shape: ctypes.Structure,
        values: Iterator[Floats],
        styling: tuple[Floats, Floats],
        precision: int,
        instructions: str | None,
    ) -> None:
        self._name = name
        self._functions = library.functions
        self._matrix, self._offset = styling
        self._running = 0
        self._changed = threading.Condition()
        self._handle: ctypes.c_void_p | None = None
        reader, handle = WeightReader(values), ctypes.c_void_p()
        forced = instructions or forced_instructions(library)
        code = self._call("open")(
            ctypes.byref(shape),
            reader.function,
            None,
            precision,
            forced.encode() if forced else None,
            ctypes.byref(handle),
        )
        self._handle = None if code else handle
        reader.check(code)

    def close(self) -> None:
        """Give back the memory, once no call is running."""
        with self._changed:
            self._changed.wait_for(lambda: not self._running)
            if self._handle is not None:
                check(self._call("close")(self._handle))
                self._handle = None

    def _make(self, rows: Floats, style: Floats, made: Floats, threads: int, due: float) -> None:
        """Fill `made` with what becomes of a sentence in half a style, (128,)."""
        styling = self._styling(style)
        with self._in_use() as handle:
            check(self._call("run")(handle, rows, len(rows), styling, threads, due, made))

    def _styling(self, style: Floats) -> Floats:
        """Return scales and shifts, (2, channels of all places)."""
        return np.ascontiguousarray(self._matrix @ style + self._offset, np.float32)

    def _call(self, what: str) -> "ctypes._NamedFuncPointer":
        function: ctypes._NamedFuncPointer = getattr(self._functions, f"wk_{self._name}_{what}")
        return function

    @contextmanager
    def _in_use(self) -> Iterator[ctypes.c_void_p]:
        """Keep it from being closed for a while."""
        with self._changed:
            if self._handle is None:
                raise SynthesisFailed(f"the native {self._name} has been closed")
            handle, self._running = self._handle, self._running + 1
        try:
            yield handle
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def __del__(self) -> None:
        if getattr(self, "_handle", None) is not None:
            self.close()


def block_styling(blocks: Sequence[Block], style_size: int) -> tuple[Floats, Floats]:
    """Return what makes scales and shifts of a style: a matrix (2, channels of all places,
    style_size) and an offset (2, channels of all places)."""
    parts = [
        style_scaling(part.within(norm), style_size, channels, np.ones(channels, np.float32))
        for part, inputs, outputs in blocks
        for norm, channels in (("norm1", inputs), ("norm2", outputs))
    ]
    matrices, offsets = zip(*parts, strict=True)
    return np.concatenate(matrices, axis=1), np.concatenate(offsets, axis=1)


def block_weights(part: Weights, inputs: int, outputs: int, *, doubles: bool) -> Iterator[Floats]:
    """Yield the weights of a residual block in the order of `src/blocks.cpp`."""
    for name, read in (("conv1", inputs), ("conv2", outputs)):
        conv = part.within(name)
        yield conv.take_normed(outputs, read, 3)
        yield conv.take("bias", outputs)
    if inputs != outputs:
        yield part.within("conv1x1").take_normed(outputs, inputs, 1)
        yield np.zeros(outputs, np.float32)
    if doubles:
        pool = part.within("pool")
        yield pool.take_normed(inputs, 1, 3)
        yield pool.take("bias", inputs)


def lstm_weights(part: Weights, inputs: int, hidden: int) -> Iterator[Floats]:
    """Yield the weights of a bidirectional LSTM in the order of `src/lstm.cpp`, where one bias
    stands for the two that torch adds up."""
    gates, directions = 4 * hidden, ("l0", "l0_reverse")
    for direction in directions:
        yield part.take(f"weight_ih_{direction}", gates, inputs)
    for direction in directions:
        yield part.take(f"bias_ih_{direction}", gates) + part.take(f"bias_hh_{direction}", gates)
    for direction in directions:
        yield part.take(f"weight_hh_{direction}", gates, hidden)
        yield np.zeros(gates, np.float32)
