"""What clients do: the doors of a server in, requests made, and what became of each out."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass

import httpx

from wyoming_kokoro.errors import KokoroError
from wyoming_kokoro.network.client import speak
from wyoming_kokoro.speech import Request

FAMILIAR = (
    "Done.",
    "The light in the kitchen is on.",
    "The washing machine is ready; the dryer takes longer.",
)
"""What is said again and again: the server has kept it."""

NEW = ("It is {number} degrees.", "{number} messages.", "In {number} minutes.")

NEW_SHARE = 0.15
"""Of requests, which cost the engine something, in a voice that may be new as well."""

FORMATS = ("pcm", "wav", "mp3", "opus", "flac", "aac")

PATIENCE_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Doors:
    """Where a server listens."""

    wyoming: str
    http: str
    """Nothing for none."""


class Clients:
    """Makes requests by chance, at most `at_once` at a time."""

    def __init__(
        self,
        doors: Doors,
        voices: tuple[str, ...],
        new_voices: tuple[str, ...],
        seed: int,
        at_once: int = 4,
    ) -> None:
        self._doors = doors
        self._voices = voices
        self._new_voices = new_voices
        self._chance = random.Random(seed)
        self._at_once = at_once
        self.outcomes: Counter[str] = Counter()

    async def ask(self, requests: int) -> None:
        """Make so many requests, and wait until all have ended."""
        left = iter(range(requests))
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as web:

            async def client() -> None:
                for _ in left:
                    self.outcomes[await self._one(web)] += 1

            await asyncio.gather(*(client() for _ in range(self._at_once)))

    async def _one(self, web: httpx.AsyncClient) -> str:
        """Make a request; return what became of it, in a word or two."""
        chance = self._chance
        text, voice = chance.choice(FAMILIAR), chance.choice(self._voices)
        if chance.random() < NEW_SHARE:
            text = chance.choice(NEW).format(number=chance.randint(1, 1000))
            voice = chance.choice(self._new_voices)
        hangs_up = chance.random() < 0.1
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                if self._doors.http and chance.random() < 0.5:
                    return await self._over_http(web, text, voice, hangs_up=hangs_up)
                return await self._over_wyoming(text, voice, hangs_up=hangs_up)
        except TimeoutError:
            return "failed: no end"
        except (KokoroError, OSError, httpx.HTTPError) as error:
            return f"failed: {type(error).__name__}: {error}"[:100]

    async def _over_wyoming(self, text: str, voice: str, *, hangs_up: bool) -> str:
        streaming, heard = self._chance.random() < 0.5, 0
        uri, request = self._doors.wyoming, Request(voice=voice)
        async with speak(
            uri, text, request, streaming=streaming, silence_seconds=PATIENCE_SECONDS
        ) as speech:
            async for chunk in speech:
                heard += len(chunk)
                if hangs_up:
                    return "wyoming, hung up"
        return "wyoming" if heard else "failed: nothing was heard"

    async def _over_http(
        self, web: httpx.AsyncClient, text: str, voice: str, *, hangs_up: bool
    ) -> str:
        form = self._chance.choice(FORMATS)
        body = {"model": "kokoro", "input": text, "voice": voice, "response_format": form}
        heard, url = 0, f"{self._doors.http}/v1/audio/speech"
        async with web.stream("POST", url, json=body) as answer:
            if answer.status_code != httpx.codes.OK:
                return f"failed: HTTP {answer.status_code}"
            async for chunk in answer.aiter_bytes():
                heard += len(chunk)
                if hangs_up:
                    return "http, hung up"
        return "http" if heard else "failed: nothing was heard"
