from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wyoming_kokoro.speech import LANGUAGES, Language, language_named
from wyoming_kokoro.text.passage import SayAs, Span
from wyoming_kokoro.text.say_as import written


def write(text: str, kind: SayAs, language: str = "en_US", order: str = "") -> str:
    return written(Span(text, say_as=kind, date_format=order), language_named(language))


@pytest.mark.parametrize(
    ("text", "language", "spelled"),
    [
        ("led", "en_US", "L E D"),
        ("Cab", "en_GB", "C eh B"),
        ("AB-12", "es_ES", "A B, 1 2"),
        ("a@b.c", "fr_FR", "A @ B, C"),
        ("(x)", "en_US", "X"),
        ("TV", "ja_JP", "ティー ブイ"),
        ("你好", "zh_CN", "你 好"),
        ("नमस्ते", "hi_IN", "न म स् ते"),
        ("--", "en_US", ""),
    ],
)
def test_characters_are_said_one_by_one(text: str, language: str, spelled: str) -> None:
    assert write(text, "characters", language) == spelled


def test_digits_are_said_one_by_one_with_a_rest_between_groups() -> None:
    assert write("2026", "digits") == "2 0 2 6"
    assert write("+1 (555) 010-0199", "telephone") == "+ 1, 5 5 5, 0 1 0, 0 1 9 9"


@pytest.mark.parametrize(
    ("language", "number"),
    [("en_US", "1,984"), ("es_ES", "1.984"), ("fr_FR", "1\u202f984"), ("ja_JP", "1984")],
)
def test_a_cardinal_is_no_year(language: str, number: str) -> None:
    assert write("1984", "cardinal", language) == number


@pytest.mark.parametrize("text", ["3.5", "XIV", "many", "1" * 30])
def test_a_cardinal_that_is_no_whole_number_is_left_alone(text: str) -> None:
    assert write(text, "cardinal") == text


@pytest.mark.parametrize(
    ("number", "language", "ordinal"),
    [
        ("1", "en_US", "1st"),
        ("2", "en_GB", "2nd"),
        ("3", "en_US", "3rd"),
        ("13", "en_US", "13th"),
        ("21st", "en_US", "21st"),
        ("1", "fr_FR", "1er"),
        ("2", "fr_FR", "2e"),
        ("3", "es_ES", "3.º"),
        ("3", "it_IT", "3º"),
        ("3", "ja_JP", "3番目"),
        ("3", "zh_CN", "第3"),
        ("last", "en_US", "last"),
    ],
)
def test_an_ordinal_is_written_as_its_language_does(
    number: str, language: str, ordinal: str
) -> None:
    assert write(number, "ordinal", language) == ordinal


@pytest.mark.parametrize(
    ("text", "order", "date"),
    [
        ("1/2/2026", "dmy", "2026-02-01"),
        ("1/2/2026", "mdy", "2026-01-02"),
        ("2026.11.20", "ymd", "2026-11-20"),
        ("20.11.26", "dmy", "2026-11-20"),
        ("1/2/2026", "", "1/2/2026"),
        ("1/2", "dm", "1/2"),
        ("1 Feb 2026 3", "dmy", "1 Feb 2026 3"),
        ("soon", "dmy", "soon"),
    ],
)
def test_a_date_is_put_in_an_order_that_all_languages_read(
    text: str, order: str, date: str
) -> None:
    assert write(text, "date", order=order) == date


def test_a_time_is_left_to_the_language() -> None:
    assert write("7:05", "time") == "7:05"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", get_args(SayAs))
@given(text=st.text(max_size=30))
def test_no_text_is_too_odd_to_be_written(language: Language, kind: SayAs, text: str) -> None:
    assert isinstance(written(Span(text, say_as=kind, date_format="dmy"), language), str)
