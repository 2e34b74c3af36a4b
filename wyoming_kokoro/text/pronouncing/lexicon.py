"""How users want words to be said: a file of theirs and a text in, spans of the text out.

    # comment
    Niamh = Neev
    Home Assistant = home assistant
    en: GIF = /dʒɪf/
    es_ES: wifi = güifi

Left is a word or a phrase, right how to write it so that it is said well, or its IPA between
slashes. Before it may stand the language that the line is for. Upper and lower case are the same
unless a word has capitals within (`IoT`, `US`). Longer phrases go first, and of two lines for one
phrase that for fewer languages.
"""

import logging
import re
import threading
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from wyoming_kokoro.errors import UnknownLanguage
from wyoming_kokoro.speech import LANGUAGES, Language, language_named
from wyoming_kokoro.text.ipa import pronounceable, unknown_symbols
from wyoming_kokoro.text.passage import Span

_LOGGER = logging.getLogger(__name__)

LARGEST_FILE = 1024 * 1024
LONGEST_PHRASE = 100
LONGEST_READING = 300
MOST_REPORTS = 20
"""Lines with mistakes that are named in the log."""

_CJK = "\u3005\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_LETTER = rf"(?:(?![{_CJK}])[^\W_]|[\u0300-\u036f\u0900-\u0963\u0966-\u0dff])"
"""What words are made of where spaces stand between them: Chinese and Japanese have none."""
_TOKEN = re.compile(rf"{_LETTER}+|\S")
_COMMENT = re.compile(r"(?:^|(?<=\s))#(?:\s.*)?$|^#.*")
_LANGUAGE = re.compile(r"([a-z]{2}(?:[_-][A-Za-z]{2})?)\s*:\s*(.*)")
_SIGNS = str.maketrans("‘’", "''")
"""As `clean` has them."""

_State = tuple[int, int, int] | None
"""Inode, size and time of change of the file, None where there is none."""

_Entries = Mapping[str, list["Entry"]]
"""By first token, in lower case; the one to be tried first comes first."""


class BadLine(ValueError):
    """A line is no entry. The message says why, and what it should be."""


@dataclass(frozen=True, slots=True)
class Entry:
    """How a word or phrase is said."""

    phrase: str

    reading: str
    """What to write for it; "" where its IPA is known."""

    ipa: str

    language: str
    """Code of the language this is for, perhaps without a country; "" for all."""

    pattern: re.Pattern[str]
    """Finds the phrase, as a word of its own."""

    def serves(self, language: Language) -> bool:
        """Whether it is for `language`."""
        return self.language in ("", language.code, language.code.partition("_")[0])


class UserLexicon:
    """The entries of a file, which is read again whenever it has changed.

    A file that is not there has no entries. Lines with mistakes are named in the log, and the
    others hold. While a file cannot be read, what was read before holds. Safe for use by threads.
    """

    def __init__(self, file: Path, languages: Sequence[Language] = LANGUAGES) -> None:
        """Lines may be for any of `languages`."""
        self._file = file
        self._languages = languages
        self._lock = threading.Lock()
        self._state: _State = None
        self._entries: _Entries = {}

    def spans(self, text: str, language: Language) -> list[Span]:
        """Return `text`, cleaned, with what the file says of its words in its place."""
        entries = self._current()
        spans, written, end = list[Span](), "", 0
        for token in _TOKEN.finditer(text) if entries else ():
            entry, found = _entry_at(token, entries, language)
            if token.start() < end or not entry or not found:
                continue
            written += text[end : token.start()] + entry.reading
            if entry.ipa:
                spans += [Span(written), Span(found.group(), ipa=entry.ipa)]
                written = ""
            end = found.end()
        return [span for span in (*spans, Span(written + text[end:])) if span.text]

    def _current(self) -> _Entries:
        """Return the entries of the file as it is now."""
        with self._lock:
            state = self._look()
            if state != self._state:
                self._state = state
                self._load()
            return self._entries

    def _look(self) -> _State:
        try:
            status = self._file.stat()
        except OSError:
            return None
        return status.st_ino, status.st_size, status.st_mtime_ns

    def _load(self) -> None:
        if self._state is None:
            _LOGGER.info("%s is gone; its pronunciations no longer hold", self._file)
            self._entries = {}
            return
        try:
            with self._file.open("rb") as content:
                data = content.read(LARGEST_FILE + 1)
        except OSError as error:
            _LOGGER.warning("cannot read pronunciations from %s: %s", self._file, error.strerror)
            return
        if len(data) > LARGEST_FILE:
            _LOGGER.warning(
                "%s is larger than %d bytes; its pronunciations are left as they were",
                self._file,
                LARGEST_FILE,
            )
            return
        self._entries = self._read(data)

    def _read(self, data: bytes) -> _Entries:
        entries, mistakes = list[Entry](), 0
        for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines(), start=1):
            try:
                entry = parse_line(line, self._languages)
            except BadLine as error:
                mistakes += 1
                if mistakes <= MOST_REPORTS:
                    _LOGGER.warning("%s, line %d: %s", self._file, number, error)
                continue
            if entry:
                entries.append(entry)
        if mistakes > MOST_REPORTS:
            _LOGGER.warning("%s: %d lines have mistakes", self._file, mistakes)
        _LOGGER.info("%s: %d pronunciations", self._file, len(entries))
        return _by_first_token(entries)


