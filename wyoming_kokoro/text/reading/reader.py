"""The text of a request in, as it streams in; passages and pauses out, ready to be spoken."""

from collections.abc import Sequence
from typing import Protocol

from wyoming_kokoro.speech import LANGUAGES, US_ENGLISH, Language
from wyoming_kokoro.text.passage import Passage, Pause
from wyoming_kokoro.text.reading.composer import Composer
from wyoming_kokoro.text.reading.marks import MarkReader
from wyoming_kokoro.text.reading.ssml import SsmlReader
from wyoming_kokoro.text.unspoken import SpokenFilter

_SSML_STARTS = ("<speak", "<?xml")


class _Markup(Protocol):
    """Reads one kind of markup and hands what it finds to a composer."""

    def add(self, text: str) -> None: ...
    def finish(self) -> None: ...


class TextReader:
    """Reads one text: SSML if `text_format` or its beginning says so, else plain.

    What comes out does not depend on how the text was cut; only `idle` may part the beginning of a
    sentence from its rest, and `release` a sentence from its neighbor. Neither changes what is
    said. Never raises, whatever the text. A plain text without marks becomes the sentences that
    `SentenceSplitter` finds, the short ones in company. What models write for nobody to hear is
    left out, such as their reasoning (`unspoken`); that waits for its end.
    """

    def __init__(
        self,
        text_format: str = "text",
        sentence_characters: int = 1000,
        language: Language = US_ENGLISH,
        languages: Sequence[Language] = LANGUAGES,
    ) -> None:
        """`language` is that of the voice, whose abbreviations and ordinals tell where sentences
        end; markup may name any of `languages`."""
        self._composer = Composer(sentence_characters, language.code.partition("_")[0])
        self._languages = languages
        self._spoken = SpokenFilter()
        self._markup: _Markup | None = None
        if text_format == "ssml":
            self._markup = SsmlReader(self._composer, languages)
        self._start = ""  # of a text that may turn out to be SSML

    def add(self, text: str) -> list[Passage | Pause]:
        """Take more text; return what it finished."""
        self._read(self._spoken.add(text))
        return self._composer.take()

    def _read(self, text: str) -> None:
        if self._markup is None:
            self._start = (self._start + text).lstrip()
            text = self._start
            self._markup = self._recognized()
        if self._markup is not None:
            self._markup.add(text)

    def release(self) -> list[Passage | Pause]:
        """Return what is whole but kept back to be joined to a short sentence, or is one itself.

        To be called when the listener would have to wait for it otherwise.
        """
        self._composer.release()
        return self._composer.take()

    def idle(self, *, long: bool = False) -> list[Passage | Pause]:
        """Return what is a whole sentence, and with `long` what is only likely to be one.

        To be called when the text pauses, and again when that has lasted. It never changes what is
        said: where the sentence goes on after all, the next passage has the beginning in spans
        that are marked as said.
        """
        self._composer.idle(long=long)
        return self._composer.take()

    def finish(self) -> list[Passage | Pause]:
        """End the text; return the rest of it."""
        self._read(self._spoken.finish())
        if self._markup is None:
            self._markup = MarkReader(self._composer)
            self._markup.add(self._start)
        self._markup.finish()
        self._composer.finish()
        return self._composer.take()

    def _recognized(self) -> _Markup | None:
        """Tell by the start of the text what it is, None while that is too short to tell."""
        start = self._start.lower()
        for sign in _SSML_STARTS:
            if start.startswith(sign) and len(start) > len(sign):
                ends = start[len(sign)] in "/>" or start[len(sign)].isspace()
                if ends:
                    return SsmlReader(self._composer, self._languages)
                return MarkReader(self._composer)
            if sign.startswith(start):
                return None
        return MarkReader(self._composer)
