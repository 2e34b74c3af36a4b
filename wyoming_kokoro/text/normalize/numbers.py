"""How a language writes and says numbers, what is counted, and money: the part of its table that
knows of figures and of nouns.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Form = str
"""Gender or case of a number, by the language's own names: "" is the one for counting."""


@dataclass(frozen=True, slots=True)
class Noun:
    """Something counted."""

    one: str
    many: str
    form: Form = ""
    """Form of the number before it."""

    few: str = ""
    """After numbers of the category `few`; "" where that is as `many`."""

    part: str = ""
    """After a number with a fraction; "" where that is as `many`."""


@dataclass(frozen=True, slots=True)
class Currency:
    """Money: `major` and its hundredths."""

    major: Noun
    minor: Noun | None = None


def as_spelled(words: str, number: int, form: Form) -> str:
    """Return `words`, for a language whose numbers CLDR spells right."""
    del number, form
    return words


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is written, its sign and its separators gone."""

    whole: str
    fraction: str = ""
    """Digits after the decimal sign."""


def is_exactly_one(figure: Figure) -> bool:
    """Say whether a noun after `figure` is singular, as in English: 1, but not 0, 1.0 or 1.5."""
    return figure == Figure("1")


def is_below_two(figure: Figure) -> bool:
    """Say whether a noun after `figure` is singular, as in French: 0, 1, 1.5."""
    return figure.whole.lstrip("0") in ("", "1")


def in_many(figure: Figure) -> str:
    """Say that a noun has no form but the plural, whatever number is before it."""
    del figure
    return ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Numbers:
    """How numbers are written and said."""

    language: str
    """Of the number words in unicode-rbnf: `en`."""

    cardinals: Mapping[Form, str]
    """By form, the CLDR ruleset; "" must be there: `spellout-numbering`."""

    ordinals: Mapping[Form, str]
    """By form, the CLDR ruleset; "" must be there: `spellout-ordinal`."""

    years: str = "spellout-numbering-year"
    year: Callable[[int], str] | None = None
    """Say a year, in place of the ruleset `years`."""

    respell: Mapping[str, str] = field(default_factory=dict)
    """What to write otherwise in the words of CLDR: a hyphen as a space."""

    inflect: Callable[[str, int, Form], str] = as_spelled
    """Mend the words of CLDR for a cardinal in a form that it does not know: "un'", "uno"."""

    point_form: Form = ""
    """Form of the whole number before the decimal sign."""

    digit_form: Form = ""
    """Form of each of several digits that are said one by one."""

    decimals: str = "."
    """Signs before a fraction. Those in `groups` too mean thousands where three digits follow."""

    groups: str = ", "
    """Signs between thousands."""

    grouped: str | None = None
    """Pattern of a grouped whole number where groups are not of three digits (Hindi)."""

    point: str = "point"
    """The decimal sign, said."""

    fraction_as_number: bool = False
    """Whether two or three decimals are said as one number: "virgule vingt-cinq"."""

    is_one: Callable[[Figure], bool] = is_exactly_one
    """Whether the noun after a number is singular."""

    category: Callable[[Figure], str] = in_many
    """Tell what a noun that is not singular has a form of its own for: `f` a few, `p` a part."""

    ordinal_signs: Mapping[str, Form] = field(default_factory=dict)
    """What follows a number to make it an ordinal, and its form: `st`, `º`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Money:
    """Currencies."""

    signs: Mapping[str, Currency]
    """By sign or code, before or after the amount: `$`, `€`, `USD`."""

    minor_signs: Mapping[str, Noun] = field(default_factory=dict)
    """Of hundredths, after the amount: `¢`, `p`."""

    both: str = "{major} and {minor}"

    magnitudes: Mapping[str, Noun] = field(default_factory=dict)
    """What may stand between amount and currency, and its name: `M`, `bn`, `million`."""

    of: str = "{number} {currency}"
    """With a magnitude: "cinco millones de euros"."""
