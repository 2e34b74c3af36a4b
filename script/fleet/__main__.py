"""Run a fleet on this machine, kill and drain what there is, and print what came of it. Exit code 1
where anything was lost or spoken twice, 0 also where a program that it takes is missing.

    script/fleet-test --rounds 20
"""

import argparse
import asyncio
import logging
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from script.fleet import books, live
from script.fleet.machines import missing
from tests.support.process import end_by_signals


def main() -> int:
    """Return 1 where something is wrong."""
    parser = argparse.ArgumentParser(prog="script/fleet-test", description=__doc__)
    parser.add_argument(
        "--rounds", type=int, default=20, help="requests beside workers, and as many without"
    )
    parser.add_argument("--only", choices=("live", "books"), help="one half of it")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    end_by_signals()
    if lacking := missing():
        print(f"script/fleet-test is skipped: {', '.join(lacking)} is not installed")
        return 0
    wrong: list[str] = []

    def claim(what: str, holds: bool) -> None:
        print(f"{'ok' if holds else 'WRONG':6} {what}", flush=True)
        if not holds:
            wrong.append(what)

    with tempfile.TemporaryDirectory(prefix="fleet-") as name, ExitStack() as fleet:
        if asked.only != "books":
            asyncio.run(live.examine(Path(name), fleet, claim))
        if asked.only != "live":
            asyncio.run(books.examine(Path(name), fleet, claim, asked.rounds))
    return bool(wrong)


Claim = Callable[[str, bool], None]

if __name__ == "__main__":
    sys.exit(main())
