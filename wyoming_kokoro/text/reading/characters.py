"""Characters that sentences end with, and those around them."""

NEWLINES = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
STOPS = frozenset("。！？｡．।॥")
"""Marks that end a sentence without white space after them."""
MARKS = frozenset(".!?…") | STOPS
QUOTES = frozenset("\"'”’»›)]}」』】）］｝〉》〕")
"""What closes with a sentence, brackets too."""
CLOSERS = QUOTES | frozenset("*_~`")
OPENERS = frozenset("\"'“‘«‹([{「『【（［｛〈《〔¿¡*_~`")


def is_emoji(char: str) -> bool:
    """Tell whether a character is an emoji, or a part of one that cannot be seen."""
    return char > "\u2000" and (
        "\u2600" <= char <= "\u27bf"
        or "\U0001f000" <= char <= "\U0001faff"
        or char in "\ufe0f\u200d\u20e3\u2b50\u2b55"
    )


def is_han_or_kana(char: str) -> bool:
    """Tell whether a character is one that Chinese and Japanese words are written with."""
    return "\u3041" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff"
