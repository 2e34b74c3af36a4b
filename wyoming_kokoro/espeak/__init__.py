"""espeak-ng: text and the name of a voice in, phonemes or samples out.

The library and its data come from `espeakng_loader`; they are free software under the GNU General
Public License, version 3 or later. All of it is one set of global variables in C, so there is one
handle, and one lock around every call.

It corrupts memory on some texts. So it is called in processes that do nothing else but read or
speak text (`isolation/`), and given no more than it can take (`pieces.py`).
"""

import ctypes
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from wyoming_kokoro.errors import EspeakUnavailable
from wyoming_kokoro.espeak.pieces import pieces
from wyoming_kokoro.isolation.process import Handler

SAMPLE_RATE: Final = 22_050
"""Samples a second of what espeak-ng speaks."""

TIE: Final = "\u0361"
"""Joins the letters of one phoneme in what `phonemes` returns: `a͡ɪ`, `t͡ʃ`."""

WORDS_A_MINUTE: Final = 175
"""espeak-ng's own pace."""

# From espeak-ng/speak_lib.h.
_SYNCHRONOUS = 2
_BUFFER_MS = 200
_DONT_EXIT = 0x8000
_UTF8 = 1
_BY_CHARACTER = 1
_IPA_WITH_TIE = 0x82 | ord(TIE) << 8
_RATE_PITCH_VOLUME = (1, 3, 2)
_PROSODY = (WORDS_A_MINUTE, 50, 100)
"""Rate, pitch and volume as espeak-ng has them."""

_LONGEST_PATH = 155
"""Characters of the data's path that espeak-ng 1.52 is sure to take."""

_VOICE_FILES = {"en-gb": "en", "fr-fr": "fr"}
"""Voices whose file has another name than their language tag; espeak-ng looks for files."""

_UNREADABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
"""Control characters (\\x01 starts a command to the synthesizer, \\0 ends the text), and lone
surrogates, which have no UTF-8."""

_LANGUAGE_SWITCH = re.compile(r"\([^)]*\)")
"""`(en)`: espeak-ng goes on in another language. Other parentheses it never writes."""

_OnSamples = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)

_lock = threading.Lock()


def voice_names() -> frozenset[str]:
    """Return the names of the voices, without the library being loaded; none where its data cannot
    be found."""
    try:
        import espeakng_loader

        files = Path(espeakng_loader.get_data_path(), "lang").rglob("*")
        return frozenset(file.name.lower() for file in files if file.is_file()) | {*_VOICE_FILES}
    except (ImportError, OSError, RuntimeError):
        return frozenset()


def phonemes(text: str, voice: str) -> str:
    """Return how `voice` (`en-us`, `pt-br`) pronounces `text`, in IPA with stress marks.

    The letters of one phoneme are joined by `TIE`; words are one space apart. Punctuation leaves
    nothing; clauses too are one space apart.

    Raises:
        EspeakUnavailable: the library, its data or the voice cannot be loaded.
    """
    with _lock:
        library = _started()
        library.select(voice)
        given = map(_encoded, pieces(text))
        clauses = " ".join(clause for piece in given for clause in library.clauses(piece))
    return " ".join(_LANGUAGE_SWITCH.sub("", clauses).split())


def samples(
    text: str, voice: str, *, rate: int = WORDS_A_MINUTE, pitch: int = 50, volume: int = 100
) -> bytes:
    """Return `voice` saying `text`: 16-bit samples in the machine's byte order, at 22,050 Hz.

    `voice` may name a variant: `en-us+michel`. `rate` is in words a minute (80 to 450), `pitch`
    goes from 0 to 99, `volume` from 0 to 200. The same arguments give the same samples, if the
    variant has no flutter: its phase outlives a call.

    Raises:
        EspeakUnavailable: the library, its data or the voice cannot be loaded.
    """
    with _lock:
        library = _started()
        library.select(voice, (rate, pitch, volume))
        return b"".join(library.speak(_encoded(piece)) for piece in pieces(text, spoken=True))


def service(_busy: Callable[[], None]) -> Handler:
    """Return what speaks for a `Worker`: `[text, voice, rate, pitch, volume]` in, samples out."""

    def speak(request: Any) -> bytes:  # noqa: ANN401 what JSON can hold
        text, voice, rate, pitch, volume = request
        return samples(text, voice, rate=rate, pitch=pitch, volume=volume)

    return speak


def _encoded(text: str) -> bytes:
    return _UNREADABLE.sub(" ", text).encode()


