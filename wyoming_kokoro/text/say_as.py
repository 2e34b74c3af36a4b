"""A stretch of text and what its author says it is in; a way of writing it out that is read so.

What is left as it is written (a time, say) is what the reader of the language knows anyway.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping

from wyoming_kokoro.speech import Language
from wyoming_kokoro.text.passage import Span

_SAID_SIGNS = frozenset("@+#%&=")
"""Signs between characters that have a name; the others are a short rest."""

_KANA = """
    A エー B ビー C シー D ディー E イー F エフ G ジー H エイチ I アイ J ジェー K ケー L エル M エム
    N エヌ O オー P ピー Q キュー R アール S エス T ティー U ユー V ブイ W ダブリュー X エックス
    Y ワイ Z ゼット
"""
_LETTER_NAMES: Mapping[str, Mapping[str, str]] = {
    "en": {"A": "eh"},
    "zh": {"A": "eh"},
    "hi": {"A": "ए"},
    "ja": dict(re.findall(r"(\S) (\S+)", _KANA)),
}
"""Letters that a reader would take for a word when they stand alone, or not know."""

_ORDINALS: Mapping[str, Callable[[int], str]] = {
    "en": lambda number: f"{number}{_english_ending(number)}",
    "es": lambda number: f"{number}.º",
    "fr": lambda number: f"{number}{'er' if number == 1 else 'e'}",
    "hi": lambda number: f"{number}वाँ",
    "it": lambda number: f"{number}º",
    "ja": lambda number: f"{number}番目",
    "pt": lambda number: f"{number}º",
    "zh": lambda number: f"第{number}",
}
_GROUP_SIGNS = {"en": ",", "hi": ",", "es": ".", "it": ".", "pt": ".", "fr": "\u202f"}
"""What separates thousands. Chinese and Japanese write none, and their years need another sign."""


def written(span: Span, language: Language) -> str:
    """Return the text of `span`, one with a `say_as`, so that it is read as that."""
    if span.say_as is None:
        return span.text
    if span.say_as == "date":
        return _date(span.text, span.date_format)
    return _WRITERS[span.say_as](span.text, language.code[:2])


def _characters(text: str, language: str) -> str:
    names = _LETTER_NAMES.get(language, {})
    spelled = []
    for letter in _letters(text):
        if letter[0].isalnum():
            spelled.append(names.get(letter.upper(), letter.upper()))
        elif letter in _SAID_SIGNS:
            spelled.append(letter)
        elif spelled and spelled[-1] != ",":
            spelled.append(",")
    return " ".join(spelled).replace(" ,", ",").rstrip(",")


def _letters(text: str) -> Iterator[str]:
    """Yield each character, with what is written above or below it."""
    letter = ""
    for char in text:
        if letter and not unicodedata.category(char).startswith("M"):
            yield letter
            letter = ""
        letter += char
    if letter:
        yield letter


def _digits(text: str, _: str) -> str:
    """Return the digits one by one, with a rest where they are grouped."""
    plus = "+ " if text.startswith("+") else ""
    return plus + ", ".join(" ".join(group) for group in re.findall(r"[^\W_]+", text))


def _cardinal(text: str, language: str) -> str:
    """Return a whole number with its thousands marked, which no year has."""
    sign = _GROUP_SIGNS.get(language, "")
    digits = text.replace(" ", "")
    if not (sign and digits.isdecimal() and len(digits) < 16):
        return text
    return f"{int(digits):,}".replace(",", sign)


def _ordinal(text: str, language: str) -> str:
    found = re.match(r"\d{1,9}(?!\d)", text)
    return _ORDINALS[language](int(found.group())) if found else text


def _english_ending(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _date(text: str, order: str) -> str:
    """Return a date of three numbers in the order of ISO 8601, which every language reads."""
    numbers = re.findall(r"\d+", text)
    if sorted(order) != ["d", "m", "y"] or len(numbers) != 3 or re.search(r"[^\W\d]", text):
        return text
    parts = dict(zip(order, numbers, strict=True))
    year = parts["y"] if len(parts["y"]) == 4 else f"20{parts['y']}"
    return f"{year}-{parts['m']:0>2}-{parts['d']:0>2}"


def _unchanged(text: str, _: str) -> str:
    return text


_WRITERS: Mapping[str, Callable[[str, str], str]] = {
    "characters": _characters,
    "digits": _digits,
    "telephone": _digits,
    "cardinal": _cardinal,
    "ordinal": _ordinal,
    "time": _unchanged,
}
