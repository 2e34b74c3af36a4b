"""Plain text in, as it streams in; it goes on to a composer, less the marks written in it.

`[pause:0.5s]` is silence; `[Niamh](/niːv/)` is said as it stands between the slashes. A Markdown
link is left to `clean`.
"""

import re

from wyoming_kokoro.text.ipa import pronounceable, unknown_symbols
from wyoming_kokoro.text.passage import AS_REQUESTED, Span, seconds_named
from wyoming_kokoro.text.reading.composer import Composer

_PAUSE = re.compile(r"\[\s*pause\s*:([^\[\]\n]{1,20})\]", re.IGNORECASE)
_WORD = re.compile(r"\[([^\[\]\n]{1,100})\]\(/([^/()\n]{1,200})/\)")
_BEGINNING = re.compile(
    r"\[ (?: [^\[\]\n]{0,100} | [^\[\]\n]{1,100} \] (?: \( (?: / [^/()\n]{0,200} /? )? )? )",
    re.VERBOSE,
)
"""What may still become a mark."""


class MarkReader:
    """Reads a text. What begins like a mark is held back until it is one or cannot become one."""

    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self._text: list[str] = []
        self._held = ""
        self._before = ""  # the character before what is held

    def add(self, text: str) -> None:
        """Take more of the text."""
        for char in text:
            self._push(char)
        self._write()

    def finish(self) -> None:
        """End the text."""
        self._pass_on(self._held)
        self._write()

    def _push(self, char: str) -> None:
        held = self._held = self._held + char
        if held[0] != "[":
            self._pass_on(held)
        elif self._take_mark():
            self._held = ""
        elif not _BEGINNING.fullmatch(held):
            self._pass_on(held[:-1])
            self._push(char)

    def _take_mark(self) -> bool:
        """Do what the mark says that is held, if it is one."""
        if pause := _PAUSE.fullmatch(self._held):
            seconds = seconds_named(pause[1])
            if seconds is not None:
                self._write()
                self._composer.pause(seconds)
                return True
        word = _WORD.fullmatch(self._held)
        if (
            not word
            or self._before == "!"
            or unknown_symbols(word[2])
            or not pronounceable(word[2])
        ):
            return False
        self._write()
        self._composer.write(Span(word[1], ipa=word[2]), AS_REQUESTED)
        return True

    def _pass_on(self, text: str) -> None:
        """Let `text` go, which is no mark."""
        self._text.append(text)
        self._before = text[-1:]
        self._held = ""

    def _write(self) -> None:
        self._composer.write(Span("".join(self._text)), AS_REQUESTED)
        self._text = []