class _Library:
    """The loaded library. Whoever calls it holds the lock."""

    def __init__(self) -> None:
        self._library = _load()
        self._selected: tuple[str, tuple[int, int, int]] | None = None
        self._spoken = bytearray()
        # Kept as long as the library may call it.
        self._callback = _OnSamples(self._keep)
        self._library.espeak_SetSynthCallback(self._callback)
        self.select("en-us")

    def select(self, voice: str, prosody: tuple[int, int, int] = _PROSODY) -> None:
        """Read and speak as `voice` from here on, at this rate, pitch and volume."""
        if (voice, prosody) == self._selected:
            return
        self._selected = None
        # Before the voice: what is set while it loads stays in it.
        for parameter, value in zip(_RATE_PITCH_VOLUME, prosody, strict=True):
            self._library.espeak_SetParameter(parameter, value, 0)
        language, plus, variant = voice.partition("+")
        name = _VOICE_FILES.get(language, language) + plus + variant
        if self._library.espeak_SetVoiceByName(name.encode()):
            raise EspeakUnavailable(f"espeak-ng has no voice {voice!r}; {_REMEDY}")
        # The change lies in a ring of 170 commands to the synthesizer. Reading alone would never
        # empty it, only overrun it: then the next utterance is in another voice.
        self.speak(b"")
        self._selected = (voice, prosody)

    def clauses(self, text: bytes) -> Iterator[str]:
        """Yield the phonemes of each clause of `text`."""
        buffer = ctypes.create_string_buffer(text)
        rest = ctypes.c_void_p(ctypes.addressof(buffer))
        while rest.value:
            clause = self._library.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, _IPA_WITH_TIE)
            yield clause.decode(errors="ignore")

    def speak(self, text: bytes) -> bytes:
        """Return `text` spoken, as 16-bit samples."""
        self._spoken.clear()
        self._library.espeak_ng_SetRandSeed(1)
        failure = self._library.espeak_Synth(
            text, len(text) + 1, 0, _BY_CHARACTER, 0, _UTF8, None, None
        )
        if failure:
            raise EspeakUnavailable(f"espeak-ng does not speak (status {failure}); {_REMEDY}")
        return bytes(self._spoken)

    def _keep(self, wave: int | None, count: int, _events: int | None) -> int:
        if wave:
            self._spoken += ctypes.string_at(wave, 2 * count)
        return 0


_REMEDY = "reinstall it: pip install --force-reinstall espeakng-loader==0.2.4"

_state: _Library | EspeakUnavailable | None = None
"""The library once it is started, or why it did not start: a second try would find it half
initialized, and crash."""


def _started() -> _Library:
    global _state
    if _state is None:
        try:
            _state = _Library()
        except EspeakUnavailable as error:
            _state = error
    if isinstance(_state, EspeakUnavailable):
        raise EspeakUnavailable(*_state.args)
    return _state


def _load() -> ctypes.CDLL:
    """Load and initialize the library."""
    try:
        import espeakng_loader

        library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path()
        _declare(library)
    except (ImportError, OSError, RuntimeError, AttributeError) as error:
        raise EspeakUnavailable(f"espeak-ng does not load ({error}); {_REMEDY}") from error
    if library.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, data.encode(), _DONT_EXIT) <= 0:
        too_long = len(data.encode()) > _LONGEST_PATH
        remedy = f"install where it is at most {_LONGEST_PATH} characters" if too_long else _REMEDY
        raise EspeakUnavailable(f"espeak-ng cannot read its data in {data}; {remedy}")
    return library


def _declare(library: ctypes.CDLL) -> None:
    """Tell ctypes the signatures of what is called."""
    number, text, anything = ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p
    unsigned = ctypes.c_uint
    library.espeak_Initialize.argtypes = [number, number, text, number]
    library.espeak_SetSynthCallback.argtypes = [_OnSamples]
    library.espeak_SetVoiceByName.argtypes = [text]
    library.espeak_SetParameter.argtypes = [number, number, number]
    library.espeak_TextToPhonemes.argtypes = [ctypes.POINTER(anything), number, number]
    library.espeak_TextToPhonemes.restype = text
    library.espeak_ng_SetRandSeed.argtypes = [ctypes.c_long]
    library.espeak_Synth.argtypes = [
        text, ctypes.c_size_t, unsigned, number, unsigned, unsigned, anything, anything,
    ]  # fmt: skip