def parse_line(line: bytes, languages: Sequence[Language] = LANGUAGES) -> Entry | None:
    """Return the entry in a line of the file, None where it has but a comment or nothing. It may be
    for any of `languages`.

    Raises:
        BadLine: it has something else.
    """
    try:
        text = unicodedata.normalize("NFC", line.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadLine("is not UTF-8; save the file with that encoding") from None
    text = _COMMENT.sub("", text.strip()).strip()
    if not text:
        return None
    left, equals, right = (part.strip() for part in text.partition("="))
    if not (left and equals and right):
        raise BadLine("write a word, =, and how it sounds: Niamh = Neev, or Niamh = /niːv/")
    language, phrase = _language_and_phrase(left, languages)
    if len(phrase) > LONGEST_PHRASE or len(right) > LONGEST_READING:
        raise BadLine(f"may have {LONGEST_PHRASE} characters left of = and {LONGEST_READING} right")
    ipa = _ipa_in(right)
    return Entry(phrase, "" if ipa else right, ipa, language, _pattern(phrase))


def _language_and_phrase(left: str, languages: Sequence[Language]) -> tuple[str, str]:
    left = left.translate(_SIGNS)
    found = _LANGUAGE.fullmatch(left)
    if not found:
        return "", left
    name, phrase = found.groups()
    if not phrase:
        raise BadLine(f"has no word after {name}:")
    try:
        language = language_named(name, languages)
    except UnknownLanguage as error:
        raise BadLine(str(error)) from None
    return (name if len(name) == len("en") else language.code), phrase


def _ipa_in(reading: str) -> str:
    """Return the IPA between slashes, "" where there are no slashes."""
    if not reading.startswith("/"):
        return ""
    ipa = reading[1:-1].strip()
    if not reading.endswith("/") or not pronounceable(ipa):
        raise BadLine("IPA stands between two slashes: /niːv/")
    if unknown := unknown_symbols(ipa):
        raise BadLine(f"no voice has a sound for {' '.join(unknown)} in {reading}")
    return ipa


def _pattern(phrase: str) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in phrase.split())
    before = rf"(?<!{_LETTER})" if re.match(_LETTER, phrase) else ""
    after = rf"(?!{_LETTER})" if re.match(_LETTER, phrase[-1]) else ""
    return re.compile(before + words + after, 0 if _has_inner_capital(phrase) else re.IGNORECASE)


def _has_inner_capital(phrase: str) -> bool:
    return any(char.isupper() and before.isalnum() for before, char in pairwise(phrase))


def _by_first_token(entries: list[Entry]) -> _Entries:
    """Sort entries for the longest to be tried first, then the most special, then the last."""
    table: dict[str, list[Entry]] = {}
    for entry in reversed(entries):
        first = _TOKEN.search(entry.phrase)
        if first:
            table.setdefault(first.group().lower(), []).append(entry)
    for same in table.values():
        same.sort(key=lambda entry: (len(entry.phrase), len(entry.language)), reverse=True)
    return table


def _entry_at(
    token: re.Match[str], entries: _Entries, language: Language
) -> tuple[Entry | None, re.Match[str] | None]:
    """Return the entry for what begins at `token`, and what it covers."""
    for entry in entries.get(token.group().lower(), ()):
        if entry.serves(language):
            found = entry.pattern.match(token.string, token.start())
            if found:
                return entry, found
    return None, None
