"""All addresses on one page, and what answers at each."""

from collections.abc import Callable
from http import HTTPStatus
from importlib import resources
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request as Incoming
from starlette.responses import JSONResponse, Response
from starlette.routing import Match, Route, Router
from starlette.types import Receive, Scope, Send

from wyoming_kokoro.web.jobs import JobEndpoints
from wyoming_kokoro.web.lists import Lists
from wyoming_kokoro.web.own import OwnEndpoints
from wyoming_kokoro.web.service import Service
from wyoming_kokoro.web.speech import SpeechEndpoints

PAGE = {
    "/": ("index.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
    "/openapi.json": ("openapi.json", "application/json"),
}
"""Files of this package, read at the start: no name that a client sends opens one."""

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Site:
    """The application."""

    def __init__(self, service: Service) -> None:
        speech, lists, own = SpeechEndpoints(service), Lists(service), OwnEndpoints(service)
        jobs = JobEndpoints(service)
        self._service = service
        self._router = Router(
            [
                _route("POST", "/v1/audio/speech", speech.speech),
                _route("POST", "/v1/audio/captions", speech.captions),
                _route("POST", "/dev/captioned_speech", speech.captioned),
                _route("GET", "/v1/audio/voices", lists.voices),
                _route("GET", "/v1/audio/models", lists.audio_models),
                _route("GET", "/v1/voices", lists.zotero_voices),
                _route("GET", "/v1/models", lists.models),
                _route("GET", "/v1/models/{name}", lists.model),
                _route("POST", "/api/v1/tts/generate", jobs.generate),
                _route("GET", "/api/v1/tts/", jobs.latest),
                _route("GET", "/api/v1/tts/{tts_id:job}", jobs.job),
                _route("DELETE", "/api/v1/tts/{tts_id:job}", jobs.remove),
                _route("GET", "/api/v1/tts/{tts_id:job}/audio/{number}", jobs.audio),
                _route("GET", "/api/v1/tts/{tts_id:job}/timings/{number}", jobs.timings),
                _route("GET", "/lexicon", own.lexicon),
                _route("PUT", "/lexicon", own.put_lexicon),
                _route("GET", "/voices", own.voices),
                _route("PUT", "/voices/{name}", own.put_voice),
                _route("DELETE", "/voices/{name}", own.delete_voice),
                _route("GET", "/status", self._status),
                _route("GET", "/health/live", self._live),
                _route("GET", "/health/ready", self._ready),
                _route("GET", "/metrics", self._metrics),
                *(_route("GET", path, _file(*file)) for path, file in PAGE.items()),
            ],
            redirect_slashes=False,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what is not there is raised as an `HTTPException`."""
        try:
            await self._router({**scope, "app": self}, receive, send)
        except HTTPException as failure:
            if failure.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
                failure.headers = {"Allow": ", ".join(sorted(self._methods_at(scope)))}
            raise

    def _methods_at(self, scope: Scope) -> set[str]:
        """Return what may be done at an address, by whichever route."""
        routes = [route for route in self._router.routes if isinstance(route, Route)]
        here = [route for route in routes if route.matches(scope)[0] is not Match.NONE]
        return {method for route in here for method in route.methods or ()}

    async def _status(self, _: Incoming) -> JSONResponse:
        return JSONResponse(self._service.status())

    async def _live(self, _: Incoming) -> JSONResponse:
        return JSONResponse({"status": "live"})

    async def _ready(self, _: Incoming) -> JSONResponse:
        ready = self._service.is_ready()
        return JSONResponse({"status": "ready" if ready else "loading"}, 200 if ready else 503)

    async def _metrics(self, _: Incoming) -> Response:
        return Response(self._service.metrics(), headers={"content-type": METRICS_TYPE})


def _route(method: str, path: str, endpoint: Callable[[Incoming], Any]) -> Route:
    return Route(path, endpoint, methods=[method])


def _file(name: str, media_type: str) -> Callable[[Incoming], Any]:
    content = (resources.files("wyoming_kokoro.web") / "page" / name).read_bytes()

    async def send_file(_: Incoming) -> Response:
        return Response(content, media_type=media_type)

    return send_file
