"""Who speaks: from what a request says of the voice to an engine, a voice pack and a speed."""

import logging
from collections.abc import Callable, Hashable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.errors import DownloadFailed, KokoroError, ModelUnavailable
from wyoming_kokoro.models.catalog import ModelVersion, Notation
from wyoming_kokoro.speech import STYLE_SIZE, Language, Plan, Request, Style, Tokens
from wyoming_kokoro.synthesis.loudness import AS_MADE, Loudness, VoiceLoudness
from wyoming_kokoro.synthesis.making import LoadedModel
from wyoming_kokoro.synthesis.model_pool import ModelPool
from wyoming_kokoro.synthesis.reading import Phonemizer
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler
from wyoming_kokoro.synthesis.schedule.speeds import longest_seconds
from wyoming_kokoro.synthesis.voice_lookup import FoundVoice, VoiceLookup
from wyoming_kokoro.text.passage import Passage
from wyoming_kokoro.text.pronouncing.installed import why_hidden
from wyoming_kokoro.text.pronouncing.tokens import tokenize
from wyoming_kokoro.voices.blend import bounded_speed
from wyoming_kokoro.voices.packs import Pack, pack_key, style_vector

log = logging.getLogger(__name__)

PACK_PATIENCE_SECONDS = 5.0
"""How long a request waits for a voice that must be fetched first: half a megabyte."""


@dataclass(frozen=True, eq=False)
class Cast:
    """Everything that a request's sentences have in common."""

    engine: Engine
    version: ModelVersion
    vocabulary: Mapping[str, int]
    pack: Pack | None
    """None for an engine that speaks from text."""
    language: Language
    female: bool
    speed: float
    voice: str
    """For the log, in canonical form."""
    in_breaths: bool = True
    """Whether sentences are voiced piece by piece."""
    loudness: VoiceLoudness = AS_MADE
    model: str = ""
    """What its numbers are, and what computes with them: the same gives the same sound."""

    @property
    def notation(self) -> Notation:
        """What its phonemes are written in."""
        return self.version.notation_of(self.language)

    @property
    def spelled_in(self) -> Notation | None:
        """What the symbols of its tokens are written in; None where the engine reads text."""
        return None if self.engine.reads == "text" else self.notation

    def phrase(self, tokens: Tokens) -> Hashable:
        """Return all that decides how a sentence of this voice sounds but for the noise."""
        voice = None if self.pack is None else pack_key(self.pack)
        return self.model, self.in_breaths, voice, self.speed, tokens.ids

    def at_rate(self, rate: float) -> "Cast":
        """Return the same voice, `rate` times as fast, as far as the model can."""
        return replace(self, speed=bounded_speed(self.speed * rate))

    def windows(self, passage: Passage, front_end: Phonemizer) -> list[Tokens]:
        """Passage to phonemes to tokens, in pieces that the model can take. Text lane."""
        if self.engine.reads == "text":
            pieces = front_end.readable(passage.spans, self.language)
            return [Tokens((), piece) for piece in pieces]
        phonemes = front_end.phonemize(passage.spans, self.language, self.notation)
        return tokenize(phonemes, self.vocabulary)

    def planning(self, tokens: Tokens, seed: int) -> tuple[Callable[[], Plan], float]:
        """Return what plans a sentence, and how many seconds of speech that can become."""
        work = partial(self.engine.plan, tokens, self.style(tokens), self.speed, seed)
        return work, longest_seconds(tokens, self.speed)

    def style(self, tokens: Tokens) -> Style:
        """Return how the voice speaks a sentence of this length."""
        if self.pack is None:
            return Style(np.zeros(STYLE_SIZE, np.float32), self.language, self.female)
        vector = style_vector(self.pack, self.version.style_row(tokens))
        return Style(vector, self.language, self.female, pack_key(self.pack))


