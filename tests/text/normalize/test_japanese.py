import pytest

from tests.support.spoken import misread
from wyoming_kokoro.speech import language_named
from wyoming_kokoro.text.normalize import normalize
from wyoming_kokoro.text.normalize.japanese.numbers import counted, kana
from wyoming_kokoro.text.pronouncing.installed import is_installed

JP = language_named("ja_JP")

COUNTED = """
    本 イッポン ニホン サンボン ヨンホン ゴホン ロッポン ナナホン ハッポン キューホン ジュッポン
    分 イップン ニフン サンプン ヨンプン ゴフン ロップン ナナフン ハップン キューフン ジュップン
    時 イチジ ニジ サンジ ヨジ ゴジ ロクジ シチジ ハチジ クジ ジュージ
    人 ヒトリ フタリ サンニン ヨニン ゴニン ロクニン シチニン ハチニン キューニン ジューニン
    個 イッコ ニコ サンコ ヨンコ ゴコ ロッコ ナナコ ハッコ キューコ ジュッコ
    階 イッカイ ニカイ サンガイ ヨンカイ ゴカイ ロッカイ ナナカイ ハッカイ キューカイ ジュッカイ
    月 イチガツ ニガツ サンガツ シガツ ゴガツ ロクガツ シチガツ ハチガツ クガツ ジューガツ
    日 イチニチ フツカ ミッカ ヨッカ イツカ ムイカ ナノカ ヨーカ ココノカ トーカ
    円 イチエン ニエン サンエン ヨエン ゴエン ロクエン ナナエン ハチエン キューエン ジューエン
"""
"""Counters, and what they are with 1 to 10."""


@pytest.mark.skipif(
    not is_installed(language_named("ja")), reason="the packages of extra `ja` are not installed"
)
def test_replies_sound_as_people_say_them() -> None:
    wrong, count = misread("ja_JP")
    assert count >= 80
    assert len(wrong) <= count * 0.05, "\n".join(wrong)


@pytest.mark.parametrize(
    ("counter", "readings"), [row.split(maxsplit=1) for row in COUNTED.strip().splitlines()]
)
def test_numbers_and_counters_change_each_other(counter: str, readings: str) -> None:
    assert [counted(number, counter) for number in range(1, 11)] == readings.split()


@pytest.mark.parametrize(
    ("number", "reading"),
    [
        (0, "ゼロ"),
        (300, "サンビャク"),
        (8_600, "ハッセンロッピャク"),
        (10_000, "イチマン"),
        (10_001_000, "イッセンマンセン"),
        (1_000_000_000_000, "イッチョー"),
    ],
)
def test_large_numbers_are_counted_in_myriads(number: int, reading: str) -> None:
    assert kana(number) == reading


@pytest.mark.parametrize(
    ("kanji", "figures"),
    [
        ("二十一点五度", "21.5度"),
        ("四時三十分", "4時30分"),
        ("二〇二六年十一月一日", "2026年11月1日"),
        ("三分の一", "3分の1"),
        ("1億2,000万円", "120,000,000円"),
        ("1.5万人", "15,000人"),
        ("3万5千円", "35,000円"),
        ("１０〜１５分", "10~15分"),
    ],
)
def test_numerals_in_kanji_are_read_as_figures_are(kanji: str, figures: str) -> None:
    assert normalize(kanji, JP) == normalize(figures, JP)


@pytest.mark.parametrize(
    "word",
    ["十分です", "六本木", "三日月", "四国", "一緒", "二酸化炭素", "千葉", "日本", "五十嵐さん"],
)
def test_words_with_numerals_in_them_are_left_alone(word: str) -> None:
    assert normalize(word, JP) == word
