"""The body of a request for speech in, what is asked for out: OpenAI's fields, and those that
other servers have added to them. Fields that nobody knows are ignored, as everywhere.
"""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from starlette.requests import ClientDisconnect
from starlette.requests import Request as Incoming

from wyoming_kokoro.config import Limits
from wyoming_kokoro.errors import BadRequest, TimedOut, TooLarge
from wyoming_kokoro.models.catalog import VERSIONS
from wyoming_kokoro.speech import Language, Request
from wyoming_kokoro.web.encoding import FORMATS, Format
from wyoming_kokoro.web.failures import BadField, NotFound

_HALVES = re.compile("[\ud800-\udfff]")
"""Of surrogate pairs, as of an emoji that was cut: JSON can hold one alone, UTF-8 cannot."""

SLOWEST, FASTEST = 0.25, 4.0
"""Speeds that clients may send. What the model cannot do is brought within what it can."""

OPENAI_VOICES = {
    "alloy": ("af_alloy", "af_sarah", "af_sol"),
    "ash": ("am_adam", "bf_vale"),
    "ballad": ("bm_george", "bf_vale"),
    "cedar": ("am_fenrir", "am_michael", "bf_vale"),
    "coral": ("af_bella", "af_maple"),
    "echo": ("am_echo", "am_michael", "bf_vale"),
    "fable": ("bm_fable", "bm_george", "bf_vale"),
    "marin": ("af_heart", "af", "af_maple"),
    "nova": ("af_nova", "af_nicole", "af_maple"),
    "onyx": ("am_onyx", "am_adam", "bf_vale"),
    "sage": ("af_sarah", "af_sol"),
    "shimmer": ("af_sky", "af_maple"),
    "verse": ("am_michael", "bf_vale"),
}
"""Voices of Kokoro for those of OpenAI: of the same name where there is one, else of the same kind;
the first that a model version has."""

OPENAI_MODELS = ("tts-1", "tts-1-hd", "gpt-4o-mini-tts")

