"""How long text takes to say: characters of a language in, seconds out, by a table at first and
then by what was spoken.
"""

from collections.abc import Mapping

from wyoming_kokoro.speech import Language

SECONDS_A_CHARACTER: Mapping[str, float] = {"hi_IN": 0.082, "ja_JP": 0.197, "zh_CN": 0.211}
"""By language, as `script/tables/pace.py` measures it: the mean of up to three voices, five
sentences without figures each."""

OTHERS_SECONDS_A_CHARACTER = 0.059
"""Of languages with an alphabet: English, Spanish, French, Italian and Portuguese are within 0.056
and 0.063."""

RATHER_MORE = 1.1
"""By how much text is taken to be longer than on average: what turns out shorter than was thought
makes a newcomer wait a little, and what turns out longer may make a gap."""

TABLE_CHARACTERS = 500
"""As much text as the table counts for beside what is learned."""

MEMORY_CHARACTERS = 5000
"""Text that is remembered, at the most; what was spoken before fades."""

FURTHEST = 2.0
"""Factor by which what is learned is off the table at the most: text that is nothing but digits
says little of others."""


class Pace:
    """Seconds a character in each language, at the speed of 1."""

    def __init__(self) -> None:
        self._learned: dict[str, tuple[float, float]] = {}
        """Characters and seconds of each language."""

    def seconds_a_character(self, language: Language, speed: float) -> float:
        """Return how long a character of text takes to say, about; rather more than less."""
        table = _table(language)
        characters, seconds = self._learned.get(language.code, (1.0, table))
        learned = min(max(seconds / characters, table / FURTHEST), table * FURTHEST)
        return RATHER_MORE * learned / speed

    def learn(self, language: Language, speed: float, characters: int, seconds: float) -> None:
        """Note that so many characters have become so many seconds of speech."""
        start = float(TABLE_CHARACTERS), TABLE_CHARACTERS * _table(language)
        before, took = self._learned.get(language.code, start)
        fades = min(1.0, MEMORY_CHARACTERS / (before + characters))
        learned = fades * (before + characters), fades * (took + seconds * speed)
        self._learned[language.code] = learned


def _table(language: Language) -> float:
    return SECONDS_A_CHARACTER.get(language.code, OTHERS_SECONDS_A_CHARACTER)
