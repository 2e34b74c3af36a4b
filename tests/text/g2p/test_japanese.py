import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wyoming_kokoro.models.catalog import vocabulary
from wyoming_kokoro.text.g2p.japanese import JapaneseG2P, available, kana

pytestmark = pytest.mark.skipif(not available(), reason="the packages of extra `ja` are missing")

JAPANESE = JapaneseG2P()


@pytest.mark.parametrize(
    ("text", "phonemes"),
    [
        ("電気をつけました。", "deŋkʲi o ʦɨke maɕita."),
        ("今日は東京へ行きます。", "kʲoː βa toːkʲoː e ikʲimasɨ."),
        ("「はい」と言った！", "“hai” to iʔta!"),
        ("(晴れ)", "(haɾe)"),
        # numbers with what they count
        ("4時30分です", "joʥi saɲʥɨʔpɯɴ desɨ"),
        ("21.5度", "ɲiʥɨːiʔteŋɡodo"),
        ("-3℃", "mainasɨ sando"),
        ("45%", "joɲʥɨːɡopaːsento"),
        ("３人", "saɲɲiɴ"),
        # Latin words
        ("TVは4台", "teɾebʲi βa jondai"),
        ("Wi-Fiの設定", "βaiɸai no seʔteː"),
        ("LED", "eɾɯiːdʲiː"),
        ("サンカイ", "saŋkai"),
        ("ハツカ金曜日", "haʦɨka kʲiɴjoːçi"),
        ("ヒトツ消した", "çitoʦɨ keɕita"),
        ("シーオーツー濃度", "ɕiːoːʦɨː noːdo"),
        # words that are read in more than one way
        ("ドアが開いています", "doa ɡa aite imasɨ"),
        ("本を開いて", "hoɴ o çiɾaite"),
        ("明日は晴れ", "aɕita βa haɾe"),
        ("何か", "naɲika"),
    ],
)
def test_words_numbers_and_latin_are_read(text: str, phonemes: str) -> None:
    assert JAPANESE.phonemize(text) == phonemes


@pytest.mark.parametrize(
    ("word", "reading"),
    [
        ("Shelly", "シェリー"),
        ("SwitchBot", "スイッチボット"),
        ("ESPHome", "イーエスピーホーム"),
        ("OpenAI", "オープンエーアイ"),
        ("HACS", "エイチエーシーエス"),
        ("sakura", "サクラ"),
        ("don't", "ドーント"),
        ("Netflixで", "ネットフリックスデ"),
    ],
)
def test_foreign_words_are_said_as_words(word: str, reading: str) -> None:
    assert kana(word) == reading


PIECES = st.sampled_from(
    [
        *"漢字かなカナーっゃぁ々〜・、。「」！？（）",
        "21.5",
        "Wi-Fi",
        "100%",
        "qa",
        "３",
        "ｱ",
        " ",
        "°C",
        "-5",
    ]
)


@settings(max_examples=60)
@given(st.lists(PIECES | st.text(st.characters(codec="utf-8"), max_size=3), max_size=10))
def test_every_phoneme_is_one_that_the_model_knows(pieces: list[str]) -> None:
    assert set(JAPANESE.phonemize("".join(pieces))) <= vocabulary("v1.0").keys()


def test_many_numbers_in_a_sentence_keep_their_places() -> None:
    read = JAPANESE.phonemize("、".join(["1"] * 27 + ["2"] * 3))
    assert read == ", ".join(["iʨi"] * 27 + ["ɲi"] * 3)


def test_finding_out_whether_it_is_installed_loads_nothing() -> None:
    program = (
        "import sys\n"
        "from wyoming_kokoro.text.g2p import japanese, mandarin\n"
        "japanese.available(), mandarin.available(), japanese.JapaneseG2P()\n"
        "heavy = {'fugashi', 'pyopenjtalk', 'jaconv', 'jieba', 'pypinyin', 'cn2an', 'misaki'}\n"
        "print(heavy & sys.modules.keys())\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert ran.stdout == "set()\n"
