"""Text in, phonemes as espeak-ng reads it out, in the notations that Kokoro was trained on.

espeak-ng is given whole clauses, since liaison and stress depend on the words around; the marks
between them, which it would swallow and Kokoro reads as prosody, are put back. The tables state
which symbol Kokoro knows for which of espeak-ng's, as misaki 0.9.4 (`EspeakG2P`,
`EspeakFallback`) and the code released with v0.19 have it.
"""

import functools
import logging
import re
import unicodedata
from collections.abc import Iterable, Mapping

from wyoming_kokoro import espeak
from wyoming_kokoro.errors import EspeakUnavailable
from wyoming_kokoro.speech import Language
from wyoming_kokoro.text.g2p.devanagari import devanagari, with_its_vowels
from wyoming_kokoro.text.g2p.loanwords import respell

_LOGGER = logging.getLogger(__name__)

_MARK = re.compile(
    r"""(
        [;!?¡¿…—"“”«»()]
        | (?<!\d)[,:] | [,:](?!\d)  # but "21,5" and "10:30" are one number
        | \.(?!\w)                  # nor are "1.250", "EE.UU." and "example.com" cut
    )""",
    re.VERBOSE,
)
"""A mark between clauses."""

_SPELLINGS = (
    (re.compile(r"\.{2,}"), "…"),
    (re.compile(r"-{2,}|―|(?<=\s)[-–](?=\s)"), "—"),
    (re.compile(r"[।॥]"), "."),
    (re.compile(r"[\[{]"), "("),
    (re.compile(r"[\]}]"), ")"),
    (re.compile(r"[„‟]"), "“"),
    (re.compile(r"[‘’]"), "'"),
)
"""Marks that are written in several ways."""

_V1_MARKS = str.maketrans({"«": "“", "»": "”", "¡": "", "¿": ""})
_V0_MARKS = str.maketrans({"«": '"', "»": '"', "“": '"', "”": '"', "(": "«", ")": "»"})
"""Marks as the model's vocabulary has them. v0.19 was trained on parentheses as angles."""

_Table = Iterable[tuple[str, str]]

_KOKORO: _Table = (
    ("a͡ɪ", "I"),
    ("a͡ʊ", "W"),
    ("d͡z", "ʣ"),
    ("d͡ʒ", "ʤ"),
    ("e͡ɪ", "A"),
    ("o͡ʊ", "O"),
    ("ə͡ʊ", "Q"),
    ("s͡s", "S"),
    ("t͡s", "ʦ"),
    ("t͡ʃ", "ʧ"),
    ("ɔ͡ɪ", "Y"),
)

_NEAREST = str.maketrans("ɫɬɭʀʐʍ", "lllʁʒw")
"""Sounds that Kokoro v1.0 has no symbol for, as the nearest that it has."""

_NEAREST_OF_ALL = _NEAREST | str.maketrans("ʑɵʉħʕᵐⁿᵑ", "ʒouhʔmnŋ", "ˤ+`")
"""The same for the scripts of languages that it does not speak. A checkpoint that was trained on
one of these may have symbols for them."""

_LATIN_WORD = re.compile("[A-Za-z]+(?:'[A-Za-z]+)?")
_HINDI_FLAPS: _Table = (("r.h", "ɽʰ"), ("r.", "ɽ"))
"""ढ़ and ड़, which espeak-ng 1.52 writes with what would be read as a full stop."""

_UNSOUNDED = re.compile(r"[\d-]|(?!\u0303)[\u0300-\u036f]")
"""Tone numbers, hyphens, ties, and what is written above or below a letter, but for the tilde of
nasal vowels."""

_LOOSE = re.compile(r"[\d-]")
"""Tone numbers, and hyphens between the parts of compounds."""

_ENGLISH: _Table = (
    ("ʔˌn̩", "ʔn"),
    ("ʔn̩", "ʔn"),
    ("a͡ɪ", "I"),
    ("a͡ʊ", "W"),
    ("d͡ʒ", "ʤ"),
    ("e͡ɪ", "A"),
    ("e͡ə", "ɛː"),
    ("t͡ʃ", "ʧ"),
    ("ɔ͡ɪ", "Y"),
    ("ə͡l", "ᵊl"),
    ("ʲo", "jo"),
    ("ʲə", "jə"),
    ("ʲ", ""),
    ("ɚ", "əɹ"),
    ("e", "A"),
    ("r", "ɹ"),
    ("x", "k"),
    ("ç", "k"),
    ("ɐ", "ə"),
    ("ɬ", "l"),
)
_BRITISH: _Table = (("i͡ə", "ɪə"), ("iə", "ɪə"), ("ə͡ʊ", "Q"))
_AMERICAN: _Table = (
    ("o͡ʊ", "O"),
    ("ɜːɹ", "ɜɹ"),
    ("ɜː", "ɜɹ"),
    ("ɪ͡ə", "iə"),
    ("ɪə", "iə"),
    ("ː", ""),
)
_ENGLISH_LAST: _Table = (("o", "ɔ"), ("ɾ", "T"), ("ʔ", "t"))

_SYLLABIC = re.compile(r"(\S)\u0329")

