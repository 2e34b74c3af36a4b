"""A pronunciation that somebody wrote down in, symbols that the model knows out.

People write the IPA of dictionaries; Kokoro was trained on two dialects of it. The tables follow
misaki 0.9.4 (`EN_PHONES.md`, `EspeakFallback`) and espeak-ng. Nothing passes that the model has
no symbol for, nor punctuation, so that a text cannot inject what is no sound.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from wyoming_kokoro.models.catalog import VERSIONS, Notation, vocabulary
from wyoming_kokoro.speech import Language

_Table = Iterable[tuple[str, str]]

_SPELLINGS: _Table = (
    ("g", "ɡ"),
    (":", "ː"),
    ("'", "ˈ"),
    ("\u035c", "\u0361"),
    ("ʣ", "d\u0361z"),
    ("ʤ", "dʒ"),
    ("ʦ", "t\u0361s"),
    ("ʧ", "tʃ"),
    ("ʨ", "t\u0361ɕ"),
    ("ɚ", "əɹ"),
    ("ɝ", "ɜɹ"),
)
"""One way of writing what is written in several."""

_MISAKI: _Table = (
    ("d\u0361z", "ʣ"),
    ("t\u0361s", "ʦ"),
    ("t\u0361ɕ", "ʨ"),
    ("d\u0361ʒ", "ʤ"),
    ("t\u0361ʃ", "ʧ"),
    ("\u0361", ""),
    ("dʒ", "ʤ"),
    ("tʃ", "ʧ"),
    ("aɪ", "I"),
    ("aʊ", "W"),
    ("eɪ", "A"),
    ("oʊ", "O"),
    ("əʊ", "Q"),
    ("ɔɪ", "Y"),
)
_ENGLISH: _Table = (("r", "ɹ"), ("ɫ", "l"), ("e", "ɛ"), ("o", "ɔ"), ("ɾ", "T"))
_AMERICAN: _Table = (("Q", "O"), ("ɜːɹ", "ɜɹ"), ("ɜː", "ɜɹ"), ("ː", ""), ("a", "æ"), ("ɒ", "ɑ"))
_BRITISH: _Table = (("O", "Q"),)

_ESPEAK: _Table = (
    ("\u0361", ""),
    ("A", "eɪ"),
    ("I", "aɪ"),
    ("O", "oʊ"),
    ("Q", "əʊ"),
    ("S", "s"),
    ("T", "ɾ"),
    ("W", "aʊ"),
    ("Y", "ɔɪ"),
    ("ᵊ", "ə"),
)
"""What misaki has letters of its own for, as v0.19 knows it."""

_SYLLABIC = re.compile("(\\w)\u0329")
_VOWELS = "aeiouyæøœɐɑɒɔɘəɛɜɞɤɨɪɯɵɶʉʊʌʏᵻAIOQWY"
_STRESS_BEFORE_CONSONANTS = re.compile(rf"([ˈˌ])([^\sˈˌ{_VOWELS}]+)(?=[{_VOWELS}])")
_FIRST_VOWEL = re.compile(rf"[{_VOWELS}]")
_PUNCTUATION = frozenset('$;:,.!?¡¿—…"«»“”()/-')
_UNSOUNDED = re.compile(r"[.\u0361\u035c|‿]")
"""Syllable and foot boundaries and ties, which need no symbol."""


def pronounceable(ipa: str) -> bool:
    """Whether any of `ipa` can be spoken."""
    return any(_is_letter(symbol) and symbol in _all_symbols() for symbol in _unified(ipa))


def unknown_symbols(ipa: str) -> str:
    """Return the characters of `ipa` that no model has a symbol for, each once."""
    written = _UNSOUNDED.sub("", _unified(ipa))
    return "".join(sorted(set(written) - _all_symbols()))


def symbols_of(ipa: str, language: Language, notation: Notation) -> str:
    """Return `ipa`, or what of it can be spoken, in the notation of a model version.

    English is brought to the sounds that the voices of `language` were trained on. Stress marks,
    which dictionaries put before the syllable, come before its vowel.
    """
    symbols = _unified(ipa)
    if notation == "espeak":
        symbols = _replaced(symbols, _ESPEAK)
    else:
        symbols = _replaced(symbols, _MISAKI)
        if language.code in ("en_US", "en_GB"):
            symbols = _SYLLABIC.sub(r"ᵊ\1", _replaced(symbols, _ENGLISH))
            british = language.code == "en_GB"
            symbols = _replaced(symbols, _BRITISH if british else _AMERICAN)
    symbols = _STRESS_BEFORE_CONSONANTS.sub(r"\2\1", symbols)
    known = _symbols(notation)
    return " ".join("".join(symbol for symbol in symbols if symbol in known).split())


def emphasized(symbols: str) -> str:
    """Return `symbols` with a primary stress in each word."""
    return " ".join(map(_stressed, symbols.split(" ")))


def english_possessive(symbols: str, language: Language) -> str:
    """Return how `'s` sounds after a word that ends in `symbols`."""
    last = symbols[-1:]
    if last in "szʃʒʧʤ":
        return "ɪz" if language.code == "en_GB" else "ᵻz"
    return "s" if last in "ptkfθ" else "z"


def _stressed(word: str) -> str:
    if "ˈ" in word:
        return word
    if "ˌ" in word:
        return word.replace("ˌ", "ˈ", 1)
    return _FIRST_VOWEL.sub(r"ˈ\g<0>", word, count=1)


def _is_letter(symbol: str) -> bool:
    """Whether it stands for a sound, not for its stress or length."""
    return unicodedata.category(symbol) in ("Ll", "Lo", "Lu")


def _unified(ipa: str) -> str:
    decomposed = unicodedata.normalize("NFD", ipa).replace("c\u0327", "ç")
    return _replaced(decomposed, _SPELLINGS)


def _replaced(text: str, table: _Table) -> str:
    for old, new in table:
        text = text.replace(old, new)
    return text


@cache
def _symbols(notation: Notation) -> frozenset[str]:
    """Return the symbols for sounds, and the space, of the version with that notation."""
    version = next(version for version in VERSIONS if version.notation == notation)
    return frozenset(vocabulary(version.name)) - _PUNCTUATION


@cache
def _all_symbols() -> frozenset[str]:
    return frozenset().union(*(_symbols(version.notation) for version in VERSIONS))
