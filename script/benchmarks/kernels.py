"""The native library's kernels, each against the peak of its instruction on this machine."""

import ctypes

import numpy as np

from script.packaging.compile import found_compiler, kept_library
from tests.support.places import ROOT
from wyoming_kokoro.engines.native.library import FLOAT, INT8, INT16, NativeLibrary, check
from wyoming_kokoro.engines.native.structures import LayerStructure

PRECISIONS = {"float": FLOAT, "int8": INT8, "int16": INT16}

SHAPES = [
    (256, 200, 3),
    (256, 200, 7),
    (256, 200, 11),
    (128, 1200, 3),
    (128, 1200, 7),
    (128, 1200, 11),
]
"""Channels, columns and kernel of the generator's convolutions in a block of a quarter second."""

REPEATS = 20


def measure(rounds: int = 5) -> None:
    """Print, for each kernel, products a second on one thread and their share of the peak.

    Peak and kernel are measured in turn, in processor time; the medians of the shares are printed.
    What else runs on the machine takes from both.
    """
    compiler = found_compiler()
    if not compiler:
        print("no C++ compiler: install g++ or clang++, or the package ziglang")
        return
    library = NativeLibrary(kept_library(ROOT / "build" / "native", compiler))
    print(f"compiled with {compiler[0]}; GMAC/s, share of the peak, and ns a value of the prologue")
    for instructions in library.instructions[:-1]:
        for name, precision in PRECISIONS.items():
            if library.functions.wk_peak(instructions.encode(), precision):
                _measure_kernel(library, instructions, name, rounds)


def _measure_kernel(library: NativeLibrary, instructions: str, name: str, rounds: int) -> None:
    for shape in SHAPES:
        found = [_shares(library, instructions, PRECISIONS[name], shape) for _ in range(rounds)]
        rate, share, prologue = np.median(found, axis=0)
        channels, columns, taps = shape
        print(
            f"{instructions:12} {name:6} {channels} channels, {columns:5} columns, kernel {taps:2}:"
            f" {rate:6.1f} {share:5.0%} {prologue:6.2f}"
        )


def _shares(
    library: NativeLibrary, instructions: str, precision: int, shape: tuple[int, int, int]
) -> tuple[float, float, float]:
    channels, columns, taps = shape
    random = np.random.default_rng(0)
    weights = random.standard_normal((channels * taps + 1) * channels, np.float32)
    ranges = np.full(channels, 4, np.float32)
    styling = np.stack([np.ones(channels), np.zeros(channels)]).astype(np.float32)
    rows = random.standard_normal((columns, channels), np.float32)
    made, seconds = np.empty_like(rows), np.zeros(2)
    layer = LayerStructure(
        instructions.encode(),
        precision,
        channels,
        channels,
        taps,
        1,
        weights.ctypes.data,
        ranges.ctypes.data,
        styling.ctypes.data,
        1,
        REPEATS,
    )
    call = library.functions.wk_layer_run
    check(call(ctypes.byref(layer), rows, columns, None, made, seconds))
    peak = library.functions.wk_peak(instructions.encode(), precision) / 1e9
    rate = columns * channels * channels * taps / seconds[1] / 1e9
    return rate, rate / peak, seconds[0] / rows.size * 1e9
