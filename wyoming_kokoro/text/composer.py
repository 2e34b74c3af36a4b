"""Text and how each stretch of it was marked in, in pieces; passages and pauses out."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from wyoming_kokoro.text.passage import LONGEST_PAUSE_SECONDS, Manner, Passage, Pause, Span
from wyoming_kokoro.text.sentences import SentenceSplitter

ALL_PAUSES_SECONDS = 600.0
"""What the pauses of one text may come to; those beyond are left out."""

_WORD_OR_SPACE = re.compile(r"\s+|\S+")

_Marked = tuple[Span, Manner]


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
    """Finds the sentences of a marked text, and the marks that fall into each.

    The splitter knows nothing of marks. It drops white space and nothing else, so counting the
    other characters tells how each character of a sentence was marked.
    """

    def __init__(self, sentence_characters: int) -> None:
        self._splitter = SentenceSplitter(sentence_characters)
        self._runs: deque[_Run] = deque()
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
        self._compose(self._splitter.add(shown))

    def end_sentence(self) -> None:
        """Finish the sentence, whether it looks finished or not."""
        self._compose(self._splitter.finish())

    def pause(self, seconds: float) -> None:
        """End the sentence and be silent."""
        seconds = min(seconds, LONGEST_PAUSE_SECONDS, self._pauses_left)
        if seconds > 0:
            self.end_sentence()
            self._pauses_left -= seconds
            self._ready.append(Pause(seconds))

    def idle(self) -> None:
        """Finish what is most likely a whole sentence, for the text has paused."""
        self._compose(self._splitter.idle())

    def take(self) -> list[Passage | Pause]:
        """Return what has become ready since it was last asked for."""
        ready, self._ready = self._ready, []
        return ready

    def _compose(self, sentences: Iterable[str]) -> None:
        for sentence in sentences:
            marked = _marks_follow_words(self._marked(sentence))
            for manner, group in groupby(marked, key=lambda pair: pair[1]):
                self._ready.append(Passage(_joined(span for span, _ in group), manner))

    def _marked(self, sentence: str) -> Iterator[_Marked]:
        """Yield the pieces of `sentence`. Space between two runs belongs to neither."""
        for part in _WORD_OR_SPACE.findall(sentence):
            if part.isspace():
                run = self._runs[0]
                kind = Span("") if run.left == 0 or run.kind.whole else run.kind
                yield replace(kind, text=part), run.manner
            else:
                yield from self._marked_word(part)

    def _marked_word(self, word: str) -> Iterator[_Marked]:
        while word:
            while self._runs[0].left == 0:
                self._runs.popleft()
            run = self._runs[0]
            text, word = word[: run.left], word[run.left :]
            if not run.kind.whole:
                yield replace(run.kind, text=text), run.manner
            elif not run.begun:
                yield run.kind, run.manner
            run.begun = True
            run.left -= len(text)


def _as_a_word(text: str) -> str:
    """Return letters for the splitter to take for a word, with nothing to end a sentence at."""
    return "".join(filter(str.isalnum, text)) or "x"


def _marks_follow_words(marked: Iterable[_Marked]) -> Iterator[_Marked]:
    """Give what has no words the manner of what it follows: `<voice>Hello</voice>!`."""
    before: Manner | None = None
    for span, manner in marked:
        wordless = not any(map(str.isalnum, span.text))
        before = before if before and wordless else manner
        yield span, before


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Join neighbors of one kind; take the space off both ends."""
    joined: list[Span] = []
    for span in spans:
        if joined and not span.whole and replace(joined[-1], text=span.text) == span:
            span = replace(span, text=joined.pop().text + span.text)
        joined.append(span)
    joined[0] = replace(joined[0], text=joined[0].text.lstrip())
    joined[-1] = replace(joined[-1], text=joined[-1].text.rstrip())
    return tuple(span for span in joined if span.text)
