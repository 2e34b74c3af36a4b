"""Text in scripts that a voice's language is not written in: found, and given to one that is.

`Das ist Москва` in an English voice is read in English, then in Russian; nobody hears
"Cyrillic letter".
"""

import re
from collections.abc import Callable, Iterator
from typing import Literal

from wyoming_kokoro.speech import Language, language_named

_KANA = "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_DEVANAGARI = "\u0900-\u097f"

_SCRIPTS = {
    "el": "\u0370-\u03ff\u1f00-\u1fff",
    "ru": "\u0400-\u052f",
    "hy": "\u0531-\u058f",
    "he": "\u0591-\u05ff",
    "ar": "\u0600-\u06ff\u0750-\u077f",
    "hi": _DEVANAGARI,
    "bn": "\u0980-\u09ff",
    "pa": "\u0a00-\u0a7f",
    "gu": "\u0a80-\u0aff",
    "ta": "\u0b80-\u0bff",
    "te": "\u0c00-\u0c7f",
    "kn": "\u0c80-\u0cff",
    "ml": "\u0d00-\u0d7f",
    "si": "\u0d80-\u0dff",
    "ka": "\u10a0-\u10ff",
    "ko": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
    "cjk": _KANA + _HAN,
}
"""Letters by who reads them: a language that has voices, or one that espeak-ng knows. The most
widely spoken language where several share a script."""

_READ = {"hi_IN": ("hi",), "ja_JP": ("cjk",), "zh_CN": ("cjk",)}
"""Scripts that languages with voices read themselves, besides the Latin one."""

_BETWEEN = r"[\d\s.,:/%、。・：！？「」『』\-]{0,8}"
"""What stands within a run of letters and belongs to it."""

_KANA_LETTER = re.compile(f"[{_KANA}]")
_CJK_LETTER = re.compile(f"[{_KANA}{_HAN}]")
_DEVANAGARI_LETTER = re.compile(f"[{_DEVANAGARI}]")


def _run(letters: str, *, alone: bool) -> str:
    """Return the pattern of a run of `letters`; of two at least unless one `alone` is a word."""
    more = f"(?:{_BETWEEN}[{letters}])" + ("*+" if alone else "++")
    return rf"\d{{0,12}}[{letters}]{more}" if alone else f"[{letters}]{more}"


_RUNS = {name: re.compile(_run(letters, alone=name == "cjk")) for name, letters in _SCRIPTS.items()}
_ANY = re.compile("[" + "".join(_SCRIPTS.values()) + "]")


def runs(
    text: str, language: Language, has_reader: Callable[[Language], bool]
) -> Iterator[tuple[str, Language]]:
    """Cut `text` into what `language` reads, and runs that are to be read in another.

    `has_reader` tells whether the packages for a language are installed; what they would read is
    left to espeak-ng otherwise. Joined, the runs are `text`. A single letter of an alphabet is a
    sign (π, Ω) and stays where it is.
    """
    if not _ANY.search(text):
        yield text, language
        return
    end = 0
    for start, stop, script in _found(text, language):
        if start > end:
            yield text[end:start], language
        yield text[start:stop], _reader(script, text[start:stop], has_reader)
        end = stop
    if end < len(text):
        yield text[end:], language


def language_of(text: str) -> Language | None:
    """Return the language with voices that `text` is in for the most part, if its script tells."""
    family = script_family(text)
    if family == "cjk":
        return language_named("ja" if _KANA_LETTER.search(text) else "zh")
    return language_named(family) if family else None


def script_family(text: str) -> Literal["hi", "cjk", ""]:
    """Return which of the scripts that languages with voices have to themselves `text` is in for
    the most part."""
    letters = sum(map(str.isalpha, text))
    if 2 * len(_DEVANAGARI_LETTER.findall(text)) > letters:
        return "hi"
    return "cjk" if 2 * len(_CJK_LETTER.findall(text)) > letters else ""


def _found(text: str, language: Language) -> list[tuple[int, int, str]]:
    """Return start, end and script of each run that `language` cannot read, in order."""
    own = _READ.get(language.code, ())
    found = [
        (run.start(), run.end(), script)
        for script, pattern in _RUNS.items()
        if script not in own
        for run in pattern.finditer(text)
    ]
    if language.code == "zh_CN":
        kana = re.compile(f"[{_KANA}]++")
        found += [(run.start(), run.end(), "cjk") for run in kana.finditer(text)]
    return sorted(found)


def _reader(script: str, run: str, has_reader: Callable[[Language], bool]) -> Language:
    if script == "hi":
        return language_named("hi")
    if script != "cjk":
        return Language(script, "", script, script)
    wanted = language_named("ja" if _KANA_LETTER.search(run) else "zh")
    if has_reader(wanted):
        return wanted
    if wanted.code == "zh_CN" and has_reader(japanese := language_named("ja")):
        return japanese
    return Language(wanted.espeak, "", wanted.name, wanted.espeak)
