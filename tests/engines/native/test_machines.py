"""The same bits on other processors, which are emulated, from other compilers, and under the
sanitizers. `check.cpp` says what is made; here its lines are compared."""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from script.packaging.compile import compile_library, found_compiler

PROGRAM = Path(__file__).with_name("check.cpp")

SANITIZERS = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-O1", "-static-libasan")


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
def program(compiler: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("native") / "check"
    compile_library(path, compiler, program=PROGRAM)
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
@pytest.mark.parametrize(
    ("processor", "instructions"), [("cortex-a53", ["neon"]), ("cortex-a76", ["dotprod", "neon"])]
)
def test_an_emulated_arm_gives_the_same_bits(
    reference: dict[str, str], tmp_path: Path, processor: str, instructions: list[str]
) -> None:
    emulator, compiler = shutil.which("qemu-aarch64"), shutil.which("aarch64-linux-gnu-g++")
    if not emulator or not compiler:
        pytest.skip("there is no qemu-aarch64 or no compiler for it")
    path = tmp_path / "check"
    compile_library(path, [compiler], "aarch64", ["-static"], program=PROGRAM)
    found = results([emulator, "-cpu", processor, str(path), "neon", "dotprod"])
    assert found == dict.fromkeys(instructions, reference)


@pytest.mark.slow
def test_the_sanitizers_find_nothing(
    compiler: list[str], reference: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "check"
    compile_library(path, compiler, more=SANITIZERS, program=PROGRAM)
    best, *_ = results([str(path)])
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
