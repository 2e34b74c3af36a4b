"""SSML in, as it streams in; what it says of the text goes to a composer.

The part of W3C's SSML 1.1 that Kokoro can follow: `speak p s break prosody@rate phoneme@ipa sub
say-as voice lang emphasis`. Of all other elements the contents are spoken. An element that is not
closed, or closed out of turn, costs its effect and never the words.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from wyoming_kokoro.speech import LANGUAGES, Language
from wyoming_kokoro.text.passage import Span
from wyoming_kokoro.text.reading.composer import Composer
from wyoming_kokoro.text.reading.elements import FLOWS, WHOLES, Scope, pause_seconds
from wyoming_kokoro.text.reading.tags import Tag, TagScanner

DEEPEST = 32
"""Elements within one another; those further in have no effect."""

LONGEST_WHOLE = 200
"""Characters in an element that stands for one word or number. One that is longer was not
closed."""

_SENTENCES = frozenset({"speak", "p", "s"})
_BLOCKS = frozenset(
    {
        "br",
        "dd",
        "div",
        "dt",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "td",
        "th",
        "tr",
    }
    | {"paragraph", "sentence", "table", "ul"}
)
"""Elements of other languages at which a sentence ends, too."""

_SPACE = re.compile(r"\s")


@dataclass(slots=True)
class _Whole:
    """An element that stands for one word or number, and its contents so far."""

    meaning: Callable[[str], Span]
    """What to say, given the contents."""

    text: str = ""


@dataclass(slots=True)
class _Element:
    """An element that is open."""

    name: str
    scope: Scope
    whole: _Whole | None = None


class SsmlReader:
    """Reads one document, or a part of one."""

    def __init__(self, composer: Composer, languages: Sequence[Language] = LANGUAGES) -> None:
        self._composer = composer
        self._outside = Scope(languages=languages)
        self._scanner = TagScanner()
        self._open: list[_Element] = []
        self._beyond = 0  # elements open further in than the deepest allowed
        self._whole: _Whole | None = None

    def add(self, text: str) -> None:
        """Take more of the document."""
        for token in self._scanner.add(text):
            self._take(token)

    def finish(self) -> None:
        """End the document."""
        for token in self._scanner.finish():
            self._take(token)
        self._break_up()

    @property
    def _scope(self) -> Scope:
        return self._open[-1].scope if self._open else self._outside

    def _take(self, token: str | Tag) -> None:
        if isinstance(token, str):
            self._read(_SPACE.sub(" ", token))
        elif token.kind == "closes":
            self._close(token.name)
        else:
            self._enter(token)

    def _read(self, text: str) -> None:
        if self._whole is None:
            self._composer.write(replace(self._scope.flow, text=text), self._scope.manner)
            return
        self._whole.text += text
        if len(self._whole.text) > LONGEST_WHOLE:
            self._break_up()

    def _enter(self, tag: Tag) -> None:
        if tag.name in _SENTENCES or tag.name in _BLOCKS:
            self._end_sentence()
        if tag.name == "break":
            self._break_up()
            self._composer.pause(pause_seconds(tag.attributes))
        elif tag.kind == "empty" and tag.name in WHOLES:
            self._say(_Whole(WHOLES[tag.name](tag.attributes)))
        elif tag.kind == "opens" and (tag.name in FLOWS or tag.name in WHOLES):
            self._push(tag)

    def _push(self, tag: Tag) -> None:
        if len(self._open) >= DEEPEST:
            self._beyond += 1
        elif tag.name in FLOWS:
            scope = FLOWS[tag.name](tag.attributes, self._scope)
            self._open.append(_Element(tag.name, scope))
        else:
            self._break_up()
            self._whole = _Whole(WHOLES[tag.name](tag.attributes))
            self._open.append(_Element(tag.name, self._scope, self._whole))

    def _close(self, name: str) -> None:
        """Close the innermost element of that name, and those that were opened inside of it."""
        if name in _SENTENCES or name in _BLOCKS:
            self._end_sentence()
        if name not in FLOWS and name not in WHOLES:
            return
        if self._beyond:
            self._beyond -= 1
        elif any(element.name == name for element in self._open):
            while self._leave() != name:
                pass

    def _leave(self) -> str:
        """Close the innermost element; return its name."""
        element = self._open.pop()
        if element.whole is not None and element.whole is self._whole:
            self._whole = None
            self._say(element.whole)
        return element.name

    def _say(self, whole: _Whole) -> None:
        flow = self._scope.flow
        said = whole.meaning(whole.text.strip())
        if not said.text:
            return  # of nothing there is nothing to say
        said = replace(said, language=flow.language, emphatic=flow.emphatic)
        self._composer.write(said, self._scope.manner)

    def _break_up(self) -> None:
        """Read the contents of an element that was to stand for a word, but holds more."""
        whole, self._whole = self._whole, None
        if whole is not None:
            self._read(whole.text)

    def _end_sentence(self) -> None:
        self._break_up()
        self._composer.end_sentence()
