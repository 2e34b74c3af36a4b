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
    """Let other processes go first; for the child to call."""
    os.nice(_LOWEST_PRIORITY)


def run_child(
    module: str,
    arguments: Sequence[str],
    waiting: Callable[[], None],
    told: Callable[[str], None],
) -> str:
    """Run `module` with `arguments` to its end; return what went wrong, nothing if nothing did.

    Each line that it says goes to `told`. `waiting` is called about twice a second, and may raise
    to end it.
    """
    command = [sys.executable, "-m", module, *arguments]
    with (
        # In memory: a container's root may be read-only, with no folder for temporary files.
        os.fdopen(os.memfd_create("errors"), "w+b") as errors,
        subprocess.Popen(  # noqa: S603  (this program itself, and files it was given)
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, bufsize=0
        ) as child,
    ):
        try:
            _follow(child, waiting, told)
        finally:
            child.kill()
        if not child.wait():
            return ""
        errors.seek(0)
        last = errors.read().decode(errors="replace").strip().rpartition("\n")[2]
        return last or f"it ended with {child.returncode}"


def _follow(
    child: subprocess.Popen[bytes], waiting: Callable[[], None], told: Callable[[str], None]
) -> None:
    """Pass on what the child says until it ends."""
    output = cast("IO[bytes]", child.stdout)
    while True:
        waiting()
        if not select.select([output], [], [], _PATIENCE_SECONDS)[0]:
            continue
        line = output.readline()
        if not line:
            child.wait()
            return
        told(line.decode(errors="replace").rstrip())
