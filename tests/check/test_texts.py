"""The sentences that models are checked with."""

import pytest

from tests.support.languages import GERMAN
from wyoming_kokoro.check.texts import TEXTS, texts_in
from wyoming_kokoro.speech import LANGUAGES


def test_every_language_of_the_voices_has_sentences() -> None:
    assert set(TEXTS) == {language.code for language in (*LANGUAGES, GERMAN)}


@pytest.mark.parametrize("code", TEXTS)
def test_a_language_has_a_short_sentence_one_with_a_pause_and_one_without(code: str) -> None:
    short, pausing, flowing = TEXTS[code]
    assert short.syllables < min(pausing.syllables, flowing.syllables)
    assert any(mark in pausing.text for mark in ",，、")
    assert not any(mark in flowing.text[:-1] for mark in ",，、.。")


def test_a_declared_language_is_checked_with_sentences_all_the_same() -> None:
    assert texts_in("de_AT") == TEXTS["de_DE"]
    assert texts_in("sv_SE") == TEXTS["en_US"]
