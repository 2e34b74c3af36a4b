"""The library through its C interface: what it refuses, and what it says of itself."""

import ctypes
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wyoming_kokoro.engines.native import library as module
from wyoming_kokoro.engines.native.library import (
    INSTRUCTIONS_VARIABLE,
    LIBRARY_VARIABLE,
    NativeLibrary,
    Read,
    forced_instructions,
    installed_library,
    quickest_precision,
)
from wyoming_kokoro.engines.native.structures import ShapeStructure
from wyoming_kokoro.errors import ConfigurationError

BAD_ARGUMENT, UNSUPPORTED = 1, 4


@pytest.fixture
def forgotten() -> Iterator[None]:
    """Let `installed_library` look again, and forget what it found."""
    installed_library.cache_clear()
    yield
    installed_library.cache_clear()


def shape(**changes: Any) -> ShapeStructure:
    made = ShapeStructure(128, 22, 20, 5)
    made.rates[:], made.source_kernels[:] = (10, 6), (12, 1)
    made.source_block_kernels[:], made.source_dilations[:] = (7, 11), (1, 3, 5)
    made.kernels[:] = (3, 7, 11)
    for row in made.dilations:
        row[:] = (1, 3, 5)
    made.post_kernel = 7
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def opened(library: NativeLibrary, made: ShapeStructure | None, parts: int = 10) -> int:
    """Return the code for a network that gets so many parts of its weights."""
    handle = ctypes.c_void_p()
    structure = ctypes.byref(made) if made else None
    left = iter(range(parts))
    read = Read(lambda _source, _to, _count: next(left, None) is None)
    code: int = library.functions.wk_generator_open(
        structure, read, None, None, None, None, ctypes.byref(handle)
    )
    assert not handle.value
    return code


def test_the_scalar_reference_runs_everywhere(library: NativeLibrary) -> None:
    assert library.instructions[-1] == "scalar"


@pytest.mark.parametrize(
    "changes",
    [
        {"channels": 0},
        {"channels": 130},
        {"channels": -128},
        {"channels": 1 << 30},
        {"size": 16},
        {"hop": 0},
        {"source_channels": 0},
        {"post_kernel": 6},
        {"post_kernel": -7},
    ],
)
def test_a_shape_that_is_none_is_refused(library: NativeLibrary, changes: dict[str, int]) -> None:
    assert opened(library, shape(**changes)) == UNSUPPORTED


@pytest.mark.parametrize("parts", [0, 1, 2, 108])
def test_too_few_weights_are_refused(library: NativeLibrary, parts: int) -> None:
    assert opened(library, shape(), parts) == BAD_ARGUMENT


def test_nothing_in_place_of_something_is_refused(library: NativeLibrary) -> None:
    functions, nothing = library.functions, None
    made, values = ctypes.c_int64(), np.zeros(1, np.float32)
    assert opened(library, None) == BAD_ARGUMENT
    assert functions.wk_generator_close(nothing) == BAD_ARGUMENT
    assert functions.wk_stream_open(nothing, values, None, None) == BAD_ARGUMENT
    assert functions.wk_stream_close(nothing) == BAD_ARGUMENT
    arguments = (values, 0, values, 0, 0, 1, 0.0, values, 1)
    assert functions.wk_stream_push(nothing, *arguments, ctypes.byref(made)) == BAD_ARGUMENT
    assert functions.wk_stream_statistics(nothing, values) == BAD_ARGUMENT
    assert functions.wk_stream_ranges(nothing, values) == BAD_ARGUMENT
    assert functions.wk_generator_instructions(nothing) is None
    assert functions.wk_generator_channels(nothing) == 0
    assert functions.wk_instructions(-1) is None


class Processor:
    """A library as it tells of some processor."""

    def __init__(self, *instructions: str) -> None:
        self.instructions = instructions


@pytest.mark.parametrize(
    ("instructions", "numbers"),
    [
        ("avx512-vnni", "int8"),
        ("avx-vnni", "int8"),
        ("dotprod", "int8"),
        ("avx512", "int16"),
        ("avx2", "int16"),
        ("neon", "fp32"),
        ("scalar", "fp32"),
    ],
)
def test_only_what_sums_four_products_computes_in_eight_bits(
    instructions: str, numbers: str
) -> None:
    library: Any = Processor(instructions)
    assert quickest_precision(library) == numbers


def test_a_processor_of_which_no_instructions_are_known_is_left_to_onnx_runtime(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    known = Processor("neon", "scalar")
    monkeypatch.setattr(module, "installed_library", lambda: known)
    module._is_quick.cache_clear()
    assert module.usable_library()
    unknown = Processor("scalar")
    monkeypatch.setattr(module, "installed_library", lambda: unknown)
    with caplog.at_level(logging.INFO):
        assert module.usable_library() is module.usable_library() is None
    assert len(caplog.messages) == 1
    assert "no instructions of this processor" in caplog.text
    module._is_quick.cache_clear()


def test_an_instruction_set_can_be_forced(
    library: NativeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(INSTRUCTIONS_VARIABLE, raising=False)
    assert forced_instructions(library) is None
    monkeypatch.setenv(INSTRUCTIONS_VARIABLE, "scalar")
    assert forced_instructions(library) == "scalar"
    monkeypatch.setenv(INSTRUCTIONS_VARIABLE, "mmx")
    with pytest.raises(ConfigurationError, match=r"mmx.*scalar"):
        forced_instructions(library)


def test_where_none_was_built_one_line_says_what_helps(
    forgotten: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv(LIBRARY_VARIABLE, str(tmp_path / "none.so"))
    with caplog.at_level(logging.INFO):
        assert installed_library() is None
        assert installed_library() is None
    assert len(caplog.records) == 1
    assert "apt install g++" in caplog.text


def test_a_file_that_is_no_library_is_left_alone(
    forgotten: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (path := tmp_path / "bad.so").write_bytes(b"no library")
    monkeypatch.setenv(LIBRARY_VARIABLE, str(path))
    assert installed_library() is None
    assert "cannot be used" in caplog.text


def test_a_library_of_another_version_is_left_alone(
    forgotten: None, library: NativeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LIBRARY_VARIABLE, str(library.path))
    with monkeypatch.context() as later:
        later.setattr(module, "VERSION", 99)
        assert installed_library() is None
    installed_library.cache_clear()
    assert (found := installed_library()) is not None
    assert found.path == library.path


def test_a_process_that_forks_has_threads_of_its_own(library: NativeLibrary) -> None:
    """None of its parent's lives in a child: one that waited for them would wait for ever."""
    script = f"""
import os, sys
import numpy as np
from tests.engines.native.layers import Layer, run
from wyoming_kokoro.engines.native.library import NativeLibrary
from pathlib import Path
library = NativeLibrary(Path({str(library.path)!r}))
layer = Layer(32, 32, 3, 1)
first = run(library, layer, rows=500, threads=3)
if (child := os.fork()) == 0:
    same = np.array_equal(run(library, layer, rows=500, threads=3), first)
    os._exit(0 if same else 1)
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status))
"""
    done = subprocess.run([sys.executable, "-c", script], check=False, timeout=120)
    assert done.returncode == 0
