"""A sentence and its language in, its phonemes out: made a script of, then read line by line."""

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from wyoming_kokoro.models.catalog import Notation
from wyoming_kokoro.speech import LANGUAGES, US_ENGLISH, Language, Phonemes
from wyoming_kokoro.text.g2p import japanese, mandarin, open_jtalk
from wyoming_kokoro.text.g2p.english import EnglishG2P
from wyoming_kokoro.text.g2p.espeak_ng import (
    EspeakDeclared,
    EspeakEnglish,
    EspeakG2P,
    english_word,
)
from wyoming_kokoro.text.ipa import emphasized, english_possessive, symbols_of
from wyoming_kokoro.text.passage import Span
from wyoming_kokoro.text.pronouncing import script
from wyoming_kokoro.text.pronouncing.installed import is_installed, require_installed
from wyoming_kokoro.text.pronouncing.lexicon import UserLexicon
from wyoming_kokoro.text.pronouncing.script import Line

_POSSESSIVE = re.compile(r"'s(?!\w)")


class G2P(Protocol):
    """Reads one language in one notation."""

    def phonemize(self, text: str) -> str:
        """Return the phonemes of clean text, one character a phoneme."""


class FrontEnd:
    """Turns text into phonemes. A language is loaded when its first sentence comes.

    Safe for use by several threads; they take turns.
    """

    def __init__(
        self,
        lexicon: UserLexicon | None = None,
        on_load: Callable[[], None] = lambda: None,
        languages: Sequence[Language] = LANGUAGES,
    ) -> None:
        """`lexicon` has what users want to be said in another way. `on_load` is called before a
        language is loaded, which may take seconds. A text may name any of `languages`."""
        self._languages = languages
        self._lexicon = lexicon
        self._on_load = on_load
        self._readers: dict[tuple[Language, Notation], G2P] = {}
        self._lock = threading.RLock()

    def spoken(self, text: str | Sequence[Span], language: Language) -> str:
        """Return the words of `language` to be spoken for `text`, "" where there are none."""
        return _joined(line.text for line in self._lines(text, language))

    def readable(self, text: str | Sequence[Span], language: Language) -> list[Phonemes]:
        """Return what `spoken` does, for an engine that reads text: a piece for each language,
        without symbols, and Japanese in kana, since espeak-ng knows no kanji."""
        pieces: list[Phonemes] = []
        for line in self._lines(text, language):
            words = self._without_kanji(line)
            last = pieces[-1] if pieces else None
            if last and (last.language == line.language or not any(map(str.isalnum, words))):
                pieces[-1] = replace(last, text=last.text + words)
            else:
                pieces.append(Phonemes("", words, line.language))
        pieces = [replace(piece, text=_joined([piece.text])) for piece in pieces]
        return [piece for piece in pieces if any(map(str.isalnum, piece.text))]

    def phonemize(
        self, text: str | Sequence[Span], language: Language, notation: Notation
    ) -> Phonemes:
        """Return how `text`, one sentence, is pronounced; no symbols where nothing is spoken.

        Spans that name another language are read in that one, if its packages are installed.

        Raises:
            UnknownLanguage: the packages that read `language` are not installed.
            EspeakUnavailable: espeak-ng reads `language` and cannot be used.
        """
        lines = self._lines(text, language)
        symbols = _joined(self._sounds(lines, language, notation))
        return Phonemes(symbols, _joined(line.text for line in lines), language)

    def _lines(self, text: str | Sequence[Span], language: Language) -> list[Line]:
        spans = (Span(text),) if isinstance(text, str) else text
        return list(script.lines(spans, language, self._lexicon, is_installed, self._languages))

    def _without_kanji(self, line: Line) -> str:
        if line.language.code != "ja_JP" or not is_installed(line.language):
            return line.text
        with self._lock:
            return f" {open_jtalk.kana(line.text)} "

    def _sounds(
        self, lines: Iterable[Line], language: Language, notation: Notation
    ) -> Iterator[str]:
        """Yield the phonemes of each line, with the space around it."""
        fixed = ""
        for line in lines:
            text, read_in = line.text, line.language if is_installed(line.language) else language
            if fixed and read_in.code.startswith("en") and _POSSESSIVE.match(text):
                yield english_possessive(fixed, read_in)
                text = text[len("'s") :]
            fixed = symbols_of(line.ipa, read_in, notation) if line.ipa else ""
            symbols = fixed or self._read(text.strip(), read_in, notation) if text.strip() else ""
            before, after = (" " * side.isspace() for side in (text[:1], text[-1:]))
            yield before + (emphasized(symbols) if line.emphatic else symbols) + after

    def _read(self, text: str, language: Language, notation: Notation) -> str:
        with self._lock:
            reader = self._readers.get((language, notation))
            if reader is None:
                self._on_load()
                reader = self._build(language, notation)
                self._readers[language, notation] = reader
            return reader.phonemize(text)

    def _build(self, language: Language, notation: Notation) -> G2P:
        require_installed(language)
        if language.notation:
            return EspeakDeclared(language)
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


def _joined(parts: Iterable[str]) -> str:
    return " ".join("".join(parts).split())
