"""What a client asked to hear, and the events that answer it.

The fields of its events come in, checked, and a request leaves; pieces of PCM come in, and
`audio-start`, chunks and `audio-stop` leave.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.tts import SynthesizeStopped

from wyoming_kokoro.audio.resampling import Resampler
from wyoming_kokoro.errors import BadRequest, TooLarge
from wyoming_kokoro.network.wire import EventWriter
from wyoming_kokoro.speech import SAMPLE_RATE, Request

_TEXT_FORMATS = ("text", "ssml")

_WIDTH: Final = 2
_CHANNELS: Final = 1
_SILENCE = bytes(SAMPLE_RATE // 10 * _WIDTH)
"""A tenth of a second, at 24 kHz, so that an answer without speech is a sound file all the same."""


class Utterance(AsyncIterator[str]):
    """A request and its text, which is iterated over while it arrives."""

    def __init__(self, request: Request, *, streamed: bool, characters: int) -> None:
        """`streamed` text is answered as a stream; it may be `characters` long in all."""
        self.request = request
        self.streamed = streamed
        self._limit = characters
        self._characters = 0
        self._pieces = asyncio.Queue[str | None]()

    def add(self, text: str) -> None:
        """Append `text`.

        Raises:
            TooLarge: there is more text now than is allowed.
        """
        self._characters += len(text)
        if self._characters > self._limit:
            raise TooLarge(f"the text is longer than {self._limit} characters; send it in parts")
        if text:
            self._pieces.put_nowait(text)

    def end(self) -> None:
        """Say that no more text will come."""
        self._pieces.put_nowait(None)

    async def __anext__(self) -> str:
        piece = await self._pieces.get()
        if piece is None:
            self.end()  # for whoever asks again
            raise StopAsyncIteration
        return piece


class Reply:
    """One cycle of `audio-start audio-chunk* audio-stop`, with timestamps in milliseconds."""

    def __init__(self, writer: EventWriter, *, streamed: bool, rate: int = SAMPLE_RATE) -> None:
        """A `streamed` reply ends with `synthesize-stopped` as well. The client gets samples at
        `rate` hertz."""
        self._writer = writer
        self._streamed = streamed
        self._rate = rate
        self._resampler = None if rate == SAMPLE_RATE else Resampler(rate)
        self._samples = 0
        self.begun = False
        """Whether any sound was sent."""

    async def sound(self, pcm: bytes) -> None:
        """Send int16 samples at 24 kHz, after `audio-start` if they are the first.

        Raises:
            PeerGone: nobody takes them.
        """
        if not pcm:
            return
        if not self.begun:
            self.begun = True
            start = AudioStart(self._rate, _WIDTH, _CHANNELS, timestamp=0)
            await self._writer.send(start.event())
        await self._send(self._resampler.resampled(pcm) if self._resampler else pcm)

    async def end(self) -> None:
        """Send what completes the answer.

        Raises:
            PeerGone: nobody takes it.
        """
        if not self.begun:
            await self.sound(_SILENCE)
        if self._resampler:
            await self._send(self._resampler.resampled(b"", last=True))
        await self._writer.send(AudioStop(timestamp=self._milliseconds()).event())
        if self._streamed:
            await self._writer.send(SynthesizeStopped().event())

    async def _send(self, pcm: bytes) -> None:
        if not pcm:
            return
        chunk = AudioChunk(self._rate, _WIDTH, _CHANNELS, pcm, timestamp=self._milliseconds())
        self._samples += len(pcm) // (_WIDTH * _CHANNELS)
        await self._writer.send(chunk.event())

    def _milliseconds(self) -> int:
        return self._samples * 1000 // self._rate


def request_from(data: dict[str, Any]) -> Request:
    """Return what `synthesize` or `synthesize-start` asks for, besides the text.

    Raises:
        BadRequest: a field is not of the type or not one of the values it may have.
    """
    voice = data.get("voice")
    if voice is None:
        voice = {}
    if not isinstance(voice, dict):
        raise BadRequest("voice must be a JSON object with a name or a language")
    _optional_string(voice, "speaker")  # no voice of Kokoro has several
    text_format = _optional_string(data, "text_format") or "text"
    if text_format not in _TEXT_FORMATS:
        raise BadRequest(f"text_format must be one of {', '.join(_TEXT_FORMATS)}")
    return Request(
        voice=_optional_string(voice, "name") or None,
        language=_optional_string(voice, "language") or None,
        text_format=text_format,
    )


def text_from(data: dict[str, Any]) -> str:
    """Return the text of `synthesize` or `synthesize-chunk`.

    Raises:
        BadRequest: there is none, or it is not a string.
    """
    text = data.get("text")
    if not isinstance(text, str):
        raise BadRequest("text must be a string")
    return text


def _optional_string(data: dict[str, Any], field: str) -> str | None:
    value = data.get(field)
    if value is not None and not isinstance(value, str):
        raise BadRequest(f"{field} must be a string")
    return value
