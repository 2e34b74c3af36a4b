import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.text.normalize.test_rules import WRITTEN as SHARED
from wyoming_kokoro.speech import Language, language_named
from wyoming_kokoro.text.normalize import normalize

DRAWN_OUT = re.compile(r"(.)\1\1|[aàáã]{3}|[ií]{3}|[oóõô]{3}|[uúù]{3}")
"""What is written for one letter that is drawn out: those words are shortened."""

PIECES = """
    1 2 21 71 80 100 200 1998 2026 007 3,14 3.14 1.250 1.250.000 0,5 1.234.567 $1,234.56 1.250,5
    12h 12h30 12:30 19h05 7:05 00:00 24:59 14.30 10:00-11:30 3-5 1/2 3-2 5/10 10% -3 +4 ±1
    20/11/2026 2026-11-20 2026-13-45 20/11 31/02 11/2026 2024/25 R$ 5,50 € 5€50 R$5 $3 1,5M€ 2Md€
    €/mes /h mil mila milhões millions millones ½ 2½ x² 10^3 °C ° º ª º° 8°/15° 5' 10" 3'' km/h kWh
    m² µg/m³ mm l/100km ha c. à s. de da do e et y a o u ou às das le la las les alle dalle il al
    del au du entre tra seg. ter. lun. lun mer. mar. jan. févr. set. mai Sr. Sra. D. Dott. Dra. M.
    Mme n° nº n. n.º p. ex. p. s. sec. etc. vs. II IV VIII XXI XXIe Ier Louis Pedro siglo secolo
    século CO2 PM2.5 v1.2 1.2.3 192.168.1.1 sensor.a_b a_b http://a.b/c?d#e www.x.io a@b.co #1 #tag
    @me /a/b a.yaml 06 12 34 56 78 +33 (11) 91234-5678 612345678 3331234567 112 0800 190 llama
    chiama code código senha codice 1er 2e 3ème 1º 2ª 2nd 3º 21° horas heures ore son sono luces
    luci lampes lâmpadas casa pessoas dias vez fois 2x 3x4 1m75 4K 5k '90 vento vent NO TV LED IP
    HDMI UE U.S.A. Inter versión versione 1.2 uno una un' l' mezzanotte ppm h × ÷ = < > ≤ & % ~ ^
    ( ) [ ] , . : ; ! ? - – /
"""
TEXTS = st.builds(
    lambda pieces, between: between.join(pieces),
    st.lists(
        st.one_of(
            st.sampled_from(PIECES.split()),
            st.text(st.characters(), max_size=5),
            SHARED.map(lambda pieces: " ".join(pieces[:2])),
        ),
        max_size=8,
    ),
    st.sampled_from(["", " ", "-", ", ", "\u202f"]),
)
EACH = pytest.mark.parametrize(
    "language",
    [language_named(code) for code in ("es_ES", "fr_FR", "it_IT", "pt_BR")],
    ids=lambda language: language.code,
)


@EACH
@settings(deadline=None)  # the first text of a language loads its table
@given(text=TEXTS)
def test_any_text_is_said_in_words_and_the_same_again(language: Language, text: str) -> None:
    said = normalize(text, language)
    assert not any(char.isdecimal() for char in said)
    assert normalize(said, language) == said


@EACH
@settings(deadline=None)
@given(
    words=st.lists(
        st.sampled_from(["cocina", "lampada", "lâmpada", "Ångström", "привет", "今日は"]),
        max_size=5,
    ),
    text=TEXTS,
)
def test_no_word_is_lost(language: Language, words: list[str], text: str) -> None:
    said = normalize(" ".join([*words, text, *words]), language)
    assert all(said.count(word) >= 2 * words.count(word) for word in words)


@EACH
@settings(deadline=None)
@given(
    words=st.lists(
        st.text(st.sampled_from("abcdefghilmnoprstuvzàáãçèéíñõóùú"), min_size=6).filter(
            lambda word: not DRAWN_OUT.search(word)
        ),
        max_size=9,
    )
)
def test_words_are_left_alone(language: Language, words: list[str]) -> None:
    text = " ".join(words)
    assert normalize(text, language) == text


HOSTILE = """
    1_1/2_|06_|612_|1.000.|1_000_|12h|1h1_|das_1-|las_1|sono_le_|entre_1-|lun.-|2_mil_|1º|XX|AA_|M._|
    D._|Aa_1-|code_1|1/2_de_|8°/|1_x_1_|R$_1_|1_€|1"|1'|vent_|(11)_|à_s._|l/100|1_ha_|1_o_1_|s._X
"""


@pytest.mark.slow
@EACH
@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", "".join(HOSTILE.split()).replace("_", " ").split("|"))
def test_long_hostile_text_is_read_in_bounded_time(piece: str, language: Language) -> None:
    assert normalize((piece * 5_000)[:5_000], language)
