"""The native library: found and loaded through ctypes, its functions declared, its codes turned to
errors. Calls release the interpreter's lock, as all of ctypes do.
"""

import ctypes
import logging
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.engines.native.structures import (
    FrontStructure,
    LayerStructure,
    ProsodyStructure,
    ShapeStructure,
    TextCallStructure,
    TextStructure,
)
from wyoming_kokoro.engines.precision import Native
from wyoming_kokoro.errors import ConfigurationError, SynthesisFailed

log = logging.getLogger(__name__)

VERSION = 4
"""Of the interface that this module is written for."""

LIBRARY_VARIABLE = "WYOMING_KOKORO_NATIVE_LIBRARY"
"""Names a library to use in place of the one that was installed; for tests."""

REMEDY = (
    "install a C++ compiler (Debian: apt install g++), then install the package again; until then "
    "ONNX Runtime makes the sound, in more time"
)
"""Where there is no library."""

INSTRUCTIONS_VARIABLE = "WYOMING_KOKORO_NATIVE_INSTRUCTIONS"
"""Forces an instruction set: a name of `NativeLibrary.instructions`."""

FILE_NAME = "_native.so"

FLOAT, INT8, INT16 = 0, 1, 2
"""How a styled convolution is computed, in the library's words."""

SCALAR = "scalar"
"""The reference, which any processor can run, and none in time."""

_QUICKEST: dict[str, Native] = {
    "avx512-vnni": "int8",
    "avx-vnni": "int8",
    "i8mm": "int8",
    "dotprod": "int8",
    "avx512": "int16",
    "avx2": "int16",
}
"""Without sums of four products, 16 bits take as long as 8 and sound better."""

_FAILURES = {
    1: "a bad argument",
    2: "no memory is left",
    3: "what it was called with has ended or is in use",
    4: "this processor or network is not supported",
}


Read = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64)
"""`wk_read`."""


class NativeLibrary:
    """A loaded library.

    Raises:
        OSError: the file cannot be loaded.
        ValueError: it has another version of the interface.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.functions = ctypes.CDLL(str(path))
        _declare(self.functions)
        if (version := self.functions.wk_version()) != VERSION:
            raise ValueError(f"{path} has version {version} of the interface, not {VERSION}")

    @property
    def instructions(self) -> list[str]:
        """The instruction sets that can be used here, the best one first; `scalar` is the last."""
        return list(self._instructions())

    def _instructions(self) -> Iterator[str]:
        number = 0
        while name := self.functions.wk_instructions(number):
            yield name.decode()
            number += 1


def check(code: int) -> None:
    """Return if a function of the library succeeded.

    Raises:
        SynthesisFailed: it did not.
    """
    if code:
        raise SynthesisFailed(f"the native library failed: {_FAILURES.get(code, code)}")


@cache
def installed_library() -> NativeLibrary | None:
    """Return the library that was installed with this package; None, with one line in the log,
    where there is none that can be used."""
    path = Path(os.environ.get(LIBRARY_VARIABLE) or Path(__file__).with_name(FILE_NAME))
    if not path.exists():
        log.info("the native generator was not built with this package: %s", REMEDY)
        return None
    try:
        return NativeLibrary(path)
    except (OSError, ValueError, AttributeError) as error:
        log.warning(
            "the native generator cannot be used, ONNX Runtime is: %s; install the package again",
            error,
        )
        return None


def usable_library() -> NativeLibrary | None:
    """Return the installed library where it is of use; None, and a line in the log once, where it
    knows no instructions of this processor."""
    library = installed_library()
    return library if library and _is_quick(library) else None


@cache
def _is_quick(library: NativeLibrary) -> bool:
    if instructions_of(library) != SCALAR or forced_instructions(library):
        return True
    log.info(
        "the native generator knows no instructions of this processor that would make it quick "
        "(AVX2 or newer, NEON), ONNX Runtime is used"
    )
    return False


def quickest_precision(library: NativeLibrary) -> Native:
    """Return what the styled convolutions are computed in soonest on this processor."""
    return _QUICKEST.get(instructions_of(library), "fp32")


def has_quick_pairs(library: NativeLibrary) -> bool:
    """Tell whether products of 16 bits are faster than floats: an x86 instruction adds up two."""
    return instructions_of(library).startswith("avx")


def instructions_of(library: NativeLibrary) -> str:
    """Return the instruction set that is used here."""
    return forced_instructions(library) or library.instructions[0]


def forced_instructions(library: NativeLibrary) -> str | None:
    """Return the instruction set that the environment forces, if it does.

    Raises:
        ConfigurationError: it cannot be used here.
    """
    if not (name := os.environ.get(INSTRUCTIONS_VARIABLE)):
        return None
    if name not in library.instructions:
        usable = ", ".join(library.instructions)
        raise ConfigurationError(
            f"{INSTRUCTIONS_VARIABLE} is {name!r}; this processor can use {usable}"
        )
    return name


class _Array:
    """The type of an argument that is a C-contiguous array, or None."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self._dtype = dtype

    def from_param(self, values: npt.NDArray[Any] | None) -> ctypes.c_void_p | None:
        """Return what ctypes passes on; the caller keeps the array alive for the call."""
        if values is None:
            return None
        if values.dtype != self._dtype or not values.flags.c_contiguous:
            raise TypeError(f"not a contiguous array of {self._dtype}")
        return values.ctypes.data_as(ctypes.c_void_p)


