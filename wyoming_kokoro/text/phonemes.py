"""A sentence and its language in, its phonemes out: clean, then grapheme to phoneme."""

import threading
from collections.abc import Callable
from typing import Protocol

from wyoming_kokoro.errors import UnknownLanguage
from wyoming_kokoro.models.catalog import Notation
from wyoming_kokoro.speech import LANGUAGES, US_ENGLISH, Language, Phonemes
from wyoming_kokoro.text.clean import clean
from wyoming_kokoro.text.g2p import japanese, mandarin
from wyoming_kokoro.text.g2p.english import EnglishG2P
from wyoming_kokoro.text.g2p.espeak_ng import EspeakEnglish, EspeakG2P, english_word

_EXTRAS: dict[str, tuple[str, Callable[[], bool]]] = {
    "ja_JP": ("ja", japanese.available),
    "zh_CN": ("zh", mandarin.available),
}
"""By language that needs more packages: the extra that brings them, and whether they are there."""


class G2P(Protocol):
    """Reads one language in one notation."""

    def phonemize(self, text: str) -> str:
        """Return the phonemes of clean text, one character a phoneme."""


def installed_languages() -> tuple[Language, ...]:
    """Return the languages whose packages are installed, in the order of `LANGUAGES`."""
    return tuple(language for language in LANGUAGES if _is_installed(language))


def require_installed(language: Language) -> None:
    """Make sure that the packages which read `language` are there.

    Raises:
        UnknownLanguage: they are not; the message says how to get them.
    """
    if not _is_installed(language):
        extra = _EXTRAS[language.code][0]
        raise UnknownLanguage(
            f"{language.name} needs packages that are not installed; "
            f"install them with: pip install 'wyoming-kokoro[{extra}]'"
        )


class FrontEnd:
    """Turns text into phonemes. A language is loaded when its first sentence comes.

    Safe for use by several threads; they take turns.
    """

    def __init__(self) -> None:
        self._readers: dict[tuple[Language, Notation], G2P] = {}
        self._lock = threading.RLock()

    def spoken(self, text: str, language: Language) -> str:
        """Return the words of `language` to be spoken for `text`, "" where there are none."""
        del language  # numbers and units are written out by the reader of each language
        return " ".join(clean(text).replace("_", " ").split())

    def phonemize(self, text: str, language: Language, notation: Notation) -> Phonemes:
        """Return how `text`, one sentence, is pronounced; no symbols where nothing is spoken.

        Raises:
            UnknownLanguage: the packages that read `language` are not installed.
            EspeakUnavailable: espeak-ng reads `language` and cannot be used.
        """
        spoken = self.spoken(text, language)
        symbols = self._read(spoken, language, notation) if spoken else ""
        return Phonemes(symbols, spoken, language)

    def _read(self, text: str, language: Language, notation: Notation) -> str:
        with self._lock:
            reader = self._readers.get((language, notation))
            if reader is None:
                reader = self._build(language, notation)
                self._readers[language, notation] = reader
            return reader.phonemize(text)

    def _build(self, language: Language, notation: Notation) -> G2P:
        require_installed(language)
        if language.code in ("en_US", "en_GB"):
            british = language.code == "en_GB"
            if notation == "espeak":
                return EspeakEnglish(british)
            return EnglishG2P(british, english_word)
        if language.code == "ja_JP":
            return japanese.JapaneseG2P()
        if language.code == "zh_CN":
            return mandarin.MandarinG2P(
                zhuyin=notation == "misaki-zh",
                english=lambda text: self._read(text, US_ENGLISH, notation),
            )
        return EspeakG2P(language)


def _is_installed(language: Language) -> bool:
    return language.code not in _EXTRAS or _EXTRAS[language.code][1]()
