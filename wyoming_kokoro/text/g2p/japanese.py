"""Japanese text in, Kokoro's Japanese phonemes out: misaki's Cutlet, helped by Open JTalk.

Cutlet (on fugashi and UniDic) reads Japanese writing. Latin words, and numbers with what they
count, are read by Open JTalk, whose dictionary knows them: `21.5度` is ニジューイッテンゴド.
"""

import re
import unicodedata
import warnings
from collections import defaultdict
from importlib.util import find_spec
from typing import Any

_PACKAGES = ("fugashi", "unidic_lite", "pyopenjtalk", "jaconv", "mojimoji")

_RUN = re.compile(
    r"""
    (?:
        ゼロ | レー | イ[チッ] | ニー? | サン | ヨン? | シチ | ゴー? | ロ[クッ] | ナナ | ハ[チッ]
        | キュー | テン | ジュ[ーッ] | [ヒビピ]ャ[クッ] | [セゼ]ン | マン | オク
    ){2,} [ァ-ヺー]*                                 # a number in words, where words begin anywhere
    |
    [A-Za-z\d%]                                     # a letter, a digit or a percent sign
    (?: [A-Za-z\d%]  |  [.,:](?=\d)  |  [/+&'_-](?=[A-Za-z\d]) )*
    (?: (?<=[\d%]) [一-鿿々]+ )?                     # what is counted
    """,
    re.VERBOSE,
)
_MINUS = re.compile(r"(?<![\w-])[-−](?=\d)")
_DEGREES = re.compile(r"°[CF]?")
_MARKS = ' ;:,.!?—…"()“”'
_SOUNDS_OF_ITS_RULES = "ːʔmɲŋnɴ"
"""What Cutlet writes for ー, っ and ん, which are not in its table."""


def available() -> bool:
    """Whether the packages that read Japanese are installed (extra `ja`). Imports none of them."""
    return all(find_spec(package) is not None for package in _PACKAGES)


def kana(text: str) -> str:
    """Return the reading of `text` in katakana, by Open JTalk. Not for several threads at once."""
    import pyopenjtalk

    return str(pyopenjtalk.g2p(text, kana=True, use_sudachi_kanji_yomi=False))


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
        return " ".join(phonemes.split())

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


def _unify(text: str) -> str:
    """Give signs and digits of one meaning one form."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(str(unicodedata.decimal(char, char)) for char in text)
    return _MINUS.sub("マイナス", _DEGREES.sub("度", text))


def _is_kana(char: str) -> bool:
    return "ァ" <= char <= "ヶ"


def _hiragana(char: str) -> str:
    return chr(ord(char) - 0x60) if _is_kana(char) else char if char == "ー" else ""


def _placeholder(number: int) -> str:
    """Return a word for the tagger to take for a noun: `qa`, `qb` ... `qba` ... ."""
    letters = ""
    while number or not letters:
        number, letter = divmod(number, 26)
        letters = chr(ord("a") + letter) + letters
    return "q" + letters
