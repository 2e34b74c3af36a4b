"""Japanese text in, Kokoro's Japanese phonemes out: Open JTalk's reading in misaki's notation.

misaki's Cutlet writes the reading in phonemes and sets the spaces. It would ask UniDic for the
reading, which needs a quarter of a gigabyte more and knows fewer words that are read aloud.
"""

import re
import unicodedata
import warnings
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from wyoming_kokoro.text.g2p import open_jtalk

_MINUS = re.compile(r"(?<![\w-])[-−](?=\d)")
_DEGREES = re.compile(r"°[CF]?")
_LOOSE_LENGTH = re.compile(r"(?<=[aeiouɨɯ]) ː")
"""A vowel that goes on in what the dictionary took for the next word."""

_BEFORE_STOP = re.compile(r'(?<![!",.:;?»—…”]) (?=ʔ)|(?<=ʔ) (?!["«“])')
_MARKS = ' ;:,.!?—…"()“”'
_SOUNDS_OF_ITS_RULES = "ːʔmɲŋnɴ"
"""What Cutlet writes for ー, っ and ん, which are not in its table."""

_WORD, _SIGN = 6, 3
"""Cutlet's kinds of writing."""


class JapaneseG2P:
    """Reads Japanese. Dictionaries are loaded when the first sentence is read.

    Not safe for use by several threads at once.
    """

    def __init__(self) -> None:
        self._cutlet: Any = None
        self._make_word: Any = None
        self._symbols: frozenset[str] = frozenset()

    def phonemize(self, text: str) -> str:
        """Return the phonemes of `text`, in misaki's notation."""
        if self._cutlet is None:
            self._load()
        phonemes = "".join(map(self._phonemes, open_jtalk.words(_unify(text))))
        phonemes = "".join(symbol for symbol in phonemes if symbol in self._symbols)
        phonemes = _BEFORE_STOP.sub("", " ".join(phonemes.split()))
        return _LOOSE_LENGTH.sub("ː", phonemes)

    def _phonemes(self, words: Iterable[open_jtalk.JapaneseWord]) -> str:
        known = [
            self._make_word(word.written, _hiragana(word.reading), _WORD if word.reading else _SIGN)
            for word in words
        ]
        return "".join(map(str, self._cutlet._romaji_tokens(known)))

    def _load(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it opens its data in a way that Python deprecated
            from misaki import cutlet

        self._make_word = cutlet.Word
        # Kana where it cannot be read would raise a KeyError; it is left out.
        self._cutlet = object.__new__(cutlet.Cutlet)  # its constructor looks for UniDic
        self._cutlet.table = defaultdict(str, cutlet.HEPBURN)
        self._cutlet.exceptions = {}
        sounds = "".join(cutlet.HEPBURN.values())
        letters = {symbol for symbol in sounds if symbol.isalpha()}
        self._symbols = frozenset({*letters, *_SOUNDS_OF_ITS_RULES, *_MARKS})


def _unify(text: str) -> str:
    """Give signs and digits of one meaning one form."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(str(unicodedata.decimal(char, char)) for char in text)
    return _MINUS.sub("マイナス", _DEGREES.sub("度", text))


def _hiragana(katakana: str) -> str:
    return "".join(chr(ord(char) - 0x60) if "ァ" <= char <= "ヶ" else char for char in katakana)
