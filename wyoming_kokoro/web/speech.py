"""Requests for speech in, the speech out: as sound, as events, or with the time of each word."""

import asyncio
import base64
import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from starlette.requests import Request as Incoming
from starlette.responses import Response

from wyoming_kokoro.errors import Overloaded
from wyoming_kokoro.speech import SAMPLE_RATE
from wyoming_kokoro.web.asking import (
    Asked,
    asked_in,
    body_of,
    fields_in,
    names_openai_voice,
)
from wyoming_kokoro.web.failures import told
from wyoming_kokoro.web.service import Service, TimedWord
from wyoming_kokoro.web.streaming import Streamed
from wyoming_kokoro.web.subtitles import bare, subtitles

AT_ONCE_SECONDS = 1.0
"""Of sound, from the beginning, that is encoded on the event loop: it takes a third of a
millisecond for each piece, and a thread would take longer to begin."""

LONGEST_PAUSE_SECONDS = 0.01
"""After a piece of sound that is far ahead of its listener. It is as long as the piece took, unless
the machine was busy with other things."""

_SILENCE = bytes(SAMPLE_RATE // 10 * 2)
"""A tenth of a second, so that an answer without speech is a sound file all the same."""


@dataclass(eq=False)
class Speech:
    """The speech that one request asks for."""

    asked: Asked
    service: Service
    counter: "Counter"
    turns: "Turns"
    timed: bool = False
    """Whether it is wanted when words are heard: it takes work, and what was kept cannot tell."""
    began: float | None = None
    """When its first sound came."""
    words: list[TimedWord] = field(default_factory=list)
    """Those that were told of and not taken yet."""
    samples: int = 0

    async def pcm(self) -> AsyncGenerator[bytes, None]:
        """Yield its samples, as they are made."""
        request, text = self.asked.request, _once(self.asked.text)
        with self.counter.waiting() as place:
            on_words = self.words.extend if self.timed else None
            speech = self.service.speaker.speak(request, text, on_words)
            async with aclosing(speech) as pieces:
                async for piece in pieces:
                    place.leave()
                    self.samples += len(piece) // 2
                    yield piece
        if not self.samples:
            yield _SILENCE

    async def encoded(self) -> AsyncGenerator[bytes, None]:
        """Yield it in the format that was asked for, each piece as soon as there is one. A piece is
        empty only where words were told of that it has no sound for yet."""
        work = self.service.encoding
        encoder = self.asked.format.encoder()
        async with aclosing(self.pcm()) as pieces:
            async for pcm in pieces:
                if (ahead := self._ahead()) < AT_ONCE_SECONDS:  # nobody waits for a thread
                    piece = encoder.encode(pcm)
                else:
                    async with self.turns.turn(ahead):
                        piece = await work(partial(encoder.encode, pcm))
                if piece or self.words:
                    yield piece
        if piece := await work(encoder.finish):
            yield piece

    def _ahead(self) -> float:
        """Return how many seconds of sound there are more than could have been heard."""
        now = asyncio.get_running_loop().time()
        if self.began is None:
            self.began = now
        return self.samples / SAMPLE_RATE - (now - self.began)

    def taken(self) -> list[TimedWord]:
        """Return the words that were told of since the last call."""
        words, self.words = self.words[:], []
        return words


class _Place:
    """Of a request that waits for its first sound."""

    def __init__(self, counter: "Counter") -> None:
        self._counter = counter
        self._waits = True

    def leave(self) -> None:
        """Wait no more."""
        self._counter.count -= self._waits
        self._waits = False

    def __enter__(self) -> "_Place":
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()


class Counter:
    """How many requests wait for their first sound, and may."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.count = 0

    def waiting(self) -> _Place:
        """Return the place of one more.

        Raises:
            Overloaded: there are too many.
        """
        if self.count >= self._most:
            raise Overloaded(f"{self.count} requests wait for their turn; ask again later")
        self.count += 1
        return _Place(self)


class Turns:
    """What is done with sound that is far ahead of its listener: one piece after the other, with a
    pause after each. So others wait for no more than one, and have half the time of the event loop,
    however many downloads there are and however fast the engine is."""

    def __init__(self, seconds_ahead: float) -> None:
        self._seconds_ahead = seconds_ahead
        self._one = asyncio.Lock()

    @asynccontextmanager
    async def turn(self, ahead: float) -> AsyncIterator[None]:
        """Wait for one's turn, if the sound is so many seconds `ahead` that it can wait."""
        if ahead <= self._seconds_ahead:
            yield
            return
        now = asyncio.get_running_loop().time
        async with self._one:
            began = now()
            yield
            await asyncio.sleep(min(now() - began, LONGEST_PAUSE_SECONDS))


class SpeechEndpoints:
    """What answers requests for speech."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._counter = Counter(service.limits.queued_requests)
        self._turns = Turns(service.limits.seconds_ahead)

    async def speech(self, incoming: Incoming) -> Streamed:
        """`POST /v1/audio/speech`."""
        speech = await self._asked(incoming)
        if speech.asked.sse:
            return Streamed(_events(speech), "text/event-stream; charset=utf-8")
        return Streamed(_sound(speech), speech.asked.format.content_type)

    async def captioned(self, incoming: Incoming) -> Streamed | Response:
        """`POST /dev/captioned_speech`, as Kokoro-FastAPI has it."""
        speech = await self._asked(incoming, timed=True)
        if speech.asked.stream:
            return Streamed(_lines(speech), "application/x-ndjson")
        return Streamed(_one_object(speech), "application/json")

    async def captions(self, incoming: Incoming) -> Response:
        """`POST /v1/audio/captions`: what was said when, as SubRip or WebVTT."""
        speech = await self._asked(incoming, timed=True)
        words: list[TimedWord] = []
        async with aclosing(speech.pcm()) as pieces:
            async for _ in pieces:
                words += speech.taken()
        kind = speech.asked.captions
        media = "text/vtt" if kind == "vtt" else "application/x-subrip"
        return Response(subtitles(words, kind), media_type=f"{media}; charset=utf-8")

    async def _asked(self, incoming: Incoming, *, timed: bool = False) -> Speech:
        limits = self._service.limits
        body = await body_of(incoming, limits.data_bytes, limits.frame_seconds)
        fields = fields_in(body)
        known = await self._known() if names_openai_voice(fields) else ()
        asked = asked_in(fields, limits, self._service.versions, self._service.languages, known)
        return Speech(asked, self._service, self._counter, self._turns, timed)

    async def _known(self) -> list[str]:
        return [voice.name for voice in await self._service.elsewhere(self._service.voices)]


async def _sound(speech: Speech) -> AsyncGenerator[bytes, None]:
    """Yield the sound."""
    async with aclosing(speech.encoded()) as pieces:
        async for piece in pieces:
            if piece:
                yield piece


async def _events(speech: Speech) -> AsyncGenerator[bytes, None]:
    """Yield the events of OpenAI's `stream_format: sse`."""
    begun = False
    try:
        async with aclosing(_sound(speech)) as pieces:
            async for piece in pieces:
                begun = True
                yield _event({"type": "speech.audio.delta", "audio": _base64(piece)})
    except Exception as failure:
        if begun:  # who reads events can be told
            yield _event({"type": "error", **told(failure)})
        raise
    read, made = len(speech.asked.text), speech.samples * 1000 // SAMPLE_RATE
    usage = {"input_tokens": read, "output_tokens": made, "total_tokens": read + made}
    yield _event({"type": "speech.audio.done", "usage": usage})


async def _lines(speech: Speech) -> AsyncGenerator[bytes, None]:
    """Yield lines of JSON: a piece of sound each, and the words that begin to be heard."""
    async with aclosing(speech.encoded()) as pieces:
        async for piece in pieces:
            yield _json(_captioned(speech, piece, speech.taken())) + b"\n"


async def _one_object(speech: Speech) -> AsyncGenerator[bytes, None]:
    """Yield the sound and its words in one."""
    sound, words = bytearray(), list[TimedWord]()
    async with aclosing(speech.encoded()) as pieces:
        async for piece in pieces:
            sound += piece
            words += speech.taken()
    yield _json(_captioned(speech, bytes(sound), words))


def _captioned(speech: Speech, piece: bytes, words: Sequence[TimedWord]) -> dict[str, Any]:
    return {
        "audio": _base64(piece),
        "audio_format": speech.asked.format.content_type,
        "timestamps": [
            {
                "word": bare(word.text),
                "start_time": round(word.start, 3),
                "end_time": round(word.end, 3),
                "written": word.text,
                "exact": word.exact,
            }
            for word in words
        ],
    }


def _event(value: dict[str, Any]) -> bytes:
    return b"data: " + _json(value) + b"\n\n"


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


async def _once(text: str) -> AsyncIterator[str]:
    yield text
