"""All that a language says for figures and signs: the table that each language fills."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from wyoming_kokoro.text.normalize.locale.clock import Clock
from wyoming_kokoro.text.normalize.locale.dates import Dates
from wyoming_kokoro.text.normalize.locale.money import Money
from wyoming_kokoro.text.normalize.locale.nouns import Form
from wyoming_kokoro.text.normalize.locale.numbers import Numbers
from wyoming_kokoro.text.normalize.locale.rule import Rule
from wyoming_kokoro.text.normalize.locale.units import Units


def spell_in_capitals(letters: str) -> str:
    """Return letters apart, for a reader that says a capital's name: "I O"."""
    return " ".join(letters.upper())


def unchanged(text: str) -> str:
    """Return `text`, for a language in which words leave each other alone."""
    return text


def no_rules(locale: "Locale") -> Iterable[Rule]:
    """Return no rules, for a language in which the shared ones say all."""
    del locale
    return ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Locale:
    """All that is needed to say the written text of one language."""

    numbers: Numbers
    dates: Dates
    clock: Clock
    units: Units
    money: Money

    minus: str
    plus: str
    subtracted: str = ""
    """A minus between two numbers; "" where it is the word of the sign, `minus`."""

    added: str = ""
    span: str = "{start} to {end}"
    """A range: 10-15."""

    score: str = "{start} to {end}"
    score_words: str = ""
    """Pattern of words that make `3-2` in their sentence a score rather than a range."""

    ratio: str = "{start} to {end}"
    """3:1."""

    rating: str = "{number} out of {total}"

    fractions: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """By numerator and denominator: (1, 2) is "one half"."""

    fraction: Callable[[int, int], str] | None = None
    """Say any other fraction; None to say it as `over`."""

    over: str = "{number} over {total}"
    mixed: str = "{whole} and {fraction}"
    """A whole number and a fraction: 1½."""

    mixed_fractions: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """Fractions said otherwise after a whole number: (1, 2) is "a half"."""

    fractioned: str = ""
    """Pattern of words that make 1/5 before them a fraction rather than a rating: `cup|mile`."""

    signs: Mapping[str, str] = field(default_factory=dict)
    """Words of single signs between spaces or numbers: `=`, `&`, `×`, `<`."""

    power: Mapping[str, str] = field(default_factory=dict)
    """By exponent, how a number is raised: `2` is "{base} squared", "" any other `{exponent}`."""

    times: str = "{number} times"
    """Of 2x before a word; "" where that is not written."""

    times_form: Form = ""
    """Form of the number in it: "duas vezes"."""

    by: str = "{start} by {end}"
    """Of 3x4 and 1920×1080."""

    number_sign: str = "number"
    """Of # before figures."""

    dot: str = "dot"
    at: str = "at"
    slash: str = "slash"
    dash: str = "dash"
    colon: str = "colon"
    hashtag: str = "hashtag"

    read_endings: frozenset[str] = frozenset(["me", "to", "my", "so", "co"])
    """Endings of addresses that are read although they have but two letters."""

    version_point: str = "point"

    ip_in_numbers: bool = False
    """Whether the parts of an IP address are said as numbers rather than digit by digit."""

    emergency: str = ""
    """Pattern of words before a number of three digits that make it a telephone number."""

    abbreviations: Mapping[str, str] = field(default_factory=dict)
    """As written, with their points: `approx.`, `e.g.`. Lower case ones are found capitalised."""

    acronyms: Mapping[str, str] = field(default_factory=dict)
    """Exactly as written: `CO2`, `PM2.5`."""

    name_words: Mapping[str, str] = field(default_factory=dict)
    """Of the names of entities, lower case: `tv` is "TV"."""

    letters: Callable[[str], str] = spell_in_capitals
    """Spell letters out."""

    roman_cardinals: str = ""
    """Pattern of words before a Roman numeral that counts: `World War`, `chapter`."""

    roman_ordinals: str = ""
    """Pattern of names before a Roman numeral that orders: `Henry`."""

    roman_ordinal: str = "the {number}"
    last_roman_ordinal: int = 89
    """The last place that is said as one; above it, names are counted: "Luis catorce"."""

    mend: Callable[[str], str] = unchanged
    """Do in the end what words do to one another, such as elision: "un'ora", "all'otto"."""

    rules: Callable[["Locale"], Iterable[Rule]] = no_rules
    """Make rules of the language's own from the table: in place of the shared one of the same name,
    or else first."""

    last_rules: Callable[["Locale"], Iterable[Rule]] = no_rules
    """Make rules for what all others left."""

    prepare: Callable[[str], str] = unchanged
    """Do first what lets rules find words, such as parting those that are written as one."""
