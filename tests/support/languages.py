"""Languages that no released model speaks, as checkpoints declare them."""

from wyoming_kokoro.speech import LANGUAGES, Language

GERMAN = Language("de_DE", "d", "German", "de", "de", "misaki")
"""Has rules of its own."""

DECLARED = (GERMAN,)

ALL = (*LANGUAGES, *DECLARED)
