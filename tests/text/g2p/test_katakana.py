import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wyoming_kokoro.text.g2p.katakana import katakana

SOUNDS = "aɑɒɔɛɜəiɪʊuʌAIWYQᵊbdfhjklmnpstwzɡʃʤʧʦŋɹvθðʒʣTæ"


@pytest.mark.parametrize(
    ("word", "phonemes", "reading"),
    [
        ("kit", "kˈɪt", "キット"),
        ("hub", "hˈʌb", "ハブ"),
        ("beds", "bˈɛdz", "ベッズ"),
        ("shopping", "ʃˈɒpɪŋ", "ショッピング"),
        ("kitchen", "kˈɪʧən", "キッチン"),
        ("station", "stˈAʃən", "ステーション"),
        ("cloud", "klˈWd", "クラウド"),
        ("switch", "swˈɪʧ", "スイッチ"),
        ("queen", "kwˈiːn", "クイーン"),
        ("view", "vjˈuː", "ビュー"),
        ("cat", "kˈat", "キャット"),
        ("bank", "bˈaŋk", "バンク"),
        ("singer", "sˈɪŋə", "シンガー"),
        ("camper", "kˈampə", "キャンパー"),
        ("earth", "ˈɜːθ", "アース"),
        ("whisper", "wˈɪspə", "ウィスパー"),
        ("Grafana", "ɡɹafˈɑːnə", "グラファーナ"),
        ("Shelly", "ʃˈɛli", "シェリー"),
        ("lights", "lˈIts", "ライツ"),
    ],
)
def test_english_sounds_become_those_of_japanese(word: str, phonemes: str, reading: str) -> None:
    assert katakana(phonemes, word) == reading


@given(st.text(st.sampled_from(SOUNDS + "ˈˌː "), max_size=12))
def test_whatever_the_sounds_it_is_katakana(phonemes: str) -> None:
    assert re.fullmatch("[ァ-ヺー]*", katakana(phonemes, "word"))
