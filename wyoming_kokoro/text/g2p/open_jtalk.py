"""Japanese text in, its words and their reading in katakana out, by Open JTalk and its dictionary.

Foreign words that the dictionary lacks, which it would spell, are first written as Japanese says
them: `Shelly` as シェリー, `sakura` as サクラ. Nothing here is for several threads at once.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from types import ModuleType
from typing import NamedTuple, cast

from wyoming_kokoro.text.g2p.espeak_ng import english_word
from wyoming_kokoro.text.g2p.katakana import katakana
from wyoming_kokoro.text.normalize.japanese.words import spell


class JapaneseWord(NamedTuple):
    """A word or a mark, as Japanese writes it, and its reading in katakana; "" if it has none."""

    written: str
    reading: str


_FOREIGN = re.compile(r"[A-Za-z]{2,30}(?:'[a-z]{1,2}\b|[A-Za-z])")
_FOREIGN_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_ROMAJI = re.compile(
    r"\A(?:(?:ch|sh|ts|[kgnhbpmr]y|([kstp])\1|[kgsztdnhbpmyrwjf])?[aiueo]|n(?![aiueoy]))+"
    r"(?<=[aiuo])\Z"
)
_NOT_ROMAJI = re.compile("nn|[td][iuy]|[szj]i|[yw][ie]|f[aeio]|[hd]u|w[uo]")

_SETTLED = (
    (re.compile("(?<=[がはも])開(?=い[てた]|か(?:な|ず)|き(?:っ|ま))"), "あ"),
    (re.compile("明後日"), "あさって"),
    (re.compile("(?<![一-鿿])値(?=[はがをのにも])"), "あたい"),
    (re.compile("𠮟"), "叱"),
    (re.compile("乍(?=ら)"), "なが"),
)
"""Words that the dictionary reads in another of their ways, doors あく rather than ひらく, or lacks
as they are written."""

_PIECE = re.compile(r"(?s).{1,199}[、。！？,.!?\s]|.{1,200}")
"""As much as is read at a time. Open JTalk refuses more than 16 KiB."""

_KATAKANA = re.compile("[ァ-ヺー]+")
_NOT_KATAKANA = re.compile("[^ァ-ヺー]")
_LONG_I = re.compile("(?<=[イキギシジチニヒビピミリ])イ\\Z")
"""The end of 新しい, which is one long vowel."""


def kana(text: str) -> str:
    """Return the reading of `text` in katakana, marks as they are."""
    return "".join(word.reading or word.written for piece in words(text) for word in piece)


def words(text: str) -> Iterator[list[JapaneseWord]]:
    """Yield the words and marks of `text`, piece by piece."""
    for piece in _PIECE.findall(_prepared(text)):
        yield [_word(node["string"], node["pron"]) for node in _nodes(piece)]


def _nodes(text: str) -> list[dict[str, str]]:
    nodes = _open_jtalk().run_frontend(text, use_sudachi_kanji_yomi=False)
    return cast(list[dict[str, str]], nodes)


@cache
def _open_jtalk() -> ModuleType:
    """Return pyopenjtalk. For kanji that its dictionary lacks it would ask Sudachi's, 190 MB, which
    is not always there and has few of them; told no text, it takes the reading that Unihan has."""
    import pyopenjtalk

    names = vars(pyopenjtalk)
    if by_unihan := names.get("read_unknown_kanji"):  # another version may lack it
        names["read_unknown_kanji"] = lambda nodes, *_text: by_unihan(nodes)
    return pyopenjtalk


def _word(string: str, spoken: str) -> JapaneseWord:
    written = unicodedata.normalize("NFKC", string)
    reading = written if _KATAKANA.fullmatch(written) else _LONG_I.sub("ー", spoken)
    reading = _NOT_KATAKANA.sub("", reading)
    return JapaneseWord(reading if reading and written.isascii() else written, reading)


def _prepared(text: str) -> str:
    for word, reading in _SETTLED:
        text = word.sub(reading, text)
    return _FOREIGN.sub(lambda word: _say_foreign(word.group()), text)


def _read(text: str) -> str:
    return str(_open_jtalk().g2p(text, kana=True, use_sudachi_kanji_yomi=False))


@lru_cache(maxsize=1024)
def _say_foreign(word: str) -> str:
    """Return `word` if it is in the dictionary, else how it is said, in katakana."""
    if _is_known(word):
        return word
    if "'" in word:
        return _say_unknown(word)
    parts = _FOREIGN_PART.findall(word)
    return "".join(_read(part) if _is_known(part) else _say_unknown(part) for part in parts)


def _say_unknown(word: str) -> str:
    if word.isupper():
        return spell(word)
    word = word.lower()
    if _ROMAJI.match(word) and not _NOT_ROMAJI.search(word):
        import jaconv

        return str(jaconv.alphabet2kata(word))
    return katakana(english_word(word, british=True) or "", word) or spell(word)


def _is_known(word: str) -> bool:
    """Whether `word` is read as one; others are spelled, or left."""
    read = _read(word)
    return read != spell(word) and not _NOT_KATAKANA.search(read)
