"""A stretch of text and what its author says it is in; a way of writing it out that is read so.

What is left as it is written (a time, say) is what the reader of the language knows anyway.
"""

import re
import string
import unicodedata
from collections.abc import Callable, Iterator, Mapping

from wyoming_kokoro.speech import Language, language_named
from wyoming_kokoro.text.normalize import say_cardinal, say_date, say_digits, say_ordinal
from wyoming_kokoro.text.normalize.japanese.words import spell
from wyoming_kokoro.text.passage import Span

_SAID_SIGNS = frozenset("@+#%&=")
"""Signs between characters that have a name; the others are a short rest."""

_LETTER_NAMES: Mapping[str, Mapping[str, str]] = {
    "en": {"A": "eh"},
    "zh": {"A": "eh"},
    "hi": {"A": "ए"},
    "ja": {letter: spell(letter) for letter in string.ascii_uppercase},
}
"""Letters that a reader would take for a word when they stand alone, or not know."""

_HINDI_ENDINGS = {1: "ला", 2: "रा", 3: "रा", 4: "था", 6: "ठा"}
_ORDINALS: Mapping[str, Callable[[int], str]] = {
    "en": lambda number: f"{number}{_english_ending(number)}",
    "es": lambda number: f"{number}.º",
    "fr": lambda number: f"{number}{'er' if number == 1 else 'e'}",
    "hi": lambda number: f"{number}{_HINDI_ENDINGS.get(number, 'वाँ')}",
    "it": lambda number: say_ordinal(number, language_named("it")),  # 3º alone is degrees
    "ja": lambda number: f"{number}番目",
    "pt": lambda number: f"{number}º",
    "zh": lambda number: f"第{number}",
}
_MONTHS, _LONGEST_MONTH, _CENTURY = 12, 31, 100
_GROUP = re.compile(r"[^\W_]+")
_LONGEST_CARDINAL = 15
"""Digits of a number; one that has more is a row of them."""

_PART = re.compile(r"([dmy])\1*")
"""A part of a date's format, in as many letters as it has figures."""

_MIXED_NUMBER = re.compile(r"^(\d+) ?\+ ?(\d+/\d+)$")
_FRACTION = re.compile(r"^(\d+)/(\d+)$")
_OVER = {"ja_JP": "分の", "zh_CN": "分之"}


def written(span: Span, language: Language) -> str:
    """Return the text of `span`, one with a `say_as`, so that it is read as that."""
    if span.say_as is None:
        return span.text
    if span.say_as == "date":
        return _date(span.text, span.date_format, language)
    return _WRITERS[span.say_as](span.text, language)


def _characters(text: str, language: Language) -> str:
    names = _LETTER_NAMES.get(_bare(language), {})
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


def _digits(text: str, language: Language) -> str:
    """Return the digits one by one, with a rest where they are grouped."""
    plus = "+ " if text.startswith("+") else ""
    return plus + ", ".join(_one_by_one(group, language) for group in _GROUP.findall(text))


def _one_by_one(group: str, language: Language) -> str:
    return say_digits(group, language) if group.isdecimal() else " ".join(group)


def _telephone(text: str, language: Language) -> str:
    """Return a number to call. In Chinese, 1 is 幺 there, for it sounds like 7 otherwise."""
    words = _digits(text, language)
    return words.replace("一", "幺") if language.code == "zh_CN" else words


def _cardinal(text: str, language: Language) -> str:
    """Return a whole number in words, whatever else its figures could mean."""
    digits = text.replace(" ", "")
    if not (digits.isdecimal() and len(digits) <= _LONGEST_CARDINAL):
        return text
    return say_cardinal(int(digits), language)


def _ordinal(text: str, language: Language) -> str:
    found = re.match(r"\d{1,9}(?!\d)", text)
    if not found:
        return text
    written_in = _ORDINALS.get(_bare(language))
    number = int(found.group())
    return written_in(number) if written_in else say_ordinal(number, language)


def _bare(language: Language) -> str:
    return language.code.partition("_")[0]


def _english_ending(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _fraction(text: str, language: Language) -> str:
    """Return `5+1/2` as it is written by hand; in Chinese and Japanese `3/20` might be a date."""
    text = _MIXED_NUMBER.sub(r"\1 \2", text.strip())
    over = _OVER.get(language.code)
    return _FRACTION.sub(rf"\2{over}\1", text) if over else text


def _date(text: str, order: str, language: Language) -> str:
    """Return a date of two or three numbers, in `order`, in words.

    `yyyymmdd` says what each figure is of.
    """
    numbers = re.findall(r"\d{1,4}", text)
    if text.isdecimal() and len(text) == len(order):
        numbers = [text[part.start() : part.end()] for part in _PART.finditer(order)]
    order = _PART.sub(r"\1", order)
    complete = sorted(order) in (["d", "m", "y"], ["d", "m"]) and len(numbers) == len(order)
    if not complete or re.search(r"[^\W\d]", text):
        return text
    parts = {part: int(number) for part, number in zip(order, numbers, strict=True)}
    if not (1 <= parts["m"] <= _MONTHS and 1 <= parts["d"] <= _LONGEST_MONTH):
        return text
    year = parts.get("y")
    if year is not None and year < _CENTURY:
        year += 20 * _CENTURY
    return say_date(parts["d"], parts["m"], year, language)


def _unchanged(text: str, _: Language) -> str:
    return text


_WRITERS: Mapping[str, Callable[[str, Language], str]] = {
    "characters": _characters,
    "digits": _digits,
    "telephone": _telephone,
    "cardinal": _cardinal,
    "ordinal": _ordinal,
    "time": _unchanged,
    "fraction": _fraction,
}
