"""Written text of one clean sentence in, the words that a person says for it out.

    "It's -3°C at 7:05 AM."  ->  "It's minus three degrees Celsius at seven oh five AM."

Every language is a table, a `Locale` (`locale.py` and `numbers.py` say what each field means), and
one ordered list of rules (`rules.py`) that is shared by all: addresses, telephone numbers, dates
and times, abbreviations, money and measures, other numbers, signs. A rule is a pattern and what to
say for what it finds; it takes signs and words from the table and never knows which language it
speaks.

A language without rules of its own has a table made of what CLDR knows of it (`generic/`).

To add a language: write its `Locale` in the file `language.py` of a folder of its own (start from
`english/`, the fullest), and name it in `_LOCALES`. What the table cannot say goes into its
`rules`: a rule with the name of a shared one takes its place, others are tried first. Number
words come from CLDR through unicode-rbnf: name the rulesets of the genders that the language
counts in.

A pattern must run in linear time: bound its repetitions or make them possessive (`++`), and let
it start only where nothing that it repeats stands before. What a rule says must not be found by
another: words alone, no digits, no signs.
"""

from functools import cache
from importlib import import_module
from typing import Any

from wyoming_kokoro.speech import Language
from wyoming_kokoro.text.normalize import figures
from wyoming_kokoro.text.normalize.figures import cardinal
from wyoming_kokoro.text.normalize.locale import Locale
from wyoming_kokoro.text.normalize.rules import say

_LOCALES = {
    "en_US": ("english", "US"),
    "en_GB": ("english", "GB"),
    "es_ES": ("spanish", "ES"),
    "it_IT": ("italian", "IT"),
    "fr_FR": ("french", "FR"),
    "pt_BR": ("portuguese", "BR"),
    "hi_IN": ("hindi", "IN"),
    "ja_JP": ("japanese", "JP"),
    "zh_CN": ("mandarin", "CN"),
    "de": ("german", "DE"),
}
"""By locale: the folder that has its table, and the table's name in `language.py` there."""


def normalize(text: str, language: Language) -> str:
    """Return `text` as it is said in `language`: no digits, abbreviations or units left.

    Text of a language without a table comes back as it is. Never raises, whatever the text.
    """
    locale = _locale_of(language)
    return text if locale is None else say(text, locale)


def say_cardinal(number: int, language: Language) -> str:
    """Return the words of a whole number, whatever else its figures could mean."""
    locale = _locale_of(language)
    return str(number) if locale is None else locale.postprocess(cardinal(locale, number))


def say_ordinal(number: int, language: Language) -> str:
    """Return the word for the place `number` in a row, in the form that stands alone."""
    locale = _locale_of(language)
    return str(number) if locale is None else locale.postprocess(figures.ordinal(locale, number))


def say_digits(digits: str, language: Language) -> str:
    """Return the name of every figure of `digits`."""
    locale = _locale_of(language)
    return (
        " ".join(digits)
        if locale is None
        else locale.postprocess(figures.say_digits(locale, digits))
    )


def say_date(day: int, month: int, year: int | None, language: Language) -> str:
    """Return a date, with or without its year, in words."""
    locale = _locale_of(language)
    if locale is None:
        return " ".join(map(str, (day, month) if year is None else (day, month, year)))
    return locale.postprocess(locale.dates.say(day, month, year))


def locales() -> frozenset[str]:
    """Return the locales whose numbers, dates and units can be said."""
    return frozenset((*_LOCALES, *_generic().locale_names()))


def _locale_of(spoken_in: Language) -> Locale | None:
    """Return the table of a language, None where it has none: declared ones name theirs."""
    code = spoken_in.locale or spoken_in.code
    return _locale(code) if spoken_in.locale or code in _LOCALES else None


def _generic() -> Any:  # noqa: ANN401 a module, which makes tables of what CLDR has
    return import_module(f"{__name__}.generic.language")


@cache
def _locale(code: str) -> Locale:
    if code in _LOCALES:
        folder, name = _LOCALES[code]
        locale: Locale = getattr(import_module(f"{__name__}.{folder}.language"), name)
    else:
        locale = _generic().locale_named(code)
    return locale
