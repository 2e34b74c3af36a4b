import subprocess
import sys
import threading
from importlib.util import find_spec

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wyoming_kokoro.errors import UnknownLanguage
from wyoming_kokoro.models.catalog import VERSIONS, ModelVersion, Notation, vocabulary
from wyoming_kokoro.speech import LANGUAGES, Language, language_named
from wyoming_kokoro.text.pronouncing.installed import installed_languages, require_installed
from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd

FRONT_END = FrontEnd()
US, GB = language_named("en_US"), language_named("en_GB")


def test_text_is_cleaned_then_read() -> None:
    read = FRONT_END.phonemize("**Turn on** the _hall_ 💡 lamp!", US, "misaki")
    assert read.text == "Turn on the hall lamp!"
    assert read.symbols == "tˈɜɹn ˌɔn ðə hˈɔl lˈæmp!"
    assert read.language is US


@pytest.mark.parametrize("text", ["", "  ", "🎉", "---", "**", "<br/>", "```"])
def test_text_without_words_has_no_phonemes(text: str) -> None:
    read = FRONT_END.phonemize(text, US, "misaki")
    assert (read.symbols, read.text) == ("", "")


def test_names_of_things_are_read_as_their_words() -> None:
    assert FRONT_END.spoken("light.living_room_main", US) == "light living room main"


@pytest.mark.skipif(
    language_named("ja") not in installed_languages(), reason="the extra `ja` is not installed"
)
def test_an_engine_that_reads_no_kanji_gets_kana() -> None:
    [read] = FRONT_END.readable("今日は東京へ。10分です！", language_named("ja"))
    assert read.text == "キョーワトーキョーエ。ジュップンデス!"


def test_an_engine_that_reads_text_gets_a_piece_for_each_language() -> None:
    pieces = FRONT_END.readable("It is 10% (Москва и мир), or नमस्ते.", US)
    assert [(piece.text, piece.language.espeak) for piece in pieces] == [
        ("It is ten percent (", "en-us"),
        ("Москва и мир", "ru"),
        ("), or", "en-us"),
        ("नमस्ते.", "hi"),
    ]
    assert FRONT_END.readable("🎉", US) == []


def test_words_that_the_lexicon_lacks_are_read_not_spelled() -> None:
    read = FRONT_END.phonemize("Zigbeeness", US, "misaki").symbols
    assert "z" in read
    assert len(read) < 14


TEXTS = {
    "en_US": "The lamp in the hall is on.",
    "en_GB": "The lamp in the hall is on.",
    "es_ES": "La lámpara del salón está encendida.",
    "fr_FR": "La lampe du salon est allumée.",
    "hi_IN": "बैठक की बत्ती जल रही है।",
    "it_IT": "La lampada del soggiorno è accesa.",
    "ja_JP": "リビングの電気がついています。",
    "pt_BR": "A lâmpada da sala está acesa.",
    "zh_CN": "客厅的灯开着。",
}
SPOKEN = [
    (version, language)
    for version in VERSIONS
    for language in LANGUAGES
    if any(name.startswith(language.letter) for name in version.voices)
]


@pytest.mark.parametrize(("version", "language"), SPOKEN)
def test_each_version_is_given_only_symbols_it_knows(
    version: ModelVersion, language: Language
) -> None:
    if language not in installed_languages():
        pytest.skip(f"the packages that read {language.name} are not installed")
    read = FRONT_END.phonemize(TEXTS[language.code], language, version.notation)
    assert len(read.symbols) > 10
    assert set(read.symbols) <= vocabulary(version.name).keys()


def test_the_two_englishes_differ() -> None:
    spoken = [FRONT_END.phonemize("a hot bath", lang, "misaki").symbols for lang in (US, GB)]
    assert spoken == ["ɐ hˈɑt bˈæθ", "ɐ hˈɒt bˈɑːθ"]


def test_letters_of_any_script_are_sounds_that_the_model_knows() -> None:
    scripts = "Ёъعحضਝਢඟඳඹᄍቀ௧ກកჯ"
    read = FRONT_END.phonemize(" ".join(scripts), US, "misaki")
    assert set(read.symbols) <= vocabulary("v1.0").keys()
    assert len(read.symbols.split()) >= len(scripts) - 2


