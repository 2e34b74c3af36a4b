"""Text in scripts that a voice's language is not written in: found, and given to one that is.

`Das ist Москва` in an English voice is read in English, then in Russian; nobody hears
"Cyrillic letter".
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
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
    "or": "\u0b00-\u0b7f",
    "th": "\u0e00-\u0e7f",
    "am": "\u1200-\u139f",
    "my": "\u1000-\u109f",
    "cjk": _KANA + _HAN,
    "kana": _KANA,
    "han": _HAN,
}
"""Letters by who reads them: a language that has voices, or one that espeak-ng knows. The most
widely spoken language where several share a script."""

_UNKNOWN = re.compile(
    "[\u0700-\u08ff\u0e80-\u0fff\u13a0-\u18af\u1900-\u1cff\u2d00-\u2d7f\ua000-\ua63f\ua6a0-\ua6ff"
    "\ua800-\uaadf\uab70-\uabff\U00010000-\U000105ff\U00010780-\U0001cfff]"
)
"""Letters that nobody here can read. The language of whoever tries would call each by a number."""

_RARE_LATIN = re.compile("[\u0110\u0111\u01a0\u01a1\u01af\u01b0\u1e00-\u1e9d\u1ea0-\u1eff]")
"""Letters, of Vietnamese names above all, that espeak-ng calls by their number as well."""

_READ = {"hi_IN": ("hi",), "ja_JP": ("cjk", "kana", "han"), "zh_CN": ("cjk", "han")}
"""Scripts that languages with voices read themselves, besides the Latin one."""

_SHARED = {
    **dict.fromkeys(("be", "bg", "kk", "ky", "mk", "mn", "sr", "uk"), "ru"),
    **dict.fromkeys(("fa", "ur"), "ar"),
    **dict.fromkeys(("mr", "ne"), "hi"),
}
"""The script of languages that are not the most widely spoken one in it."""

_BETWEEN = r"[\d\s.,:/%、。・：！？「」『』\-]{0,8}"
"""What stands within a run of letters and belongs to it."""

KANA_IN_JAPANESE = 0.15
"""Of the letters of a Japanese text, at the least. Chinese has them in names alone."""

_KANA_LETTER = re.compile(f"[{_KANA}]")
_CJK_LETTER = re.compile(f"[{_KANA}{_HAN}]")
_DEVANAGARI_LETTER = re.compile(f"[{_DEVANAGARI}]")


def _run(letters: str, *, greek: bool) -> str:
    """Return the pattern of a run of `letters`. A single Greek one is a sign: π, Ω."""
    first = rf"(?=[^\W_])[{letters}]"
    more = f"(?:{_BETWEEN}[{letters}])"
    return f"{first}{more}++" if greek else rf"\d{{0,12}}{first}{more}*+"


_RUNS = {name: re.compile(_run(letters, greek=name == "el")) for name, letters in _SCRIPTS.items()}
_ANY = re.compile("[" + "".join(_SCRIPTS.values()) + "]")


def runs(
    text: str, language: Language, has_reader: Callable[[Language], bool]
) -> Iterator[tuple[str, Language]]:
    """Cut `text` into what `language` reads, and runs that are to be read in another.

    `has_reader` tells whether the packages for a language are installed; what they would read is
    left to espeak-ng otherwise. Joined, the runs are `text`.
    """
    if not _ANY.search(text):
        yield text, language
        return
    end = 0
    for start, stop, script in _found(text, language, has_reader):
        if start > end:
            yield text[end:start], language
        yield text[start:stop], _reader(script, text[start:stop], has_reader)
        end = stop
    if end < len(text):
        yield text[end:], language


def language_of(text: str, around: str = "", declared: Sequence[Language] = ()) -> Language | None:
    """Return the language with voices that `text` is in for the most part, if its script tells;
    `declared` are those with voices besides the released models'.

    Japanese has sentences without kana: then those of the text `around` tell it from Chinese.
    """
    family = script_family(text)
    if family == "cjk":
        among = len(_KANA_LETTER.findall(around)), len(_CJK_LETTER.findall(around))
        japanese = _KANA_LETTER.search(text) or among[0] > among[1] * KANA_IN_JAPANESE
        return language_named("ja" if japanese else "zh")
    if family:
        return language_named(family)
    found = (one for one in declared for script in _own_scripts(one) if _is_in(script, text))
    return next(found, None)


def _is_in(script: str, text: str) -> bool:
    letters = re.findall(f"(?=[^\\W_])[{_SCRIPTS[script]}]", text)
    return 2 * len(letters) > sum(map(str.isalpha, text))


def _own_scripts(language: Language) -> tuple[str, ...]:
    """Return the scripts that a language with voices reads itself, besides the Latin one."""
    bare = language.code.partition("_")[0]
    script = _SHARED.get(bare, bare)
    return _READ.get(language.code) or ((script,) if script in _SCRIPTS else ())


def script_family(text: str) -> Literal["hi", "cjk", ""]:
    """Return which of the scripts that languages with voices have to themselves `text` is in for
    the most part."""
    letters = sum(map(str.isalpha, text))
    if 2 * len(_DEVANAGARI_LETTER.findall(text)) > letters:
        return "hi"
    return "cjk" if 2 * len(_CJK_LETTER.findall(text)) > letters else ""


def in_known_letters(text: str) -> str:
    """Return `text` without the letters of scripts that no language here is written in, and rare
    Latin ones without what is above and below them."""
    return _RARE_LATIN.sub(_plain_letter, _UNKNOWN.sub("", text))


def _plain_letter(letter: re.Match[str]) -> str:
    base = unicodedata.normalize("NFD", letter.group())[0]
    return {"đ": "d", "Đ": "D"}.get(base, base)


def _found(
    text: str, language: Language, has_reader: Callable[[Language], bool]
) -> list[tuple[int, int, str]]:
    """Return start, end and script of each run that `language` cannot read, in order.

    Kana and Han are one run where Japanese can be read; espeak-ng knows no Han in Japanese.
    """
    together = has_reader(language_named("ja")) and language.code != "zh_CN"
    own = (*_own_scripts(language), *(("kana", "han") if together else ("cjk",)))
    found = [
        (run.start(), run.end(), script)
        for script, pattern in _RUNS.items()
        if script not in own
        for run in pattern.finditer(text)
    ]
    return sorted(found)


def _reader(script: str, run: str, has_reader: Callable[[Language], bool]) -> Language:
    if script not in ("hi", "cjk", "kana", "han"):
        return Language(script, "", script, script)
    if script == "cjk":
        script = "kana" if _KANA_LETTER.search(run) else "han"
    wanted = language_named({"kana": "ja", "han": "zh"}.get(script, script))
    if has_reader(wanted):
        return wanted
    if script == "han" and has_reader(japanese := language_named("ja")):
        return japanese
    return Language(wanted.espeak, "", wanted.name, wanted.espeak)
