"""Which voices there are by name: what a request says of a voice in, a model version, the voice and
its language out. Everything here looks at folders: not for the event loop.
"""

import logging
from dataclasses import dataclass, replace
from functools import partial

from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.errors import ConfigurationError, UnknownLanguage, UnknownVoice
from wyoming_kokoro.models import catalog
from wyoming_kokoro.models.catalog import ModelVersion
from wyoming_kokoro.models.checkpoint import is_single_file
from wyoming_kokoro.speech import US_ENGLISH, Language, Request, Voice, language_named
from wyoming_kokoro.synthesis.model_pool import ModelPool
from wyoming_kokoro.text.pronouncing.installed import is_installed, require_installed
from wyoming_kokoro.voices.blend import parse
from wyoming_kokoro.voices.onboard import NAMES, on_board
from wyoming_kokoro.voices.store import ResolvedVoice, VoiceStore

log = logging.getLogger(__name__)

PREFERRED = ("af_heart", "bf_emma")
"""Voices that speak their language best, where the first by name does not."""


@dataclass(frozen=True, slots=True)
class FoundVoice:
    """What a name stands for."""

    version: ModelVersion
    voice: ResolvedVoice
    language: Language
    """That the voice speaks."""


class VoiceLookup:
    """Finds voices by name or by language, among those of all versions."""

    def __init__(self, settings: Settings, limits: Limits, models: ModelPool) -> None:
        self._settings = settings
        self._limits = limits
        self._models = models
        self._stores: dict[str, VoiceStore] = {}

    def check(self) -> None:
        """Make sure that the default voice can speak.

        Raises:
            ConfigurationError: it cannot; the message says why.
        """
        try:
            self.find(Request())
        except (UnknownVoice, UnknownLanguage) as error:
            raise ConfigurationError(f"--voice {self.default}: {error}") from error

    @property
    def default(self) -> str:
        """The name of the voice that speaks where a request names none."""
        return self._settings.voice or self._models.default_version.default_voice

    def offered(self) -> tuple[Voice, ...]:
        """Return the voices that clients are told of: those of the default version that are here or
        can be fetched, of users, and configured blends; then those of users' other checkpoints. All
        in languages whose packages are installed."""
        versions = (self._models.default_version, *self._models.versions.named_checkpoints)
        return tuple(voice for version in versions for voice, _ in self._offered(version))

    def is_here(self, name: str) -> bool:
        """Tell whether the packs of an offered voice are on this machine."""
        return not self.named(name).voice.missing

    def find(self, request: Request) -> FoundVoice:
        """Return who is to speak `request`.

        Raises:
            UnknownVoice, UnknownLanguage: nobody can.
        """
        if not request.voice:
            return self._default_for(request.language)
        try:
            return self.named(request.voice)
        except UnknownVoice as error:
            if not (self._settings.fallback_voice and request.fallback):
                raise
            log.warning("%s; speaking with the default voice", error)
            return self.named(self.default)

    def named(self, name: str) -> FoundVoice:
        """Return what a name stands for: the one place where it is parsed, and looked up.

        Raises:
            UnknownVoice: there is no voice of that name.
            UnknownLanguage: the packages that read its language are not installed.
        """
        spec = parse(name, self._limits.blend_parts)
        version = self._version(spec.version)
        found = _found(version, self.store(version).resolve(spec))
        require_installed(found.language)
        return found

    def on_board_for(self, wanted: FoundVoice) -> FoundVoice | None:
        """Return the voice on board that speaks the language of `wanted`, None without one."""
        version, speed = wanted.version, wanted.voice.spec.speed
        if on_board(version.name) is None:
            return None
        here = self.store(version).offered(fetched=False)
        for voice in (here[name] for name in NAMES if name in here):
            found = _found(version, replace(voice, spec=replace(voice.spec, speed=speed)))
            if found.language == wanted.language:
                return found
        return None

    def store(self, version: ModelVersion) -> VoiceStore:
        """Return the voices of `version`, whose folders are looked at when it is asked."""
        if version.name not in self._stores:
            self._stores[version.name] = self._open_store(version)
        return self._stores[version.name]

    def _version(self, name: str | None) -> ModelVersion:
        if name is None:
            return self._models.default_version
        try:
            return self._models.versions.named(name)
        except ConfigurationError as error:
            raise UnknownVoice(str(error)) from error

    def _default_for(self, language: str | None) -> FoundVoice:
        """Return the default voice if it speaks `language`, else the best that does."""
        default = self.named(self.default)
        if not language:
            return default
        wanted = language_named(language, self._models.versions.languages)
        bare = language.strip().lower() == default.language.code.partition("_")[0]
        if bare or wanted.code == default.language.code:
            return default
        return self._best_that_speaks(wanted)

    def _best_that_speaks(self, language: Language) -> FoundVoice:
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
                return _found(version, voices[best])
        require_installed(language)
        name = versions.default.name
        raise UnknownLanguage(f"{name} has no voice for {language.name}: choose another model")

    def _offered(self, version: ModelVersion) -> list[tuple[Voice, ResolvedVoice]]:
        """Return the voices of `version` that clients are told of, and what each stands for."""
        fetched, prefix = self._models.may_fetch, self._prefix(version)
        described = [
            (_described(version, name, found, prefix), found)
            for name, found in self.store(version).offered(fetched=fetched).items()
        ]
        return [(voice, found) for voice, found in described if is_installed(voice.language)]

    def _prefix(self, version: ModelVersion) -> str:
        """Return what goes before the names of voices of `version`."""
        return "" if version.name == self._models.default_version.name else version.name

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
            fetches=not settings.offline,
        )


def _found(version: ModelVersion, voice: ResolvedVoice) -> FoundVoice:
    return FoundVoice(version, voice, _language_of(version, voice))


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
