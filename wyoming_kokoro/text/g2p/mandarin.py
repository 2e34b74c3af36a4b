"""Mandarin text in, phonemes out: misaki's pinyin to IPA (v1.0) or to zhuyin (v1.1-zh)."""

import logging
import re
import sys
import types
import unicodedata
import warnings
from collections.abc import Callable
from functools import cache
from typing import IO, Any, Protocol, cast

from wyoming_kokoro.text.g2p.pinyin import FIRST_READINGS, words

Reader = Callable[[str], tuple[str, object]]
"""misaki's `ZHG2P`: the phonemes, and something that is not used here."""

_LATIN = re.compile(r"([A-Za-z\u00c0-\u024f]+(?:[ '’.&-][A-Za-z\u00c0-\u024f]+)*)")
_HAN = "\u4e00-\u9fff"
_UNREADABLE = re.compile(rf"[^{_HAN};:,.!?—…\"()“”、，。．！：；？«»《》「」【】（）\s]")

_DOTS = re.compile(r"\.{2,}")
_LONG_NUMBER = re.compile(r"\d{16,}")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_RANGE = re.compile(r"(?<![\d.-])(\d+(?:\.\d+)?)\s*[-–~～]\s*(\d+(?:\.\d+)?)(?![\d.-])")
_HYPHEN = re.compile(r"(?<=\d)-(?=\d)")
_DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")
_DEGREES = (("℃", "摄氏度"), ("°C", "摄氏度"), ("℉", "华氏度"), ("°F", "华氏度"), ("°", "度"))


_STATES_OF_UNKNOWN = (("S", "n"), ("B", "nr"), ("M", "nr"), ("E", "nr"))
"""A noun alone; or the beginning, the middle or the end of somebody's name."""


class MandarinG2P:
    """Reads Mandarin; Latin words in it are read by `english`.

    `zhuyin` chooses v1.1-zh's notation instead of v1.0's. Dictionaries are loaded when the first
    sentence is read. Not safe for use by several threads at once.
    """

    def __init__(self, zhuyin: bool, english: Callable[[str], str]) -> None:
        self._zhuyin = zhuyin
        self._english = english
        self._reader: Reader | None = None

    def phonemize(self, text: str) -> str:
        """Return the phonemes of `text`."""
        pieces = _LATIN.split(_spell_numbers(text))
        read = (self._read_han, self._english)
        phonemes = " ".join(read[index % 2](piece) for index, piece in enumerate(pieces))
        return re.sub(r" (?=[;:,.!?…)”])", "", " ".join(phonemes.split()))

    def _read_han(self, text: str) -> str:
        if self._reader is None:
            self._reader = _load(self._zhuyin, self._english)
        # 壹 sounds alike, and its tone is left alone.
        text = (_ORDERING if self._zhuyin else _FIRST_TONE).sub("壹", text)
        text = _MUST.sub(r"\g<1>淂", _RETURNED.sub("环", text))
        text = "".join(filter(_can_read, _UNREADABLE.sub(" ", text)))
        if self._zhuyin:
            text = _DOTS.sub("…", text)  # its rules take several points for a word
            _introduce(text)
        try:
            return self._reader(text.strip())[0]
        except (AssertionError, LookupError, ValueError):
            return "".join(self._reader(char)[0] for char in text)


@cache
def _can_read(char: str) -> bool:
    """Whether `char` is a mark or has a reading of one syllable: 兙, ten grams, has not."""
    from pypinyin import Style, lazy_pinyin

    final = lazy_pinyin(char, style=Style.FINALS)[0]
    return not char.isalpha() or char == "嗯" or final not in ("", char)


def _load(zhuyin: bool, english: Callable[[str], str]) -> Reader:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba's source has invalid escapes
        import jieba

        _leave_out_the_large_dictionary()
        from misaki.zh import ZHG2P

        jieba.setLogLevel(logging.WARNING)
        if not jieba.dt.initialized:
            _load_words(jieba.dt)
        reader = ZHG2P(version="1.1" if zhuyin else None, unk="", en_callable=english)
        _teach()
        return cast(Reader, reader)


