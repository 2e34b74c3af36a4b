import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wyoming_kokoro.models.catalog import vocabulary
from wyoming_kokoro.speech import language_named
from wyoming_kokoro.text.g2p.japanese import JapaneseG2P
from wyoming_kokoro.text.g2p.open_jtalk import kana
from wyoming_kokoro.text.pronouncing.installed import is_installed

pytestmark = pytest.mark.skipif(
    not is_installed(language_named("ja")), reason="the packages of extra `ja` are missing"
)

JAPANESE = JapaneseG2P()


@pytest.mark.parametrize(
    ("text", "phonemes"),
    [
        ("電気をつけました。", "deŋkʲi o ʦɨke maɕita."),
        ("今日は東京へ行きます。", "kʲoː βa toːkʲoː e ikʲimasɨ."),
        ("「はい」と言った！", "“hai” to iʔta!"),
        ("(晴れ)", "(haɾe)"),
        # numbers, as they are written out
        ("ヨジ サンジュップンです", "joʥi saɲʥɨʔpɯɴ desɨ"),
        ("ニジューイッテンゴド", "ɲiʥɨːiʔteŋɡodo"),
        ("サンカイ", "saŋkai"),
        ("ハツカ金曜日", "haʦɨka kʲiɴjoːbʲi"),
        ("ヒトツ消した", "çitoʦɨ keɕita"),
        ("シーオーツー濃度", "ɕiːoːʦɨː noːdo"),
        # Latin words
        ("TVは", "teɾebʲi βa"),
        ("Wi-Fiの設定", "βaiɸai no seʔteː"),
        ("LED", "eɾɯiːdʲiː"),
        # words that are read in more than one way
        ("ドアが開いています", "doa ɡa aite imasɨ"),
        ("本を開いて", "hoɴ o çiɾaite"),
        ("明日は晴れ", "aɕita βa haɾe"),
        ("何か", "naɲika"),
        ("値は", "atai βa"),
        ("測定値は", "sokɯteː ʨi βa"),
        ("誕生日", "taɲʥoːbʲi"),
        ("子供部屋", "kodomobeja"),
        ("今日中", "kʲoːʥɨː"),
        ("洗濯物", "sentakɯmono"),
        ("お兄さん", "oɲiːsaɴ"),
        ("新しい機器", "ataɾaɕiː kʲikʲi"),
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


@pytest.mark.filterwarnings("ignore:Dictionary.create:DeprecationWarning")  # of Open JTalk's own
@settings(max_examples=60)
@given(st.lists(PIECES | st.text(st.characters(codec="utf-8"), max_size=3), max_size=10))
def test_every_phoneme_is_one_that_the_model_knows(pieces: list[str]) -> None:
    assert set(JAPANESE.phonemize("".join(pieces))) <= vocabulary("v1.0").keys()


@pytest.mark.parametrize("text", ["ア" * 3_000, "温度は二十度です。" * 700, "a" * 6_000])
def test_text_of_any_length_is_read(text: str) -> None:
    assert len(JAPANESE.phonemize(text)) >= len(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("𡳭、雨です", "ʨi, ame desɨ"),
        ("严、雨です", ", ame desɨ"),
        ("涙し乍ら𠮟る", "namʲidaɕi naɡaɾa ɕikaɾɯ"),
    ],
)
def test_kanji_that_nobody_reads_do_not_end_a_sentence(text: str, read: str) -> None:
    assert JAPANESE.phonemize(text) == read


def test_rare_kanji_load_no_other_dictionary() -> None:
    program = (
        "import sys\n"
        "from wyoming_kokoro.text.g2p.japanese import JapaneseG2P\n"
        "JapaneseG2P().phonemize('𡳭、乍、縁預三側培棘錡')\n"
        "print([name for name in sys.modules if name.startswith('sudachidict')])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, timeout=60
    )
    assert ran.stdout == "[]\n", ran.stderr


def test_finding_out_whether_it_is_installed_loads_nothing() -> None:
    program = (
        "import sys\n"
        "from wyoming_kokoro.text.g2p import japanese\n"
        "from wyoming_kokoro.text.pronouncing.installed import installed_languages\n"
        "installed_languages(), japanese.JapaneseG2P()\n"
        "heavy = {'fugashi', 'pyopenjtalk', 'jaconv', 'jieba', 'pypinyin', 'cn2an', 'misaki'}\n"
        "print(heavy & sys.modules.keys())\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert ran.stdout == "set()\n"
