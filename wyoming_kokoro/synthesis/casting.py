"""Who speaks: from what a request says of the voice to an engine, a voice pack and a speed."""

import logging
from collections.abc import Hashable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.errors import (
    ConfigurationError,
    DownloadFailed,
    KokoroError,
    ModelUnavailable,
    UnknownLanguage,
    UnknownVoice,
)
from wyoming_kokoro.models import catalog
from wyoming_kokoro.models.catalog import ModelVersion, Notation
from wyoming_kokoro.models.checkpoint import is_single_file
from wyoming_kokoro.speech import (
    STYLE_SIZE,
    US_ENGLISH,
    Language,
    Request,
    Style,
    Tokens,
    Voice,
    language_named,
)
from wyoming_kokoro.synthesis.loudness import AS_MADE, Loudness, VoiceLoudness
from wyoming_kokoro.synthesis.making import LoadedModel
from wyoming_kokoro.synthesis.model_pool import ModelPool
from wyoming_kokoro.synthesis.reading import Phonemizer
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler
from wyoming_kokoro.text.passage import Passage
from wyoming_kokoro.text.pronouncing.installed import (
    is_installed,
    require_installed,
    why_hidden,
)
from wyoming_kokoro.text.pronouncing.tokens import tokenize
from wyoming_kokoro.voices.blend import bounded_speed, parse
from wyoming_kokoro.voices.onboard import NAMES, on_board
from wyoming_kokoro.voices.packs import Pack, pack_key, style_vector
from wyoming_kokoro.voices.store import ResolvedVoice, VoiceStore

log = logging.getLogger(__name__)

PREFERRED = ("af_heart", "bf_emma")
"""Voices that speak their language best, where the first by name does not."""

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

    def style(self, tokens: Tokens) -> Style:
        """Return how the voice speaks a sentence of this length."""
        if self.pack is None:
            return Style(np.zeros(STYLE_SIZE, np.float32), self.language, self.female)
        vector = style_vector(self.pack, self.version.style_row(tokens))
        return Style(vector, self.language, self.female, pack_key(self.pack))


