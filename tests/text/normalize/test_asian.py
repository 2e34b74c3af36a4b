import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wyoming_kokoro.speech import language_named
from wyoming_kokoro.text.normalize import normalize

CODES = ["hi_IN", "ja_JP", "zh_CN"]
PIECES = """
    1 2 10 42 100 1250 1998 2026 007 3.14 1,250 1,25,000 0.5 １２ ４５％ ४५ 12:30 7:05 ７：０５
    1/2 3-2 5/10 10% -3 +4 ±1 10〜11 10～15 20/11/2026 2026-11-20 2026/11/20 11/20 2026-13-45 $5
    €9.99 ¥1,580 ₹12.50 5元 3万 1.5億 2亿 1億2,000万 ½ 2½ x² 10^3 °C ℃ °F km/h kWh m² µg/m³ ㎡ mm
    W V A K s h min d AM PM 本 個 人 日 月 年 分 時 時間 円 度 つ 階 十 百 千 万 億 一 二 三 〇 零
    十一 二十一 二〇二六 点 五 第 分の 分之 个 两 年 点 分钟 比分 スコア 风 電話 拨打 番 (金)
    （土） 月〜金 में से बजे वीं ला रुपये लाख करोड़ किमी घंटा कॉल स्कोर पर 上 下 在 は で の CO2
    PM2.5 v1.2 1.2.3 192.168.1.1 sensor.a_b http://a.b/c?d#e a@b.co #1 #tag /a/b a.yaml TV LED
    Wi-Fi USB 090-1234-5678 138-0013-8000 98765 43210 +86 110 112 × ÷ = < > ≤ & % ° ~ 〜 ～ ^ ( )
    「 」 、 。 ， ！ ： । - – — /
"""
WRITTEN = st.lists(
    st.one_of(st.sampled_from(PIECES.split()), st.text(st.characters(), max_size=5)), max_size=8
)
HOSTILE = """
    十 一百 1万 3本 10分 １，０００ 1〜2 11/20、 月〜 (金) 客 ア1 a客 090- 1:2- 1-1- 5वीं ₹1 1,00,
    比分1-1 拨打123 コード1 °C客 CO2 二点五 分の 2个 2元/度 1h1m 3万 ﾃ㎡
"""
BETWEEN = st.sampled_from(["", " ", "-", "、", "\u3000"])


@pytest.mark.parametrize("code", CODES)
@settings(deadline=None)
@given(pieces=WRITTEN, between=BETWEEN)
def test_any_text_is_said_in_words_and_the_same_again(
    code: str, pieces: list[str], between: str
) -> None:
    language = language_named(code)
    said = normalize(between.join(pieces), language)
    assert not any(char.isdecimal() for char in said)
    assert normalize(said, language) == said


@pytest.mark.parametrize("code", CODES)
@settings(deadline=None)
@given(
    words=st.lists(
        st.sampled_from(["привет", "रसोई", "客厅", "居間", "ランプ", "あかり", "Angstrom"]),
        max_size=5,
    ),
    pieces=WRITTEN,
)
def test_no_word_is_lost(code: str, words: list[str], pieces: list[str]) -> None:
    said = normalize(" ".join([*words, *pieces, *words]), language_named(code))
    assert all(said.count(word) >= 2 * words.count(word) for word in words)


@pytest.mark.parametrize("code", CODES)
@settings(deadline=None)
@given(
    words=st.lists(
        st.text(
            st.sampled_from("あいうえおかこんアイウエカコンー客厅灯开着電気台所रसोईकमरा"),
            min_size=2,
        ),
        max_size=9,
    )
)
def test_words_are_left_alone(code: str, words: list[str]) -> None:
    text = " ".join(words)
    assert normalize(text, language_named(code)) == text


@pytest.mark.slow
@pytest.mark.timeout(60)
@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(
    "piece",
    HOSTILE.split(),
)
def test_long_hostile_text_is_read_in_bounded_time(piece: str, code: str) -> None:
    text = (piece * 20_000)[:20_000]
    assert normalize(text, language_named(code))
