"""The real voice in this process: sentences in, plans, samples and takes out."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from wyoming_kokoro.check.trial import Take
from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.engines.native.library import usable_library
from wyoming_kokoro.engines.precision import Native
from wyoming_kokoro.models.installed import InstalledModel, local_checkpoint
from wyoming_kokoro.speech import Pcm, Plan, Style, Tokens, language_named
from wyoming_kokoro.synthesis.loading import load_engine, load_to_try
from wyoming_kokoro.synthesis.sample_voices import voices_of
from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd
from wyoming_kokoro.text.pronouncing.tokens import tokenize
from wyoming_kokoro.voices.packs import Pack, pack_key, style_vector


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something to be said."""

    voice: str
    language: str
    """As `en_US`."""
    text: str


class RealVoice:
    """A checkpoint in the engines of this package, and who reads to it. Voices lie beside the
    checkpoint; what is compiled is kept in `cache/` there."""

    def __init__(self, checkpoint: Path, threads: int = 1) -> None:
        folder = checkpoint.parent
        self._settings = Settings(data_dir=folder, engine="onnx", threads=threads, precision="fp32")
        self._front_end = FrontEnd()
        self.model: InstalledModel = local_checkpoint(checkpoint, cache=folder / "cache")
        self._voices = voices_of(self.model, self._settings)

    @cached_property
    def engine(self) -> Engine:
        """The engine in fp32, on ONNX Runtime."""
        return load_engine("onnx", self.model, self._settings, lambda: None, {})

    def native(self, precision: Native) -> Engine | None:
        """Return the native engine in some precision; it voices the plans of the other, too. None
        where the library is not installed."""
        return load_to_try(self.model, self._settings, precision) if usable_library() else None

    def voices(self) -> set[str]:
        """Return the names of the voices that are at hand."""
        return set(self._voices.names())

    def pack(self, voice: str) -> Pack:
        """Return a voice's pack, (rows, 256)."""
        return self._voices.pack(self._voices.resolve(voice))

    def tokens(self, sentence: Sentence) -> Tokens:
        """Return a sentence as the model's numbers."""
        language = language_named(sentence.language)
        phonemes = self._front_end.phonemize(sentence.text, language, self.model.version.notation)
        [tokens] = tokenize(phonemes, self.model.vocabulary)
        return tokens

    def plan(self, sentence: Sentence, seed: int = 0, speed: float = 1.0) -> Plan:
        """Return the plan of a sentence in fp32."""
        tokens, pack = self.tokens(sentence), self.pack(sentence.voice)
        vector = style_vector(pack, self.model.version.style_row(tokens))
        language, female = language_named(sentence.language), sentence.voice[1] == "f"
        return self.engine.plan(
            tokens, Style(vector, language, female, pack_key(pack)), speed, seed
        )

    def take(self, sentence: Sentence, seed: int = 0) -> Take:
        """Return a sentence as fp32 speaks it whole."""
        plan = self.plan(sentence, seed)
        return Take(plan, whole(self.engine, plan))


def whole(engine: Engine, plan: Plan) -> Pcm:
    """Return all samples of a plan, voiced at once."""
    return engine.voice(plan, range(plan.frames))
