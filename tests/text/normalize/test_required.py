"""The characters that a pattern needs are in all that it finds."""

import re
from pathlib import Path

import pytest

from tests.support.languages import WITH_NUMBERS
from wyoming_kokoro.speech import Language
from wyoming_kokoro.text.normalize import _locale
from wyoming_kokoro.text.normalize.required import required_characters
from wyoming_kokoro.text.normalize.rules import _FOREIGN_DIGITS, _rules

TEXTS = [
    _FOREIGN_DIGITS.sub(lambda found: str(int(found.group())), cell)
    for table in sorted(Path(__file__).parent.glob("*.tsv"))
    for line in table.read_text(encoding="utf-8").splitlines()
    for cell in line.split("\t")
]


@pytest.mark.parametrize(
    ("pattern", "required"),
    [
        (r"\d+%", "%"),
        (r"\d+", "0123456789"),
        (r"a?b", "b"),
        (r"(?i)x|y", "xXyY"),
        (r"(?:°|½)C", "°½"),
        (r"(?<=@)\w+", "@"),
        (r"(?<!@)\w+", None),
        (r"\w+", None),
        (r"[^a]", None),
        (r"(?i)k", None),
        (r"(?i)é", None),
        (r"a|\w", None),
        (r"(?:ab)*", None),
        (r"(?:;x)++y", ";"),
        (r"(?i:x)|y", None),
        (r"[A-Za-z!]/", "/"),
    ],
)
def test_what_a_pattern_requires(pattern: str, required: str | None) -> None:
    found = required_characters(re.compile(pattern))
    assert found == (frozenset(required) if required else None)


@pytest.mark.parametrize("language", WITH_NUMBERS, ids=lambda language: language.code)
def test_no_rule_is_passed_over_that_would_find_something(language: Language) -> None:
    assert len(TEXTS) > 2_000
    passed_over = [
        (rule.name, text)
        for rule, _, required in _rules(_locale(language.locale or language.code))
        if required is not None
        for text in TEXTS
        if required.isdisjoint(text) and rule.pattern.search(text)
    ]
    assert passed_over == []


def test_most_rules_are_passed_over_for_a_plain_sentence() -> None:
    rules = _rules(_locale("en_US"))
    tried = [
        rule.name for rule, _, required in rules if not required or required & set("it is on.")
    ]
    assert len(tried) < len(rules) / 3
