"""Plain text in, as it streams in; it goes on to a composer, less the marks written in it.

`[pause:0.5s]` is silence; `[Niamh](/niːv/)` is said as it stands between the slashes, two of which
do as well, and so are `[[niːv]]`, as Piper has it, and `(//niːv//)`. `[voice:bf_emma]` is how
another voice begins, `[/voice]` how it ends. A Markdown link is left to `clean`.
"""

import re

from wyoming_kokoro.text.ipa import pronounceable, unknown_symbols
from wyoming_kokoro.text.passage import AS_REQUESTED, Manner, Span, seconds_named
from wyoming_kokoro.text.reading.composer import Composer

_PAUSE = re.compile(r"\[\s*pause\s*:([^\[\]\n]{1,20})\]", re.IGNORECASE)
_WORD = re.compile(r"\[([^\[\]\n]{1,100})\]\(//?([^/()\n]{1,200})//?\)")
_SOUNDS = re.compile(r"\[\[([^\[\]\n]{1,200})\]\]|\(//([^/()\n]{1,200})//\)")
_VOICE = re.compile(r"\[\s*(?:voice\s*:\s*([^\[\]\n]{1,90})|/\s*voice)\s*\]", re.IGNORECASE)
_BEGINNING = re.compile(
    r"""
      \[ (?: [^\[\]\n]{0,100}
          | [^\[\]\n]{1,100} \] (?: \( (?: //? [^/()\n]{0,200} /{0,2} )? )?
          | \[ [^\[\]\n]{0,200} \]? )
    | \( (?: / (?: / [^/()\n]{0,200} /{0,2} )? )?
    """,
    re.VERBOSE,
)
"""What may still become a mark."""

_PHONETIC = re.compile("[\u0250-\u02ff\u00e6\u00f0\u014b\u03b2\u03b8]")
"""What tells IPA from the name of a page, which wikis have between such brackets too."""


MOST_VOICES = 8
"""That are begun and not ended; the names of more are passed over, and so are their ends."""


class MarkReader:
    """Reads a text. What begins like a mark is held back until it is one or cannot become one."""

    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self._text: list[str] = []
        self._held = ""
        self._before = ""  # the character before what is held
        self._voices: list[str] = []  # that were begun and not ended

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
        if held[0] not in "[(":
            self._pass_on(held)
        elif self._take_mark():
            self._held = ""
        elif not _BEGINNING.fullmatch(held):
            self._let_go(held)

    def _let_go(self, held: str) -> None:
        """Go on behind what is no mark, though one may begin within it."""
        end = 1 if held.startswith("[[") else len(held) - 1
        self._pass_on(held[:end])
        for char in held[end:]:
            self._push(char)

    def _take_mark(self) -> bool:
        """Do what the mark says that is held, if it is one."""
        if pause := _PAUSE.fullmatch(self._held):
            seconds = seconds_named(pause[1])
            if seconds is not None:
                self._write()
                self._composer.pause(seconds)
                return True
        if voice := _VOICE.fullmatch(self._held):
            self._write()
            self._change_voice(voice[1])
            return True
        spoken = self._spoken()
        if not spoken or unknown_symbols(spoken.ipa) or not pronounceable(spoken.ipa):
            return False
        self._write()
        self._composer.write(spoken, self._manner)
        return True

    def _change_voice(self, name: str | None) -> None:
        """Begin with a voice, or go back to the one before."""
        if name:
            self._voices.append(name.strip())
        elif self._voices:
            self._voices.pop()

    @property
    def _manner(self) -> Manner:
        voices = self._voices[:MOST_VOICES]
        return Manner(voice=voices[-1]) if voices else AS_REQUESTED

    def _spoken(self) -> Span | None:
        """Return what is held, if that says how it is pronounced."""
        if word := _WORD.fullmatch(self._held):
            return Span(word[1], ipa=word[2]) if self._before != "!" else None
        if sounds := _SOUNDS.fullmatch(self._held):
            ipa = (sounds[1] or sounds[2]).strip()
            return Span(ipa, ipa=ipa) if _PHONETIC.search(ipa) else None
        return None

    def _pass_on(self, text: str) -> None:
        """Let `text` go, which is no mark."""
        self._text.append(text)
        self._before = text[-1:]
        self._held = ""

    def _write(self) -> None:
        self._composer.write(Span("".join(self._text)), self._manner)
        self._text = []
