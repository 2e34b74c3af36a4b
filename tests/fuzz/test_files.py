"""Bytes that nobody wrote are read, or refused as promised; `script/fuzz --files` tries more."""

from itertools import islice

import pytest

from tests.fuzz.files import Target, targets, tries

TARGETS = targets()

TRIES = 60


@pytest.mark.parametrize("name", TARGETS)
def test_bytes_that_nobody_wrote_are_read_or_refused(name: str) -> None:
    wrong = [(what, content) for content, what in islice(tries(TARGETS[name], 0), TRIES) if what]
    assert not wrong


def test_what_is_read_wrongly_is_found() -> None:
    target = Target((b"a seed",), lambda path: path.read_bytes().decode("ascii"), ".txt", ())
    assert any(wrong.startswith("UnicodeDecodeError") for _, wrong in islice(tries(target, 0), 500))
