"""A text in, what is wrong with its reading out: an exception, a death, or too much time."""

import json
import selectors
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.support.places import ROOT

_PATIENCE_SECONDS = 60.0
"""After which a text is taken not to end."""

_DEAREST = 200.0
"""Times what prose of the same length takes, up to which a text may take."""

_FREE_SECONDS = 1.0
"""What any text may take, however short."""

_TOO_LONG = "took too long"
_CHILD = "from tests.fuzz import child; child.main()"
_PROSE = "The lamp in the hall is on, and 3 windows are open at 10:30. "


@dataclass(frozen=True, slots=True)
class Case:
    """What is read."""

    text: str
    language: str
    notation: str = "misaki"


class Readings:
    """Reads in a process of its own, and starts another when it dies."""

    def __init__(self, program: str = _CHILD) -> None:
        """`program` is what the process runs: lines in and out as in `child`."""
        self._program = program
        self._process: subprocess.Popen[str] | None = None
        self._prose_seconds = 0.0  # for a character of prose

    def wrong_with(self, case: Case) -> str:
        """Return what is wrong with the reading of `case`, "" where nothing is."""
        if self._process is None:
            self._start()
        wrong = self._once(case)
        return self._once(case) if wrong.startswith(_TOO_LONG) else wrong

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _once(self, case: Case) -> str:
        answer = self._ask(case)
        if isinstance(answer, str):
            return answer
        allowed = _FREE_SECONDS + _DEAREST * self._prose_seconds * len(case.text)
        if answer["wrong"] or answer["spent"] <= allowed:
            return str(answer["wrong"])
        return f"{_TOO_LONG}: {answer['spent']:.1f} s, {allowed:.1f} s are allowed"

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", self._program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
        )
        warm_up = Case(_PROSE * 10, "en_US")
        self._ask(warm_up)
        answer = self._ask(warm_up)
        if not isinstance(answer, str):
            self._prose_seconds = answer["spent"] / len(warm_up.text)

    def _ask(self, case: Case) -> dict[str, Any] | str:
        """Return the answer for `case`, or how the process ended that was to give it."""
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        line = json.dumps({"text": case.text, "language": case.language, "notation": case.notation})
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            return self._ended("died")
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            if not selector.select(_PATIENCE_SECONDS):
                return self._ended("did not end")
        answer = self._process.stdout.readline()
        return json.loads(answer) if answer else self._ended("died")

    def _ended(self, how: str) -> str:
        assert self._process is not None
        process = self._process
        self.close()
        return f"{how} (status {process.returncode})" if how == "died" else how


def shrunk(case: Case, is_wrong: Callable[[Case], bool], tries: int = 150) -> Case:
    """Return a shorter case that is wrong too, found by leaving out parts of it."""
    size = len(case.text) // 2
    while size and tries > 0:
        start = 0
        while start < len(case.text) and tries > 0:
            text = case.text[:start] + case.text[start + size :]
            shorter = Case(text, case.language, case.notation)
            tries -= 1
            if text and is_wrong(shorter):
                case = shorter
            else:
                start += size
        size //= 2
    return case
