"""Texts as language models stream them: cut into tokens, with pauses after some of them.

`python -m tests.support.pausing` tries all replies of the tests of languages, at every token.
"""

import random
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from unicodedata import category

from tests.support.languages import ALL
from tests.support.places import ROOT
from wyoming_kokoro.speech import Language, language_named
from wyoming_kokoro.text.passage import Passage, Pause, Span
from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd
from wyoming_kokoro.text.reading.reader import TextReader

LANGUAGES = (
    "en_US",
    "en_GB",
    "es_ES",
    "fr_FR",
    "it_IT",
    "pt_BR",
    "hi_IN",
    "ja_JP",
    "zh_CN",
    "de_DE",
    "sv_SE",
)

PausesOf = Callable[[int], Iterable[Collection[int]]]
"""Given the number of a text's tokens, the pauses to try: after which tokens each."""

_TOKEN = re.compile(r" ?[^\W\d_]+| ?\d{1,3}| ?(?:([^\w\s]|_)\1*)|\s")
"""What tokenizers cut text into, about: words with the space before, digits in threes, marks."""

_REPLIES = ROOT / "tests" / "text" / "normalize"
_FRONT_END = FrontEnd()


def replies(code: str) -> list[str]:
    """The replies of a language that the tests have spoken forms for."""
    lines = (_REPLIES / f"replies.{code[:2]}.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
    if code.startswith("en"):
        return [text for spoken_in, text, *_ in rows if spoken_in == code]
    return [text for text, *_ in rows]


def at_each_token(tokens: int) -> Iterator[set[int]]:
    """One pause, wherever it may be."""
    return ({number} for number in range(1, tokens))


def at_all_tokens(tokens: int) -> Iterator[set[int]]:
    """A pause wherever there may be one."""
    yield set(range(1, tokens + 1))


def at_random_tokens(tokens: int) -> Iterator[set[int]]:
    """Several pauses, three times."""
    draw = random.Random(tokens)
    for _ in range(3):
        yield {number for number in range(1, tokens + 1) if draw.random() < 0.3}


def changed(texts: Iterable[str], code: str, *tries: PausesOf) -> list[str]:
    """Where pauses, for a moment or long, change which words are spoken of a text."""
    found = (_changed(text, code, pauses_of) for text in texts for pauses_of in tries)
    return [where for text in found for where in text]


def read(
    tokens: Iterable[str], pauses: Collection[int], *, code: str = "en_US", long: bool = False
) -> list[Passage]:
    """What a text is spoken as if it pauses after those tokens, by a voice of that language."""
    reader = TextReader(language=language_named(code, ALL))
    found: list[Passage | Pause] = []
    for number, token in enumerate(tokens, 1):
        found += reader.add(token)
        if number in pauses:
            found += reader.release() + reader.idle()
            found += reader.idle(long=True) if long else []
    return [part for part in found + reader.finish() if isinstance(part, Passage)]


def words(passages: Iterable[Passage], code: str) -> list[str]:
    """What is spoken, without punctuation."""
    language = language_named(code, ALL)
    text = " ".join(spoken(part.spans, language) for part in passages).lower()
    return "".join(char if _is_letter(char) else " " for char in text).split()


def _is_letter(char: str) -> bool:
    return char.isalnum() or category(char).startswith("M")


@cache
def spoken(spans: tuple[Span, ...], language: Language) -> str:
    return _FRONT_END.spoken(spans, language)


def _changed(text: str, code: str, pauses_of: PausesOf) -> Iterator[str]:
    tokens = [token.group() for token in _TOKEN.finditer(text)]
    whole = read(tokens, (), code=code)
    for pauses in pauses_of(len(tokens)):
        for long in (False, True):
            paused = read(tokens, pauses, code=code, long=long)
            if paused != whole and words(paused, code) != words(whole, code):
                yield f"{'|'.join(tokens)} after {sorted(pauses)}: {words(paused, code)}"


if __name__ == "__main__":
    for language in LANGUAGES:
        texts = replies(language)
        wrong = changed(texts, language, at_each_token, at_all_tokens, at_random_tokens)
        print(f"{language}: {len(texts)} replies, {len(wrong)} changes", *wrong, sep="\n  ")  # noqa: T201 for people
