"""Text and how each stretch of it was marked in, in pieces; passages and pauses out."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

from wyoming_kokoro.text.passage import LONGEST_PAUSE_SECONDS, Manner, Passage, Pause, Span
from wyoming_kokoro.text.reading.endings import Rest
from wyoming_kokoro.text.reading.joining import Joiner
from wyoming_kokoro.text.reading.sentences import SentenceSplitter

ALL_PAUSES_SECONDS = 600.0
"""What the pauses of one text may come to; those beyond are left out."""

_WORD_OR_SPACE = re.compile(r"\s+|\S+")

_NOTHING_BUT_TEXT = Span("")


class _Piece(NamedTuple):
    """A piece of a sentence, as the splitter gave it back."""

    kind: Span
    """As that of a run."""

    manner: Manner
    text: str

    @property
    def wordless(self) -> bool:
        return not (self.kind.whole or any(map(str.isalnum, self.text)))


@dataclass(slots=True)
class _Run:
    """Text of one kind that the splitter was given and has not given back."""

    kind: Span
    """The whole span, or a flowing one without its text."""

    manner: Manner

    left: int
    """Characters, white space not counted."""

    begun: bool = False


class Composer:
    """Finds the sentences of a marked text, and the marks that fall into each. Those without a
    letter or digit are left out.

    The splitter knows nothing of marks. It drops white space and nothing else, so counting the
    other characters tells how each character of a sentence was marked.
    """

    def __init__(self, sentence_characters: int, language: str = "en") -> None:
        self._longest = sentence_characters
        self._splitter = SentenceSplitter(sentence_characters, language)
        self._joiner = Joiner(sentence_characters)
        self._runs: deque[_Run] = deque()
        self._begun: list[_Piece] = []  # of a sentence, that were let go when the text paused
        self._pauses_left = ALL_PAUSES_SECONDS
        self._ready: list[Passage | Pause] = []

    def write(self, span: Span, manner: Manner) -> None:
        """Go on with `span`. One that is not whole may come in several pieces."""
        shown = _as_a_word(span.text) if span.whole else span.text
        kind = span if span.whole else replace(span, text="")
        count = sum(map(len, shown.split()))
        last = self._runs[-1] if self._runs else None
        if last and not span.whole and (last.kind, last.manner) == (kind, manner):
            last.left += count
        elif count:
            self._runs.append(_Run(kind, manner, count))
        for char in shown:
            self._compose(self._splitter.add(char))
            self._ready += self._joiner.continues(char)

    def end_sentence(self) -> None:
        """Finish the sentence, whether it looks finished or not."""
        self._compose(self._splitter.finish())

    def finish(self) -> None:
        """Finish the sentence and let go of it: nothing follows that it could be joined to."""
        self.end_sentence()
        self.release()

    def pause(self, seconds: float) -> None:
        """End the sentence and be silent."""
        seconds = min(seconds, LONGEST_PAUSE_SECONDS, self._pauses_left)
        if seconds > 0:
            self.finish()
            self._pauses_left -= seconds
            self._ready.append(Pause(seconds))

    def idle(self, *, long: bool = False) -> None:
        """Let go of what is a whole sentence, for the text has paused; of what is only likely to
        be one if that has lasted `long`."""
        for sentence in self._splitter.idle(long=long):
            self._begun = _last(self._longest, self._add(sentence))
        self.release()

    def release(self) -> None:
        """Keep back nothing that is finished, for a neighbor to be joined to it."""
        self._ready += self._joiner.release()

    def take(self) -> list[Passage | Pause]:
        """Return what has become ready since it was last asked for."""
        ready, self._ready = self._ready, []
        return ready

    def _compose(self, sentences: Sequence[str]) -> None:
        for sentence in sentences:
            self._add(sentence)
            self._begun = []
        if sentences:
            self._ready += self._joiner.continues(self._splitter.pending)

    def _add(self, sentence: str) -> list[_Piece]:
        """Have a sentence spoken; return its pieces, and those before of which it is the rest."""
        pieces = list(self._pieces(sentence.strip()))
        begun = self._begun if isinstance(sentence, Rest) else []
        if not all(piece.wordless for piece in pieces):
            first, *others = _passages(pieces)
            self._ready += self._joiner.add([_going_on(first, begun, sentence), *others])
        return begun + pieces

    def _pieces(self, sentence: str) -> Iterator[_Piece]:
        """Yield the pieces of `sentence`. Space between two runs belongs to neither."""
        for part in _WORD_OR_SPACE.findall(sentence):
            if part.isspace():
                run = self._runs[0]
                between = run.left == 0 or run.kind.whole
                yield _Piece(_NOTHING_BUT_TEXT if between else run.kind, run.manner, part)
            else:
                yield from self._pieces_of_word(part)

    def _pieces_of_word(self, word: str) -> Iterator[_Piece]:
        while word:
            while self._runs[0].left == 0:
                self._runs.popleft()
            run = self._runs[0]
            text, word = word[: run.left], word[run.left :]
            if not (run.kind.whole and run.begun):
                yield _Piece(run.kind, run.manner, text)
            run.begun = True
            run.left -= len(text)


def _as_a_word(text: str) -> str:
    """Return letters for the splitter to take for a word, with nothing to end a sentence at."""
    return "".join(filter(str.isalnum, text)) or "x"


def _passages(pieces: Iterable[_Piece]) -> list[Passage]:
    manners = groupby(_marks_follow_words(pieces), key=lambda piece: piece.manner)
    return [Passage(_spans(group), manner) for manner, group in manners]


def _going_on(passage: Passage, begun: Sequence[_Piece], rest: str) -> Passage:
    """Return `passage` with what was said of its sentence before, in the same manner."""
    alike = [piece for piece in begun if piece.manner == passage.manner]
    if not alike or begun[-1].manner != passage.manner:
        return passage
    said = [replace(span, said=True) for span in _spans(alike)]
    if rest[:1].isspace():
        said.append(Span(" ", said=True))
    return Passage((*said, *passage.spans), passage.manner)


def _last(characters: int, pieces: Sequence[_Piece]) -> list[_Piece]:
    """Return the last of `pieces`, of at most so many characters."""
    kept = list[_Piece]()
    for piece in reversed(pieces):
        characters -= len(piece.text)
        if characters < 0:
            break
        kept.append(piece)
    return kept[::-1]


def _marks_follow_words(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """Give what has no words the manner of what it follows: `<voice>Hello</voice>!`."""
    before: Manner | None = None
    for piece in pieces:
        before = before if before and piece.wordless else piece.manner
        yield piece._replace(manner=before)


def _spans(pieces: Iterable[_Piece]) -> tuple[Span, ...]:
    """Join neighbors of one kind; take the space off both ends."""
    spans: list[Span] = []
    for kind, same in groupby(pieces, key=lambda piece: piece.kind):
        if kind.whole:
            spans += [kind for _ in same]
        else:
            spans.append(_with_text(kind, "".join(piece.text for piece in same)))
    if spans[0].text[:1].isspace():
        spans[0] = _with_text(spans[0], spans[0].text.lstrip())
    if spans[-1].text[-1:].isspace():
        spans[-1] = _with_text(spans[-1], spans[-1].text.rstrip())
    return tuple(span for span in spans if span.text)


def _with_text(kind: Span, text: str) -> Span:
    return Span(text) if kind.plain else replace(kind, text=text)
