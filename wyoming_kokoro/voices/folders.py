"""The folders of voice files: what lies in them comes in, a table of names with files behind them
goes out.

The names are made here, from the folders' own listings; nobody else turns a name into a path. The
folder of the release comes first, what is on board last. A user's file that has the name of a
released voice is used only while the released one is not there; either way the log says so.
"""

import logging
import os
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, NamedTuple

from wyoming_kokoro.errors import BadVoiceFile
from wyoming_kokoro.models.catalog import foreign_language
from wyoming_kokoro.voices.blend import NAME
from wyoming_kokoro.voices.formats import SUFFIXES, archived_names, read_archived, read_voice
from wyoming_kokoro.voices.onboard import NAMES as NAMES_ON_BOARD
from wyoming_kokoro.voices.packs import Pack

Source = Literal["auto", "individual", "combined"]
"""Where released voices may come from: files of their own, combined archives, or either, the
former first."""

Foreign = Callable[[str], str]
"""Tells the letter or tag of a language that nobody here reads, if the name of a voice begins with
one."""

_LOG = logging.getLogger(__name__)

_ARCHIVE_SUFFIXES = frozenset({".bin", ".npz"})


class Stamp(NamedTuple):
    """A file as it was: whatever alters its content alters one of these."""

    name: str
    inode: int
    size: int
    changed_ns: int


@dataclass(frozen=True, slots=True)
class VoiceFile:
    """Where a voice is."""

    name: str

    path: Path
    """A link followed to its end."""

    stamp: Stamp

    combined: bool
    """Whether it is one of the voices of an archive."""

    def read(self, limit: int, raw_rows: int | None) -> Pack:
        """Return the voice, which has at most `limit` bytes, and as raw values at least `raw_rows`
        rows, if not None.

        Raises:
            BadVoiceFile: the file is not what it should be.
        """
        if self.combined:
            return read_archived(self.path, self.name, limit)
        return read_voice(self.path, limit, raw_rows)


