"""A passage and what was requested in; in which manner it is spoken out."""

from wyoming_kokoro.speech import Language, Request
from wyoming_kokoro.text.foreign import language_of
from wyoming_kokoro.text.passage import AS_REQUESTED, Manner, Passage


def manner_of(
    passage: Passage, request: Request, spoken: Language, around: str, *, detect: bool
) -> Manner:
    """Return how to speak a passage: as its markup says, or in the language of its script.

    `spoken` is the language of the request's voice. Scripts count only where `detect` says so and
    nobody has asked for a voice; `around` is the text so far.
    """
    asked = passage.manner != AS_REQUESTED or request.voice or request.language
    found = None if asked or not detect else language_of(passage.text, around)
    if found is None or found == spoken:
        return passage.manner
    return Manner(language=found.code)
