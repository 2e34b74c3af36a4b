import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wyoming_kokoro.models.catalog import vocabulary
from wyoming_kokoro.speech import MAX_PHONEMES, US_ENGLISH, Phonemes
from wyoming_kokoro.text.pronouncing.tokens import UNHURRIED, tokenize

VOCABULARY = vocabulary("v1.0")


def phonemes(symbols: str) -> Phonemes:
    return Phonemes(symbols, "text", US_ENGLISH)


def test_each_symbol_becomes_its_number() -> None:
    (tokens,) = tokenize(phonemes("həlˈO."), VOCABULARY)
    assert tokens.ids == (50, 83, 54, 156, 31, 4)
    assert tokens.phonemes == phonemes("həlˈO.")


def test_unknown_symbols_get_no_token_and_are_told_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        (tokens,) = tokenize(phonemes("a☃b☃"), VOCABULARY)
    assert tokens.ids == (43, 44)
    assert "2 phonemes unknown: '☃'" in caplog.text


@pytest.mark.parametrize("symbols", ["", "  ", "☃☃"])
def test_nothing_to_speak_gives_no_window(symbols: str) -> None:
    assert tokenize(phonemes(symbols), VOCABULARY) == []


def test_as_much_as_fits_stays_whole() -> None:
    symbols = "a" * MAX_PHONEMES
    assert [t.phonemes.symbols for t in tokenize(phonemes(symbols), VOCABULARY)] == [symbols]


def test_a_sentence_that_would_be_hurried_is_cut_if_it_has_clauses() -> None:
    def lengths(symbols: str) -> list[int]:
        return [len(tokens.ids) for tokens in tokenize(phonemes(symbols), VOCABULARY)]

    assert lengths("aaa, " * 60) == [299]
    assert lengths("aaa, " * 80) == [199, 199]
    assert max(lengths("aaa, " * 1000)) <= UNHURRIED
    assert lengths("aaaa " * 80) == [399]


@pytest.mark.parametrize(
    ("symbols", "first"),
    [
        ("a, b; " * 30 + "a. " + "a, b; " * 40, "a, b; " * 30 + "a."),
        ("a, b; " * 70, "a, b; " * 35),
        ("a b, " * 80, "a b, " * 40),
        ("a b " * 150, "a b " * 75),
        ("a" * 600, "a" * 300),
        ('a" ' * 90 + 'a!" ' + "a b " * 100, 'a" ' * 90 + 'a!"'),
    ],
)
def test_too_long_a_sentence_is_cut_at_the_best_mark_near_its_middle(
    symbols: str, first: str
) -> None:
    pieces = [tokens.phonemes.symbols for tokens in tokenize(phonemes(symbols), VOCABULARY)]
    assert len(pieces) == 2
    assert pieces[0] == first.strip()


@given(st.text(st.sampled_from("aəˈɪ   ,,.;:!?—…”)"), min_size=1, max_size=3000))
def test_nothing_is_lost_and_every_window_fits(symbols: str) -> None:
    windows = tokenize(phonemes(symbols), VOCABULARY)
    spoken = [VOCABULARY[symbol] for symbol in symbols if symbol != " "]
    assert [i for window in windows for i in window.ids if i != VOCABULARY[" "]] == spoken
    assert all(0 < len(window.ids) <= MAX_PHONEMES for window in windows)
