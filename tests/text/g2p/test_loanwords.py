import pytest

from wyoming_kokoro.speech import language_named
from wyoming_kokoro.text.g2p.espeak_ng import EspeakG2P
from wyoming_kokoro.text.g2p.loanwords import respell


@pytest.mark.parametrize(
    ("code", "word", "sounds"),
    [
        ("pt_BR", "gigabytes", "ʒˌiɡabˈIʧys"),
        ("pt_BR", "Wi-Fi", "uˈIfˈI"),
        ("es_ES", "gigabytes", "xˌiɣaβˈIts"),
        ("it_IT", "gigabyte", "ʤiɡabˈIt"),
        ("fr_FR", "email", "imˈɛl"),
        ("fr_FR", "wifi", "wifˈi"),
    ],
)
def test_loanwords_sound_as_natives_say_them(code: str, word: str, sounds: str) -> None:
    assert EspeakG2P(language_named(code)).phonemize(word) == sounds


def test_only_whole_words_of_the_language_are_respelled() -> None:
    assert respell("Bytecode e Wi-Fi-6", "pt_BR") == "Bytecode e Wi-Fi-6"
    assert respell("पाँच megabytes", "hi_IN") == "पाँच megabytes"
    assert respell("Cinco Megabytes.", "pt_BR") == "Cinco megabaites."
