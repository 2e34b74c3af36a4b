"""Jobs over HTTP: long texts in, what there is to tell of them and their files out.

Texts are taken as a whole and spoken later; who asks comes back to see how far that is.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request as Incoming
from starlette.responses import JSONResponse, Response

from wyoming_kokoro.config import Limits
from wyoming_kokoro.errors import TooLarge
from wyoming_kokoro.job import MEDIA_TYPES, Ask, Job, Part
from wyoming_kokoro.speech import Language
from wyoming_kokoro.web.asking import body_of, choice, code_of, fields_in, optional
from wyoming_kokoro.web.failures import BadField, NotFound
from wyoming_kokoro.web.service import Service
from wyoming_kokoro.web.streaming import Streamed

SLOWEST, FASTEST = 0.5, 2.0
"""Speeds that a job may have, which are those of the model."""

LONGEST_NAME = 200
"""Characters of a user's name, of a voice's and of a title."""

LISTED = 50
"""Jobs in a list, where nobody says how many."""

_NUMBER = re.compile("[0-9]{1,4}")


class _JobIds(Convertor[str]):
    """What may stand in an address for a job: `{tts_id:job}`."""

    regex = "[0-9a-f]{32}"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("job", _JobIds())


class JobEndpoints:
    """What answers at `/api/v1/tts/`."""

    def __init__(self, service: Service) -> None:
        self._jobs = service.jobs
        self._limits = service.limits
        self._languages = service.languages

    async def generate(self, incoming: Incoming) -> JSONResponse:
        """`POST /api/v1/tts/generate`: take a job."""
        limits = self._limits
        body = await body_of(incoming, limits.job_body_bytes, limits.frame_seconds)
        job = await self._jobs.add(asked_in(fields_in(body), limits, self._languages))
        return JSONResponse(told(job, texts=True), HTTPStatus.ACCEPTED)

    async def job(self, incoming: Incoming) -> JSONResponse:
        """`GET /api/v1/tts/{tts_id}`: how far a job is."""
        return JSONResponse(told(await self._job(incoming), texts=True))

    async def latest(self, incoming: Incoming) -> JSONResponse:
        """`GET /api/v1/tts/?user_id=&limit=`: the latest jobs, without their texts."""
        user = incoming.query_params.get("user_id") or None
        if user and len(user) > LONGEST_NAME:
            raise BadField("user_id", f"must have at most {LONGEST_NAME} characters")
        limit = incoming.query_params.get("limit") or str(LISTED)
        most = self._limits.jobs_listed
        if not _NUMBER.fullmatch(limit) or not 1 <= int(limit) <= most:
            raise BadField("limit", f"must be a whole number from 1 to {most}")
        jobs = await self._jobs.latest(user, int(limit))
        return JSONResponse({"jobs": [told(job, texts=False) for job in jobs]})

    async def remove(self, incoming: Incoming) -> Response:
        """`DELETE /api/v1/tts/{tts_id}`: stop a job and remove what it has made."""
        if not await self._jobs.remove(_id_in(incoming)):
            raise _no_job()
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def audio(self, incoming: Incoming) -> Streamed:
        """`GET /api/v1/tts/{tts_id}/audio/{number}`: a file."""
        job = await self._job(incoming)
        name = _name_in(incoming, job)
        return await self._file(job, name, MEDIA_TYPES[job.ask.format])

    async def timings(self, incoming: Incoming) -> Streamed:
        """`GET /api/v1/tts/{tts_id}/timings/{number}`: its chapters, and when each word is
        heard."""
        job = await self._job(incoming)
        name = _name_in(incoming, job).partition(".")[0]
        return await self._file(job, f"{name}.json", "application/json")

    async def _file(self, job: Job, name: str, media_type: str) -> Streamed:
        found = await self._jobs.read(job.id, name)
        if found is None:
            raise NotFound("the file is gone")
        size, pieces = found
        return Streamed(pieces, media_type, size)

    async def _job(self, incoming: Incoming) -> Job:
        job = await self._jobs.get(_id_in(incoming))
        if job is None:
            raise _no_job()
        return job


def asked_in(fields: dict[str, Any], limits: Limits, languages: Sequence[Language]) -> Ask:
    """Return the job that the fields of a body ask for.

    Raises:
        BadRequest: a field has a value that it may not have; its name is in the message.
    """
    language = _name(fields, "lang_code")
    return Ask(
        parts=_parts(fields, limits),
        voice=_name(fields, "voice") or None,
        language=code_of(language, languages) or None,
        speed=_speed(fields),
        format=choice(fields, "response_format", tuple(MEDIA_TYPES), "mp3"),
        joined=bool(optional(fields, "join", bool, default=False)) or "texts" not in fields,
        user_id=_name(fields, "user_id"),
        title=_name(fields, "title"),
    )


def _parts(fields: dict[str, Any], limits: Limits) -> tuple[Part, ...]:
    """Return the texts of a job: `text`, or `texts`, each of which may have a title."""
    texts = fields.get("texts")
    if texts is None:
        parts = [_part({"text": fields.get("text")}, "text")]
    elif fields.get("text") is not None:
        raise BadField("texts", "must not be given together with text")
    elif not isinstance(texts, list) or not 1 <= len(texts) <= limits.job_texts:
        raise BadField("texts", f"must be a list of 1 to {limits.job_texts} texts")
    else:
        parts = [_part(text, f"texts[{number}]") for number, text in enumerate(texts)]
    if sum(len(part.text) for part in parts) > limits.job_characters:
        raise TooLarge(
            f"the text is longer than {limits.job_characters} characters; send it in several jobs"
        )
    return tuple(parts)


def _part(value: Any, where: str) -> Part:  # noqa: ANN401 JSON
    fields = value if isinstance(value, dict) else {"text": value}
    text = fields.get("text")
    if not isinstance(text, str) or not text.strip():
        raise BadField(where, "must be a text that is not empty")
    if "\0" in text:
        raise BadField(where, "must not hold the character U+0000")
    return Part(text, _name(fields, "title"))


def _name(fields: dict[str, Any], field: str) -> str:
    name = str(optional(fields, field, str, ""))
    if len(name) > LONGEST_NAME or "\0" in name:
        raise BadField(field, f"must have at most {LONGEST_NAME} characters, and no U+0000")
    return name


def _speed(fields: dict[str, Any]) -> float:
    speed = fields.get("speed")
    if speed is None:
        return 1.0
    if isinstance(speed, bool) or not isinstance(speed, int | float):
        raise BadField("speed", f"must be a number from {SLOWEST} to {FASTEST}")
    if not SLOWEST <= speed <= FASTEST:
        raise BadField("speed", f"must be a number from {SLOWEST} to {FASTEST}")
    return float(speed)


def told(job: Job, *, texts: bool) -> dict[str, Any]:
    """Return what a client is told of a job; the first file stands beside the list of all."""
    ask = job.ask
    results = [
        {
            "audio_url": f"/api/v1/tts/{job.id}/audio/{number}",
            "timings_url": f"/api/v1/tts/{job.id}/timings/{number}",
            "bytes": result.size,
            "duration": result.seconds,
            "chapters": list(result.chapters),
        }
        for number, result in enumerate(job.results)
    ]
    return {
        "tts_id": job.id,
        "status": job.state,
        "progress": job.progress,
        "audio_url": results[0]["audio_url"] if results else None,
        "created_at": _time(job.created),
        "completed_at": None if job.ended is None else _time(job.ended),
        "error": job.reason or None,
        "results": results,
        **(_texts(ask.parts, joined=ask.joined) if texts else {}),
        "voice": ask.voice,
        "voice_used": job.voice or None,
        "speed": ask.speed,
        "lang_code": ask.language,
        "user_id": ask.user_id or None,
        "title": ask.title or None,
        "response_format": ask.format,
        "join": ask.joined,
    }


def _texts(parts: Sequence[Part], *, joined: bool) -> dict[str, Any]:
    if joined and len(parts) == 1 and not parts[0].title:
        return {"text": parts[0].text}
    return {"texts": [{"title": part.title, "text": part.text} for part in parts]}


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def _id_in(incoming: Incoming) -> str:
    return str(incoming.path_params["tts_id"])


def _name_in(incoming: Incoming, job: Job) -> str:
    """Return the name of the file whose number is in the address."""
    number = str(incoming.path_params["number"])
    if not _NUMBER.fullmatch(number) or int(number) >= len(job.results):
        raise NotFound(f"the job is {job.state}, and has {len(job.results)} files")
    return job.results[int(number)].name


def _no_job() -> NotFound:
    return NotFound("there is no job of that tts_id; it may have been removed")
