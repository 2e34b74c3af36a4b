"""What is compiled for which machine, by compilers that are scripts."""

from pathlib import Path

import pytest

from script.packaging.compile import CompilationFailed, compile_library


def compiler(folder: Path, refused: str) -> list[str]:
    """Return one that refuses what a pattern of the shell fits, and notes what it compiled."""
    script = folder / "compiler"
    script.write_text(f"""#!/bin/sh
case "$*" in {refused}) echo refused >&2; exit 1;; esac
while [ "$1" != -o ]; do shift; done
echo made > "$2"
basename "$2" >> {folder}/made
""")
    script.chmod(0o755)
    return [str(script)]


def made(folder: Path) -> set[str]:
    return set((folder / "made").read_text().split())


def test_a_compiler_that_spells_a_flag_otherwise_leaves_nothing_out(tmp_path: Path) -> None:
    library = tmp_path / "library.so"
    compile_library(library, compiler(tmp_path, "*-march=*"), "aarch64", complete=True)
    assert made(tmp_path) >= {"neon.o", "dotprod.o"}
    assert library.exists()


def test_what_a_compiler_is_too_old_for_is_left_out(tmp_path: Path) -> None:
    compile_library(tmp_path / "library.so", compiler(tmp_path, "*/avx_vnni.cpp*"), "x86_64")
    assert "avx_vnni.o" not in made(tmp_path)
    assert made(tmp_path) >= {"avx2.o", "avx512_vnni.o"}


def test_a_release_leaves_nothing_out(tmp_path: Path) -> None:
    library = tmp_path / "library.so"
    with pytest.raises(CompilationFailed, match="refused"):
        compile_library(library, compiler(tmp_path, "*/dotprod.cpp*"), "aarch64", complete=True)
    assert not library.exists()


def test_a_file_that_every_machine_needs_must_compile(tmp_path: Path) -> None:
    with pytest.raises(CompilationFailed, match="refused"):
        compile_library(tmp_path / "library.so", compiler(tmp_path, "*/scalar.cpp*"), "x86_64")
