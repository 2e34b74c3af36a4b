"""Japanese text in, Kokoro's Japanese phonemes out: misaki's Cutlet, helped by Open JTalk.

Cutlet (on fugashi and UniDic) reads Japanese writing. Latin words, and numbers with what they
count, are read by Open JTalk, whose dictionary knows them: `21.5度` is ニジューイッテンゴド. Latin
words that neither knows are said as Japanese says foreign words, `Shelly` as シェリー.
"""

import re
import unicodedata
import warnings
from collections import defaultdict
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

from wyoming_kokoro.text.g2p.espeak_ng import english_word
from wyoming_kokoro.text.g2p.katakana import katakana
from wyoming_kokoro.text.normalize.japanese.words import spell

_PACKAGES = ("fugashi", "unidic_lite", "pyopenjtalk", "jaconv", "mojimoji")

_NUMERAL = """(?:
    ゼロ | レー | イ[チッ] | ニー? | サン | ヨン? | シチ? | ゴー? | ロ[クッ] | ナナ | ハ[チッ]
    | キュー | ク | テン | ジュ[ーッ] | [ヒビピ]ャ[クッ] | [セゼ]ン | マン | オク
)"""
_RUN = re.compile(
    rf"""
    {_NUMERAL}{{2,}} [ァ-ヺー]*                     # a number in words, wherever it begins
    |
    (?<![ァ-ヺー])
    (?:
        {_NUMERAL}                                  # a short one, and what is counted
        | ヒトツ | フタツ | ミッツ | ヨッツ | イツツ | ムッツ | ヤッツ | ココノツ
        | ヒトリ | フタリ | ハタチ | ツイタチ | フツカ | ミッカ | ヨッカ | イツカ | ムイカ
        | ナノカ | ヨーカ | ココノカ | トーカ | ハツカ
    )
    [ァ-ヺー]{{0,7}} (?![ァ-ヺー])
    |
    [A-Za-z\d%]                                     # a letter, a digit or a percent sign
    (?: [A-Za-z\d%]  |  [.,:](?=\d)  |  [/+&'_-](?=[A-Za-z\d]) )*
    (?: (?<=[\d%]) [一-鿿々]+ )?                     # what is counted
    """,
    re.VERBOSE,
)
_FOREIGN = re.compile(r"[A-Za-z]{2,}(?:'[a-z]{1,2}\b|[A-Za-z])")
_FOREIGN_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_ROMAJI = re.compile(
    r"(?:(?:ch|sh|ts|[kgnhbpmr]y|([kstp])\1|[kgsztdnhbpmyrwjf])?[aiueo]|n(?![aiueoy]))+(?<=[aiuo])"
)
_NOT_ROMAJI = re.compile("nn|[td][iuy]|[szj]i|[yw][ie]|f[aeio]|[hd]u|w[uo]")
_READINGS = (
    (re.compile("(?<=[がはも])開(?=い[てた]|か(?:な|ず)|き(?:っ|ま))"), "あ"),
    (re.compile("明日(?![香葉菜見])"), "あした"),
    (re.compile("明後日"), "あさって"),
    (re.compile("一昨日"), "おととい"),
    (re.compile("何か(?![月所国条年])"), "なにか"),
    (re.compile("私(?=[はがのにもをたと、。])"), "わたし"),
)
"""Words that UniDic reads in another of their ways: doors あく rather than ひらく."""

_MINUS = re.compile(r"(?<![\w-])[-−](?=\d)")
_DEGREES = re.compile(r"°[CF]?")
_LOOSE_LENGTH = re.compile(r"(?<=[aeiouɨɯ]) ː")
"""A vowel that goes on in what the tagger took for the next word."""

_MARKS = ' ;:,.!?—…"()“”'
_SOUNDS_OF_ITS_RULES = "ːʔmɲŋnɴ"
"""What Cutlet writes for ー, っ and ん, which are not in its table."""


def available() -> bool:
    """Whether the packages that read Japanese are installed (extra `ja`). Imports none of them."""
    return all(find_spec(package) is not None for package in _PACKAGES)


def kana(text: str) -> str:
    """Return the reading of `text` in katakana, by Open JTalk. Not for several threads at once."""
    text = _settle(text)
    return _open_jtalk(_FOREIGN.sub(lambda word: _say_foreign(word.group()), text))


