"""Which file speaks for which name: folders come in, one table of present voices goes out.

The folder of the release comes first. A user's file that has the name of a released voice is used
only while the released one is not there; either way the log says so.
"""

import logging
import threading
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Literal

from wyoming_kokoro.voices.folder import EMPTY, Listing, VoiceFile, look_into

Source = Literal["auto", "individual", "combined"]
"""Where released voices may come from: files of their own, combined archives, or either, the
former first."""

_LOG = logging.getLogger(__name__)


class Shelf:
    """The voices in the folder of the release and in those of users. Any thread may look."""

    def __init__(
        self,
        official: Collection[str],
        official_folder: Path | None,
        user_folders: Sequence[Path],
        source: Source,
        voice_bytes: int,
        raw_rows: int | None = None,
    ) -> None:
        """`voice_bytes` and `raw_rows` are what `VoiceFile.read` is given."""
        self._official = frozenset(official)
        self._folders = (official_folder, *user_folders)
        self._source = source
        self._voice_bytes = voice_bytes
        self._raw_rows = raw_rows
        self._lock = threading.Lock()
        self._listings: tuple[Listing, ...] = (EMPTY,) * len(self._folders)
        self._voices: Mapping[str, VoiceFile] = {}
        self._said: frozenset[str] = frozenset()

    def look(self) -> Mapping[str, VoiceFile]:
        """Return the voices that are there now; what is wrong with a file is logged once.

        Folders are listed each time, so that files count as soon as they are added, changed or
        removed; a file is opened again only when it has changed.
        """
        with self._lock:
            seen, voices = self._listings, self._voices
        listings = tuple(
            look_into(
                folder,
                before,
                self._voice_bytes,
                None if index else self._official,
                self._raw_rows,
            )
            for index, (folder, before) in enumerate(zip(self._folders, seen, strict=True))
        )
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
