"""The released model versions: their files, voices, vocabularies and rules. Fetches nothing.

A version is one row of `VERSIONS`, one entry of `data/files.json` (size and sha256 of every file,
as the hub's own records have them) and one `data/config-<name>.json` in the format of the hub's
`config.json`.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from wyoming_kokoro.errors import ConfigurationError, UnknownLanguage, UnknownVoice
from wyoming_kokoro.models.languages import NOTHING_DECLARED, Declared
from wyoming_kokoro.speech import Language, Tokens, Voice, language_named

Notation = Literal["misaki", "misaki-zh", "espeak"]
"""Which phonemes a version was trained on: misaki's, misaki's with zhuyin for Mandarin, or
espeak-ng's own."""

_VOICE_NAME = re.compile(r"[a-z][fm](?:_(?P<given>\w+))?")
"""Language, sex, given name: `af_heart`. v0.19 has one without a given name: `af`."""

_TAGGED_NAME = re.compile(r"(?P<tag>[a-z]{2}[_-][a-z]{2})(?![a-z0-9]).*", re.IGNORECASE)
"""A language tag, then anything: `en_GB-jarvis-medium`, as Piper and others name voices."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file as it was released."""

    path: str
    """Within the version's folder, on the hub and on this machine: `voices/af_heart.pt`."""

    size: int
    """Bytes."""

    sha256: str
    """In hexadecimal, lower case."""


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A released model: where it is and how it wants to be used."""

    name: str
    """`v1.0`: what a client puts before a voice, and the name of its folder among the models."""

    repo: str
    """Repository on the hub."""

    revision: str
    """Commit of the repository. A branch where the commit is not known: the sha256 pins the files
    either way."""

    folder: str
    """Folder within the repository, empty for its root."""

    checkpoint: ModelFile

    config: ModelFile | None
    """None where it adds nothing to what is packaged here (v0.19)."""

    voices: Mapping[str, ModelFile]
    """By name."""

    default_voice: str

    pack_rows: int
    """Styles in a voice pack, one for each length of a sentence."""

    counts: Literal["phonemes", "tokens"]
    """What chooses the row of a voice pack: v1.x the phonemes, less one; v0.19 the tokens."""

    notation: Notation

    own: Path | None = None
    """The checkpoint of a user that speaks in place of the released one."""

    declared: Declared = NOTHING_DECLARED
    """Languages that come with that."""

    def notation_of(self, language: Language) -> Notation:
        """Return what phonemes of `language` are written in."""
        match language.notation:
            case "espeak" | "misaki" as notation:
                return notation
        return self.notation

    def style_row(self, tokens: Tokens) -> int:
        """Return the row of a voice pack that speaks `tokens`.

        The reference (`KPipeline.infer` of hexgrad/kokoro) counts phonemes before those that the
        vocabulary lacks are dropped, so that is done here too. No phonemes take the first row, more
        than a pack has rows take its last.
        """
        spoken = len(tokens.phonemes.symbols) - 1 if self.counts == "phonemes" else len(tokens.ids)
        return min(max(spoken, 0), self.pack_rows - 1)

    def voice_file(self, voice: str) -> ModelFile:
        """Return the file of the voice `voice`.

        Raises:
            UnknownVoice: this version was released without it.
        """
        file = self.voices.get(voice)
        if file is None:
            raise UnknownVoice(
                f"{self.name} was not released with a voice {voice[:40]!r}; "
                "`wyoming-kokoro voices` lists them"
            )
        return file

    def files(self, voices: Iterable[str]) -> tuple[ModelFile, ...]:
        """Return what is needed to speak with `voices`: checkpoint, configuration, their packs.

        Raises:
            UnknownVoice: this version was released without one of them.
        """
        model = (self.checkpoint,) if self.config is None else (self.checkpoint, self.config)
        return model + tuple(self.voice_file(voice) for voice in dict.fromkeys(voices))


def _packaged(name: str) -> dict[str, Any]:
    file = resources.files(__package__).joinpath("data", name)
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content


_FILES: dict[str, dict[str, tuple[int, str]]] = _packaged("files.json")


def _version(
    name: str,
    *,
    repo: str,
    revision: str,
    default_voice: str,
    notation: Notation,
    folder: str = "",
    pack_rows: int = 510,
    counts: Literal["phonemes", "tokens"] = "phonemes",
) -> ModelVersion:
    files = {path: ModelFile(path, *facts) for path, facts in _FILES[name].items()}
    checkpoint = next(file for path, file in files.items() if path.endswith(".pth"))
    voices = {
        path.removeprefix("voices/").removesuffix(".pt"): file
        for path, file in files.items()
        if path.startswith("voices/")
    }
    return ModelVersion(
        name=name,
        repo=repo,
        revision=revision,
        folder=folder,
        checkpoint=checkpoint,
        config=files.get("config.json"),
        voices=MappingProxyType(voices),
        default_voice=default_voice,
        pack_rows=pack_rows,
        counts=counts,
        notation=notation,
    )


VERSIONS = (
    _version(
        "v1.0",
        repo="hexgrad/Kokoro-82M",
        revision="f3ff3571791e39611d31c381e3a41a3af07b4987",
        default_voice="af_heart",
        notation="misaki",
    ),
    _version(
        "v1.1-zh",
        repo="hexgrad/Kokoro-82M-v1.1-zh",
        revision="01e7505bd6a7a2ac4975463114c3a7650a9f7218",
        default_voice="zf_001",
        notation="misaki-zh",
    ),
    _version(
        "v0.19",
        repo="hexgrad/kLegacy",
        revision="main",
        folder="v0.19",
        default_voice="af",
        pack_rows=511,
        counts="tokens",
        notation="espeak",
    ),
)


def version_named(name: str) -> ModelVersion:
    """Return the version called `name`, in any case.

    Raises:
        ConfigurationError: there is none of that name.
    """
    for version in VERSIONS:
        if version.name == name.lower():
            return version
    known = ", ".join(version.name for version in VERSIONS)
    raise ConfigurationError(f"no model version is called {name[:40]!r}; there are {known}")


@cache
def _config(name: str) -> dict[str, Any]:
    return _packaged(f"config-{name}.json")


@cache
def vocabulary(version: str) -> Mapping[str, int]:
    """Return the token of each symbol that the version called `version` knows.

    v0.19 also lists its padding, `$`: 0.
    """
    return MappingProxyType(_config(version)["vocab"])


@cache
def architecture(version: str) -> Mapping[str, Any]:
    """Return the network's dimensions for the version called `version`: `config.json` less `vocab`.

    v0.19 was released without the block `plbert`; its numbers are v1.0's.
    """
    return MappingProxyType({k: v for k, v in _config(version).items() if k != "vocab"})


def describe(name: str, version: str = "", declared: Declared = NOTHING_DECLARED) -> Voice | None:
    """Return what the name of a voice tells about it, None if it tells nothing.

    In a name like Kokoro's the first letter is the language, the second the sex, the rest a given
    name or a number. Any other may begin with a language tag (`en_GB-jarvis`), which tells the
    language alone. `version` is put before the name, unless empty; `declared` are the languages of
    the model, which may name voices as well.
    """
    match, language = _VOICE_NAME.fullmatch(name), declared.language_of(name)
    if match is None or language is None:
        return _described_otherwise(name, version, declared)
    female = name[1] == "f"
    sex = "female" if female else "male"
    return _voice(name, language, version, female, _title(match["given"]), sex)


def foreign_language(name: str, declared: Declared = NOTHING_DECLARED) -> str:
    """Return the letter or tag of a language that the name of a voice tells and that nobody here
    reads; nothing where it tells another, or none."""
    if describe(name, declared=declared):
        return ""
    if tagged := _TAGGED_NAME.fullmatch(name):
        return tagged["tag"]
    named = _VOICE_NAME.fullmatch(name)
    return name[0] if named and named["given"] else ""


def _described_otherwise(name: str, version: str, declared: Declared) -> Voice | None:
    """Return what is declared of a voice, or the language tag tells with which its name begins;
    None if that is none, or of a language that nobody here reads."""
    match, language = _TAGGED_NAME.fullmatch(name), declared.voices.get(name)
    if language is None and match:
        try:
            language = language_named(match["tag"], declared.known)
        except UnknownLanguage:
            return None
    return _voice(name, language, version, None, name) if language else None


def _voice(
    name: str, language: Language, version: str, female: bool | None, title: str, *facts: str
) -> Voice:
    told = ", ".join((language.name, *facts, *((version,) if version else ())))
    return Voice(f"{version}/{name}" if version else name, language, female, f"{title} ({told})")


def _title(given: str | None) -> str:
    """Return a given name for people. `af` of v0.19 is the mean of its first two, its default."""
    if given is None:
        return "Default"
    return f"Voice {given}" if given.isdigit() else given.replace("_", " ").title()
