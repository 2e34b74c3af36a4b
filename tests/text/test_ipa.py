import pytest
from hypothesis import given
from hypothesis import strategies as st

from wyoming_kokoro.models.catalog import VERSIONS, ModelVersion, vocabulary
from wyoming_kokoro.speech import LANGUAGES, Language, language_named
from wyoming_kokoro.text.ipa import (
    emphasized,
    english_possessive,
    pronounceable,
    symbols_of,
    unknown_symbols,
)

US, GB, ES, FR = map(language_named, ("en_US", "en_GB", "es_ES", "fr_FR"))


@pytest.mark.parametrize(
    ("ipa", "american", "british"),
    [
        ("ˈniːv", "nˈiv", "nˈiːv"),
        ("ˈgɪf", "ɡˈɪf", "ɡˈɪf"),
        ("dʒɪf", "ʤɪf", "ʤɪf"),
        ("d͡ʒɪf", "ʤɪf", "ʤɪf"),
        ("ʤɪf", "ʤɪf", "ʤɪf"),
        ("tʃiːz", "ʧiz", "ʧiːz"),
        ("deɪ taɪm haʊ ɡoʊ bɔɪ", "dA tIm hW ɡO bY", "dA tIm hW ɡQ bY"),
        ("e͡ɪ a͡ɪ a͡ʊ o͡ʊ ɔ͡ɪ", "A I W O Y", "A I W Q Y"),
        ("ɡəʊ", "ɡO", "ɡQ"),
        ("bɝd ˈbʌtɚ", "bɜɹd bˈʌtəɹ", "bɜɹd bˈʌtəɹ"),
        ("bɜːd", "bɜɹd", "bɜːd"),
        ("ˈrɛd", "ɹˈɛd", "ɹˈɛd"),
        ("ˈbʌtn̩", "bˈʌtᵊn", "bˈʌtᵊn"),
        ("hɒt hat", "hɑt hæt", "hɒt hat"),
        ("ˈni.əm", "nˈiəm", "nˈiəm"),
        ("kˈOkəɹO", "kˈOkəɹO", "kˈQkəɹQ"),
        ("'strɛŋθ", "stɹˈɛŋθ", "stɹˈɛŋθ"),
        ("sɪˈlɛkʃən ˌʌndə", "sɪlˈɛkʃən ˌʌndə", "sɪlˈɛkʃən ˌʌndə"),
    ],
)
def test_the_ipa_of_dictionaries_becomes_kokoros(ipa: str, american: str, british: str) -> None:
    assert symbols_of(ipa, US, "misaki") == american
    assert symbols_of(ipa, GB, "misaki") == british


def test_other_languages_keep_their_own_sounds() -> None:
    assert symbols_of("ˈpero ˈkaʎe", ES, "misaki") == "pˈero kˈaʎe"
    assert symbols_of("bɔ̃ˈʒuʁ", FR, "misaki") == "bɔ̃ʒˈuʁ"
    assert symbols_of("ɡaɾˈsõ ça", FR, "misaki") == "ɡaɾsˈo\u0303 ça"


def test_the_first_version_has_no_letters_for_two_sounds() -> None:
    assert symbols_of("d͡ʒɪf ˈtʃiːz deɪ", US, "espeak") == "dʒɪf tʃˈiːz deɪ"
    assert symbols_of("kˈOkəɹO bˈʌTəɹ", US, "espeak") == "kˈoʊkəɹoʊ bˈʌɾəɹ"


def test_what_is_no_sound_is_left_out() -> None:
    assert symbols_of('n!i.v? "(…)" $ 5 <b>', US, "misaki") == "niv b"
    assert symbols_of("…", US, "misaki") == ""


@pytest.mark.slow
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("language", LANGUAGES)
@given(ipa=st.text(max_size=20))
def test_nothing_passes_that_the_model_does_not_know(
    version: ModelVersion, language: Language, ipa: str
) -> None:
    symbols = symbols_of(ipa, language, version.notation)
    assert set(symbols) <= vocabulary(version.name).keys()
    assert not set(symbols) & set("$;:,.!?")


def test_unknown_symbols_are_named() -> None:
    assert unknown_symbols("ˈni.ə͡m dʒ") == ""
    assert unknown_symbols("n@iv9%") == "%9@"


@pytest.mark.parametrize(
    ("ipa", "answer"), [("niːv", True), ("ㄔㄨ", True), ("ˈ", False), ("123", False), ("", False)]
)
def test_ipa_that_can_be_spoken_is_told(ipa: str, answer: bool) -> None:
    assert pronounceable(ipa) is answer


@pytest.mark.parametrize(
    ("symbols", "stressed"),
    [
        ("ʌv", "ˈʌv"),
        ("ˌʌndəstˈænd", "ˌʌndəstˈænd"),
        ("ˌɪn ðə hˈWs", "ˈɪn ðˈə hˈWs"),
        ("", ""),
        ("… z", "… z"),
    ],
)
def test_emphasis_is_a_stress_in_each_word(symbols: str, stressed: str) -> None:
    assert emphasized(symbols) == stressed


def test_possessives_sound_as_the_word_before_lets_them() -> None:
    endings = [english_possessive(word, US) for word in ("nˈiv", "ʤˈæk", "ʤˈAmz", "ʧˈɜɹʧ")]
    assert endings == ["z", "s", "ᵻz", "ᵻz"]
    assert english_possessive("ʤˈAmz", GB) == "ɪz"
