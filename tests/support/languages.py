"""Languages that no released model speaks, as checkpoints declare them."""

from wyoming_kokoro.speech import LANGUAGES, Language

GERMAN = Language("de_DE", "d", "German", "de", "de", "misaki")
"""Has rules of its own."""

SWEDISH = Language("sv_SE", "s", "Swedish", "sv", "sv", "misaki")
DUTCH = Language("nl_NL", "n", "Dutch", "nl", "nl", "espeak", (("ɣ", "ɡ"),))
"""Have none, and are read by what CLDR has of them."""

UNKNOWN = Language("ht_HT", "k", "Haitian", "ht", "", "misaki")
"""CLDR spells no numbers in it."""

DECLARED = (GERMAN, SWEDISH, DUTCH, UNKNOWN)

ALL = (*LANGUAGES, *DECLARED)

WITH_NUMBERS = tuple(language for language in ALL if language != UNKNOWN)
