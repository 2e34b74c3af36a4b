"""What went wrong in, what a client is told out: a status and OpenAI's JSON of errors."""

import logging
from typing import Any

from starlette.responses import JSONResponse

from wyoming_kokoro.errors import (
    BadRequest,
    BadVoiceFile,
    KokoroError,
    ModelUnavailable,
    Overloaded,
    ShuttingDown,
    TimedOut,
    TooLarge,
    Unavailable,
    UnknownLanguage,
    UnknownVoice,
)

_LOG = logging.getLogger(__name__)

RETRY_SECONDS = 2
"""After which who was told that there is too much to do may ask again."""

_STATUS: tuple[tuple[type[KokoroError], int], ...] = (
    (TooLarge, 413),
    (TimedOut, 408),
    (BadRequest, 400),
    (UnknownVoice, 400),
    (UnknownLanguage, 400),
    (BadVoiceFile, 400),
    (Overloaded, 429),
    (ModelUnavailable, 503),
    (ShuttingDown, 503),
    (Unavailable, 503),
)
"""The first that fits; everything else is our fault, 500."""

_PARAMETERS: dict[type[Exception], str] = {UnknownVoice: "voice", UnknownLanguage: "lang_code"}


class BadField(BadRequest):
    """A field of a request has a value that it may not have."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field


class NotFound(BadRequest):
    """There is nothing of that name."""

    code = "not-found"


class Refused(KokoroError):
    """A client may not ask for this, or must say who it is."""

    def __init__(self, message: str, status: int, code: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def status_of(failure: Exception) -> int:
    """Return the status that tells of `failure`."""
    if isinstance(failure, Refused):
        return failure.status
    if isinstance(failure, NotFound):
        return 404
    return next((status for kind, status in _STATUS if isinstance(failure, kind)), 500)


def told(failure: Exception) -> dict[str, Any]:
    """Return the JSON that tells of `failure`: nothing of what is ours to know."""
    known = isinstance(failure, KokoroError)
    message = str(failure) if known else "internal error; the server's log has the details"
    parameter = failure.field if isinstance(failure, BadField) else _PARAMETERS.get(type(failure))
    code = failure.code if isinstance(failure, KokoroError) else KokoroError.code
    kind = _kind(status_of(failure))
    return {"error": {"message": message, "type": kind, "param": parameter, "code": code}}


def answer(failure: Exception) -> JSONResponse:
    """Return the answer that tells of `failure`; a fault of ours is logged with its traceback."""
    status = status_of(failure)
    if not isinstance(failure, KokoroError):
        _LOG.error("an answer over HTTP failed", exc_info=failure)
    headers = {}
    if status == 429 or (isinstance(failure, ModelUnavailable) and failure.temporary):
        headers["Retry-After"] = str(RETRY_SECONDS)
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(told(failure), status, headers)


def _kind(status: int) -> str:
    if status == 429:
        return "rate_limit_error"
    return "server_error" if status >= 500 else "invalid_request_error"
