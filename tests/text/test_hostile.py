"""No text keeps the front end busy: four times the text takes four times the time, about.

Ratios of times are asserted here, and no times: of the least of several runs, in time of the
processor, and only where a run is long enough to be measured.
"""

import random
import re
from collections import deque
from collections.abc import Callable
from functools import partial

import pytest

from tests.support import hostile
from tests.support.languages import DECLARED
from wyoming_kokoro.speech import LANGUAGES, Language, language_named
from wyoming_kokoro.text.passage import SENTENCE_END, Span
from wyoming_kokoro.text.pronouncing.installed import installed_languages
from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd

MOST_GROWTH = 6
"""Of the time, for four times the text. Quadratic is 16."""

UNITS, PREFIXES = 12, 2
"""That are tried of a pattern; `script/fuzz --patterns` tries all."""

PASSAGE = 1_600
"""Characters: more than there are in one, so that what is read in pieces is so in both."""

GROUPS = 16
FRONT_END = FrontEnd()
FOUND_BEFORE = ("a-", "-1", "aB", "²", ".", "(.", "</p>-", "←")
"""What once took seconds, or minutes."""


def is_slow(pattern: re.Pattern[str], prefix: str, unit: str, repeats: int = 16) -> bool:
    """Whether `pattern` takes more than its share of time for `unit` again and again.

    What seems to is tried once more on four times the text, and each is run up to `repeats` times:
    a moment's trouble passes.
    """

    def run(text: str) -> None:
        deque(pattern.finditer(text), maxlen=0)

    def grown(length: int) -> float:
        short, long = (hostile.repeated(prefix, unit, times * length) for times in (1, 4))
        return hostile.growth(
            run, short, long, measurable=0.001, enough=MOST_GROWTH, repeats=repeats
        )

    return grown(500) > MOST_GROWTH and grown(2_000) > MOST_GROWTH


@pytest.mark.parametrize("group", range(GROUPS))
def test_every_pattern_takes_time_in_proportion_to_the_text(group: int) -> None:
    slow = []
    for pattern, name in list(hostile.patterns().items())[group::GROUPS]:
        chance = random.Random(name)
        units = hostile.units(pattern, chance)
        prefixes = hostile.prefixes(pattern, chance)[:PREFIXES]
        slow += [
            (name, prefix, unit)
            for unit in chance.sample(units, min(len(units), UNITS))
            for prefix in prefixes
            if is_slow(pattern, prefix, unit)
        ]
    assert not slow


def test_what_tries_again_from_every_place_is_found() -> None:
    assert is_slow(re.compile(r"\s+x"), "", " ", repeats=2)
    assert is_slow(re.compile(r"a[^b]*b"), "", "a", repeats=2)
    assert not is_slow(re.compile(r"(?<!\s)\s++x|a[^b]{0,20}b"), "", " a")


def test_the_patterns_of_all_languages_are_found() -> None:
    names = set(hostile.patterns().values())
    assert {language.code for language in LANGUAGES} <= {name.split()[0] for name in names}
    assert any("clean._EMOTICON" in name for name in names)
    assert any("inline" in name for name in names)


@pytest.mark.parametrize(
    "language", (*installed_languages(), *DECLARED), ids=lambda language: language.code
)
def test_no_text_keeps_the_front_end_busy(language: Language) -> None:
    chance = random.Random(language.code)
    FRONT_END.phonemize(passage("The lamp, 名, is on. ", 250), language, "misaki")
    slow = {}
    for unit in (*FOUND_BEFORE, *chance.sample(pairs(chance), 3)):
        read = partial(FRONT_END.phonemize, language=language, notation="misaki")
        grown = growth_of(read, unit)
        if grown > MOST_GROWTH:
            slow[unit] = grown
    assert not slow


@pytest.mark.parametrize("code", ["en_US", "ja_JP"])
def test_no_text_keeps_an_engine_waiting_that_reads_text(code: str) -> None:
    read = partial(FRONT_END.readable, language=language_named(code))
    assert all(growth_of(read, unit) <= MOST_GROWTH for unit in FOUND_BEFORE)


def growth_of(read: Callable[[list[Span]], object], unit: str) -> float:
    """By what factor four times as much of `unit` takes more time to be read."""
    short, long = passage(unit, PASSAGE // 4), passage(unit, PASSAGE)
    return hostile.growth(read, short, long, measurable=0.1, enough=MOST_GROWTH)


def passage(unit: str, length: int) -> list[Span]:
    """Two sentences of `unit` again and again, joined."""
    half = hostile.repeated("", unit, length // 2)
    return [Span(half), SENTENCE_END, Span(half)]


def pairs(chance: random.Random) -> list[str]:
    """Pairs of characters that the patterns know: one of each pattern's."""
    found = []
    for pattern in hostile.patterns():
        known = hostile.characters(pattern, chance)
        found.append(chance.choice(known) + chance.choice(known))
    return list(dict.fromkeys(found))