class Casting:
    """Finds the voice for each request."""

    def __init__(
        self,
        settings: Settings,
        limits: Limits,
        models: ModelPool,
        scheduler: Scheduler,
        stand_in: Engine,
    ) -> None:
        self._settings = settings
        self._limits = limits
        self._models = models
        self._scheduler = scheduler
        self._stand_in = stand_in
        self._stores: dict[str, VoiceStore] = {}
        self._loudness = Loudness(settings.loudness, settings.data_dir / "cache" / "loudness.json")

    def check(self) -> None:
        """Make sure that the default voice can speak.

        Raises:
            ConfigurationError: it cannot; the message says why.
        """
        try:
            self._find(Request())
        except (UnknownVoice, UnknownLanguage) as error:
            raise ConfigurationError(f"--voice {self._default_voice()}: {error}") from error

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
        for name in (self._default_voice(), *self._settings.preload_voices):
            try:
                await self._pack(*await self._scheduler.text(partial(self._resolve, name)))
            except KokoroError as error:
                log.warning("the voice %s is not ready: %s", name, error)

    def _read_something(self, front_end: Phonemizer) -> None:
        version, voice = self._resolve(self._default_voice())
        language = _language_of(version, voice)
        front_end.phonemize("1 2.", language, version.notation_of(language))

    def offered(self) -> tuple[Voice, ...]:
        """Return the voices that clients are told of: those of the default version that are here or
        can be fetched, of users, and configured blends; then those of users' other checkpoints. All
        in languages whose packages are installed."""
        versions = (self._models.default_version, *self._models.versions.named_checkpoints)
        return tuple(voice for version in versions for voice, _ in self._offered(version))

    def is_here(self, name: str) -> bool:
        """Tell whether the packs of an offered voice are on this machine."""
        return not self._resolve(name)[1].missing

    def reader(self, request: Request) -> tuple[ModelVersion, Language]:
        """Return the version and the language that `request` would be read in. Looks at folders.

        Raises:
            UnknownVoice, UnknownLanguage: nobody can speak it.
        """
        version, voice = self._find(request)
        return version, _language_of(version, voice)

    async def cast_exactly(self, request: Request, uses: ExitStack) -> Cast:
        """Return who speaks `request` where nobody else may: the model is waited for, and so is its
        voice. The stand-in is cast only where the settings choose it as the engine.

        Raises:
            UnknownVoice, UnknownLanguage: nobody can.
            ModelUnavailable: the model or the voice is not there, and could not be fetched.
        """
        version, voice = await self._scheduler.text(partial(self._find, request))
        if self._models.kind != "stand-in":
            await self._models.settled(version)
            model = await self._models.model(version)
            if model is None:
                raise DownloadFailed(
                    f"the model {version.name} is not here and cannot be had now; fetch it with "
                    "`wyoming-kokoro download`, or look at the log for the reason"
                )
            uses.enter_context(self._models.using(version))
            return self._cast(model, version, voice, await self._pack(version, voice))
        return self._cast(None, version, voice, None)

    async def cast(self, request: Request, uses: ExitStack) -> Cast:
        """Return who speaks `request`; a voice that has to be fetched is fetched first.

        The model stays loaded until `uses` is closed, which the end of the speech should do.

        Raises:
            UnknownVoice, UnknownLanguage: nobody can.
            ModelUnavailable: the model is not there, and there is to be no stand-in.
        """
        version, voice = await self._scheduler.text(partial(self._find, request))
        model = await self._models.model(version)
        if model is not None:
            uses.enter_context(self._models.using(version))
            try:
                return self._cast(model, version, voice, await self._pack(version, voice))
            except ModelUnavailable as error:
                if not self._settings.stand_in:
                    raise
                find = partial(self._on_board_for, version, voice)
                instead = await self._scheduler.text(find)
                name = instead.spec.leading if instead else "the stand-in"
                log.warning("%s; %s speaks instead", error, name)
            if instead:
                return self._cast(model, version, instead, await self._pack(version, instead))
        return self._cast(None, version, voice, None)

    def _on_board_for(self, version: ModelVersion, voice: ResolvedVoice) -> ResolvedVoice | None:
        """Return the voice on board that speaks the language of `voice`, None without one."""
        if on_board(version.name) is None:
            return None
        here = self._store(version).offered(fetched=False)
        for found in (here[name] for name in NAMES if name in here):
            if _language_of(version, found) == _language_of(version, voice):
                return replace(found, spec=replace(found.spec, speed=voice.spec.speed))
        return None

    def _cast(
        self,
        model: LoadedModel | None,
        version: ModelVersion,
        voice: ResolvedVoice,
        pack: Pack | None,
    ) -> Cast:
        spec, is_default = voice.spec, version.name == self._models.default_version.name
        return Cast(
            engine=model.engine if model else self._stand_in,
            version=model.version if model else version,
            vocabulary=model.vocabulary if model else {},
            pack=pack,
            language=_language_of(version, voice),
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

    async def _pack(self, version: ModelVersion, voice: ResolvedVoice) -> Pack:
        store = self._store(version)
        if voice.missing:
            await self._models.fetch_voices(version, voice.missing, PACK_PATIENCE_SECONDS)
            voice = await self._scheduler.text(partial(store.resolve, voice.spec))
        return await self._scheduler.text(partial(store.pack, voice))

    def _find(self, request: Request) -> tuple[ModelVersion, ResolvedVoice]:
        """Return the version and the voice of a request. Looks at folders: not for the event
        loop."""
        if not request.voice:
            return self._default_for(request.language)
        try:
            return self._resolve(request.voice)
        except UnknownVoice as error:
            if not (self._settings.fallback_voice and request.fallback):
                raise
            log.warning("%s; speaking with the default voice", error)
            return self._resolve(self._default_voice())

    def _resolve(self, name: str) -> tuple[ModelVersion, ResolvedVoice]:
        """Return what a name stands for: the one place where it is parsed, and looked up."""
        spec = parse(name, self._limits.blend_parts)
        version = self._version(spec.version)
        voice = self._store(version).resolve(spec)
        require_installed(_language_of(version, voice))
        return version, voice

    def _version(self, name: str | None) -> ModelVersion:
        if name is None:
            return self._models.default_version
        try:
            return self._models.versions.named(name)
        except ConfigurationError as error:
            raise UnknownVoice(str(error)) from error

    def _default_voice(self) -> str:
        return self._settings.voice or self._models.default_version.default_voice

    def _default_for(self, language: str | None) -> tuple[ModelVersion, ResolvedVoice]:
        """Return the default voice if it speaks `language`, else the best that does."""
        version, default = self._resolve(self._default_voice())
        if not language:
            return version, default
        wanted = language_named(language, self._models.versions.languages)
        spoken = _language_of(version, default)
        bare = language.strip().lower() == spoken.code.partition("_")[0]
        if bare or wanted.code == spoken.code:
            return version, default
        return self._best_that_speaks(wanted)

    def _best_that_speaks(self, language: Language) -> tuple[ModelVersion, ResolvedVoice]:
        """Return the preferred one of the offered voices of `language`, or else the first, of the
        default version if that has any.

        Raises:
            UnknownLanguage: there is none, or the packages that read it are not installed.
        """
        versions = self._models.versions
        for version in (versions.default, *versions.named_checkpoints):
            offered = self._offered(version)
            voices = {v.name: found for v, found in offered if v.language.code == language.code}
            if voices:
                preferred = (*PREFERRED, f"{version.name}/{version.default_voice}")
                best = next((name for name in preferred if name in voices), next(iter(voices)))
                return version, voices[best]
        require_installed(language)
        name = versions.default.name
        raise UnknownLanguage(f"{name} has no voice for {language.name}: choose another model")

    def _offered(self, version: ModelVersion) -> list[tuple[Voice, ResolvedVoice]]:
        """Return the voices of `version` that clients are told of, and what each stands for."""
        fetched, prefix = self._models.may_fetch, self._prefix(version)
        described = [
            (_described(version, name, found, prefix), found)
            for name, found in self._store(version).offered(fetched=fetched).items()
        ]
        return [(voice, found) for voice, found in described if is_installed(voice.language)]

    def _prefix(self, version: ModelVersion) -> str:
        """Return what goes before the names of voices of `version`."""
        return "" if version.name == self._models.default_version.name else version.name

    def _store(self, version: ModelVersion) -> VoiceStore:
        if version.name not in self._stores:
            self._stores[version.name] = self._open_store(version)
        return self._stores[version.name]

    def _open_store(self, version: ModelVersion) -> VoiceStore:
        """Open the voices of `version`. A user's own checkpoint has its own voices beside it, and
        those that were fetched for the released one serve it too, if it takes that one's place.
        Single-file exports are published with an archive of voices right beside them."""
        settings, default = self._settings, not self._prefix(version)
        released, folders = self._models.folder(version).voices, [settings.data_dir / "voices"]
        own = version.own
        if own:
            beside = [own.parent / "voices", *([own.parent] if is_single_file(own) else [])]
            folders = [*beside, *folders, released] if default else beside
        return VoiceStore(
            version.name,
            () if own else version.voices,
            None if own else version.pack_rows,
            None if own else released,
            folders if default or own else (),
            source=settings.voice_source,
            blends=dict(settings.blend) if default else {},
            cache_packs=settings.voice_cache,
            limits=self._limits,
            on_board=on_board(version.name),
            foreign=partial(catalog.foreign_language, declared=version.declared),
        )


def _language_of(version: ModelVersion, voice: ResolvedVoice) -> Language:
    """Return the language of a voice by its name. Users may call theirs as they like: it speaks the
    first language that its checkpoint declares then, or else US English."""
    described = catalog.describe(voice.spec.leading, "", version.declared)
    if described:
        return described.language
    return next(iter(version.declared.languages), US_ENGLISH)


def _described(version: ModelVersion, name: str, voice: ResolvedVoice, prefix: str) -> Voice:
    """Describe a voice that was released, or that a user has added or configured."""
    if described := catalog.describe(name, prefix, version.declared):
        return described
    language = _language_of(version, voice)
    told = ", ".join((language.name, prefix) if prefix else (language.name,))
    return Voice(f"{prefix}/{name}" if prefix else name, language, None, f"{name} ({told})")
