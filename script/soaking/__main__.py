"""Ask a server for speech for long, by both doors, one in ten hanging up, with voices that change
and the model unloaded now and then; print what it holds meanwhile. Exit code 1 where something
grows, or a request fails.

    script/soak --requests 10000
"""

import argparse
import asyncio
import random
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from script.soaking.clients import Clients, Doors
from script.soaking.holdings import Holdings, faults, growth, holdings
from tests.support import synthetic
from tests.support.process import Program, end_by_signals, running

SECTIONS = 40
"""After each of which the server is left alone until its model is unloaded, and looked at."""

UNLOADED_AFTER_SECONDS = 2

GIVING_BACK_SECONDS = 3
"""That the memory of an unloaded model may take."""

VOICES = ("af_heart", "af_bella", "bm_george")

BLENDS = 12
"""Voices that are mixed anew for each section."""


def main() -> int:
    """Return 1 where something is wrong."""
    parser = argparse.ArgumentParser(prog="script/soak", description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    end_by_signals()
    with server() as program:
        found, outcomes = asyncio.run(_soak(program, asked.requests, asked.seed))
        code = program.stop() if program.process.poll() is None else program.ended()
    wrong = [what for what in outcomes if what.startswith("failed")]
    wrong += faults(found) if len(found) == SECTIONS else ["the server has ended"]
    wrong += [f"exit code {code}"] if code else []
    wrong += ["a traceback in the log"] if "Traceback" in program.log else []
    _report(found, outcomes, wrong)
    return bool(wrong)


@contextmanager
def server() -> Iterator[Program]:
    """Run a server that speaks with a small model of made-up weights."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        checkpoint = synthetic.write_checkpoint(folder / "model", "v1.0", small=True)
        synthetic.write_voices(folder / "model", VOICES, "v1.0")
        options = ["--checkpoint", str(checkpoint), "--offline", "--no-stand-in"]
        options += ["--default-model-ttl", str(UNLOADED_AFTER_SECONDS), "--phrase-cache", "4"]
        # Nothing is to be learned, so that what is said again comes from the cache at once.
        options += ["--breaths", "off", "--precision", "fp32", "--loudness", "off"]
        options += ["--http", "tcp://127.0.0.1:0"]
        with running(folder / "data", *options) as program:
            yield program


async def _soak(
    program: Program, requests: int, seed: int
) -> tuple[list[Holdings], dict[str, int]]:
    """Make all requests; return what was held after each section, and what became of them."""
    doors = Doors(program.uri, program.wait_for(r"for HTTP at (\S+)")[1])
    chance, outcomes = random.Random(seed), dict[str, int]()
    found = []
    for section in range(SECTIONS):
        mixed = (_blend(chance) for _ in range(BLENDS))
        clients = Clients(doors, VOICES, (*VOICES, *mixed), chance.randrange(2**32))
        await clients.ask(requests // SECTIONS)
        await _unloaded(program)
        for what, count in clients.outcomes.items():
            outcomes[what] = outcomes.get(what, 0) + count
        if program.process.poll() is not None:
            print("the server has ended", *program.log.splitlines()[-20:], sep="\n")
            break
        found.append(holdings(program.process.pid, (section + 1) * (requests // SECTIONS)))
        print(found[-1], flush=True)
    return found, outcomes


async def _unloaded(program: Program) -> None:
    """Wait until nobody speaks and the model's memory was given back."""
    for _ in range(600):
        await asyncio.sleep(0.1)
        states = re.findall(r"v1\.0 is (ready|unloaded)", program.log)
        if states[-1:] == ["unloaded"] or program.process.poll() is not None:
            await asyncio.sleep(GIVING_BACK_SECONDS)
            return
    print("the model is not unloaded")


def _blend(chance: random.Random) -> str:
    weight, speed = chance.randint(1, 99), chance.uniform(0.8, 1.4)
    return f"af_heart({weight})+{chance.choice(VOICES[1:])}(50)@{speed:.2f}"


def _report(found: list[Holdings], outcomes: dict[str, int], wrong: list[str]) -> None:
    print("\n| requests | memory, MB | descriptors | threads |\n|---:|---:|---:|---:|")
    for one in found[:: max(1, len(found) // 10)]:
        print(f"| {one.requests:,} | {one.megabytes:.0f} | {one.descriptors} | {one.threads} |")
    if len(found) > 1:
        print(f"\nmemory: {growth(found):+.2f} MB in 1,000 requests")
    for what, count in sorted(outcomes.items()):
        print(f"{what}: {count}")
    print(*(wrong or ["nothing is wrong"]), sep="\n")


if __name__ == "__main__":
    raise SystemExit(main())