_V0_FIXES: _Table = (
    (espeak.TIE, ""),
    ("-", ""),
    ("kəkˈɔːɹoʊ", "kˈoʊkəɹoʊ"),  # "kokoro"
    ("kəkˈɔːɹəʊ", "kˈəʊkəɹəʊ"),
    ("ʲ", "j"),
    ("r", "ɹ"),
    ("x", "k"),
    ("ɬ", "l"),
)
_V0_HUNDRED = re.compile(r"(?<=[a-zɹː])(?=hˈʌndɹɪd)")
_V0_LONE_Z = re.compile(r' z(?=[;:,.!?¡¿—…"«»“” ]|$)')
_V0_NINETY = re.compile(r"(?<=nˈaɪn)ti(?!ː)")


class EspeakG2P:
    """Reads Spanish, French, Italian, Brazilian Portuguese or Hindi for Kokoro v1."""

    def __init__(
        self, language: Language, nearest: Mapping[int, int | None] = _NEAREST_OF_ALL
    ) -> None:
        self._voice = language.espeak
        self._language = language.code
        self._nearest = nearest

    def phonemize(self, text: str) -> str:
        """Return the phonemes of clean text, in symbols of v1.0, punctuation kept.

        Raises:
            EspeakUnavailable: espeak-ng cannot be used.
        """
        text = _in_hindi(text) if self._voice == "hi" else respell(text, self._language)
        symbols = _replaced(_read(text, self._voice), _KOKORO)
        # Nasal vowels come in one character or in two; Kokoro knows them, ç excepted, in two.
        decomposed = unicodedata.normalize("NFD", symbols).replace("c\u0327", "ç")
        known = _UNSOUNDED.sub("", decomposed.translate(self._nearest))
        return known.translate(_V1_MARKS).strip()


class EspeakDeclared:
    """Reads a language that a checkpoint declares, in the notation that it was trained on."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._kokoro = EspeakG2P(language, _NEAREST)

    def phonemize(self, text: str) -> str:
        """Return the phonemes of clean text, punctuation kept: in symbols of v1.0, or as espeak-ng
        writes them without its ties, some replaced as the language says.

        Raises:
            EspeakUnavailable: espeak-ng cannot be used.
        """
        if self._language.notation == "misaki":
            symbols = self._kokoro.phonemize(text)
        else:
            read = _read(text, self._language.espeak, _V0_MARKS)
            symbols = _LOOSE.sub("", read.replace(espeak.TIE, ""))
        return " ".join(_replaced(symbols, self._language.replaced).split())


class EspeakEnglish:
    """Reads English for Kokoro v0.19, in espeak-ng's own notation."""

    def __init__(self, british: bool) -> None:
        self._british = british

    def phonemize(self, text: str) -> str:
        """Return the phonemes of clean text, in symbols of v0.19, punctuation kept.

        Raises:
            EspeakUnavailable: espeak-ng cannot be used.
        """
        read = _read(text, _english_voice(self._british), _V0_MARKS)
        symbols = _V0_HUNDRED.sub(" ", _replaced(read, _V0_FIXES))
        symbols = _V0_LONE_Z.sub("z", symbols)
        return symbols if self._british else _V0_NINETY.sub("di", symbols)


def english_word(word: str, british: bool) -> str | None:
    """Return the phonemes of a word that no lexicon has, in misaki's notation for English.

    None where espeak-ng finds nothing to say, or cannot be used; the log says that once.
    """
    try:
        symbols = espeak.phonemes(word, _english_voice(british))
    except EspeakUnavailable as error:
        _warn_once(str(error))
        return None
    symbols = _SYLLABIC.sub(r"ᵊ\1", _replaced(symbols, _ENGLISH))
    symbols = _replaced(symbols, _BRITISH if british else _AMERICAN)
    return _UNSOUNDED.sub("", _replaced(symbols, _ENGLISH_LAST)).replace("\u0303", "") or None


def _in_hindi(text: str) -> str:
    """Return Hindi as espeak-ng needs it, with English words in its script."""
    text = _LATIN_WORD.sub(lambda word: _english_in_hindi(word.group()), text)
    return with_its_vowels(text)


def _english_in_hindi(word: str) -> str:
    phonemes = english_word(word, british=False)
    return devanagari(phonemes) if phonemes else word


@functools.cache
def _warn_once(reason: str) -> None:
    _LOGGER.warning("words that the English lexicon lacks will be spelled: %s", reason)


def _english_voice(british: bool) -> str:
    return "en-gb" if british else "en-us"


def _replaced(text: str, table: _Table) -> str:
    for old, new in table:
        text = text.replace(old, new)
    return text


def _read(text: str, voice: str, marks: dict[int, str] | None = None) -> str:
    """Return the phonemes of each clause of `text`, its marks, as `marks` has them, between."""
    for spelling, mark in _SPELLINGS:
        text = spelling.sub(mark, text)
    parts = _MARK.split(text)
    parts[1::2] = [mark.translate(marks or {}) for mark in parts[1::2]]
    parts[::2] = [_clause(clause, voice) for clause in parts[::2]]
    return " ".join("".join(parts).split())


def _clause(clause: str, voice: str) -> str:
    """Return the phonemes of `clause`, with a space on the sides where it has one."""
    if not clause.strip():
        return clause
    before, after = (" " * side.isspace() for side in (clause[0], clause[-1]))
    phonemes = espeak.phonemes(clause, voice)
    for written, sound in _HINDI_FLAPS:
        phonemes = phonemes.replace(written, sound)
    return before + phonemes + after
