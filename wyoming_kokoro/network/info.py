"""The answer to `describe`: voices come in, a Wyoming `info` event leaves, encoded once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from wyoming.info import Attribution, Info, TtsProgram, TtsVoice

from wyoming_kokoro.errors import KokoroError
from wyoming_kokoro.network.wire import encode
from wyoming_kokoro.speech import Voice

_LOG = logging.getLogger(__name__)

REFRESH_SECONDS = 2.0
"""After which a voice that a user has added is described at the latest, or about."""

_NAMES_LOGGED = 8
"""Names of voices in a line of the log."""

Elsewhere = Callable[[Callable[[], None]], Awaitable[None]]
"""Runs a call off the event loop."""

_ATTRIBUTION = Attribution(name="hexgrad", url="https://huggingface.co/hexgrad/Kokoro-82M")


def build_info(voices: Sequence[Voice], version: str) -> Info:
    """Return what this server of `version` offers, the same for the same voices in any order.

    Home Assistant takes the program's name for its entity's, and a voice's description for its
    label; it compares answers and rebuilds its entities when one differs.
    """
    program = TtsProgram(
        name="kokoro",
        description="Kokoro-82M, natural voices while the text still arrives",
        attribution=_ATTRIBUTION,
        installed=True,
        version=version,
        voices=[_tts_voice(voice) for voice in sorted(voices, key=lambda voice: voice.name)],
        supports_synthesize_streaming=True,
    )
    return Info(tts=[program])


def _tts_voice(voice: Voice) -> TtsVoice:
    return TtsVoice(
        name=voice.name,
        description=voice.description,
        attribution=_ATTRIBUTION,
        installed=True,
        version=None,
        languages=[voice.language.code],
    )


class Description:
    """The answer to `describe`, encoded when the voices change and not when somebody asks.

    `voices` tells what is offered, and reads folders for that: when clients are served already, a
    description is refreshed elsewhere than on the event loop.
    """

    def __init__(self, voices: Callable[[], Sequence[Voice]], version: str) -> None:
        self._voices = voices
        self._version = version
        self._complaint = ""
        self._described = tuple(voices())
        self._encoded = self._encode()

    def encoded(self) -> bytes:
        """Return the event as it is sent, with the voices as they were at the last refresh."""
        return self._encoded

    def refresh(self) -> None:
        """Take up the voices as they are now; where they cannot be told, keep those known."""
        try:
            voices = tuple(self._voices())
        except (KokoroError, OSError) as error:  # as a voice that goes while it is looked at
            self._complain(str(error))
            return
        self._complaint = ""
        if voices != self._described:
            before, self._described = self._described, voices
            self._encoded = self._encode()
            _log_changes(before, voices)

    async def keep_current(self, elsewhere: Elsewhere, seconds: float = REFRESH_SECONDS) -> None:
        """Refresh every so many `seconds`, through `elsewhere`, until cancelled."""
        while True:
            await asyncio.sleep(seconds)
            await elsewhere(self.refresh)

    def _encode(self) -> bytes:
        return encode(build_info(self._described, self._version).event())

    def _complain(self, reason: str) -> None:
        """Warn once of each reason, however often it is met again."""
        if reason != self._complaint:
            self._complaint = reason
            _LOG.warning("the voices cannot be listed anew: %s", reason)


def _log_changes(before: Sequence[Voice], now: Sequence[Voice]) -> None:
    """Log what has come and gone: who adds a voice waits for it."""
    old, new = {voice.name for voice in before}, {voice.name for voice in now}
    for what, names in (("now", new - old), ("no longer", old - new)):
        if names:
            more = f" and {len(names) - _NAMES_LOGGED} more" if len(names) > _NAMES_LOGGED else ""
            _LOG.info("%s offered: %s%s", what, ", ".join(sorted(names)[:_NAMES_LOGGED]), more)
