"""How a text would be spoken, without a sound: the front end that requests go through."""

from wyoming_kokoro.config import Limits
from wyoming_kokoro.models import catalog
from wyoming_kokoro.models.catalog import ModelVersion, version_named
from wyoming_kokoro.speech import US_ENGLISH, Language, language_named
from wyoming_kokoro.text.passage import Passage
from wyoming_kokoro.text.phonemes import FrontEnd
from wyoming_kokoro.text.reader import TextReader
from wyoming_kokoro.voices.blend import parse


class Pronouncer:
    """Answers texts with what is read and how, in the notation of a model version."""

    def __init__(self, version: str, front_end: FrontEnd) -> None:
        """`version` is that of texts whose voice names none."""
        self._version = version_named(version)
        self._front_end = front_end

    def answer(self, text: str, language: str | None, voice: str | None) -> dict[str, str]:
        """Return `text`, its spoken form `normalized`, and its `phonemes`.

        `language` goes before that of `voice`; without either it is US English.

        Raises:
            UnknownLanguage, UnknownVoice: there is none of that name.
        """
        version, spoken_language = self._reader(language, voice)
        reader = TextReader("text", Limits().sentence_characters)
        spoken = [
            self._front_end.phonemize(item.spans, spoken_language, version.notation)
            for item in (*reader.add(text), *reader.finish())
            if isinstance(item, Passage)
        ]
        return {
            "text": text,
            "normalized": " ".join(part.text for part in spoken if part.text),
            "phonemes": " ".join(part.symbols for part in spoken if part.symbols),
        }

    def _reader(self, language: str | None, voice: str | None) -> tuple[ModelVersion, Language]:
        version, spoken = self._version, US_ENGLISH
        if voice:
            spec = parse(voice, Limits().blend_parts)
            version = version_named(spec.version) if spec.version else version
            described = catalog.describe(spec.leading)
            spoken = described.language if described else spoken
        return version, language_named(language) if language else spoken
