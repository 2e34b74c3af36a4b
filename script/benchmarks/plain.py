"""A Wyoming server as one writes it in an afternoon, to compare with: a handler over kokoro-onnx
with the wyoming package's own server, one request at a time, each spoken whole."""

import argparse
import asyncio
import socket
import sys
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event
from wyoming.info import Describe, Info
from wyoming.server import AsyncEventHandler, AsyncServer
from wyoming.tts import Synthesize

from script.benchmarks.subjects import KokoroOnnx

THREADS = 2


def main(folder: str) -> None:
    """Serve at a free port, whatever port is asked for, until the process is ended."""
    argparse.ArgumentParser().parse_known_args()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        uri = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    handler = partial(_Handler, KokoroOnnx(Path(folder), THREADS).kokoro, asyncio.Lock())
    print(f"listening at {uri}", file=sys.stderr)
    asyncio.run(AsyncServer.from_uri(uri).run(handler))


class _Handler(AsyncEventHandler):
    """A connection."""

    def __init__(self, kokoro: Any, lock: asyncio.Lock, *streams: Any) -> None:
        super().__init__(*streams)
        self._kokoro, self._lock = kokoro, lock

    async def handle_event(self, event: Event) -> bool:
        """Answer an event."""
        if Describe.is_type(event.type):
            await self.write_event(Info().event())
        if Synthesize.is_type(event.type):
            text = Synthesize.from_event(event).text
            async with self._lock:
                pcm, rate = await asyncio.to_thread(self._kokoro.create, text, "af_heart")
            audio = (np.clip(pcm, -1, 1) * 32_767).astype("<i2").tobytes()
            shape = {"rate": rate, "width": 2, "channels": 1}
            await self.write_event(AudioStart(**shape).event())
            for start in range(0, len(audio), 9_600):
                await self.write_event(
                    AudioChunk(audio=audio[start : start + 9_600], **shape).event()
                )
            await self.write_event(AudioStop().event())
        return True