_TYPES: dict[str, Any] = {
    "code": ctypes.c_int32,
    "count": ctypes.c_int64,
    "counts": ctypes.POINTER(ctypes.c_int64),
    "double": ctypes.c_double,
    "text": ctypes.c_char_p,
    "pointer": ctypes.c_void_p,
    "made": ctypes.POINTER(ctypes.c_void_p),
    "floats": _Array(np.dtype(np.float32)),
    "doubles": _Array(np.dtype(np.float64)),
    "numbers": _Array(np.dtype(np.int32)),
    "read": Read,
    "shape": ctypes.POINTER(ShapeStructure),
    "front_shape": ctypes.POINTER(FrontStructure),
    "prosody_shape": ctypes.POINTER(ProsodyStructure),
    "text_shape": ctypes.POINTER(TextStructure),
    "call": ctypes.POINTER(TextCallStructure),
    "layer": ctypes.POINTER(LayerStructure),
}

_SIGNATURES = {
    "wk_version": "code",
    "wk_instructions": "text code",
    "wk_peak": "double text code",
    "wk_layer_run": "code layer floats count floats floats doubles",
    "wk_text_open": "code text_shape read pointer code text made",
    "wk_text_run": "code pointer call",
    "wk_text_close": "code pointer",
    "wk_prosody_open": "code prosody_shape read pointer code text made",
    "wk_prosody_run": "code pointer floats count floats code double floats",
    "wk_prosody_close": "code pointer",
    "wk_front_open": "code front_shape read pointer code text made",
    "wk_front_run": "code pointer floats count floats code double floats",
    "wk_front_close": "code pointer",
    "wk_generator_open": "code shape read pointer floats numbers text made",
    "wk_generator_instructions": "text pointer",
    "wk_generator_places": "count pointer",
    "wk_generator_channels": "count pointer",
    "wk_generator_close": "code pointer",
    "wk_stream_open": "code pointer floats floats made",
    "wk_stream_push": "code pointer floats count floats count code code double floats count counts",
    "wk_stream_statistics": "code pointer floats",
    "wk_stream_ranges": "code pointer floats",
    "wk_stream_close": "code pointer",
}
"""The functions of `interface.h`: what each returns, then its arguments, by name in `_TYPES`."""


def _declare(functions: ctypes.CDLL) -> None:
    for name, signature in _SIGNATURES.items():
        function = getattr(functions, name)
        function.restype, *function.argtypes = (_TYPES[word] for word in signature.split())
