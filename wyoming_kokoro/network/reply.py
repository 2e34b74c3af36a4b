"""The audio events of one answer: pieces of PCM come in, start, chunks and stop leave."""

from typing import Final

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.tts import SynthesizeStopped

from wyoming_kokoro.network.wire import EventWriter
from wyoming_kokoro.speech import SAMPLE_RATE

_WIDTH: Final = 2
_CHANNELS: Final = 1
_SILENCE = bytes(SAMPLE_RATE // 10 * _WIDTH)
"""A tenth of a second, so that an answer without speech is a sound file all the same."""


class Reply:
    """One cycle of `audio-start audio-chunk* audio-stop`, with timestamps in milliseconds."""

    def __init__(self, writer: EventWriter, *, streamed: bool) -> None:
        """A `streamed` reply ends with `synthesize-stopped` as well."""
        self._writer = writer
        self._streamed = streamed
        self._samples = 0
        self.begun = False
        """Whether any sound was sent."""

    async def sound(self, pcm: bytes) -> None:
        """Send int16 samples, after `audio-start` if they are the first.

        Raises:
            ClientGone: nobody takes them.
        """
        if not pcm:
            return
        if not self.begun:
            self.begun = True
            start = AudioStart(SAMPLE_RATE, _WIDTH, _CHANNELS, timestamp=0)
            await self._writer.send(start.event())
        chunk = AudioChunk(SAMPLE_RATE, _WIDTH, _CHANNELS, pcm, timestamp=self._milliseconds())
        self._samples += len(pcm) // (_WIDTH * _CHANNELS)
        await self._writer.send(chunk.event())

    async def end(self) -> None:
        """Send what completes the answer.

        Raises:
            ClientGone: nobody takes it.
        """
        if not self.begun:
            await self.sound(_SILENCE)
        await self._writer.send(AudioStop(timestamp=self._milliseconds()).event())
        if self._streamed:
            await self._writer.send(SynthesizeStopped().event())

    def _milliseconds(self) -> int:
        return self._samples * 1000 // SAMPLE_RATE
