import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.languages import ALL, WITH_NUMBERS
from wyoming_kokoro.speech import Language, language_named
from wyoming_kokoro.text.normalize import normalize

US = language_named("en_US")

PIECES = """
    1 2 7 10 42 100 1998 2026 007 3.14 1,250 0.5 12:30 7:05 00:00 24:59 1/2 3-2 5/10 10% -3 +4 ±1
    20/11/2026 2026-11-20 2026-13-45 11/20 $5 €9.99 £3 5€ $1.5M ½ 2½ x² 10^3 1e6 °C °F km/h kWh m²
    µg/m³ mm in ft lb W V A K s h min d AM PM a.m. o'clock Jan Nov. May Mon Sun the of on and to
    Dr. St. No. e.g. etc. vs. Mr. w/ II IV VIII Henry World War CO2 PM2.5 v1.2 1.2.3 192.168.1.1
    sensor.a_b a_b http://a.b/c?d#e www.x.io a@b.co #1 #tag @me /a/b a.yaml AA:BB:CC:DD:EE:FF
    +1 555-123-4567 911 call code 1st 22nd 1990s '80s 5' 6" 6'2" 2x 3x4 × ÷ = < > ≤ & % ° ~ ^ ( )
    [ ] , . : ; ! ? - – — / \\ ' "
    ¹ ²³ ⁻¹ ⁄ ① Ⅷ ٣ ४५ ３ 一 〇 0x1F @ 0@ +44 & % / ,5 .5 5. 5, 1,2,3 1.2.3.4.5
"""
WRITTEN = st.lists(
    st.one_of(st.sampled_from(PIECES.split()), st.text(st.characters(), max_size=6)), max_size=8
)


@settings(deadline=None)  # the first text of a language loads its table
@given(language=st.sampled_from(ALL), text=st.text(st.characters()))
def test_any_text_is_said_in_every_language(language: Language, text: str) -> None:
    assert isinstance(normalize(text, language), str)


@pytest.mark.parametrize("code", ["en_US", "en_GB"])
@settings(deadline=None)
@given(pieces=WRITTEN, between=st.sampled_from(["", " ", "-", ", "]))
def test_what_is_said_is_said_the_same_again(code: str, pieces: list[str], between: str) -> None:
    language = language_named(code)
    said = normalize(between.join(pieces), language)
    assert normalize(said, language) == said


@settings(deadline=None)
@given(pieces=WRITTEN, between=st.sampled_from(["", " ", "-", ", "]))
def test_no_digit_is_left(pieces: list[str], between: str) -> None:
    said = normalize(between.join(pieces), US)
    assert not any(char.isdecimal() for char in said)


@settings(deadline=None)
@given(
    st.lists(
        st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzéñüß"), min_size=5).filter(
            lambda word: not re.search(r"(.)\1\1", word)
        ),
        max_size=9,
    )
)
def test_words_are_left_alone(words: list[str]) -> None:
    text = " ".join(words)
    assert normalize(text, US) == text


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["kitchen", "lamp", "Ångström", "привет", "नमस्ते", "今日は"]), max_size=5
    ),
    WRITTEN,
)
def test_no_word_is_lost(words: list[str], pieces: list[str]) -> None:
    mixed = [*words, *pieces, *words]
    said = normalize(" ".join(mixed), US)
    assert all(said.count(word) >= 2 * words.count(word) for word in words)


HOSTILE = (
    *("1", "1 ", "1,000", "1.", "1/1 ", "1:1", "1 - ", "1 h ", "$1", "½"),
    *("a_", "a.b.", "/a", "Aa "),
)


@pytest.mark.slow
@pytest.mark.timeout(30)
@pytest.mark.parametrize("piece", HOSTILE)
def test_long_hostile_text_is_read_in_bounded_time(piece: str) -> None:
    assert normalize((piece * 20_000)[:20_000], US)


@pytest.mark.slow
@pytest.mark.timeout(30)
@pytest.mark.parametrize("language", ALL, ids=lambda language: language.code)
def test_hostile_text_is_read_in_bounded_time_in_every_language(language: Language) -> None:
    for piece in HOSTILE:
        assert normalize((piece * 1_000)[:1_000], language)


@pytest.mark.parametrize("language", WITH_NUMBERS, ids=lambda language: language.code)
def test_numbers_as_others_write_them_are_said(language: Language) -> None:
    for number in ("1.250.000", "1,250,000", "1 250 000", "1'250'000", "12,50,000"):
        assert not re.search(r"\d", normalize(f"La ciudad tiene {number} habitantes.", language))
