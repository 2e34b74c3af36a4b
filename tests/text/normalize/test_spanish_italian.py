import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.text.normalize.test_rules import WRITTEN
from wyoming_kokoro.speech import Language, language_named
from wyoming_kokoro.text.normalize import normalize

PIECES = """
    son las le alle dalle il al del 1 8 11 21 3º 2ª 21° 1º n. nº n.º Sr. D. Dott. 1/2 ½ tra entre de
    da '90 4K 5k mila ore 14.30 14h30 h 11/2026 siglo secolo XXI II TV U.S.A. uno un' l' 1.234.567
    $1,234.56 1.250,5 612345678 3331234567 112 llama chiama NO €/mes /h versión versione 1.2 mar.
    lun 10:00-11:30 3-5 horas luces ore luci casa Inter código codice
    5' 10" 3'' mezzanotte una ppm
"""
TEXTS = st.builds(
    lambda pieces, between: between.join(pieces),
    st.lists(
        st.one_of(
            st.sampled_from(PIECES.split()), WRITTEN.map(lambda pieces: " ".join(pieces[:2]))
        ),
        max_size=8,
    ),
    st.sampled_from(["", " ", "-", ", "]),
)
BOTH = pytest.mark.parametrize(
    "language", [language_named("es_ES"), language_named("it_IT")], ids=["es", "it"]
)


@BOTH
@settings(deadline=None)  # the first text of a language loads its table
@given(text=TEXTS)
def test_what_is_said_is_said_the_same_again(language: Language, text: str) -> None:
    said = normalize(text, language)
    assert normalize(said, language) == said


@BOTH
@settings(deadline=None)
@given(text=TEXTS)
def test_no_digit_is_left(language: Language, text: str) -> None:
    assert not any(char.isdecimal() for char in normalize(text, language))


@BOTH
@settings(deadline=None)
@given(
    words=st.lists(st.text(st.sampled_from("abcdefghilmnoprstuvzàèéíñóú"), min_size=5), max_size=9)
)
def test_words_are_left_alone(language: Language, words: list[str]) -> None:
    text = " ".join(words)
    assert normalize(text, language) == text


@BOTH
@settings(deadline=None)
@given(
    words=st.lists(st.sampled_from(["cocina", "lampada", "Ångström", "привет"]), max_size=5),
    text=TEXTS,
)
def test_no_word_is_lost(language: Language, words: list[str], text: str) -> None:
    said = normalize(" ".join([*words, text, *words]), language)
    assert all(said.count(word) >= 2 * words.count(word) for word in words)


@BOTH
@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "piece",
    ["612 ", "las 1", "sono le ", "1º", "XX", "AA ", "D. ", "Aa 1-", "entre 1-", '1"', "1'"],
)
def test_long_hostile_text_is_read_in_bounded_time(language: Language, piece: str) -> None:
    assert normalize((piece * 20_000)[:20_000], language)
