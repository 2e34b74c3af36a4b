"""Memory that an engine has freed goes back to the system, where the C library would keep it."""

import ctypes
import gc


def release_memory() -> None:
    """Drop what only refers to itself, and have glibc return what is free in its heap; other C
    libraries do as they do.

    Weights and buffers of a model come in blocks small enough for the heap: without this, half
    of a closed engine stays in the process.
    """
    gc.collect()
    trim_memory()


def trim_memory() -> None:
    """Have glibc return what is free in its heap; see `release_memory`."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
