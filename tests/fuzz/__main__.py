"""Read texts that nobody wrote until time is up; print each that is not read, made short.

script/fuzz --seconds 600 --seed 7 --language hi_IN
"""

import argparse
import base64
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import cycle, islice, product

from tests.fuzz.files import targets, tries
from tests.fuzz.reading import Case, Readings, shrunk
from tests.fuzz.texts import texts
from tests.support import hostile
from tests.text.test_hostile import is_slow
from wyoming_kokoro.speech import LANGUAGES
from wyoming_kokoro.text.pronouncing.installed import installed_languages

MOST_FINDS_OF_A_KIND = 3


def voices(only: str = "") -> list[tuple[str, str]]:
    """Return the languages that can be read here, each with its notations; or `only` one."""
    installed = [language.code for language in installed_languages()]
    pairs = [(code, "misaki") for code in installed]
    pairs += [(code, "espeak") for code in installed if code.startswith("en")]
    pairs += [(code, "misaki-zh") for code in installed if code == "zh_CN"]
    return [pair for pair in pairs if only in ("", pair[0])]


def finds(seconds: float, seed: int, only: str = "") -> Iterator[tuple[Case, str]]:
    """Yield what is read wrongly, made short, and what is wrong, until `seconds` are over."""
    readings = Readings()
    kinds: Counter[str] = Counter()
    until = time.monotonic() + seconds
    try:
        for text, (language, notation) in zip(texts(seed), cycle(voices(only)), strict=False):
            if time.monotonic() > until:
                break
            case = Case(text, language, notation)
            wrong = readings.wrong_with(case)
            kinds[_kind(wrong)] += 1
            if wrong and kinds[_kind(wrong)] <= MOST_FINDS_OF_A_KIND:
                yield shrunk(case, partial(_is_wrong_in_the_same_way, readings, wrong)), wrong
    finally:
        readings.close()
        print(f"{kinds.total()} texts read, {kinds['']} of them well")


def _is_wrong_in_the_same_way(readings: Readings, wrong: str, case: Case) -> bool:
    return _kind(readings.wrong_with(case)) == _kind(wrong)


def _kind(wrong: str) -> str:
    """Return what finds of one kind have in common: of an exception, where it was raised."""
    lines = wrong.strip().splitlines()
    return lines[-1].partition(":")[0] + "".join(lines[:-1][-2:]) if len(lines) > 1 else wrong[:13]


def slow_patterns() -> Iterator[str]:
    """Yield each pattern that takes more than its share of time for something, and for what."""
    for pattern, name in hostile.patterns().items():
        chance = random.Random(name)
        prefixes = hostile.prefixes(pattern, chance)
        units = hostile.units(pattern, chance)
        slow = next((pair for pair in product(prefixes, units) if is_slow(pattern, *pair)), None)
        if slow:
            yield f"{name} is slow for {json.dumps(slow[0])} and {json.dumps(slow[1])} repeated"


def bad_readings(seconds: float, seed: int) -> Iterator[str]:
    """Yield which bytes are read wrongly, and how, until `seconds` are over: files and events in
    turn, mutated."""
    tried = {name: tries(target, seed) for name, target in targets().items()}
    until, count = time.monotonic() + seconds, 0
    for name, readings in cycle(tried.items()):
        for content, wrong in islice(readings, 50):
            count += 1
            if wrong:
                yield f"{name}: {wrong}\n{base64.b64encode(content).decode()}"
        if time.monotonic() > until:
            break
    print(f"{count} files and events read")


def main() -> int:
    """Return 1 where something was found."""
    parser = argparse.ArgumentParser(prog="script/fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--language", default="", choices=["", *(one.code for one in LANGUAGES)])
    parser.add_argument("--patterns", action="store_true", help="try every pattern instead")
    parser.add_argument("--files", action="store_true", help="read files and events instead")
    asked = parser.parse_args()
    found = 0
    for slow in slow_patterns() if asked.patterns else ():
        found += 1
        print(slow, flush=True)
    for bad in bad_readings(asked.seconds, asked.seed) if asked.files else ():
        found += 1
        print(bad, flush=True)
    if asked.files:
        return bool(found)
    if asked.patterns:
        print(f"{len(hostile.patterns())} patterns tried, {found} of them slow")
        return bool(found)
    for case, wrong in finds(asked.seconds, asked.seed, asked.language):
        found += 1
        print(
            f"{case.language} {case.notation}: {wrong.strip()}\n{json.dumps(case.text)}\n",
            flush=True,
        )
    return bool(found)


if __name__ == "__main__":
    raise SystemExit(main())
