"""The same bits on other processors, which are emulated, from other compilers, and under the
sanitizers. `check.cpp` says what is made; here its lines are compared."""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from script.packaging.compile import OPTIONAL, SOURCES, compile_library, found_compiler
from wyoming_kokoro.engines.native.library import NativeLibrary

PROGRAM = Path(__file__).with_name("check.cpp")

ASSEMBLY = Path(__file__).with_name("assembly.cpp")

ROLLED = "-DNATIVE_UNROLL="
"""Compiles in a third of the time."""

SANITIZERS = (
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
    "-O1",
    "-static-libasan",
    ROLLED,
)

SIMDE = Path("/usr/include/simde")

EMULATION = (
    "-DNATIVE_EMULATED",
    f"-I{PROGRAM.with_name('emulated')}",
    "-O1",
    "-Wno-psabi",
    ROLLED,
)
"""Instructions that are not there come from SIMDe: its header stands before the compiler's."""


def results(command: Sequence[str]) -> dict[str, dict[str, str]]:
    """Run the program; return the hash of every case by instruction set."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, str]] = {}
    for line in done.stdout.splitlines():
        instructions, case, result = line.split()
        earlier = found.setdefault(instructions, {}).setdefault(case, result)
        assert earlier == result, f"{case} depends on blocks or threads"
    return found


@pytest.fixture(scope="module")
def program(
    library: NativeLibrary, compiler: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The program with the library that all tests have."""
    path = tmp_path_factory.mktemp("native") / "check"
    parts = "-std=c++17", f"-I{SOURCES}", str(PROGRAM), str(library.path)
    subprocess.run([*compiler, *parts, "-o", str(path)], check=True)
    return path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "vectors", "width", "suffix"),
    [("avx512_vnni", "Avx512Vnni", 512, ""), ("avx_vnni", "AvxVnni", 256, "_avx")],
)
def test_the_assembly_of_vnni_is_what_its_intrinsics_are(
    compiler: list[str], file: str, vectors: str, width: int, suffix: str
) -> None:
    if os.uname().machine != "x86_64":
        pytest.skip("this machine is no x86_64")
    intrinsics = {"QUADS": "dpbusd", "PAIRS": "dpwssd"}
    names = [f"-D{name}=_mm{width}_{one}{suffix}_epi32" for name, one in intrinsics.items()]
    given = [f'-DKERNELS="{file}.cpp"', f"-DV={vectors}", *names, f"-I{SOURCES}", ROLLED]
    [flags] = OPTIONAL["x86_64"][file]
    command = [*compiler, "-std=c++17", "-O1", *flags, *given, "-S", "-o", "-", str(ASSEMBLY)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    for kind, instruction in (("quads", "vpdpbusd"), ("pairs", "vpdpwssd")):
        own = _body(done.stdout, f"assembly_{kind}")
        assert any(instruction in line for line in own)
        assert own == _body(done.stdout, f"intrinsic_{kind}")


def _body(assembly: str, function: str) -> list[str]:
    """Return the instructions of a function, without what is written for the assembler's use."""
    body = assembly.partition(f"\n{function}:")[2].partition(f".size\t{function}")[0]
    lines = (" ".join(line.split()) for line in body.splitlines())
    return [line for line in lines if line and line[0] not in ".#"]


@pytest.fixture(scope="module")
def arm_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = shutil.which("aarch64-linux-gnu-g++")
    if not compiler or not shutil.which("qemu-aarch64"):
        pytest.skip("there is no qemu-aarch64 or no compiler for it")
    path = tmp_path_factory.mktemp("native") / "check"
    compile_library(path, [compiler], "aarch64", ["-static"], program=PROGRAM)
    return path


@pytest.fixture(scope="module")
def reference(program: Path) -> dict[str, str]:
    """What the scalar reference gives here."""
    return results([str(program), "scalar"])["scalar"]


@pytest.mark.slow
def test_what_runs_here_gives_the_bits_of_the_reference(
    program: Path, reference: dict[str, str]
) -> None:
    for instructions, found in results([str(program)]).items():
        assert found == reference, instructions


@pytest.mark.slow
def test_an_emulated_haswell_gives_the_same_bits(program: Path, reference: dict[str, str]) -> None:
    if os.uname().machine != "x86_64" or not (emulator := shutil.which("qemu-x86_64")):
        pytest.skip("there is no qemu-x86_64")
    found = results([emulator, "-cpu", "Haswell", str(program), "avx2"])
    assert found == {"avx2": reference}


@pytest.mark.slow
def test_avx512_and_vnni_give_the_same_bits_where_they_are_emulated(
    library: NativeLibrary,
    compiler: list[str],
    reference: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if "avx2" not in library.instructions or not SIMDE.exists():
        pytest.skip("SIMDe (libsimde-dev) is not installed, or this processor has no AVX2")
    wanted = "avx512-vnni", "avx-vnni", "avx512"
    files = OPTIONAL["x86_64"]
    emulated = {name: () if name == "avx2" else files["avx2"] for name in files}
    monkeypatch.setitem(OPTIONAL, "x86_64", emulated)
    path = tmp_path / "check"
    compile_library(path, compiler, more=EMULATION, program=PROGRAM)
    assert results([str(path), *wanted]) == dict.fromkeys(wanted, reference)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("processor", "instructions"),
    [("cortex-a53", ["neon"]), ("cortex-a76", ["dotprod"]), ("max", ["i8mm"])],
)
def test_an_emulated_arm_gives_the_same_bits(
    reference: dict[str, str], arm_program: Path, processor: str, instructions: list[str]
) -> None:
    found = results(["qemu-aarch64", "-cpu", processor, str(arm_program), *instructions])
    assert found == dict.fromkeys(instructions, reference)


@pytest.mark.slow
def test_the_sanitizers_find_nothing(
    library: NativeLibrary,
    compiler: list[str],
    reference: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    best, machine, path = library.instructions[0], os.uname().machine, tmp_path / "check"
    # No other instructions are run.
    files = {
        name: flags if name == best.replace("-", "_") else ()
        for name, flags in OPTIONAL.get(machine, {}).items()
    }
    monkeypatch.setitem(OPTIONAL, machine, files)
    compile_library(path, compiler, more=SANITIZERS, program=PROGRAM)
    assert results([str(path), best]) == {best: reference}


@pytest.mark.slow
def test_ziglang_compiles_the_same_library(
    reference: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not importlib.util.find_spec("ziglang"):
        pytest.skip("ziglang is not installed")
    path = tmp_path / "check"
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    compile_library(path, found_compiler() or [], program=PROGRAM)
    for instructions, found in results([str(path)]).items():
        assert found == reference, instructions
