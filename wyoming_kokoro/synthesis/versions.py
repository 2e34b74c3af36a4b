"""Which models there are to speak with: settings in, released versions and checkpoints of users by
name out, with the languages that those declare.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from wyoming_kokoro import espeak
from wyoming_kokoro.config import Settings
from wyoming_kokoro.errors import BadModelFile, ConfigurationError
from wyoming_kokoro.models import catalog
from wyoming_kokoro.models.catalog import ModelVersion, describe, version_named
from wyoming_kokoro.models.installed import version_like
from wyoming_kokoro.models.languages import Declared, Readable, declared_beside
from wyoming_kokoro.speech import LANGUAGES, Language
from wyoming_kokoro.text.normalize import locales
from wyoming_kokoro.voices.folders import voice_names


class Versions:
    """The models of one server."""

    def __init__(self, settings: Settings) -> None:
        """Look at the files beside the checkpoints, but read no weights.

        Raises:
            ConfigurationError: a checkpoint's name is not free, it is not there, or what is beside
                it is not what it should be.
        """
        _require_distinct([name for name, _ in settings.checkpoint])
        self.default = _default(settings)
        """The version of voices that name none."""
        self.named_checkpoints = tuple(
            _named(name, file) for name, file in settings.checkpoint if name
        )

    @property
    def all(self) -> tuple[ModelVersion, ...]:
        """The default version, the checkpoints of users, and what else was released."""
        mine = (self.default, *self.named_checkpoints)
        names = {version.name for version in mine}
        return (*mine, *(version for version in catalog.VERSIONS if version.name not in names))

    @property
    def languages(self) -> tuple[Language, ...]:
        """All languages that there may be voices of: those of the released models, then others."""
        known = {language.code: language for language in LANGUAGES}
        for language in self.declared:
            known.setdefault(language.code, language)
        return tuple(known.values())

    @property
    def declared(self) -> tuple[Language, ...]:
        """The languages that checkpoints declare."""
        mine = (self.default, *self.named_checkpoints)
        return tuple(language for version in mine for language in version.declared.languages)

    def named(self, name: str) -> ModelVersion:
        """Return the version called `name`, in any case.

        Raises:
            ConfigurationError: there is none of that name.
        """
        for version in self.all:
            if version.name.lower() == name.lower():
                return version
        known = ", ".join(version.name for version in self.all)
        raise ConfigurationError(f"no model version is called {name[:40]!r}; there are {known}")


def _require_distinct(names: list[str]) -> None:
    released = [version.name for version in catalog.VERSIONS]
    for name in names:
        if name.lower() in (*released, "kokoro"):
            raise ConfigurationError(
                f"--checkpoint {name}=: that is the name of a released model; choose another name"
            )
        if [other.lower() for other in names].count(name.lower()) > 1:
            given = f"--checkpoint {name}=" if name else "--checkpoint without a name"
            raise ConfigurationError(
                f"{given} is there twice; give one of them another name, as de=FILE"
            )


def _default(settings: Settings) -> ModelVersion:
    version, own = version_named(settings.model), settings.own_checkpoint
    if own is None:
        return version
    declared = declared_beside(own, _readable())
    voice = _first_voice(own, declared) or version.default_voice
    return replace(version, own=own, declared=declared, default_voice=voice)


def _named(name: str, file: Path) -> ModelVersion:
    if not file.is_file():
        raise ConfigurationError(
            f"--checkpoint {name}={file}: that is not a file; give the path of a .pth or .onnx file"
        )
    declared, like = declared_beside(file, _readable()), catalog.VERSIONS[0]
    with suppress(BadModelFile):  # which is told when it is loaded
        like = version_like(file)
    voice = _first_voice(file, declared)
    return replace(
        like, name=name, own=file, declared=declared, voices={}, config=None, default_voice=voice
    )


def _readable() -> Readable:
    return Readable(espeak.voice_names(), locales())


def _first_voice(checkpoint: Path, declared: Declared) -> str:
    """Return the voice beside a checkpoint that speaks where none is named: the first by name of
    the first language that it declares, or else of all; "" where there is none."""
    names = list(_voices_beside(checkpoint))
    for language in declared.languages:
        for name in names:
            voice = describe(name, "", declared)
            if voice and voice.language == language:
                return name
    return names[0] if names and declared.languages else ""


def _voices_beside(checkpoint: Path) -> Iterator[str]:
    yield from voice_names(checkpoint.parent / "voices")
