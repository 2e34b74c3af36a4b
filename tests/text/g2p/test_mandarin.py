import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wyoming_kokoro.models.catalog import vocabulary
from wyoming_kokoro.speech import language_named
from wyoming_kokoro.text.g2p.mandarin import MandarinG2P
from wyoming_kokoro.text.pronouncing.installed import is_installed

pytestmark = pytest.mark.skipif(
    not is_installed(language_named("zh")), reason="the packages of extra `zh` are missing"
)


def english(text: str) -> str:
    return "ˈA" + "l" * len(text)


IPA = MandarinG2P(zhuyin=False, english=english)
ZHUYIN = MandarinG2P(zhuyin=True, english=english)


@pytest.mark.parametrize(
    ("text", "ipa", "zhuyin"),
    [
        ("客厅的灯开着。", "kʰɤ↘tʰi→ŋ tɤ tə→ŋkʰai→ ꭧɤ.", "ㄎㄜ4ㄊ应1/ㄉㄜ5/ㄉㄥ1/ㄎㄞ1/ㄓㄜ5."),
        ("你好！", "ni↓xau↓!", "ㄋㄧ2ㄏㄠ3!"),
        ("打开TV。", "ta↓kʰai→ ˈAll.", "ㄉㄚ3ㄎㄞ1 ˈAll."),
        ("Wi-Fi好", "ˈAlllll xau↓", "ˈAlllll ㄏㄠ3"),
    ],
)
def test_han_and_latin_are_read_in_either_notation(text: str, ipa: str, zhuyin: str) -> None:
    assert IPA.phonemize(text) == ipa
    assert ZHUYIN.phonemize(text) == zhuyin


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("21.5°C", "二十一点五摄氏度"),
        ("45%", "百分之四十五"),
        ("-3度", "负三度"),
        ("1,250瓦", "一千二百五十瓦"),
        ("10-20分", "十到二十分"),
        ("2026年", "二零二六年"),
        ("１２个", "十二个"),
        ("12345678901234567", "一二三四五六七八九零一二三四五六七"),
    ],
)
def test_numbers_are_read_in_chinese(written: str, spoken: str) -> None:
    assert IPA.phonemize(written) == IPA.phonemize(spoken)


@pytest.mark.parametrize(
    ("text", "ipa", "zhuyin"),
    [
        ("温度为", "wə→ntu↘ wei↗", "文1ㄉㄨ4/为2"),
        ("将为您", "ʨja→ŋ wei↘ni↗n", "ㄐ阳1/为4ㄋ阴2"),
        ("空调调到", "kʰʊ→ŋtʰjau↗ tʰjau↗ tau↘", "ㄎ中1ㄊ要2/ㄊ要2/ㄉㄠ4"),
        ("时间长", "ʂɨ↗ʨjɛ→n ꭧʰa↗ŋ", "ㄕ十2ㄐ言1/ㄔㄤ2"),
        ("长大", "ꭧa↓ŋta↘", "ㄓㄤ3ㄉㄚ4"),
        ("跑得快", "pʰau↓tɤkʰwai↘", "ㄆㄠ3ㄉㄜ5ㄎ外4"),
        ("两只", "lja↓ŋꭧɨ→", "ㄌ阳3ㄓ十1"),
        ("银行", "i↗nxa↗ŋ", "阴2ㄏㄤ2"),
        ("还款", "xwa↗nkʰwa↓n", "ㄏ万2ㄎ万3"),
    ],
)
def test_characters_of_several_readings_are_read_by_their_words(
    text: str, ipa: str, zhuyin: str
) -> None:
    assert IPA.phonemize(text) == ipa
    assert ZHUYIN.phonemize(text) == zhuyin


@pytest.mark.parametrize(
    ("text", "zhuyin"),
    [
        ("一个", "ㄧ2ㄍㄜ5"),
        ("一天", "ㄧ4ㄊ言1"),
        ("第一", "ㄉㄧ4ㄧ1"),
        ("不是", "ㄅㄨ2ㄕ十4"),
        ("不好", "ㄅㄨ4ㄏㄠ3"),
        ("我很好", "我3ㄏㄣ2ㄏㄠ3"),
        ("那儿", "ㄋㄚR4"),
        ("女儿", "ㄋㄩ3ㄦ2"),
    ],
)
def test_tones_change_each_other_in_zhuyin(text: str, zhuyin: str) -> None:
    assert ZHUYIN.phonemize(text) == zhuyin


PIECES = st.sampled_from(
    [
        *"客厅的不一了儿嗯〇兙龦、。！？《》「」（）… ",
        *("21.5", "-3", "10:30", "1/2", "45%", "007", "2026-11-20", "1.2.3", "9" * 20),
        *("Wi-Fi", "かな", "лампа", "ê"),
    ]
)


@settings(max_examples=60)
@given(st.lists(PIECES | st.text(st.characters(codec="utf-8"), max_size=3), max_size=10))
def test_every_phoneme_is_one_that_the_model_knows(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert set(IPA.phonemize(text)) <= vocabulary("v1.0").keys()
    assert set(ZHUYIN.phonemize(text)) <= vocabulary("v1.1-zh").keys()


def test_every_han_character_is_read_or_left_out() -> None:
    for code in range(0x4E00, 0xA000, 11):
        assert set(IPA.phonemize(chr(code))) <= vocabulary("v1.0").keys()
    for code in [*range(0x4E00, 0xA000, 331), *map(ord, "兙兡嗧瓩糎〇")]:
        assert set(ZHUYIN.phonemize(chr(code))) <= vocabulary("v1.1-zh").keys()


@pytest.mark.timeout(20)
def test_long_runs_of_rare_characters_are_read_in_bounded_time() -> None:
    rare = "".join(map(chr, range(0x9000, 0x9FA0, 5)))
    syllables = re.findall("[1-5]", ZHUYIN.phonemize(rare + "龘" * 1000))
    assert len(syllables) >= 1000 + len(rare) // 2


def test_nothing_is_written_to_the_temporary_folder_or_the_terminal(tmp_path: Path) -> None:
    program = (
        "from wyoming_kokoro.text.g2p.mandarin import MandarinG2P\n"
        "assert MandarinG2P(True, str).phonemize('你好')\n"
        "assert MandarinG2P(False, str).phonemize('你好')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert (ran.stdout, ran.stderr) == ("", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["不...", "一...", "一百一十一...", "一一一......"])
def test_points_after_a_word_are_no_part_of_it(text: str) -> None:
    assert MandarinG2P(True, english).phonemize(text).endswith("…")


def test_words_of_several_readings_sound_as_others_that_have_one() -> None:
    rows = Path(__file__).with_name("homophones.zh.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [row.split("\t") for row in rows if not row.startswith("#")]
    wrong = [text for text, alike in pairs if _sounds(text) != _sounds(alike)]
    assert len(pairs) >= 12
    assert not wrong


def _sounds(text: str) -> str:
    return IPA.phonemize(text).replace(" ", "")


@pytest.mark.parametrize(
    ("text", "zhuyin"),
    [
        ("一月一号", "ㄧ1"),
        ("十一月", "ㄧ1"),
        ("零一年", "ㄧ1"),
        ("一点五", "ㄧ1"),
        ("一点钟", "ㄧ4"),
    ],
)
def test_one_keeps_its_tone_where_it_orders_or_is_a_digit(text: str, zhuyin: str) -> None:
    assert zhuyin in ZHUYIN.phonemize(text)
