from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.languages import ALL
from wyoming_kokoro.speech import Language, language_named
from wyoming_kokoro.text.passage import SayAs, Span
from wyoming_kokoro.text.pronouncing.say_as import written


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
    assert write("2026", "digits") == "two zero two six"
    assert write("12-34", "digits", "ja_JP") == "イチニー, サンヨン"
    assert write("+1 (555) 010-0199", "telephone") == (
        "+ one, five five five, zero one zero, zero one nine nine"
    )
    assert write("110", "telephone", "zh_CN") == "幺幺零"


@pytest.mark.parametrize(
    ("language", "number"),
    [
        ("en_US", "one thousand nine hundred eighty four"),
        ("es_ES", "mil novecientos ochenta y cuatro"),
        ("hi_IN", "एक हज़ार नौ सौ चौरासी"),
        ("ja_JP", "センキューヒャクハチジューヨン"),
        ("zh_CN", "一千九百八十四"),
    ],
)
def test_a_cardinal_is_no_year(language: str, number: str) -> None:
    assert write("1984", "cardinal", language) == number


def test_a_cardinal_is_no_telephone_number() -> None:
    assert write("13800138000", "cardinal", "zh_CN") == "一百三十八亿十三万八千"


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
        ("3", "it_IT", "terzo"),
        ("3", "ja_JP", "3番目"),
        ("3", "zh_CN", "第3"),
        ("1", "hi_IN", "1ला"),
        ("5", "hi_IN", "5वाँ"),
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
        ("1/2/2026", "dmy", "February first, twenty twenty six"),
        ("1/2/2026", "mdy", "January second, twenty twenty six"),
        ("2026.11.20", "ymd", "November twentieth, twenty twenty six"),
        ("20.11.26", "dmy", "November twentieth, twenty twenty six"),
        ("1/2", "md", "January second"),
        ("20260102", "yyyymmdd", "January second, twenty twenty six"),
        ("2-1-26", "ddmmyy", "January second, twenty twenty six"),
        ("123456", "dmy", "123456"),
        ("1/2/2026", "", "1/2/2026"),
        ("31/31/2026", "dmy", "31/31/2026"),
        ("2026/11", "ym", "2026/11"),
        ("1 Feb 2026 3", "dmy", "1 Feb 2026 3"),
        ("soon", "dmy", "soon"),
    ],
)
def test_a_date_is_read_in_the_order_that_is_given(text: str, order: str, date: str) -> None:
    assert write(text, "date", order=order) == date


@pytest.mark.parametrize(
    ("text", "language", "fraction"),
    [
        ("5+1/2", "en_US", "5 1/2"),
        ("3/20", "es_ES", "3/20"),
        ("3/20", "ja_JP", "20分の3"),
        ("3/20", "zh_CN", "20分之3"),
        ("half", "zh_CN", "half"),
    ],
)
def test_a_fraction_is_no_date(text: str, language: str, fraction: str) -> None:
    assert write(text, "fraction", language) == fraction


@pytest.mark.parametrize(
    ("language", "date"),
    [("ja_JP", "ジューイチガツ ハツカ"), ("zh_CN", "十一月二十日"), ("hi_IN", "बीस नवंबर")],
)
def test_a_date_without_its_year_is_no_fraction(language: str, date: str) -> None:
    assert write("11/20", "date", language, order="md") == date


def test_a_time_is_left_to_the_language() -> None:
    assert write("7:05", "time") == "7:05"


@pytest.mark.slow
@pytest.mark.parametrize("language", ALL)
@pytest.mark.parametrize("kind", get_args(SayAs))
@given(text=st.text(max_size=30))
def test_no_text_is_too_odd_to_be_written(language: Language, kind: SayAs, text: str) -> None:
    assert isinstance(written(Span(text, say_as=kind, date_format="dmy"), language), str)