StreamFormat = Literal["audio", "sse"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for speech."""

    request: Request
    text: str
    format: Format
    sse: bool
    """Whether it is to be sent as events."""
    stream: bool
    """Whether captions are to be sent as they come."""
    captions: Literal["srt", "vtt"]


async def body_of(incoming: Incoming, limit: int, seconds: float) -> bytes:
    """Return the body of a request, which may have `limit` bytes and take so many `seconds`.

    Raises:
        TooLarge, TimedOut: it has more, or takes longer.
    """
    too_large = TooLarge(f"the body is larger than {limit} bytes")
    if int(incoming.headers.get("content-length", "0")) > limit:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for piece in incoming.stream():
                body += piece
                if len(body) > limit:
                    raise too_large
    except TimeoutError:
        raise TimedOut(f"the body did not come within {seconds:g} s") from None
    except ClientDisconnect:
        raise BadRequest("the connection was closed before the body was complete") from None
    return bytes(body)


def names_openai_voice(fields: dict[str, Any]) -> bool:
    """Return whether the voice has a name of OpenAI's, which one that is offered may have too."""
    voice = fields.get("voice")
    name = voice.get("id") if isinstance(voice, dict) else voice
    return isinstance(name, str) and name in OPENAI_VOICES


def asked_in(
    fields: dict[str, Any],
    limits: Limits,
    versions: Mapping[str, str],
    languages: Sequence[Language],
    known: Sequence[str],
) -> Asked:
    """Return what the fields of a body ask for; `versions` and `languages` are those of `Service`,
    `known` are the names of the voices that are offered, which count where `names_openai_voice`.

    Raises:
        BadRequest: a field has a value that it may not have; its name is in the message.
    """
    text = _text(fields, limits)
    name = choice(fields, "response_format", tuple(FORMATS), "mp3")
    version = _version(optional(fields, "model", str, ""), versions)
    request = Request(
        voice=_voice(fields, version, versions, known),
        language=_language(fields, languages),
        text_format="ssml" if optional(fields, "ssml", bool, default=False) else "text",
        rate=_speed(fields),
        paced=False,
    )
    return Asked(
        request,
        text,
        FORMATS[name],
        sse=choice(fields, "stream_format", ("audio", "sse"), "audio") == "sse",
        stream=optional(fields, "stream", bool, default=True),
        captions="srt" if choice(fields, "format", ("vtt", "srt"), "vtt") == "srt" else "vtt",
    )


def fields_in(body: bytes) -> dict[str, Any]:
    """Return the fields of a body, less the halves of surrogate pairs in it.

    Raises:
        BadRequest: it is no JSON object.
    """
    try:
        fields = json.loads(body, parse_constant=_no_constant)
        if _HALVES.search(written := json.dumps(fields, ensure_ascii=False)):
            fields = json.loads(_HALVES.sub("", written))
    except (ValueError, RecursionError):
        raise BadRequest("the body must be JSON in UTF-8") from None
    if not isinstance(fields, dict):
        raise BadRequest("the body must be a JSON object")
    return fields


def _no_constant(name: str) -> None:
    raise ValueError(name)  # NaN is no JSON, whatever Python takes


def _text(fields: dict[str, Any], limits: Limits) -> str:
    text = fields.get("input")
    if not isinstance(text, str) or not text.strip():
        raise BadField("input", "must be a text that is not empty")
    if len(text) > limits.text_characters:
        raise TooLarge(
            f"input: is longer than {limits.text_characters} characters; send it in parts"
        )
    return text


def _voice(
    fields: dict[str, Any], version: str, versions: Mapping[str, str], known: Sequence[str]
) -> str | None:
    voice = fields.get("voice")
    if voice is None:
        voice = ""
    if isinstance(voice, dict):
        voice = voice.get("id")
    if not isinstance(voice, str):
        raise BadField("voice", 'must be a name, or an object such as {"id": "af_heart"}')
    name: str = voice
    is_default = version == next(iter(versions))
    if name in OPENAI_VOICES and name not in known:
        name = _like(name, version) or versions[version]
    if is_default:
        return name or None
    name = name or versions[version]
    return name if "/" in name else f"{version}/{name}"


def _like(name: str, version: str) -> str:
    """Return the voice of a model version for one of OpenAI; "" for the checkpoint of a user."""
    released = {version.name: version.voices for version in VERSIONS}
    if version not in released:
        return ""
    has = released[version]
    return next((voice for voice in OPENAI_VOICES[name] if voice in has), OPENAI_VOICES[name][0])


def _version(model: str, versions: Mapping[str, str]) -> str:
    """Return the model version that a client means by `model`.

    Raises:
        NotFound: none.
    """
    name = model.strip().lower().rpartition("/")[2]
    for version in versions:
        if name in (version.lower(), f"kokoro-{version.lower()}"):
            return version
    if not name or name.startswith(("tts-", "gpt-", "kokoro")):
        return next(iter(versions))
    known = ", ".join(f"kokoro-{version}" for version in sorted(versions))
    raise NotFound(f"there is no model {model[:80]!r}; models are kokoro, {known}")


def _language(fields: dict[str, Any], languages: Sequence[Language]) -> str | None:
    for field in ("lang_code", "lang", "language"):
        if code := optional(fields, field, str, ""):
            return code_of(str(code), languages)
    return None


def code_of(name: str, languages: Sequence[Language]) -> str:
    """Return a language's code. Kokoro-FastAPI names them by the first letters of their voices."""
    letters = {language.letter: language.code for language in reversed(languages)}
    return letters.get(name, name)


def _speed(fields: dict[str, Any]) -> float:
    speed = fields.get("speed")
    if speed is None:
        return 1.0
    if isinstance(speed, bool) or not isinstance(speed, int | float):
        raise BadField("speed", f"must be a number from {SLOWEST} to {FASTEST}")
    return min(max(float(min(max(speed, -1), 100)), SLOWEST), FASTEST)


def choice(fields: dict[str, Any], field: str, choices: Sequence[str], default: str) -> str:
    """Return which of `choices` a field has, `default` where it has none.

    Raises:
        BadField: another.
    """
    value = fields.get(field)
    if value is None:
        return default
    if value not in choices:
        raise BadField(field, f"must be one of {', '.join(choices)}")
    return str(value)


def optional(fields: dict[str, Any], field: str, kind: type, default: Any) -> Any:  # noqa: ANN401 JSON
    """Return a field's text or boolean, `default` where it has none.

    Raises:
        BadField: it is of another kind.
    """
    value = fields.get(field)
    if value is None:
        return default
    if not isinstance(value, kind):
        raise BadField(field, f"must be a {'text' if kind is str else 'boolean'}")
    return value
