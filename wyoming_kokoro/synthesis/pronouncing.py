"""How a text would be spoken, without a sound: the front end that requests go through."""

from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.errors import UnknownLanguage, UnknownVoice
from wyoming_kokoro.models import catalog
from wyoming_kokoro.models.catalog import ModelVersion, version_named
from wyoming_kokoro.speech import US_ENGLISH, Language, Phonemes, Request, language_named
from wyoming_kokoro.synthesis.base import Phonemizer
from wyoming_kokoro.synthesis.manners import manner_of
from wyoming_kokoro.text.passage import Manner, Passage
from wyoming_kokoro.text.reader import TextReader
from wyoming_kokoro.voices.blend import parse

_Reader = tuple[ModelVersion, Language]


class Pronouncer:
    """Answers texts with what is read and how, in the notation of a model version."""

    def __init__(self, settings: Settings, front_end: Phonemizer) -> None:
        """`settings` say which model, voice and blends a server would have."""
        self._blends = dict(settings.blend)
        self._detect_language = settings.detect_language
        self._front_end = front_end
        self._version = version_named(settings.model)
        self._default = self._reader_for(settings.voice or self._version.default_voice)

    def answer(self, text: str, language: str | None, voice: str | None) -> dict[str, str]:
        """Return `text`, its spoken form `normalized`, and its `phonemes`.

        As in a request, `voice` goes before `language`; without either the default voice reads.

        Raises:
            UnknownLanguage, UnknownVoice: there is none of that name.
        """
        request = Request(voice or None, language or None)
        spoken = self._spoken(text, request, self._reader_of(request.voice, request.language))
        return {
            "text": text,
            "normalized": " ".join(part.text for part in spoken if part.text),
            "phonemes": " ".join(part.symbols for part in spoken if part.symbols),
        }

    def _spoken(self, text: str, request: Request, asked: _Reader) -> list[Phonemes]:
        reader = TextReader(request.text_format, Limits().sentence_characters)
        spoken = []
        for item in (*reader.add(text), *reader.finish()):
            if isinstance(item, Passage):
                detect = self._detect_language
                manner = manner_of(item, request, asked[1], text, detect=detect)
                version, language = self._reader_in(manner, asked)
                phonemes = self._front_end.phonemize(item.spans, language, version.notation)
                spoken.append(phonemes)
        return spoken

    def _reader_in(self, manner: Manner, asked: _Reader) -> _Reader:
        """Return who reads what markup asks for, or what is `asked` where there is nobody."""
        if not (manner.voice or manner.language):
            return asked
        try:
            return self._reader_of(manner.voice, manner.language)
        except (UnknownVoice, UnknownLanguage):
            return asked

    def _reader_of(self, voice: str | None, language: str | None) -> _Reader:
        if voice:
            return self._reader_for(voice)
        if not language or self._default[1].code.startswith(language.strip().lower()):
            return self._default
        return self._version, language_named(language)

    def _reader_for(self, voice: str) -> _Reader:
        parts = Limits().blend_parts
        spec = parse(voice, parts)
        version = version_named(spec.version) if spec.version else self._version
        name = spec.leading
        if name in self._blends:
            name = parse(self._blends[name], parts).leading
        described = catalog.describe(name)
        return version, described.language if described else US_ENGLISH
