"""run.sh installs the runtime and the starter, and starts the server also where the latter does
not come."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.places import ROOT

PYTHON = """#!/bin/sh
echo "$*" >> "$LOG"
case "$*" in *"[starter]"*) echo "ERROR: no network" >&2; exit "$STARTER" ;; esac
"""
"""Stands in for the environment's Python, whose pip installs or does not."""

SERVER = """#!/bin/sh
echo "started $*"
"""


class Place:
    """A copy of the repository's top, with an environment that only writes down what it is told."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder / "log"
        for name in ("run.sh", "pyproject.toml"):
            shutil.copy(ROOT / name, folder / name)
        for name, text in (("python", PYTHON), ("wyoming-kokoro", SERVER)):
            path = folder / ".venv/bin" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            path.chmod(0o755)

    def run(
        self, *arguments: str, comes: bool = True, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        plain = {k: v for k, v in os.environ.items() if not k.startswith("WYOMING_KOKORO_")}
        return subprocess.run(
            [str(self.folder / "run.sh"), *arguments],
            capture_output=True,
            text=True,
            env={
                **plain,
                "LOG": str(self.log),
                "STARTER": str(int(not comes)),
                **(environment or {}),
            },
            check=True,
        )

    @property
    def tries(self) -> int:
        """How often the starter was to be installed."""
        return self.log.read_text().count("[starter]")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_the_starter_is_installed_once(place: Place) -> None:
    done = place.run("say", "Hello.")
    assert done.stdout == "started say Hello.\n"
    assert "starter" not in done.stderr
    place.run()
    assert place.tries == 1


def test_where_it_does_not_come_one_line_says_so_and_the_next_start_tries_again(
    place: Place,
) -> None:
    done = place.run("--voice", "bf_emma", comes=False)
    assert done.stdout == "started --voice bf_emma\n"
    [line] = [line for line in done.stderr.splitlines() if "starter" in line]
    assert "cannot be installed now" in line
    assert "no network" not in done.stderr
    place.run(comes=False)
    place.run()
    place.run()
    assert place.tries == 3


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (["--offline"], {}),
        (["--weights", "released"], {}),
        (["--weights=released"], {}),
        ([], {"WYOMING_KOKORO_WEIGHTS": "released"}),
        ([], {"WYOMING_KOKORO_OFFLINE": "true"}),
    ],
)
def test_it_is_not_installed_where_it_is_not_to_speak(
    arguments: list[str], environment: dict[str, str], place: Place
) -> None:
    assert place.run(*arguments, environment=environment).stdout.startswith("started")
    assert place.tries == 0
