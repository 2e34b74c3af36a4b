"""What a point can mean: the end of a sentence, or that of an abbreviation or an ordinal."""

from enum import Enum, auto


class Point(Enum):
    """What must follow a point for it to end a sentence, once there is white space after it."""

    ENDS = auto()
    """Anything: it is a full stop."""

    NEVER = auto()
    """Nothing does: the word always leads on to the next one."""

    UNLESS_NUMBER = auto()
    """Anything but a number, Roman ones included that are no other words."""

    UNLESS_NUMERAL = auto()
    """A word with a capital letter that is neither a letter alone nor a Roman numeral."""

    UNLESS_ROMAN = auto()
    """A word with a capital letter that is no Roman numeral: "I" is none here."""

    UNLESS_NOUN = auto()
    """A capitalized word that begins German sentences, where nouns have capitals as well."""

    UNLESS_MONTH = auto()
    """A word with a capital letter that is no month."""

    CAPITAL = auto()
    """A capital letter."""

    STARTER = auto()
    """A capitalized word that begins sentences, for after it names are common."""
