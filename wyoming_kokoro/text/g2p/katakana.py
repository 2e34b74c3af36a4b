"""A foreign word and its English phonemes in, the katakana that Japanese would write it with out.

Japanese borrows British sounds: no r behind a vowel, a final consonant gets a vowel of its own,
and a short vowel before a final stop doubles it: `kɪt` is キット. A name of Japan in Latin letters
is read as it is written.
"""

import re
from collections.abc import Mapping

_VOWELS: Mapping[str, str] = {
    "a": "a",
    "ɑː": "aー",
    "ɒ": "o",
    "ɔː": "oー",
    "ɔ": "o",
    "ɛ": "e",
    "ɛː": "eア",
    "ɜː": "aー",
    "ə": "a",
    "iː": "iー",
    "i": "i",
    "ɪ": "i",
    "ɪə": "iア",
    "ʊ": "u",
    "ʊə": "uア",
    "uː": "uー",
    "u": "u",
    "ʌ": "a",
    "A": "eイ",
    "eː": "eー",
    "I": "aイ",
    "W": "aウ",
    "Y": "oイ",
    "Q": "oー",
}
"""By vowel in misaki's notation: the vowel of its syllable, and what follows in katakana."""

_ANY_VOWEL = "[" + "".join({vowel[0] for vowel in _VOWELS}) + "]"

_ROWS: Mapping[str, tuple[str, ...]] = {
    consonant: tuple(row.split())
    for consonant, row in {
        "": "ア イ ウ エ オ",
        "b": "バ ビ ブ ベ ボ",
        "d": "ダ ディ ドゥ デ ド",
        "f": "ファ フィ フ フェ フォ",
        "h": "ハ ヒ フ ヘ ホ",
        "j": "ヤ イ ユ イェ ヨ",
        "k": "カ キ ク ケ コ",
        "l": "ラ リ ル レ ロ",
        "m": "マ ミ ム メ モ",
        "n": "ナ ニ ヌ ネ ノ",
        "p": "パ ピ プ ペ ポ",
        "s": "サ シ ス セ ソ",
        "t": "タ ティ トゥ テ ト",
        "w": "ワ ウィ ウ ウェ ウォ",
        "z": "ザ ジ ズ ゼ ゾ",
        "ɡ": "ガ ギ グ ゲ ゴ",
        "ʃ": "シャ シ シュ シェ ショ",
        "ʤ": "ジャ ジ ジュ ジェ ジョ",
        "ʧ": "チャ チ チュ チェ チョ",
        "ʦ": "ツァ ツィ ツ ツェ ツォ",
        "ky": "キャ キ キュ キェ キョ",
        "ɡy": "ギャ ギ ギュ ギェ ギョ",
        "by": "ビャ ビ ビュ ビェ ビョ",
        "dy": "デャ ディ デュ デェ デョ",
        "fy": "フャ フィ フュ フェ フョ",
        "hy": "ヒャ ヒ ヒュ ヒェ ヒョ",
        "ly": "リャ リ リュ リェ リョ",
        "my": "ミャ ミ ミュ ミェ ミョ",
        "ny": "ニャ ニ ニュ ニェ ニョ",
        "py": "ピャ ピ ピュ ピェ ピョ",
    }.items()
}
"""By consonant, with y where a y follows it: its syllables with a, i, u, e and o."""

_ALONE: Mapping[str, str] = {
    "d": "ド",
    "h": "",
    "j": "イ",
    "n": "ン",
    "ŋ": "ング",
    "t": "ト",
    "ʃ": "シュ",
    "ʤ": "ジ",
    "ʧ": "チ",
}
"""Consonants without a vowel that are not as with u."""

_NEAREST = (
    (r"[ˈˌ\s]", ""),
    (r"T", "t"),
    (r"æ", "a"),
    (r"ɹᵊ", "ɹə"),
    (r"ᵊ", ""),
    (r"(?<=ʧ)ən\Z", "ɪn"),
    (r"(?<=[ʃʒʤ])ən", "ɒn"),
    (r"(?<=[aɒɛɪʊʌ])([ptkʧʃdɡʤ](?=(?:ɪŋ|ɪn|l|[sz])?\Z)|[pk](?=ə\Z))", r"ッ\1"),
    (r"(?<=[^ɪɛʊˈ])ə\Z", "ɑː"),
    (r"i\Z", "iː"),
    (r"[mn](?=[pb])", "ン"),
    (rf"n(?!{_ANY_VOWEL}|j)", "ン"),
    (rf"ŋ(?={_ANY_VOWEL})", "ンɡ"),
    (r"ŋ(?=[kɡ])", "ン"),
    (rf"A(?!{_ANY_VOWEL}|\Z)", "eː"),
    (r"ɹ", "l"),
    (r"v", "b"),
    (r"θ", "s"),
    (r"ð", "z"),
    (r"ʒ", "ʤ"),
    (r"ʣ|dz", "z"),
    (r"ts", "ʦ"),
    (r"sj", "ʃ"),
    (r"tj", "ʧ"),
    (r"(?<=[skɡtd])w(?=[iɪ])", "u"),
    (r"(?<=[kɡ])a(?!ː)", "ya"),
    (r"(?<=[kɡbdfhlmnp])j", "y"),
)
"""Sounds that Japanese has not, and the nearest that it has; tried in this order."""

_CONSONANTS = "bdfhjklmnpstwzɡʃʤʧʦ"
_VOWEL = "|".join(sorted(_VOWELS, key=len, reverse=True))
_MORA = re.compile(rf"([{_CONSONANTS}]?y?)({_VOWEL})|([{_CONSONANTS}ŋ])|([ッン])")


def katakana(phonemes: str, word: str) -> str:
    """Return how Japanese says `word`, whose phonemes are given in misaki's British notation."""
    for sound, nearest in _NEAREST:
        phonemes = re.sub(sound, nearest, phonemes)
    said = "".join(_mora(*found.groups()) for found in _MORA.finditer(phonemes))
    return said.removesuffix("ー") if word.endswith("a") else said


def _mora(consonant: str | None, vowel: str | None, alone: str | None, mora: str | None) -> str:
    if vowel:
        sound = _VOWELS[vowel]
        return _ROWS[consonant or ""]["aiueo".index(sound[0])] + sound[1:]
    if alone:
        return _ALONE[alone] if alone in _ALONE else _ROWS[alone][2]
    return mora or ""