@dataclass(frozen=True, slots=True)
class _Contents:
    """What one file turned out to hold."""

    voices: tuple[VoiceFile, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a folder held when it was looked at."""

    files: Mapping[Stamp, _Contents]

    @property
    def voices(self) -> tuple[VoiceFile, ...]:
        """All voices, those in files of their own before those of archives."""
        found = [file for contents in self.files.values() for file in contents.voices]
        return tuple(sorted(found, key=lambda file: file.combined))

    @property
    def problems(self) -> tuple[str, ...]:
        """Why files that look like voices are none."""
        return tuple(contents.problem for contents in self.files.values() if contents.problem)


EMPTY = Listing({})


@dataclass(frozen=True, slots=True)
class Allowed:
    """What counts as a voice in a folder."""

    voice_bytes: int
    """Of a voice, at the most."""

    names: Collection[str] | None = None
    """Others do not count, and files are not read: their content was checked when they were
    fetched. Where this is None every file is read once, so that a broken one is never offered."""

    raw_rows: int | None = None
    """Of a voice in raw values, at the least."""

    foreign: Foreign = foreign_language
    """Tells of which language a file is refused that has no name given."""


def list_folder(folder: Path | None, seen: Listing, allowed: Allowed) -> Listing:
    """List the voices in `folder`; only files that changed since `seen` are opened.

    Links out of the folder, pipes and unfinished downloads are no voices. A folder that is not
    there is empty.
    """
    if folder is None:
        return EMPTY
    stamps = _stamps(folder)
    if stamps == list(seen.files):
        return seen
    return Listing(
        {stamp: seen.files.get(stamp) or _examine(folder, stamp, allowed) for stamp in stamps}
    )


def voice_names(folder: Path) -> list[str]:
    """Return the names of the files in `folder` that may hold a voice each, in order, unread."""
    names = {Path(stamp.name).stem for stamp in _stamps(folder)}
    return sorted(name for name in names if NAME.fullmatch(name))


def _stamps(folder: Path) -> list[Stamp]:
    """Return what has the suffix of a voice file, in the order of names.

    Every request comes through here, and a release has a hundred files: hence no `Path` for each.
    """
    try:
        with os.scandir(folder) as entries:
            found = [_stamp(entry) for entry in entries if _is_voice_file(entry.name)]
    except OSError:
        return []
    return sorted(stamp for stamp in found if stamp is not None)


def _is_voice_file(name: str) -> bool:
    dot = name.rfind(".")
    return dot > 0 and name[0] != "." and name[dot:].lower() in SUFFIXES


def _stamp(entry: os.DirEntry[str]) -> Stamp | None:
    try:
        status = entry.stat()
    except OSError:  # gone meanwhile, or a link to nothing
        return None
    return Stamp(entry.name, status.st_ino, status.st_size, status.st_ctime_ns)


def _examine(folder: Path, stamp: Stamp, allowed: Allowed) -> _Contents:
    try:
        return _Contents(_voices_in(folder / stamp.name, stamp, allowed))
    except BadVoiceFile as error:
        return _Contents((), f"{error}; it is left out ({folder})")


def _voices_in(listed: Path, stamp: Stamp, allowed: Allowed) -> tuple[VoiceFile, ...]:
    path, official = _inside(listed), allowed.names
    archive = listed.suffix.lower() in _ARCHIVE_SUFFIXES
    if archive and (members := archived_names(path, allowed.voice_bytes)):
        return tuple(
            VoiceFile(member, path, stamp, combined=True)
            for member in members
            if NAME.fullmatch(member) and (official is None or member in official)
        )
    file = VoiceFile(listed.stem, path, stamp, combined=False)
    if official is not None:
        return (file,) if file.name in official else ()
    if not NAME.fullmatch(file.name):
        raise BadVoiceFile(
            f"voice file {stamp.name[:80]}: its name cannot be a voice's; "
            "use letters, digits, _, - and ., at most 64"
        )
    if letters := allowed.foreign(file.name):
        raise BadVoiceFile(
            f"voice file {stamp.name}: its name begins like one of a language that is not spoken "
            f"here, {letters}; let it begin with that of the language it is to read, as en_US-"
        )
    file.read(allowed.voice_bytes, allowed.raw_rows)
    return (file,)


def _inside(path: Path) -> Path:
    """Return the file itself where `path` is a link.

    Raises:
        BadVoiceFile: the link leads out of its folder.
    """
    if not path.is_symlink():
        return path
    target = path.resolve()
    if not target.is_relative_to(path.parent.resolve()):
        raise BadVoiceFile(f"voice file {path.name}: it is a link out of its folder")
    return target


class VoiceFolders:
    """The voices in the folder of the release and in those of users. Any thread may look."""

    def __init__(
        self,
        official: Collection[str],
        official_folder: Path | None,
        user_folders: Sequence[Path],
        source: Source,
        allowed: Allowed,
        on_board: Path | None = None,
    ) -> None:
        """`official` are the names in the folder of the release, `allowed` is what counts in those
        of users. What is `on_board` is used where no other folder has a voice of that name."""
        self._official = frozenset(official)
        self._folders = (official_folder, *user_folders)
        self._allowed = (replace(allowed, names=self._official), *[allowed for _ in user_folders])
        self._on_board = list_folder(on_board, EMPTY, replace(allowed, names=NAMES_ON_BOARD))
        self._source = source
        self._lock = threading.Lock()
        self._listings: tuple[Listing, ...] = (EMPTY,) * len(self._folders)
        self._voices, _ = self._arrange(self._listings)
        self._said: frozenset[str] = frozenset()

    def look(self) -> Mapping[str, VoiceFile]:
        """Return the voices that are there now; what is wrong with a file is logged once.

        Folders are listed each time, so that files count as soon as they are added, changed or
        removed; a file is opened again only when it has changed.
        """
        with self._lock:
            seen, voices = self._listings, self._voices
        listings = tuple(map(list_folder, self._folders, seen, self._allowed))
        if listings == seen:
            return voices
        voices, shadows = self._arrange(listings)
        complaints = frozenset((*shadows, *(text for one in listings for text in one.problems)))
        with self._lock:
            said, self._said = self._said, complaints
            self._listings, self._voices = listings, voices
        for text in sorted(complaints - said):
            _LOG.warning("%s", text)
        return voices

    def _arrange(
        self, listings: Sequence[Listing]
    ) -> tuple[Mapping[str, VoiceFile], Sequence[str]]:
        """Return a file for every name, and what to say about names that are there twice."""
        chosen: dict[str, VoiceFile] = {}
        ignored: dict[Path, list[str]] = {}
        standing_in: dict[Path, list[str]] = {}
        for index, listing in enumerate(listings):
            for file in listing.voices:
                if not self._may_come_from(file):
                    continue
                first = chosen.setdefault(file.name, file)
                if index and first is not file:
                    ignored.setdefault(file.path, []).append(file.name)
                elif index and file.name in self._official:
                    standing_in.setdefault(file.path, []).append(file.name)
        for file in self._on_board.voices:
            if self._may_come_from(file):
                chosen.setdefault(file.name, file)
        return chosen, [
            *(
                f"{path} is not used for {_list(names)}: there is another file of that name; "
                "choose a name of its own"
                for path, names in ignored.items()
            ),
            *(
                f"{path} is used for {_list(names)} in place of the released file, "
                "which is not on this machine"
                for path, names in standing_in.items()
            ),
        ]

    def _may_come_from(self, file: VoiceFile) -> bool:
        if self._source == "auto" or file.name not in self._official:
            return True
        return file.combined == (self._source == "combined")


def _list(names: Sequence[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more
