"""What espeak-ng is given: never more than its arrays take, and of what people write all."""

import pytest

from wyoming_kokoro.espeak import phonemes
from wyoming_kokoro.espeak.pieces import LONGEST_WORD, MOST_POINTS, MOST_WORDS, pieces


@pytest.mark.parametrize(
    "text",
    [
        "la luz del salón está encendida a las 7 p.m. en EE.UU., z.B.",
        "l'heure qu'il n'est pas aujourd'hui",
        "बैठक की बत्ती जल रही है",
        "Wi-Fi 5 GHz, 21,5 °C y -3",
        ".NET e 'ndrangheta",
        "क्‍ष",
    ],
)
def test_what_people_write_is_given_whole(text: str) -> None:
    assert list(pieces(text)) == [text]


@pytest.mark.parametrize("unit", ["a", "a.", "-", "a-", "क", "क.", "😀", "中.", "x'", "12"])
def test_no_word_is_longer_than_the_longest(unit: str) -> None:
    words = " ".join(pieces(unit * 1000)).split()
    assert max(map(len, words), default=0) <= LONGEST_WORD


@pytest.mark.parametrize("unit", ["a-", "1", "a/", "A", "한국 ", "मैं ", "é, "])
def test_no_piece_has_more_words_than_the_most(unit: str) -> None:
    for piece in pieces(unit * 500):
        assert len(piece.split()) <= MOST_WORDS
        assert len(piece) < 800


@pytest.mark.parametrize("unit", ["a.", ".a", "b.c.", "क.", "a .", "é.x "])
def test_many_points_are_no_abbreviation(unit: str) -> None:
    assert all(piece.count(".") <= MOST_POINTS for piece in pieces(unit * 300))


def test_nothing_is_lost_of_a_long_text() -> None:
    text = "The lamp in the hall is on and so is that in the kitchen " * 30
    assert " ".join(pieces(text)).split() == text.split()


def test_marks_that_are_heard_stay_where_it_is_to_be_spoken() -> None:
    text = "Is it on? Yes! The lamp — that in the hall — is on; I think."
    [piece] = pieces(text, spoken=True)
    assert piece == "Is it on? Yes! The lamp, that in the hall, is on; I think."


@pytest.mark.parametrize("text", ["：-एच", ":-एच", "म, ,-अम", "。-एच", "！-एच"])
def test_signs_that_stand_alone_are_left_out(text: str) -> None:
    """espeak-ng 1.52 died of these."""
    assert phonemes(text, "hi")


def test_signs_are_not_called_by_their_name() -> None:
    assert phonemes("es ऽ[ así", "es") == phonemes("es ऽ así", "es")
    assert phonemes("sí † no", "es") == phonemes("sí no", "es")


def test_nothing_to_say_has_no_phonemes() -> None:
    assert phonemes("", "es") == phonemes("[]", "es") == phonemes(" . - ", "es") == ""
