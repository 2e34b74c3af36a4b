"""The answer to `describe`: voices come in, a Wyoming `info` event leaves, encoded once."""

from collections.abc import Callable, Sequence

from wyoming.info import Attribution, Info, TtsProgram, TtsVoice

from wyoming_kokoro.network.wire import encode
from wyoming_kokoro.speech import Voice

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
    """Encodes the answer to `describe` anew only when the voices have changed."""

    def __init__(self, voices: Callable[[], Sequence[Voice]], version: str) -> None:
        self._voices = voices
        self._version = version
        self._encoded_voices: tuple[Voice, ...] | None = None
        self._encoded = b""

    def encoded(self) -> bytes:
        """Return the event as it is sent."""
        voices = tuple(self._voices())
        if voices != self._encoded_voices:
            self._encoded = encode(build_info(voices, self._version).event())
            self._encoded_voices = voices
        return self._encoded