def _leave_out_the_large_dictionary() -> None:
    """Have misaki import nothing for pypinyin's large dictionary; `_teach` brings what matters."""
    name = ""
    for part in ("pypinyin_dict", "phrase_pinyin_data", "large_pinyin"):
        name = f"{name}.{part}".lstrip(".")
        module: Any = types.ModuleType(name)
        module.__path__ = []
        module.load = lambda: None
        sys.modules.setdefault(name, module)


def _teach() -> None:
    """Put our readings of characters and words in place of those that the dictionaries have."""
    import jieba
    from pypinyin import load_phrases_dict, load_single_dict

    load_single_dict({ord(char): reading for char, reading in FIRST_READINGS.items()})
    readings = words()
    load_phrases_dict(
        {word: [[syllable] for syllable in reading.split()] for word, reading in readings.items()}
    )
    for word in readings:
        if not jieba.dt.FREQ.get(word):
            jieba.add_word(word, tag="v")


def _introduce(text: str) -> None:
    """Tell jieba's tagger what characters can be that it was not trained on.

    It would weigh everything against everything for each, which takes 20 ms a character.
    """
    from jieba.posseg import char_state_tab_P

    for char in text:
        char_state_tab_P.setdefault(char, _STATES_OF_UNKNOWN)


class _Jieba(Protocol):
    """What is used here of jieba's tokenizer."""

    FREQ: dict[str, int]
    total: int
    initialized: bool

    def get_dict_file(self) -> IO[bytes]: ...
    def gen_pfdict(self, f: IO[bytes]) -> tuple[dict[str, int], int]: ...


def _load_words(words: _Jieba) -> None:
    """Load jieba's dictionary without its cache, a file in the temporary folder all users share."""
    words.FREQ, words.total = words.gen_pfdict(words.get_dict_file())
    words.initialized = True


_BEFORE_DIGITS = "点[零一二三四五六七八九]+(?![零一二三四五六七八九十分刻半])"
_FIRST_TONE = re.compile(
    f"(?<!十)一(?=月|年级|等奖|{_BEFORE_DIGITS})|(?<=[十零二三四五六七八九])一(?=点)"
)
_ORDERING = re.compile(
    rf"{_FIRST_TONE.pattern}|(?<=[十零二三四五六七八九])一"
    "|一(?=号|日(?!子)|楼(?!梯)|班(?!人)|单元|栋|季度|期|区|组|级|路(?!上))"
)
"""Where 一 counts places or is read digit by digit, it keeps its tone. The rules for tones of v1.1
do not know that; of v1.0 only some words are read otherwise."""


_RETURNED = re.compile(
    "(?<=没)还(?![是有能会到])|还(?=了(?!解)|[我你他她它](?:们)?(?:的|钱|书|车|东西)|图书|银行)"
)
"""Where 还 is to give back: 环 sounds like it."""

_MUST = re.compile(
    "([今明后每]天|现在|最近|[早晚]上|[上下中]午|周[一二三四五六日]|们|我|你|他|她|您|咱|大家|可能|恐怕|以后|要是)得"
    "(?=[先去把给买回在用找问花等早交付带想做吃喝说走睡起换])"
)
"""Where 得 is must. The character in its place is rare, and read so here."""


def _spell_numbers(text: str) -> str:
    """Write numbers in Chinese."""
    import cn2an

    text = "".join(str(unicodedata.decimal(char, char)) for char in text)
    for sign, word in _DEGREES:
        text = text.replace(sign, word)
    text = _LONG_NUMBER.sub(lambda found: found.group().translate(_DIGITS), text)
    text = _RANGE.sub(r"\1到\2", _THOUSANDS.sub("", text))
    text = _HYPHEN.sub(" ", text)
    spelled: str = cn2an.transform(text, "an2cn")
    return spelled.translate(_DIGITS)
