"""The table that each language fills, and the nouns that it is made of."""

from wyoming_kokoro.text.normalize.locale.clock import Clock
from wyoming_kokoro.text.normalize.locale.dates import Dates
from wyoming_kokoro.text.normalize.locale.locale import Locale
from wyoming_kokoro.text.normalize.locale.money import Money
from wyoming_kokoro.text.normalize.locale.nouns import Currency, Form, Noun
from wyoming_kokoro.text.normalize.locale.numbers import Figure, Numbers, is_below_two
from wyoming_kokoro.text.normalize.locale.rule import Rule, where_digits
from wyoming_kokoro.text.normalize.locale.units import Units

__all__ = [
    "Clock",
    "Currency",
    "Dates",
    "Figure",
    "Form",
    "Locale",
    "Money",
    "Noun",
    "Numbers",
    "Rule",
    "Units",
    "is_below_two",
    "where_digits",
]
