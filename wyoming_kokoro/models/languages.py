"""The file `languages.json` beside a checkpoint in, the languages that it declares out.

    {"languages": [{"code": "de_DE", "name": "German", "letter": "d", "espeak": "de"}]}

`docs/languages.md` has a table of the keys. The file comes with weights that somebody has
downloaded: it is read within bounds, and nothing in it that nobody here understands is passed over.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from wyoming_kokoro.errors import ConfigurationError
from wyoming_kokoro.speech import LANGUAGES, Language, language_of_voice

FILE_NAME = "languages.json"

LARGEST_FILE = 64 * 1024
"""Bytes."""

MOST_LANGUAGES = 16
MOST_VOICES = 200
MOST_REPLACED = 64
_LONGEST_NAME = 60
_LONGEST_REPLACED = 8

_CODE = re.compile(r"[a-z]{2,3}_[A-Z]{2}")
_VOICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}")
_KEYS = frozenset(
    ("code", "name", "letter", "voices", "reader", "espeak", "notation", "replace", "locale")
)
_MISAKI = ("en_US", "en_GB", "ja_JP", "zh_CN")
"""What misaki reads."""


@dataclass(frozen=True, slots=True)
class Declared:
    """The languages of a model, besides those of the released ones."""

    languages: tuple[Language, ...] = ()

    voices: Mapping[str, Language] = field(default_factory=lambda: MappingProxyType({}))
    """By the whole name of a voice, where its first letter does not tell."""

    @property
    def known(self) -> tuple[Language, ...]:
        """All languages that the model may have voices of, its own first."""
        codes = {language.code for language in self.languages}
        return (*self.languages, *(one for one in LANGUAGES if one.code not in codes))

    def language_of(self, voice: str) -> Language | None:
        """Return the language of a voice by its name, None if that tells none."""
        return self.voices.get(voice) or language_of_voice(voice, self.known)


NOTHING_DECLARED = Declared()


@dataclass(frozen=True, slots=True)
class Readable:
    """What languages can be read by here."""

    espeak_voices: Collection[str]
    """Of espeak-ng; empty where they cannot be told, so that any may be there."""

    locales: Collection[str]
    """Whose numbers, dates and units can be said."""


class _BadEntry(ValueError):
    """What is wrong with an entry, and what it should be."""


def declared_beside(checkpoint: Path, readable: Readable) -> Declared:
    """Return what the file beside `checkpoint` declares; nothing where there is none.

    Raises:
        ConfigurationError: it is not what it should be; the message names the file and the entry,
            and says what is allowed.
    """
    file = checkpoint.parent / FILE_NAME
    try:
        if not file.is_file():
            return NOTHING_DECLARED
        with file.open("rb") as opened:
            content = opened.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror}") from error
    try:
        return _declared(_entries(content), readable)
    except _BadEntry as error:
        raise ConfigurationError(f"{file}: {error}; docs/languages.md has the table") from None


def _entries(content: bytes) -> list[Any]:
    if len(content) > LARGEST_FILE:
        raise _BadEntry(f"it is larger than {LARGEST_FILE} bytes")
    try:
        stored = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_without_repetition)
    except (ValueError, RecursionError) as error:
        raise _BadEntry(f"it must be JSON in UTF-8 ({error})") from None
    entries = stored.get("languages") if isinstance(stored, dict) and len(stored) == 1 else None
    if not isinstance(entries, list) or not 1 <= len(entries) <= MOST_LANGUAGES:
        raise _BadEntry(
            f'it must be {{"languages": [...]}}, with 1 to {MOST_LANGUAGES} languages in the list'
        )
    return entries


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise _BadEntry(f"it has {key[:40]!r} twice in one place; leave one of them away")
    return dict(pairs)


def _declared(entries: Sequence[Any], readable: Readable) -> Declared:
    languages: list[Language] = []
    voices: dict[str, Language] = {}
    for number, entry in enumerate(entries, 1):
        where = f"languages[{number}]"
        try:
            language = _language(entry, readable)
            named = _voices(entry)
            _require_new(language, languages, named, voices)
        except _BadEntry as error:
            raise _BadEntry(f"{where}: {error}") from None
        languages.append(language)
        voices |= dict.fromkeys(named, language)
    return Declared(tuple(languages), MappingProxyType(voices))


def _require_new(
    language: Language, others: Sequence[Language], named: Sequence[str], taken: Collection[str]
) -> None:
    if any(language.code == other.code for other in others):
        raise _BadEntry(f"code {language.code!r} is there twice; leave one of them away")
    if language.letter and any(language.letter == other.letter for other in others):
        raise _BadEntry(
            f"letter {language.letter!r} is that of another language too; list the voices of one "
            "of them under voices instead"
        )
    if again := [voice for voice in named if voice in taken]:
        raise _BadEntry(f"voices: {again[0]!r} speaks another language already")
    if not (language.letter or named):
        raise _BadEntry(
            "neither letter nor voices tells which voices speak it; give the letter that their "
            'names begin with, as "letter": "d" for df_anna'
        )


def _language(entry: Any, readable: Readable) -> Language:  # noqa: ANN401 JSON
    if not isinstance(entry, dict):
        raise _BadEntry('an entry must be an object, as {"code": "de_DE", ...}')
    if unknown := sorted(entry.keys() - _KEYS):
        raise _BadEntry(f"{unknown[0][:40]!r} is no key; keys are {', '.join(sorted(_KEYS))}")
    code = _text(entry, "code", _CODE, "language and country, as de_DE")
    name = _text(entry, "name", re.compile(rf".{{1,{_LONGEST_NAME}}}"), "how people call it")
    if not name.isprintable():
        raise _BadEntry("name must be letters on one line")
    letter = _text(entry, "letter", re.compile("[a-z]?"), "one small letter", "")
    reader = _one_of(entry, "reader", ("espeak", "misaki"))
    if reader == "misaki":
        return _by_misaki(entry, code, name, letter)
    return _by_espeak(entry, Language(code, letter, name, ""), readable)


def _by_misaki(entry: dict[str, Any], code: str, name: str, letter: str) -> Language:
    if code not in _MISAKI:
        raise _BadEntry(
            f"reader is misaki, which reads {', '.join(_MISAKI)} and not {code}; use espeak"
        )
    if needless := [key for key in ("espeak", "notation", "replace", "locale") if key in entry]:
        raise _BadEntry(f"{needless[0]} is for the reader espeak; leave it away")
    known = next(language for language in LANGUAGES if language.code == code)
    return replace(known, letter=letter, name=name)


def _by_espeak(entry: dict[str, Any], language: Language, readable: Readable) -> Language:
    bare = language.code.partition("_")[0]
    voice = _text(entry, "espeak", re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,16}){0,3}"), "as de", bare)
    if readable.espeak_voices and voice not in readable.espeak_voices:
        raise _BadEntry(
            f"espeak: espeak-ng has no voice {voice!r}; give it the language tag of one that it has"
        )
    locale = _text(entry, "locale", re.compile(r"[A-Za-z_]{0,11}"), "a locale of CLDR, as sv", "")
    found = locale or next((one for one in (language.code, bare) if one in readable.locales), "")
    if found and found not in readable.locales:
        raise _BadEntry(
            f"locale: the numbers of {locale!r} are not known here; leave it away to have them "
            f"read by espeak-ng, or choose one of {', '.join(sorted(readable.locales))}"
        )
    notation = _one_of(entry, "notation", ("misaki", "espeak"))
    replaced = _replaced(entry)
    return replace(language, espeak=voice, locale=found, notation=notation, replaced=replaced)


def _voices(entry: dict[str, Any]) -> tuple[str, ...]:
    names = entry.get("voices", [])
    if not isinstance(names, list) or len(names) > MOST_VOICES:
        raise _BadEntry(f"voices must be a list of at most {MOST_VOICES} names")
    for name in names:
        if not (isinstance(name, str) and _VOICE.fullmatch(name)):
            raise _BadEntry(
                f"voices: {str(name)[:40]!r} cannot be a voice's name, which is that of its file "
                "without its ending: letters, digits, _, - and ., at most 64"
            )
    return tuple(dict.fromkeys(names))


def _replaced(entry: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    table = entry.get("replace", {})
    if not isinstance(table, dict) or len(table) > MOST_REPLACED:
        raise _BadEntry(f"replace must be an object of at most {MOST_REPLACED} phonemes")
    for old, new in table.items():
        short = isinstance(new, str) and max(len(old), len(new)) <= _LONGEST_REPLACED
        if not (old and short and (old + str(new)).isprintable()):
            raise _BadEntry(
                f"replace: {old[:40]!r} must be a phoneme, and what is said for it a text, each of "
                f"at most {_LONGEST_REPLACED} signs"
            )
    return tuple(table.items())


def _text(
    entry: dict[str, Any], key: str, allowed: re.Pattern[str], what: str, default: str | None = None
) -> str:
    value = entry.get(key, default)
    if not (isinstance(value, str) and allowed.fullmatch(value)):
        found = "is missing" if value is None else f"is {str(value)[:40]!r}"
        raise _BadEntry(f"{key} {found}, but must be {what}")
    return value


def _one_of(entry: dict[str, Any], key: str, choices: tuple[str, ...]) -> str:
    value = entry.get(key, choices[0])
    if value not in choices:
        raise _BadEntry(f"{key} is {str(value)[:40]!r}, but must be one of {', '.join(choices)}")
    return str(value)
