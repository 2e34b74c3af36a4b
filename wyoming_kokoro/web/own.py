"""What users add: words and how to say them, voices of their own. Bytes come in, checked files lie
in the data directory.

No name from a request becomes a path: a voice's has the signs of a voice's name only, and what is
removed is found in the listing of the folder. A voice that is added is read by the reader that all
voice files are read by, and what is kept is what came of that, written by us.
"""

import io
import os
import tempfile
from pathlib import Path

import numpy as np
from starlette.requests import Request as Incoming
from starlette.responses import JSONResponse, Response

from wyoming_kokoro.errors import BadRequest, BadVoiceFile, KokoroError, TooLarge
from wyoming_kokoro.models import catalog
from wyoming_kokoro.text.pronouncing.lexicon import LARGEST_FILE, BadLine, parse_line
from wyoming_kokoro.voices.blend import NAME
from wyoming_kokoro.voices.formats import SUFFIXES, read_voice
from wyoming_kokoro.voices.packs import Pack
from wyoming_kokoro.web.asking import body_of
from wyoming_kokoro.web.failures import NotFound, Refused
from wyoming_kokoro.web.service import Service

MOST_MISTAKES = 20
"""Lines with mistakes that are named in an answer."""

MOST_VOICES = 200
"""That users may have added here."""


class CannotWrite(KokoroError):
    """The data directory does not take what is to be kept."""

    code = "cannot-write"


class OwnEndpoints:
    """What answers requests about the files of users."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._own = service.own

    async def lexicon(self, _: Incoming) -> Response:
        """`GET /lexicon`."""
        return Response(await self._service.elsewhere(self._read_lexicon), media_type="text/plain")

    async def put_lexicon(self, incoming: Incoming) -> Response:
        """`PUT /lexicon`: the whole file.

        Raises:
            BadRequest: lines have mistakes; nothing was changed.
        """
        body = await body_of(incoming, LARGEST_FILE, self._service.limits.frame_seconds)
        await self._service.elsewhere(lambda: self._write_lexicon(body))
        return Response(status_code=204)

    async def voices(self, _: Incoming) -> JSONResponse:
        """`GET /voices`: the names of the voices that users have added."""
        found = await self._service.elsewhere(lambda: voice_files(self._own.voices))
        return JSONResponse({"voices": sorted(found)})

    async def put_voice(self, incoming: Incoming) -> JSONResponse:
        """`PUT /voices/{name}`: a voice file in any format that is read."""
        name = _voice_name(incoming)
        limits = self._service.limits
        body = await body_of(incoming, limits.voice_file_bytes, limits.frame_seconds)
        rows = await self._service.elsewhere(lambda: self._add(name, body))
        return JSONResponse({"name": name, "rows": rows}, 201)

    async def delete_voice(self, incoming: Incoming) -> Response:
        """`DELETE /voices/{name}`."""
        name = _voice_name(incoming)
        await self._service.elsewhere(lambda: self._remove(name))
        return Response(status_code=204)

    def _read_lexicon(self) -> bytes:
        try:
            with self._own.lexicon.open("rb") as file:
                return file.read(LARGEST_FILE)
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise CannotWrite(f"the lexicon cannot be read: {error.strerror}") from error

    def _write_lexicon(self, body: bytes) -> None:
        mistakes = []
        for number, line in enumerate(body.splitlines(), start=1):
            try:
                parse_line(line, self._service.languages)
            except BadLine as mistake:
                mistakes.append(f"line {number} {mistake}")
        if mistakes:
            more = f"; and {len(mistakes) - MOST_MISTAKES} more" * (len(mistakes) > MOST_MISTAKES)
            raise BadRequest("; ".join(mistakes[:MOST_MISTAKES]) + more)
        # A link, as the app of Home Assistant has it, leads to the file that is meant.
        _write(Path(os.path.realpath(self._own.lexicon)), body)

    def _add(self, name: str, body: bytes) -> int:
        declared = self._own.declared
        if catalog.describe(name, "", declared) is None:
            letters = " ".join(sorted({one.letter for one in declared.known if one.letter}))
            raise BadVoiceFile(
                f"{name}: a voice's name begins with the letter of its language ({letters}), f or "
                "m, and _: af_mine"
            )
        if any(name in version.voices for version in catalog.VERSIONS):
            raise BadVoiceFile(f"{name} is a released voice; choose another name")
        there = voice_files(self._own.voices)
        if name in there and there[name].suffix != ".npy":
            raise BadVoiceFile(f"there is a file {there[name].name} already; remove it first")
        if name not in there and len(there) >= MOST_VOICES:
            raise TooLarge(f"there are {MOST_VOICES} voices of your own; remove one first")
        pack = self._parsed(name, body)
        saved = io.BytesIO()
        np.save(saved, pack, allow_pickle=False)
        _write(self._own.voices / f"{name}.npy", saved.getvalue())
        return len(pack)

    def _parsed(self, name: str, body: bytes) -> Pack:
        """Return the voice pack that a file holds.

        Raises:
            BadVoiceFile: none.
        """
        with tempfile.TemporaryDirectory(prefix="voice-") as folder:
            path = Path(folder) / f"{name}.bin"  # what it is, its first bytes tell
            path.write_bytes(body)
            return read_voice(path, self._service.limits.voice_file_bytes, self._own.pack_rows)

    def _remove(self, name: str) -> None:
        found = voice_files(self._own.voices).get(name)
        if found is None:
            raise NotFound(f"there is no voice {name!r} of your own")
        try:
            found.unlink(missing_ok=True)
        except OSError as error:
            raise CannotWrite(f"{name} cannot be removed: {error.strerror}") from error


def voice_files(folder: Path) -> dict[str, Path]:
    """Return the files of single voices in a user's folder, by name."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
    except OSError:
        return {}
    files = [Path(name) for name in names if not name.startswith(".")]
    return {file.stem: folder / file.name for file in files if file.suffix.lower() in SUFFIXES}


def _voice_name(incoming: Incoming) -> str:
    name = str(incoming.path_params["name"])
    if not NAME.fullmatch(name) or name.startswith("."):
        raise Refused("a voice's name has letters, digits, _, - and ., at most 64", 400, "bad-name")
    return name


def _write(path: Path, data: bytes) -> None:
    """Write a file so that nobody ever sees a part of it.

    Raises:
        CannotWrite: the folder does not take it.
    """
    draft = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(data)
        draft.replace(path)
    except OSError as error:
        message = f"{path.name} cannot be written in the data directory: {error.strerror}"
        raise CannotWrite(message) from error