@given(st.text(st.characters(), max_size=60))
@example("ع")
def test_any_text_has_phonemes_that_the_model_knows(text: str) -> None:
    read = FRONT_END.phonemize(text, US, "misaki")
    assert set(read.symbols) <= vocabulary("v1.0").keys()


def test_languages_are_listed_only_when_their_packages_are_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    codes = {language.code for language in installed_languages()}
    assert codes >= {"en_US", "en_GB", "es_ES", "fr_FR", "hi_IN", "it_IT", "pt_BR"}
    assert ("ja_JP" in codes) == (find_spec("fugashi") is not None)
    assert ("zh_CN" in codes) == (find_spec("jieba") is not None)
    without(monkeypatch, "fugashi", "jieba")
    assert not {"ja_JP", "zh_CN"} & {language.code for language in installed_languages()}


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("ja_JP", r"Japanese needs packages .* pip install 'wyoming-kokoro\[ja\]'"),
        ("zh_CN", r"Mandarin Chinese needs packages .* pip install 'wyoming-kokoro\[zh\]'"),
    ],
)
def test_a_language_that_is_not_installed_is_refused_with_the_remedy(
    code: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, "fugashi", "jieba")
    with pytest.raises(UnknownLanguage, match=message):
        FrontEnd().phonemize("灯", language_named(code), "misaki")
    with pytest.raises(UnknownLanguage, match=message):
        require_installed(language_named(code))
    assert FrontEnd().phonemize("ok", US, "misaki").symbols


WITHOUT_PACKAGES = """
import sys
from importlib.machinery import PathFinder

MISSING = {"fugashi", "pyopenjtalk", "jaconv", "mojimoji", "jieba", "pypinyin", "cn2an"}

class Poorer(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name in MISSING else super().find_spec(name, path, target)

sys.meta_path = [Poorer if finder is PathFinder else finder for finder in sys.meta_path]

from wyoming_kokoro.speech import language_named
from wyoming_kokoro.text.pronouncing.installed import installed_languages, why_hidden
from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd

assert len(installed_languages()) == 7
for reason in why_hidden():
    print(reason)
print(FrontEnd().phonemize("Say こんにちは and 你好 now.", language_named("en"), "misaki").symbols)
"""


def test_without_their_packages_the_others_still_read() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT_PACKAGES],
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    japanese, mandarin, read = ran.stdout.splitlines()
    assert "wyoming-kokoro[ja]" in japanese
    assert "wyoming-kokoro[zh]" in mandarin
    assert set(read) <= vocabulary("v1.0").keys()
    assert len(read) > len("sˈA ænd nˈW.")


HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=4)
MIXED = st.lists(
    HAN
    | st.text("客厅温度为零一不了地得儿，。！？、：（）《》…", max_size=8)
    | st.sampled_from(["Home Assistant", "Wi-Fi", "ESP32", "21.5°C", "-3", "a@b.cn", "PM2.5", "Ω"])
    | st.text(st.characters(codec="utf-8"), max_size=2),
    max_size=6,
)


@pytest.mark.skipif(find_spec("jieba") is None, reason="the extra zh is not installed")
@settings(max_examples=40, deadline=None)
@given(MIXED)
def test_mandarin_with_all_that_stands_in_it_has_symbols_of_its_model(pieces: list[str]) -> None:
    text, language = "".join(pieces), language_named("zh_CN")
    for version in (version for version, spoken in SPOKEN if spoken == language):
        read = FRONT_END.phonemize(text, language, version.notation)
        assert set(read.symbols) <= vocabulary(version.name).keys()


def without(monkeypatch: pytest.MonkeyPatch, *packages: str) -> None:
    def find(name: str) -> object:
        return None if name in packages else find_spec(name)

    monkeypatch.setattr("wyoming_kokoro.text.pronouncing.installed.find_spec", find)


def test_threads_take_turns() -> None:
    texts = [f"Lamp number {number} is {word}." for number in range(20) for word in ("on", "off")]
    languages: list[tuple[Language, Notation]] = [(US, "misaki"), (GB, "misaki"), (US, "espeak")]
    alone = {
        (text, place): FRONT_END.phonemize(text, *place) for text in texts for place in languages
    }
    wrong: list[str] = []

    def read(place: tuple[Language, Notation]) -> None:
        wrong.extend(
            text for text in texts if FRONT_END.phonemize(text, *place) != alone[text, place]
        )

    threads = [threading.Thread(target=read, args=(place,)) for place in languages * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
