import pytest
from hypothesis import given
from hypothesis import strategies as st

from wyoming_kokoro.speech import language_named
from wyoming_kokoro.text.normalize import normalize

CODES = ["fr_FR", "pt_BR"]
PIECES = """
    1 2 21 71 80 100 200 1998 2026 007 3,14 3.14 1.250 1.250.000 0,5 12h 12h30 12:30 19h05 7:05
    00:00 24:59 1/2 3-2 5/10 10% -3 +4 ±1 20/11/2026 2026-11-20 2026-13-45 20/11 31/02 R$ 5,50 €
    5€50 R$5 $3 1,5M€ 2Md€ mil milhões millions ½ 2½ x² 10^3 °C ° º ª º° 8°/15° km/h kWh m² µg/m³
    mm l/100km c. à s. de da do e et a ou às das le la les au du entre seg. ter. lun. mer. jan.
    févr. set. mai de Sr. Dra. M. Mme n° nº p. ex. etc. vs. II IV VIII XXIe Ier Louis Pedro século
    CO2 PM2.5 v1.2 1.2.3 192.168.1.1 sensor.a_b a_b http://a.b/c?d#e www.x.io a@b.co #1 #tag @me
    /a/b a.yaml 06 12 34 56 78 +33 (11) 91234-5678 0800 190 code senha 1er 2e 3ème 1º 2ª 2nd horas
    heures lampes lâmpadas pessoas dias vez fois 2x 3x4 1m75 vento vent NO TV IP HDMI UE × ÷ = < >
    ≤ & % ~ ^ ( ) [ ] , . : ; ! ? - – /
"""
WRITTEN = st.lists(
    st.one_of(st.sampled_from(PIECES.split()), st.text(st.characters(), max_size=5)), max_size=8
)
BETWEEN = st.sampled_from(["", " ", "-", ", ", "\u202f"])


@pytest.mark.parametrize("code", CODES)
@given(pieces=WRITTEN, between=BETWEEN)
def test_any_text_is_said_in_words_and_the_same_again(
    code: str, pieces: list[str], between: str
) -> None:
    language = language_named(code)
    said = normalize(between.join(pieces), language)
    assert not any(char.isdecimal() for char in said)
    assert normalize(said, language) == said


@pytest.mark.parametrize("code", CODES)
@given(
    st.lists(
        st.sampled_from(["cuisine", "lampe", "cozinha", "lâmpada", "Ångström", "привет", "今日は"]),
        max_size=5,
    ),
    WRITTEN,
)
def test_no_word_is_lost(code: str, words: list[str], pieces: list[str]) -> None:
    said = normalize(" ".join([*words, *pieces, *words]), language_named(code))
    assert all(said.count(word) >= 2 * words.count(word) for word in words)


@pytest.mark.parametrize("code", CODES)
@given(st.lists(st.text(st.sampled_from("abcdefgilmnoprstuvzéèàçãõ"), min_size=6), max_size=9))
def test_words_are_left_alone(code: str, words: list[str]) -> None:
    text = " ".join(words)
    assert normalize(text, language_named(code)) == text


@pytest.mark.timeout(60)
@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(
    "piece",
    [
        "1 1/2 ",
        "06 ",
        "1.000.",
        "1 000 ",
        "12h",
        "1h1 ",
        "das 1-",
        "entre 1-",
        "lun.-",
        "2 mil ",
        "XX",
        "M. ",
        "code 1",
        "1/2 de ",
        "8°/",
        "1 x 1 ",
        "R$ 1 ",
        "1 €",
        "vent ",
        "(11) ",
        "à s. ",
    ],
)
def test_long_hostile_text_is_read_in_bounded_time(piece: str, code: str) -> None:
    text = (piece * 20_000)[:20_000]
    assert normalize(text, language_named(code))
