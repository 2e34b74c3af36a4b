"""The program itself as a process: started, listened to, spoken to, stopped."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

PATIENCE = 180.0
"""Seconds after which something that should happen is taken as not happening."""

WITHOUT_STARTER = {"WYOMING_KOKORO_WEIGHTS": "released"}
"""Environment of programs under test that do not say otherwise: whether the starter is installed
here would decide what they do."""


class Program:
    """A running `wyoming-kokoro`, whose log is read as it is written."""

    def __init__(self, command: Sequence[str], environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        self._lines: list[str] = []
        self._grown = threading.Condition()
        self._ended = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def log(self) -> str:
        """Everything written to standard error so far."""
        return "".join(self._lines)

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            with self._grown:
                self._lines.append(line)
                self._grown.notify_all()
        with self._grown:
            self._ended = True
            self._grown.notify_all()

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Wait until a line of the log has `pattern`."""
        found: re.Match[str] | None = None

        def seen() -> bool:
            nonlocal found
            found = next(filter(None, (re.search(pattern, line) for line in self._lines)), None)
            return found is not None or self._ended

        with self._grown:
            assert self._grown.wait_for(seen, PATIENCE), f"no {pattern!r} in:\n{self.log}"
        assert found, f"ended without {pattern!r}:\n{self.log}"
        return found

    @property
    def uri(self) -> str:
        """Where it listens."""
        return self.wait_for(r"listening at (\S+)")[1].rstrip(",")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal; return the exit code."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        """Wait for the end; return the exit code."""
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code


@contextlib.contextmanager
def running(
    data_dir: Path, *arguments: str, program: str | None = None, **environment: str
) -> Iterator[Program]:
    """Start `wyoming-kokoro` on a free port of loopback, unannounced; kill it in the end.

    `program` is Python source to run instead, with the same arguments.
    """
    start = ["-c", program] if program else ["-m", "wyoming_kokoro"]
    options = ["--uri", "tcp://127.0.0.1:0", "--no-zeroconf", "--data-dir", str(data_dir)]
    if "--uri" in arguments:
        options = options[2:]
    variables = {**os.environ, **WITHOUT_STARTER, "PYTHONUNBUFFERED": "1", "HF_HUB_OFFLINE": "0"}
    variables["WYOMING_KOKORO_PHRASE_CACHE"] = "0"  # what is measured or compared is to be made
    variables.update(environment)
    child = Program([sys.executable, *start, "serve", *options, *arguments], variables)
    try:
        yield child
    finally:
        child.process.kill()
        child.ended()
        for stream in (child.process.stdin, child.process.stdout, child.process.stderr):
            if stream:
                stream.close()


def is_mapped(path: Path) -> bool:
    """Tell whether this process has the file at `path` mapped."""
    return str(path.resolve()) in Path("/proc/self/maps").read_text(encoding="utf-8")


def end_by_signals() -> None:
    """Let signals that end this program end it as errors do: what it has started ends with it."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))


def run_command(
    *arguments: str, stdin: str = "", patience: float = PATIENCE, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run one command of `wyoming-kokoro` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "wyoming_kokoro", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        env={**os.environ, **WITHOUT_STARTER, **environment},
        timeout=patience,
        check=False,
    )
