"""Text in scripts that the voice's language is not written in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.languages import ALL, DECLARED
from wyoming_kokoro import espeak
from wyoming_kokoro.models.catalog import vocabulary
from wyoming_kokoro.speech import US_ENGLISH, Language, language_named
from wyoming_kokoro.text.foreign import _SCRIPTS, language_of, runs
from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd

MANDARIN, JAPANESE = language_named("zh"), language_named("ja")


def cut(text: str, language: str = "en", *, packages: bool = True) -> list[tuple[str, str]]:
    spoken = language_named(language)
    return [(run, reader.code) for run, reader in runs(text, spoken, lambda _: packages)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nothing foreign.", [("Nothing foreign.", "en_US")]),
        ("It is Москва и мир.", [("It is ", "en_US"), ("Москва и мир", "ru"), (".", "en_US")]),
        ("Play 上を向いて now", [("Play ", "en_US"), ("上を向いて", "ja_JP"), (" now", "en_US")]),
        ("2026年11月20日", [("2026年11月20日", "zh_CN")]),
        ("नमस्ते Bob", [("नमस्ते", "hi_IN"), (" Bob", "en_US")]),
        ("π is 3.14 and 5 Ω", [("π is 3.14 and 5 Ω", "en_US")]),
        ("Press Я now।", [("Press ", "en_US"), ("Я", "ru"), (" now।", "en_US")]),
    ],
)
def test_a_run_of_another_script_is_given_to_who_can_read_it(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert cut(text) == expected


def test_each_language_keeps_the_scripts_it_is_written_in() -> None:
    assert cut("今日は 晴れ OK", "ja") == [("今日は 晴れ OK", "ja_JP")]
    assert cut("今天 OK", "zh") == [("今天 OK", "zh_CN")]
    assert cut("नमस्ते OK", "hi") == [("नमस्ते OK", "hi_IN")]
    assert cut("播放さくら", "zh") == [("播放", "zh_CN"), ("さくら", "ja_JP")]


def test_without_their_packages_espeak_reads_them() -> None:
    assert cut("今天", packages=False) == [("今天", "cmn")]
    assert cut("さくら", packages=False) == [("さくら", "ja")]
    assert cut("桜です", packages=False) == [("桜", "cmn"), ("です", "ja")]


@given(st.text(st.characters(codec="utf-8"), max_size=60), st.sampled_from(ALL))
def test_nothing_is_lost(text: str, language: object) -> None:
    from wyoming_kokoro.speech import Language

    assert isinstance(language, Language)
    assert "".join(run for run, _ in runs(text, language, lambda _: True)) == text


@pytest.mark.parametrize("script", sorted(_SCRIPTS.keys() - {"cjk", "kana", "han"}))
def test_espeak_has_a_voice_for_each_script_that_is_left_to_it(script: str) -> None:
    assert len(espeak.samples("123", f"{script}+michel"))


def test_letters_that_nobody_reads_are_left_out() -> None:
    assert FrontEnd().spoken("The word ខ្មែរ is Khmer, ᏣᎳᎩ is Cherokee.", US_ENGLISH) == (
        "The word is Khmer, is Cherokee."
    )
    assert FrontEnd().spoken("Nguyễn Đặng, Łódź", US_ENGLISH) == "Nguyen Dang, Łódź"
    assert FrontEnd().phonemize("ខ្មែរ", US_ENGLISH, "misaki").symbols == ""


@pytest.mark.parametrize(
    "text",
    [
        "Москва",
        "ไทย",
        "ଓଡ଼ିଆ",
        "አማርኛ",
        "Ελλάδα",
        "서울",
        "مرحبا",
        "שלום",
        "வணக்கம்",
        "नमस्ते",
        "你好",
        "さくら",
    ],
)
def test_every_script_is_spoken_by_an_english_voice(text: str) -> None:
    phonemes = FrontEnd().phonemize(f"She said {text} to me.", US_ENGLISH, "misaki").symbols
    without = FrontEnd().phonemize("She said to me.", US_ENGLISH, "misaki").symbols
    known = [symbol for symbol in phonemes if symbol in vocabulary("v1.0")]
    assert len(known) > len(without) + 2
    assert "lˈɛɾəɹ" not in phonemes, "not letter by letter"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Good morning.", None),
        ("Bonjour.", None),
        ("नमस्ते Bob", "hi_IN"),
        ("今日は晴れです", "ja_JP"),
        ("今天天气很好", "zh_CN"),
        ("Москва", None),
        ("", None),
    ],
)
def test_the_script_tells_the_language_of_a_text(text: str, language: str | None) -> None:
    found = language_of(text)
    assert (found.code if found else None) == language


def test_a_declared_language_is_told_by_the_script_that_it_has_to_itself() -> None:
    russian = Language("ru_RU", "r", "Russian", "ru", "ru", "misaki")
    ukrainian = Language("uk_UA", "u", "Ukrainian", "uk", "uk", "misaki")
    assert language_of("Москва", declared=(*DECLARED, russian)) == russian
    assert language_of("Київ", declared=(ukrainian, russian)) == ukrainian
    assert language_of("Guten Morgen", declared=(*DECLARED, russian)) is None
    assert list(runs("Лампа 5 включена", russian, lambda _: True)) == [
        ("Лампа 5 включена", russian)
    ]


def test_the_text_around_tells_japanese_from_chinese() -> None:
    assert language_of("全部屋消灯", "全部屋消灯。今日は晴れです。") == JAPANESE
    chinese = "今天天气很好，我们去公园吧。请播放さくら这首歌，谢谢你。"
    assert language_of("今天天气很好", chinese) == MANDARIN


def test_20000_hostile_characters_take_linear_time() -> None:
    for text in ("あ" * 20_000, "1" * 20_000 + "あ", "あ " * 10_000, "Ω1" * 10_000):
        assert "".join(run for run, _ in runs(text, US_ENGLISH, lambda _: True)) == text