class Casting:
    """Gives each request the voice that it asks for, ready to speak."""

    def __init__(
        self,
        settings: Settings,
        voices: VoiceLookup,
        models: ModelPool,
        scheduler: Scheduler,
        stand_in: Engine,
    ) -> None:
        self.voices = voices
        self._settings = settings
        self._models = models
        self._scheduler = scheduler
        self._stand_in = stand_in
        self._loudness = Loudness(settings.loudness, settings.data_dir / "cache" / "loudness.json")

    async def prepare(self, front_end: Phonemizer) -> None:
        """Have the front end load what it needs for the default voice, and the default model made
        ready; then read the voices that are wanted early."""
        log.info("engine %s: %s", self._models.kind, self._models.why)
        for reason in why_hidden():
            log.info("voices are hidden: %s", reason)
        try:
            await self._scheduler.text(partial(self._read_something, front_end))
        except KokoroError as error:
            log.warning("the front end is not ready: %s", error)
        version = self._models.default_version
        await self._models.ready(version)
        for name in (self.voices.default, *self._settings.preload_voices):
            try:
                await self._pack(await self._scheduler.text(partial(self.voices.named, name)))
            except KokoroError as error:
                log.warning("the voice %s is not ready: %s", name, error)

    def _read_something(self, front_end: Phonemizer) -> None:
        default = self.voices.named(self.voices.default)
        notation = default.version.notation_of(default.language)
        front_end.phonemize("1 2.", default.language, notation)

    def reader(self, request: Request) -> tuple[ModelVersion, Language]:
        """Return the version and the language that `request` would be read in. Looks at folders.

        Raises:
            UnknownVoice, UnknownLanguage: nobody can speak it.
        """
        found = self.voices.find(request)
        return found.version, found.language

    async def cast_exactly(self, request: Request, uses: ExitStack) -> Cast:
        """Return who speaks `request` where nobody else may: the model is waited for, and so is its
        voice. The stand-in is cast only where the settings choose it as the engine.

        Raises:
            UnknownVoice, UnknownLanguage: nobody can.
            ModelUnavailable: the model or the voice is not there, and could not be fetched.
        """
        found = await self._scheduler.text(partial(self.voices.find, request))
        version = found.version
        if self._models.kind != "stand-in":
            await self._models.settled(version)
            model = await self._models.model(version)
            if model is None:
                raise DownloadFailed(
                    f"the model {version.name} is not here and cannot be had now; fetch it with "
                    "`wyoming-kokoro download`, or look at the log for the reason"
                )
            uses.enter_context(self._models.using(version))
            return self._cast(model, found, await self._pack(found))
        return self._cast(None, found, None)

    async def cast(self, request: Request, uses: ExitStack) -> Cast:
        """Return who speaks `request`; a voice that has to be fetched is fetched first.

        The model stays loaded until `uses` is closed, which the end of the speech should do.

        Raises:
            UnknownVoice, UnknownLanguage: nobody can.
            ModelUnavailable: the model is not there, and there is to be no stand-in.
        """
        found = await self._scheduler.text(partial(self.voices.find, request))
        version = found.version
        model = await self._models.model(version)
        if model is not None:
            uses.enter_context(self._models.using(version))
            try:
                return self._cast(model, found, await self._pack(found))
            except ModelUnavailable as error:
                if not self._settings.stand_in:
                    raise
                find = partial(self.voices.on_board_for, found)
                instead = await self._scheduler.text(find)
                name = instead.voice.spec.leading if instead else "the stand-in"
                log.warning("%s; %s speaks instead", error, name)
            if instead:
                return self._cast(model, instead, await self._pack(instead))
        return self._cast(None, found, None)

    def _cast(self, model: LoadedModel | None, found: FoundVoice, pack: Pack | None) -> Cast:
        spec, version = found.voice.spec, found.version
        is_default = version.name == self._models.default_version.name
        return Cast(
            engine=model.engine if model else self._stand_in,
            version=model.version if model else version,
            vocabulary=model.vocabulary if model else {},
            pack=pack,
            language=found.language,
            female=spec.leading[1:2] != "m",
            speed=bounded_speed(spec.speed * self._settings.speed),
            voice=str(replace(spec, version=None) if is_default else spec),
            in_breaths=model.in_breaths if model else True,
            loudness=self._loudness_of(model, pack),
            model=model.identity if model else "",
        )

    def _loudness_of(self, model: LoadedModel | None, pack: Pack | None) -> VoiceLoudness:
        if model is None or pack is None:
            return self._loudness.of_stand_in()
        return self._loudness.of(pack, model.sha256, released=model.released)

    async def _pack(self, found: FoundVoice) -> Pack:
        store, voice = self.voices.store(found.version), found.voice
        if voice.missing:
            await self._models.fetch_voices(found.version, voice.missing, PACK_PATIENCE_SECONDS)
            voice = await self._scheduler.text(partial(store.resolve, voice.spec))
        return await self._scheduler.text(partial(store.pack, voice))
