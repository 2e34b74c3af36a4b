"""Sentences in, as passages; out they come in company: Kokoro speaks a few phonemes badly.

A word or two on their own come out rushed, slurred or with noise behind them. So a sentence that
short is spoken as one with a neighbor, each read for itself and with its own punctuation: the one
before while that is still here, else the one after. Line ends do not part them, for the model
pauses at a full stop for about as long as there is silence between two passages; pauses that were
asked for do, and so does another voice, pace, language or emphasis.

The text alone decides: a sentence goes once the next has `SHORT` phonemes, and a short one without
company waits for the next. That may be long in coming, so whoever listens to silence meanwhile
calls `release`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from wyoming_kokoro.text.foreign import script_family
from wyoming_kokoro.text.passage import SENTENCE_END, Manner, Passage, Span

SHORT = 10
"""Phonemes, about, below which a sentence is not spoken alone."""

LONGEST = 60
"""Phonemes, about, up to which one short sentence after the other is joined to the same passage:
a few seconds, so that the first of them is not long in the making."""

_DIGIT, _HAN_OR_HANGUL, _KANA_OR_INDIC = 4, 3, 2


@dataclass(slots=True)
class _Held:
    """Sentences that are spoken together, so far."""

    spans: list[Span]
    manner: Manner
    family: str
    """Script that all of them are written in for the most part."""

    characters: int
    phonemes: int
    """About."""

    alone: bool = True
    """Whether it is but one sentence."""


class Joiner:
    """Keeps the last passage back for as long as a short sentence may still be joined to it."""

    def __init__(self, most_characters: int = 1000) -> None:
        """`most_characters` is what a passage of several sentences may have."""
        self._most = most_characters
        self._held: _Held | None = None
        self._following = 0  # phonemes of the text after it, about

    def add(self, sentence: Sequence[Passage]) -> list[Passage]:
        """Take the next sentence, in passages of one manner each; return what may be spoken."""
        first, *others = sentence
        phonemes = [phonemes_in(part.text) for part in sentence]
        text = first.text
        ready: list[Passage] = []
        if self._held and self._joins(sentence, text, sum(phonemes)):
            self._held.spans += (SENTENCE_END, *first.spans)
            self._held.characters += len(text) + 1
            self._held.phonemes += phonemes[0]
            self._held.alone = False
        else:
            ready = self.release()
            self._held = _hold(first, text, phonemes[0])
        for part, count in zip(others, phonemes[1:], strict=True):
            ready += self.release()
            self._held = _hold(part, part.text, count)
        self._following = 0
        return ready

    def continues(self, text: str) -> list[Passage]:
        """Take note of text of the next sentence; return what need not wait for the rest of it."""
        if self._held is None:
            return []
        self._following += phonemes_in(text)
        enough = self._held.phonemes >= SHORT and self._following >= SHORT
        return self.release() if enough else []

    def release(self) -> list[Passage]:
        """Return what is held back. Nothing can be joined to it any more."""
        held, self._held = self._held, None
        return [Passage(tuple(held.spans), held.manner)] if held else []

    def _joins(self, sentence: Sequence[Passage], text: str, phonemes: int) -> bool:
        held, first = self._held, sentence[0]
        if held is None or held.characters + len(text) >= self._most:
            return False
        if held.manner != first.manner or _flow(held.spans[-1]) != _flow(first.spans[0]):
            return False  # another voice, or in another way, or in another language
        if held.family != script_family(text):
            return False
        if held.phonemes < SHORT:
            return True
        leads_on = sentence[-1].text.endswith((":", "："))
        fits = held.alone or held.phonemes + phonemes <= LONGEST
        return phonemes < SHORT and not leads_on and fits


def _hold(passage: Passage, text: str, phonemes: int) -> _Held:
    spans, family = list(passage.spans), script_family(text)
    return _Held(spans, passage.manner, family, len(text), phonemes)


def phonemes_in(text: str) -> int:
    """Return how many phonemes `text` has, about: numbers have many to a character."""
    return sum(map(_phonemes_of, filter(str.isalnum, text)))


def _phonemes_of(char: str) -> int:
    if char.isdigit():
        return _DIGIT
    if "\u0900" <= char <= "\u0dff" or "\u3040" <= char <= "\u30ff":
        return _KANA_OR_INDIC
    return _HAN_OR_HANGUL if "\u3400" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7af" else 1


def _flow(span: Span) -> tuple[str | None, bool, bool]:
    return span.language, span.emphatic, span.said