class JapaneseG2P:
    """Reads Japanese. Dictionaries are loaded when the first sentence is read.

    Not safe for use by several threads at once.
    """

    def __init__(self) -> None:
        self._cutlet: Any = None
        self._symbols: frozenset[str] = frozenset()

    def phonemize(self, text: str) -> str:
        """Return the phonemes of `text`, in misaki's notation."""
        if self._cutlet is None:
            self._load()
        readings: dict[str, str] = {}

        def keep_place(run: re.Match[str]) -> str:
            name = _placeholder(len(readings))
            readings[name] = self._read_run(run.group())
            return f" {name} "

        self._cutlet.exceptions = readings
        phonemes: str = self._cutlet(_RUN.sub(keep_place, _unify(text)))[0]
        phonemes = phonemes.replace("«", "(").replace("»", ")")
        phonemes = "".join(symbol for symbol in phonemes if symbol in self._symbols)
        return _LOOSE_LENGTH.sub("ː", " ".join(phonemes.split()))

    def _load(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it opens its data in a way that Python deprecated
            from misaki.cutlet import Cutlet

        cutlet = Cutlet()
        sounds = "".join(cutlet.table.values())
        letters = {symbol for symbol in sounds if symbol.isalpha()}
        self._symbols = frozenset({*letters, *_SOUNDS_OF_ITS_RULES, *_MARKS})
        # Kana where it cannot be read would raise a KeyError; it is left out.
        cutlet.table = defaultdict(str, cutlet.table)
        self._cutlet = cutlet

    def _read_run(self, run: str) -> str:
        """Return the phonemes of Latin letters or a number. Open JTalk gives kana, never kanji."""
        from misaki.cutlet import Word

        read = run if _is_kana(run[0]) else kana(run)
        word = Word(surface=read, hira="".join(map(_hiragana, read)), char_type=6)
        phonemes: str = self._cutlet._romaji_word(word)  # its own step from kana to phonemes
        return phonemes


def _open_jtalk(text: str) -> str:
    import pyopenjtalk

    return str(pyopenjtalk.g2p(text, kana=True, use_sudachi_kanji_yomi=False))


@lru_cache(maxsize=1024)
def _say_foreign(word: str) -> str:
    """Return `word` if Open JTalk knows it, else how it is said, in katakana."""
    if _is_known(word):
        return word
    if "'" in word:
        return _say_unknown(word)
    parts = _FOREIGN_PART.findall(word)
    return "".join(_open_jtalk(part) if _is_known(part) else _say_unknown(part) for part in parts)


def _say_unknown(word: str) -> str:
    if word.isupper():
        return spell(word)
    word = word.lower()
    if _ROMAJI.fullmatch(word) and not _NOT_ROMAJI.search(word):
        import jaconv

        return str(jaconv.alphabet2kata(word))
    return katakana(english_word(word, british=True) or "", word) or spell(word)


def _is_known(word: str) -> bool:
    """Whether Open JTalk reads `word` as a word; it spells others, or leaves them."""
    read = _open_jtalk(word)
    return read != spell(word) and all(map(_is_kana_or_long, read))


def _unify(text: str) -> str:
    """Give signs and digits of one meaning one form."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(str(unicodedata.decimal(char, char)) for char in text)
    return _MINUS.sub("マイナス", _DEGREES.sub("度", _settle(text)))


def _settle(text: str) -> str:
    """Write words in kana that would be read in another of their ways."""
    for word, reading in _READINGS:
        text = word.sub(reading, text)
    return text


def _is_kana(char: str) -> bool:
    return "ァ" <= char <= "ヶ"


def _is_kana_or_long(char: str) -> bool:
    return _is_kana(char) or char == "ー"


def _hiragana(char: str) -> str:
    return chr(ord(char) - 0x60) if _is_kana(char) else char if char == "ー" else ""


def _placeholder(number: int) -> str:
    """Return a word for the tagger to take for a noun: `qa`, `qb` ... `qba` ... ."""
    letters = ""
    while number or not letters:
        number, letter = divmod(number, 26)
        letters = chr(ord("a") + letter) + letters
    return "q" + letters
