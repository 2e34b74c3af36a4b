"""Work that is done in a process of its own, which takes what others leave of the processor and
gives its memory back by ending: a module and its arguments in, the lines that it says out.
"""

import os
import select
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import IO, cast

_LOWEST_PRIORITY = 19

_PATIENCE_SECONDS = 0.5


def step_back() -> None:
    """Let other processes go first; for the process itself to call."""
    os.nice(_LOWEST_PRIORITY)


def run_subprocess(
    module: str,
    arguments: Sequence[str],
    check_cancelled: Callable[[], None],
    on_line: Callable[[str], None],
) -> str:
    """Run `module` with `arguments` to its end; return what went wrong, nothing if nothing did.

    Each line that it says goes to `on_line`. `check_cancelled` is called about twice a second, and
    may raise to end it.
    """
    command = [sys.executable, "-m", module, *arguments]
    with (
        # In memory: a container's root may be read-only, with no folder for temporary files.
        os.fdopen(os.memfd_create("errors"), "w+b") as errors,
        subprocess.Popen(  # noqa: S603  (this program itself, and files it was given)
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, bufsize=0
        ) as process,
    ):
        try:
            _follow(process, check_cancelled, on_line)
        finally:
            process.kill()
        if not process.wait():
            return ""
        errors.seek(0)
        last = errors.read().decode(errors="replace").strip().rpartition("\n")[2]
        return last or f"it ended with {process.returncode}"


def _follow(
    process: subprocess.Popen[bytes],
    check_cancelled: Callable[[], None],
    on_line: Callable[[str], None],
) -> None:
    """Pass on what the process says until it ends."""
    output = cast("IO[bytes]", process.stdout)
    while True:
        check_cancelled()
        if not select.select([output], [], [], _PATIENCE_SECONDS)[0]:
            continue
        line = output.readline()
        if not line:
            process.wait()
            return
        on_line(line.decode(errors="replace").rstrip())
