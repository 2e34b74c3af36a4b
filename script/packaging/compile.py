"""Compiles the native library: sources in, one shared library out.

`python -m script.packaging.compile FILE` writes it to FILE with the compiler that is found. A file
a processor may lack instructions for is compiled with flags of its own; which one runs is decided
where the library is loaded. There is no C++ runtime in it, so any C++17 compiler for the machine
does: `$CXX`, g++, clang++, or the package `ziglang`.
"""

import argparse
import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SOURCES = Path(__file__).parents[2] / "wyoming_kokoro" / "engines" / "native" / "src"

FLAGS = (
    "-std=c++17",
    "-O2",
    "-g0",
    "-fPIC",
    "-fvisibility=hidden",
    "-fno-exceptions",
    "-fno-rtti",
    "-fno-threadsafe-statics",
    "-fno-math-errno",
    "-ffp-contract=off",  # a multiplication and an addition stay two where two are written
    "-Wall",
    "-Wextra",
    "-Werror",
)

LINKS = ("-shared", "-nodefaultlibs", "-Wl,-z,defs")

LIBRARIES = ("-lm", "-lpthread", "-lc")

_AVX2 = ("-mavx2", "-mfma")
_AVX512 = (*_AVX2, "-mavx512f", "-mavx512bw", "-mavx512dq", "-mavx512vl")

OPTIONAL: dict[str, dict[str, tuple[tuple[str, ...], ...]]] = {
    "x86_64": {
        "avx2": (_AVX2,),
        "avx_vnni": ((*_AVX2, "-mavxvnni"),),
        "avx512": (_AVX512,),
        "avx512_vnni": ((*_AVX512, "-mavx512vnni"),),
    },
    "aarch64": {
        "neon": ((),),
        "dotprod": (("-march=armv8.2-a+dotprod",), ("-mcpu=generic+dotprod",)),  # the latter: zig
        "i8mm": (("-march=armv8.2-a+i8mm",), ("-mcpu=generic+i8mm",)),
    },
}
"""By machine: what a file is compiled with, the first that the compiler takes. A file that it is
too old for is left out."""

_PROGRAM = "main"


class CompilationFailed(Exception):
    """What the compiler said."""


def found_compiler() -> list[str] | None:
    """Return the command of a C++ compiler on this machine, None where there is none."""
    if named := os.environ.get("CXX"):
        return shlex.split(named)
    for name in ("g++", "clang++", "c++"):
        if path := shutil.which(name):
            return [path]
    if importlib.util.find_spec("ziglang"):
        # For any processor of this kind, and any C library since 2012; a C++ runtime is not built.
        target = f"{os.uname().machine}-linux-gnu.2.17"
        return [sys.executable, "-m", "ziglang", "c++", "-target", target, "-nostdlib++"]
    return None


def compile_library(
    library: Path,
    compiler: Sequence[str],
    machine: str | None = None,
    more: Sequence[str] = (),
    program: Path | None = None,
    complete: bool = False,
) -> None:
    """Write `library`, for `machine` (`x86_64`, `aarch64`; this one's by default), with flags
    `more` than usual. It appears whole or not at all. With the source of a `program`, that is
    written instead, with all of the library in it. What is to be `complete` leaves nothing out.

    Raises:
        CompilationFailed: the compiler refuses the sources.
    """
    machine = machine or os.uname().machine
    optional = OPTIONAL.get(machine, {})
    others = {name for files in OPTIONAL.values() for name in files}
    required = sorted(path.stem for path in SOURCES.glob("*.cpp") if path.stem not in others)
    if program:
        required.append(_PROGRAM)
    with tempfile.TemporaryDirectory(dir=library.parent) as folder:

        def compiled(name: str) -> Path | None:
            made = Path(folder, f"{name}.o")
            source = str(program if program and name == _PROGRAM else SOURCES / f"{name}.cpp")
            for flags in optional.get(name, ((),)):
                all_flags = (*FLAGS, f"-I{SOURCES}", *flags, *more)
                trouble = _trouble([*compiler, *all_flags, "-c", source, "-o", str(made)])
                if not trouble:
                    return made
            if complete or name in required:
                raise CompilationFailed(trouble)
            return None

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            objects = [str(made) for made in pool.map(compiled, [*required, *optional]) if made]
        draft = Path(folder, "draft")
        links = () if program else LINKS
        command = [*compiler, *links, *more, *objects, "-o", str(draft), *LIBRARIES]
        if trouble := _trouble(command):
            raise CompilationFailed(trouble)
        draft.replace(library)


def kept_library(folder: Path, compiler: Sequence[str]) -> Path:
    """Return the library compiled from the sources as they are, compiling it where `folder` does
    not have it yet. Two processes that want it at once are told apart by their drafts.

    Raises:
        CompilationFailed: the compiler refuses the sources.
    """
    sources = [*sorted(SOURCES.iterdir()), Path(__file__)]
    contents = [" ".join(compiler).encode(), *(path.read_bytes() for path in sources)]
    path = folder / f"{hashlib.sha256(bytes(1).join(contents)).hexdigest()[:16]}.so"
    folder.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        compile_library(path, compiler)
    return path


def _trouble(command: Sequence[str]) -> str:
    """Run a command; return what it said where it failed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stderr.strip() or f"exit code {done.returncode}" if done.returncode else ""


def main() -> None:
    """Compile for this machine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    file = parser.parse_args().file
    if not (compiler := found_compiler()):
        sys.exit("no C++ compiler: install g++ or clang++, or the package ziglang")
    try:
        compile_library(file, compiler)
    except CompilationFailed as failure:
        sys.exit(str(failure))


if __name__ == "__main__":
    main()
