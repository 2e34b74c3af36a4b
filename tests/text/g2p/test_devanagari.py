import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wyoming_kokoro.text.g2p.devanagari import devanagari, with_its_vowels


@pytest.mark.parametrize(
    ("phonemes", "written"),
    [
        ("kˈɪʧən", "किचन"),
        ("lˈIt", "लाइट"),
        ("ʃˈɛli", "शेली"),
        ("tæzmˈOTə", "टैज़्मोटा"),
        ("ɛɡzˈæmpᵊl", "एग्ज़ैम्पल"),
        ("bˈʌtn", "बटन"),
        ("bˈæŋk", "बैङ्क"),
        ("kˈɑm", "कॉम"),
        ("ˌIfˈOn", "आइफ़ोन"),
    ],
)
def test_english_words_are_written_as_hindi_writes_them(phonemes: str, written: str) -> None:
    assert devanagari(phonemes) == written


@pytest.mark.parametrize(
    ("typed", "spelled"),
    [
        ("ऑफ फैन लिफ्ट फ्रिज", "ऑफ़ फ़ैन लिफ़्ट फ़्रिज"),
        ("फिर फूल सफल गुफा", "फिर फूल सफल गुफा"),
        ("दरवाजा हजारों ज्यादा", "दरवाज़ा हज़ारों ज़्यादा"),
        ("जाना मौजूद गुजरात", "जाना मौजूद गुजरात"),
        ("लगाएँ गईं नहीं", "लगाएं गयीं नहीं"),
        ("सात बजकर पाँच", "सात बज्कर पाँच"),
    ],
)
def test_hindi_gets_the_dots_and_vowels_that_it_is_said_with(typed: str, spelled: str) -> None:
    assert with_its_vowels(typed) == spelled


@given(st.text(st.sampled_from("aɑɔɛəɜʌiɪᵻuʊAIWYOᵊbdfhjklmnpstvwzɡŋðɹʃʒʤʧθTˈˌ"), max_size=12))
def test_whatever_the_sounds_it_is_devanagari(phonemes: str) -> None:
    assert re.fullmatch("[\u0900-\u097f]*", devanagari(phonemes))
