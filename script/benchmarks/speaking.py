"""The real voice for benchmarks: sentences of a file in, plans and samples out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from script.benchmarks.weights import FOLDER
from tests.support.real import SPEAKERS, near_real_folder
from wyoming_kokoro.check.trial import Take
from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.engines.precision import Reduction, scheme_here, why_not
from wyoming_kokoro.models.installed import InstalledModel, local_checkpoint
from wyoming_kokoro.speech import Pcm, Plan, Style, Tokens, language_named, language_of_voice
from wyoming_kokoro.synthesis.loading import load_engine, load_to_try
from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd
from wyoming_kokoro.text.pronouncing.tokens import tokenize
from wyoming_kokoro.voices.formats import read_voice
from wyoming_kokoro.voices.packs import Pack, style_vector

SENTENCES = Path(__file__).with_name("sound.tsv")

OTHERS = ("am_michael", "bm_george", "af_bella", "am_adam", "af_sky")
"""Voices besides the one of each language, where they are at hand."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something to be said."""

    voice: str
    language: str
    text: str


def sentences(folder: Path, voices: int, each: int) -> list[Sentence]:
    """Return the first `each` sentences of the file for as many voices as are in `folder`, at most
    `voices`: one of each language first."""
    here = [name for name in (*SPEAKERS.values(), *OTHERS) if _pack_file(folder, name).exists()]
    return [
        Sentence(voice, language, text)
        for voice in here[:voices]
        for language in [_language(voice)]
        for text in _texts(language)[:each]
    ]


def _language(voice: str) -> str:
    language = language_of_voice(voice)
    assert language
    return language.code


def _texts(language: str) -> Sequence[str]:
    lines = SENTENCES.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [text for code, text in rows if code == language]


def _pack_file(folder: Path, voice: str) -> Path:
    return folder / "voices" / f"{voice}.pt"


def prepare_near_real() -> Path:
    """Return the folder of near-real weights with voices; made once."""
    folder = FOLDER / "near-real"
    if not folder.exists():
        near_real_folder(folder)
    return folder


class RealVoice:
    """Near-real weights in the engine of this package, fp32 or int8, and who reads to it."""

    def __init__(self, folder: Path, threads: int) -> None:
        self._folder = folder
        self._settings = Settings(data_dir=folder, engine="onnx", threads=threads, precision="fp32")
        self._front_end = FrontEnd()
        self.model: InstalledModel = local_checkpoint(
            folder / "kokoro-v1_0.pth", cache=folder / "cache"
        )

    @cached_property
    def engine(self) -> Engine:
        """The engine in fp32."""
        return load_engine("onnx", self.model, self._settings, lambda: None, {})

    @cached_property
    def int8(self) -> Engine | None:
        """The engine in int8, calibrated first where it is not; None where it cannot be had."""
        scheme = scheme_here()
        if scheme is None or why_not("cpu"):
            return None
        return load_to_try(self.model, self._settings, Reduction(scheme))

    def tokens(self, sentence: Sentence) -> Tokens:
        """Return a sentence as the model's numbers."""
        language = language_named(sentence.language)
        phonemes = self._front_end.phonemize(sentence.text, language, self.model.version.notation)
        [tokens] = tokenize(phonemes, self.model.vocabulary)
        return tokens

    def pack(self, voice: str) -> Pack:
        """Return a voice's pack."""
        return read_voice(_pack_file(self._folder, voice), 4 << 20)

    def plan(self, sentence: Sentence, seed: int = 0) -> Plan:
        """Return the plan of a sentence in fp32."""
        tokens = self.tokens(sentence)
        vector = style_vector(self.pack(sentence.voice), self.model.version.style_row(tokens))
        language = language_named(sentence.language)
        style = Style(vector, language, sentence.voice[1] == "f")
        return self.engine.plan(tokens, style, 1.0, seed)

    def take(self, sentence: Sentence, seed: int = 0) -> Take:
        """Return a sentence as fp32 speaks it whole."""
        plan = self.plan(sentence, seed)
        return Take(plan, whole(self.engine, plan))

    def takes(self, chosen: Sequence[Sentence]) -> Iterator[tuple[Sentence, Take]]:
        """Yield each sentence with its take."""
        for sentence in chosen:
            yield sentence, self.take(sentence)


def whole(engine: Engine, plan: Plan) -> Pcm:
    """Return all samples of a plan, voiced at once."""
    return engine.voice(plan, range(plan.frames))
