"""How a text would be spoken, without a sound: the front end that requests go through."""

from collections.abc import Callable, Sequence

from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.errors import UnknownLanguage, UnknownVoice
from wyoming_kokoro.models.catalog import ModelVersion
from wyoming_kokoro.speech import Language, Phonemes, Request
from wyoming_kokoro.synthesis.reading import Phonemizer, ReadingOptions
from wyoming_kokoro.text.passage import Manner, Passage

Reader = tuple[ModelVersion, Language]
"""Whose notation a text is read in, and as which language."""


class Pronouncer:
    """Answers texts with what is read and how, in the notation of a model version."""

    def __init__(
        self,
        settings: Settings,
        front_end: Phonemizer,
        reader_of: Callable[[Request], Reader],
        declared: Sequence[Language] = (),
    ) -> None:
        """`reader_of` is `Casting.reader` of the server that `settings` would make, and `declared`
        are its languages besides those of the released models."""
        limit, detect = Limits().sentence_characters, settings.detect_language
        self._options = ReadingOptions(limit, detect, declared)
        self._front_end = front_end
        self._reader_of = reader_of

    def answer(self, text: str, language: str | None, voice: str | None) -> dict[str, str]:
        """Return `text`, its spoken form `normalized`, and its `phonemes`.

        As in a request, `voice` goes before `language`; without either the default voice reads.

        Raises:
            UnknownLanguage, UnknownVoice: there is none of that name.
        """
        request = Request(voice or None, language or None)
        spoken = self._spoken(text, request, self._reader_of(request))
        return {
            "text": text,
            "normalized": " ".join(part.text for part in spoken if part.text),
            "phonemes": " ".join(part.symbols for part in spoken if part.symbols),
        }

    def _spoken(self, text: str, request: Request, asked: Reader) -> list[Phonemes]:
        reader = self._options.reader(request, asked[1])
        spoken = []
        for item in (*reader.add(text), *reader.finish()):
            if isinstance(item, Passage):
                manner = self._options.manner(item, request, asked[1], text)
                version, language = self._reader_in(manner, asked)
                notation = version.notation_of(language)
                phonemes = self._front_end.phonemize(item.spans, language, notation)
                spoken.append(phonemes)
        return spoken

    def _reader_in(self, manner: Manner, asked: Reader) -> Reader:
        """Return who reads what markup asks for, or what is `asked` where there is nobody."""
        if not (manner.voice or manner.language):
            return asked
        try:
            return self._reader_of(Request(manner.voice, manner.language))
        except (UnknownVoice, UnknownLanguage):
            return asked
