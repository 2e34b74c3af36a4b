"""What is on offer: voices and models in, the lists that clients read out."""

from typing import Any

from starlette.requests import Request as Incoming
from starlette.responses import JSONResponse

from wyoming_kokoro.speech import Voice
from wyoming_kokoro.web.asking import OPENAI_MODELS
from wyoming_kokoro.web.failures import NotFound
from wyoming_kokoro.web.service import Service

CREATED = 1_735_257_600
"""When Kokoro was published, which a list of models has to say: 2024-12-27."""


class Lists:
    """What answers questions about what there is."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def voices(self, incoming: Incoming) -> JSONResponse:
        """`GET /v1/audio/voices`; with `?legacy=true` bare names, as older tools read."""
        voices = await self._service.elsewhere(self._service.voices)
        if incoming.query_params.get("legacy", "").lower() in ("true", "1"):
            return JSONResponse({"voices": [voice.name for voice in voices]})
        return JSONResponse({"voices": [_voice(voice) for voice in voices]})

    async def zotero_voices(self, _: Incoming) -> JSONResponse:
        """`GET /v1/voices`, in the shape that Zotero reads."""
        voices = await self._service.elsewhere(self._service.voices)
        return JSONResponse(
            [
                {"id": voice.name, "label": voice.description, "locale": _locale(voice)}
                for voice in voices
            ]
        )

    async def models(self, _: Incoming) -> JSONResponse:
        """`GET /v1/models`."""
        return JSONResponse({"object": "list", "data": [_model(name) for name in self._names()]})

    async def audio_models(self, _: Incoming) -> JSONResponse:
        """`GET /v1/audio/models`, which Open WebUI asks for."""
        return JSONResponse({"models": [{"id": name, "name": name} for name in self._names()]})

    async def model(self, incoming: Incoming) -> JSONResponse:
        """`GET /v1/models/{id}`.

        Raises:
            NotFound: there is none of that name.
        """
        name = incoming.path_params["name"]
        if name not in self._names():
            raise NotFound(f"there is no model {name[:80]!r}; /v1/models lists them")
        return JSONResponse(_model(name))

    def _names(self) -> list[str]:
        versions = (f"kokoro-{version}" for version in self._service.versions)
        return ["kokoro", *versions, *OPENAI_MODELS]


def _voice(voice: Voice) -> dict[str, Any]:
    gender = None if voice.female is None else ("female" if voice.female else "male")
    return {
        "id": voice.name,
        "name": voice.description,
        "language": _locale(voice),
        "gender": gender,
    }


def _locale(voice: Voice) -> str:
    return voice.language.code.replace("_", "-")


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": CREATED, "owned_by": "hexgrad"}
