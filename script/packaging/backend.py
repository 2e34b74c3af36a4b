"""The build backend: setuptools', with the native library compiled into what it builds.

Where no compiler is found, the package `ziglang` is asked for, which is one; where that cannot be
had either, the package is built without the library, and says so in one line. The server then uses
ONNX Runtime alone.
"""

import importlib.util
import logging
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from setuptools import build_meta
from setuptools.build_meta import (
    build_sdist,
    get_requires_for_build_sdist,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

_COMPILE = Path(__file__).with_name("compile.py")
_ROOT = _COMPILE.parents[2]
_LIBRARY = _ROOT / "wyoming_kokoro" / "engines" / "native" / "_native.so"
_KEPT = _ROOT / "build" / "native"

COMPILER = "ziglang==0.17.1"
"""A compiler as a package, 100 MB."""

VARIABLE = "WYOMING_KOKORO_NATIVE"
"""`0` leaves the library out; `1` fails where it, or a part of it, cannot be built."""

MACHINE_VARIABLE = "WYOMING_KOKORO_MACHINE"
"""What kind of machine the library is for, where `CXX` compiles for another one than this."""

log = logging.getLogger("wyoming-kokoro")

Settings = dict[str, Any] | None


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    """Return what building takes besides setuptools: a compiler, where the machine has none."""
    return [*build_meta.get_requires_for_build_wheel(config_settings), *_missing()]


def get_requires_for_build_editable(config_settings: Settings = None) -> list[str]:
    """Return the same."""
    return [*build_meta.get_requires_for_build_editable(config_settings), *_missing()]


def build_wheel(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    """Build a wheel: for this kind of machine with the library, for any without."""
    settings = _for_this_machine(config_settings) if _compiled() else config_settings
    return str(build_meta.build_wheel(wheel_directory, settings, metadata_directory))


def build_editable(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    """Build what leads to this folder, and the library in it. Its tests take the same one, so what
    was compiled is kept for them."""
    _compiled(kept=True)
    return str(build_meta.build_editable(wheel_directory, config_settings, metadata_directory))


def _missing() -> list[str]:
    wanted = os.environ.get(VARIABLE) != "0" and not _compile_module().found_compiler()
    return [COMPILER] if wanted and _can_be_had(COMPILER) else []


def _can_be_had(package: str) -> bool:
    """Return whether pip finds a package: one that is asked for and is not there would stop the
    installation. Other installers are believed to find it."""
    pip = [sys.executable, "-m", "pip", "--retries", "1", "--timeout", "15"]
    asked = [*pip, "install", "--dry-run", "--no-deps", "--ignore-installed", package]
    # What pip has set for this process would hide pip.
    environment = {name: v for name, v in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(asked, env=environment, capture_output=True, text=True, check=False)
    return done.returncode == 0 or "No module named pip" in done.stderr


def _for_this_machine(settings: Settings) -> dict[str, Any]:
    options = [f"--plat-name={sysconfig.get_platform()}"]
    given = (settings or {}).get("--build-option", [])
    options += given.split() if isinstance(given, str) else given
    return {**(settings or {}), "--build-option": options}


def _compiled(kept: bool = False) -> bool:
    """Compile the library to where the package has it; return whether it is there. `kept` keeps one
    for this machine in `build/`, or takes it from there."""
    _LIBRARY.unlink(missing_ok=True)
    if (wanted := os.environ.get(VARIABLE)) == "0":
        return False
    module = _compile_module()
    trouble = "no C++ compiler was found"
    if compiler := module.found_compiler():
        try:
            machine = os.environ.get(MACHINE_VARIABLE)
            if kept and not machine and wanted != "1":
                shutil.copy(module.kept_library(_KEPT, compiler), _LIBRARY)
            else:
                module.compile_library(_LIBRARY, compiler, machine, complete=wanted == "1")
        except module.CompilationFailed as failure:
            trouble = f"{compiler[0]} failed: {failure}"
        else:
            return True
    if wanted == "1":
        raise SystemExit(f"the native library cannot be built: {trouble}")
    log.warning(
        "built without the native library, so speech takes longer: %s; install g++ (Debian: "
        "`apt install g++`) and install the package again",
        trouble,
    )
    return False


def _compile_module() -> Any:
    """Return the module beside this one, which is no package's while a backend runs."""
    spec = importlib.util.spec_from_file_location("wyoming_kokoro_compile", _COMPILE)
    if not spec or not spec.loader:
        raise ImportError(_COMPILE)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]
