"""The voices of one model version: what a client calls a voice comes in, its pack goes out.

A request resolves its voice once, which looks at the folders once; what comes of it knows its
files, so that the pack is had without looking again.

A name from a client is only ever looked up among the names of the release and those that the
folders themselves list; it never becomes part of a path.
"""

import difflib
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from wyoming_kokoro.config import Limits
from wyoming_kokoro.errors import (
    BadVoiceFile,
    ConfigurationError,
    ModelUnavailable,
    UnknownVoice,
)
from wyoming_kokoro.models.catalog import foreign_language
from wyoming_kokoro.voices.blend import NAME, VoiceSpec, bounded_speed, mix, parse
from wyoming_kokoro.voices.folders import Allowed, Foreign, Source, VoiceFile, VoiceFolders
from wyoming_kokoro.voices.packs import Pack, PackCache

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ResolvedVoice:
    """A voice as it was when it was asked for: which files it is made of."""

    spec: VoiceSpec
    """In the names of existing voices and of their version."""

    files: tuple[VoiceFile, ...]
    """Of its parts, in their order, but for those that are missing."""

    missing: tuple[str, ...]
    """Released voices that have to be fetched before it can be read."""


class VoiceStore:
    """Finds, reads, blends and keeps voice packs. Any thread may call it; any call may read files.

    Voices that are added to the folders, changed or removed count at once (`VoiceFolders`).
    """

    def __init__(
        self,
        version: str,
        official: Iterable[str],
        pack_rows: int | None,
        official_folder: Path | None,
        user_folders: Sequence[Path] = (),
        *,
        source: Source = "auto",
        blends: Mapping[str, str] | None = None,
        cache_packs: int = 64,
        limits: Limits | None = None,
        on_board: Path | None = None,
        foreign: Foreign = foreign_language,
        fetches: bool = True,
    ) -> None:
        """Open the folders, which need not exist yet; the voices `on_board` are used where no other
        folder has them.

        `official` are the names of the release, whose packs have `pack_rows` rows; a user's pack
        may have 1 to 512, but as raw values, which do not tell their number, no fewer. `blends` are
        voices of the configuration: a name, and what `parse` understands. They are made of voices,
        never of one another. `foreign` tells which names of files are of a language that nobody
        here reads. Where nobody `fetches` released voices, a blend of those that are not here is
        logged as one that cannot speak.

        Raises:
            ConfigurationError: a blend is not one, or its name is not free.
        """
        self.version = version
        self._official = tuple(official)
        self._pack_rows = pack_rows
        self._source = source
        self._limits = limits or Limits()
        self._packs = PackCache(cache_packs)
        self._folders = VoiceFolders(
            self._official,
            official_folder,
            user_folders,
            source,
            Allowed(self._limits.voice_file_bytes, raw_rows=pack_rows, foreign=foreign),
            on_board,
        )
        self._blends = {name: self._configured(name, text) for name, text in (blends or {}).items()}
        self._check_blends(fetches)

    def names(self) -> tuple[str, ...]:
        """Return what is offered: released voices, users' voices, configured blends."""
        return tuple(self.offered())

    def offered(self, *, fetched: bool = True) -> dict[str, ResolvedVoice]:
        """Return what is offered, by name, and what each name stands for; where nothing can be
        `fetched`, that is what is here."""
        present = self._folders.look()
        known = self._known(present)
        offered = {}
        for name in (*known, *self._blends):
            with suppress(UnknownVoice):  # a blend of what is not there
                spec = VoiceSpec(None, ((name, 1.0),))
                offered[name] = self._resolved(spec, known, present)
        return {name: voice for name, voice in offered.items() if fetched or not voice.missing}

    def resolve(self, asked: str | VoiceSpec) -> ResolvedVoice:
        """Return what is asked for: in a client's words, or as `parse` has read them.

        Case does not matter where only one voice can be meant. The speeds of a configured blend
        and of the request multiply, within 0.5 to 2.0.

        Raises:
            UnknownVoice: it is no voice, or one that does not exist; the nearest are named.
        """
        spec = parse(asked, self._limits.blend_parts) if isinstance(asked, str) else asked
        if spec.version and spec.version.lower() != self.version.lower():
            raise UnknownVoice(f"{str(asked)[:40]!r} is no voice of {self.version}")
        present = self._folders.look()
        return self._resolved(spec, self._known(present), present)

    def pack(self, voice: ResolvedVoice) -> Pack:
        """Return the pack of `voice`, shape (rows, 256), read-only.

        Raises:
            BadVoiceFile: a file is not what it should be, or has gone since.
            ModelUnavailable: a released voice is not on this machine.
        """
        if voice.missing:
            raise ModelUnavailable(
                f"the voice {voice.missing[0]} is not on this machine yet; "
                "run `wyoming-kokoro download`"
            )
        if len(voice.files) == 1:
            return self._single(voice.files[0])
        weights = [share for _, share in voice.spec.parts]
        # The key holds the files' stamps: when one changes, the blend is made anew.
        return self._packs.get(
            tuple(zip(voice.files, weights, strict=True)),
            lambda: mix([self._single(file) for file in voice.files], weights),
        )

    def _known(self, present: Collection[str]) -> dict[str, None]:
        """Return names in the order to list them: what can be fetched, and what is here."""
        fetched = self._source != "combined"
        official = [name for name in self._official if fetched or name in present]
        return dict.fromkeys((*official, *sorted(present)))

    def _resolved(
        self, spec: VoiceSpec, known: Collection[str], present: Mapping[str, VoiceFile]
    ) -> ResolvedVoice:
        if len(spec.parts) == 1:
            spec = self._unfolded(spec, self._match(spec.leading, [*known, *self._blends]))
        shares: dict[str, float] = {}
        for name, share in spec.parts:
            match = self._match(name, known)
            shares[match] = shares.get(match, 0.0) + share
        return ResolvedVoice(
            VoiceSpec(self.version, tuple(shares.items()), spec.speed),
            tuple(present[name] for name in shares if name in present),
            tuple(name for name in shares if name not in present),
        )

    def _unfolded(self, spec: VoiceSpec, name: str) -> VoiceSpec:
        """Return the configured blend `name` at the speed of `spec`, or else `spec`."""
        blend = self._blends.get(name)
        if blend is None:
            return spec
        return replace(blend, speed=round(bounded_speed(blend.speed * spec.speed), 6))

    def _match(self, name: str, known: Collection[str]) -> str:
        """Return `name` as it is written in `known`.

        Raises:
            UnknownVoice: it is not there.
        """
        if name in known:
            return name
        alike = [candidate for candidate in known if candidate.lower() == name.lower()]
        if len(alike) == 1:
            return alike[0]
        if name in self._blends:
            raise UnknownVoice(f"{name!r} is a blend itself; only voices can be blended")
        folded = {candidate.lower(): candidate for candidate in known}
        close = difflib.get_close_matches(name.lower(), folded, n=3, cutoff=0.5)
        near = alike or [folded[candidate] for candidate in close]
        hint = (
            f"did you mean {' or '.join(near)}?" if near else "`wyoming-kokoro voices` lists them"
        )
        raise UnknownVoice(f"there is no voice {name!r} in {self.version}; {hint}")

    def _single(self, file: VoiceFile) -> Pack:
        return self._packs.get(file, lambda: self._read(file))

    def _read(self, file: VoiceFile) -> Pack:
        pack = file.read(self._limits.voice_file_bytes, self._pack_rows)
        if file.name in self._official and self._pack_rows not in (None, len(pack)):
            raise BadVoiceFile(
                f"voice file {file.path.name}: {file.name} has {len(pack)} rows, "
                f"but voices of {self.version} have {self._pack_rows}; fetch it again"
            )
        return pack

    def _configured(self, name: str, text: str) -> VoiceSpec:
        """Return a blend of the configuration.

        Raises:
            ConfigurationError: it is no blend of this version, or its name is not free.
        """
        where = f"--blend {name}={text}"
        if not NAME.fullmatch(name):
            raise ConfigurationError(f"{where}: a name has letters, digits, _, - and ., at most 64")
        if name in self._official:
            raise ConfigurationError(f"{where}: {name} is a voice already; choose another name")
        try:
            spec = parse(text, self._limits.blend_parts)
        except UnknownVoice as error:
            raise ConfigurationError(f"{where}: {error}") from error
        if spec.version not in (None, self.version):
            raise ConfigurationError(f"{where}: the model is {self.version}, not {spec.version}")
        return spec

    def _check_blends(self, fetches: bool) -> None:
        """Log the blends that cannot speak; what they lack may still be added to a folder."""
        present = self._folders.look() if self._blends else {}
        known = self._known(present)
        for name, spec in self._blends.items():
            trouble = self._trouble(spec, known)
            missing = () if trouble or fetches else self._resolved(spec, known, present).missing
            if missing:
                trouble = f"{missing[0]} is not on this machine, and offline it is not fetched"
            if trouble:
                _LOG.warning("The blend %s is not offered: %s", name, trouble)

    def _trouble(self, spec: VoiceSpec, voices: Collection[str]) -> str:
        """Return why `spec` cannot be spoken with `voices`, empty if it can."""
        try:
            for name, _ in spec.parts:
                self._match(name, voices)
        except UnknownVoice as error:
            return str(error)
        return ""
