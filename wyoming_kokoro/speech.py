"""The nouns that flow from a request to sound, and the languages they are spoken in.

    Request -> Sentence -> Phonemes -> Tokens (+ Style) -> Plan -> Pcm

Everything here is immutable and knows nothing of sockets, files or models.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from wyoming_kokoro.errors import UnknownLanguage

if TYPE_CHECKING:  # who reads text has no use for the 15 MB of numpy
    import numpy as np
    import numpy.typing as npt

SAMPLE_RATE = 24_000
"""Samples a second of all speech, mono."""

FRAME_SAMPLES = 600
"""Samples in a frame, the model's unit of time: 25 ms."""

STYLE_SIZE = 256
"""Values in a style: 128 for the timbre (decoder), then 128 for the prosody (predictor)."""

MAX_PHONEMES = 510
"""Most tokens the model takes at once, the two paddings not counted."""

Pcm: TypeAlias = "npt.NDArray[np.float32]"
"""Mono speech at 24 kHz, shape (samples,), nominally within -1..1."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language that Kokoro has voices for."""

    code: str
    """As published to clients: `en_US`."""

    letter: str
    """First letter of the names of its voices."""

    name: str
    """For people: `US English`."""

    espeak: str
    """The voice of espeak-ng for it."""

    locale: str = ""
    """Whose numbers, dates and units it has, as CLDR names it: `sv`. "" where `code` tells."""

    notation: str = ""
    """What the phonemes of espeak-ng are written in, `misaki` or `espeak`, where the language was
    declared and is read by it; "" where the model version tells."""

    replaced: tuple[tuple[str, str], ...] = ()
    """Phonemes that are written as others, in this order, since the model has not learned them."""


LANGUAGES = (
    Language("en_US", "a", "US English", "en-us"),
    Language("en_GB", "b", "British English", "en-gb"),
    Language("es_ES", "e", "Spanish", "es"),
    Language("fr_FR", "f", "French", "fr-fr"),
    Language("hi_IN", "h", "Hindi", "hi"),
    Language("it_IT", "i", "Italian", "it"),
    Language("ja_JP", "j", "Japanese", "ja"),
    Language("pt_BR", "p", "Brazilian Portuguese", "pt-br"),
    Language("zh_CN", "z", "Mandarin Chinese", "cmn"),
)
"""Those that the released models speak. Others come with a checkpoint that declares them."""

US_ENGLISH = LANGUAGES[0]


def language_named(name: str, among: Sequence[Language] = LANGUAGES) -> Language:
    """Return the language that `name` means: `en_US`, `en-us`, `en`, `EN_us` ... .

    A bare language takes its first country; a country that has no voices (`en_AU`) takes the
    language's first one that does.

    Raises:
        UnknownLanguage: the language has no voices.
    """
    wanted = name.strip().replace("-", "_").lower()
    for language in among:
        if language.code.lower() == wanted:
            return language
    for language in among:
        if wanted.partition("_")[0] == language.code.partition("_")[0]:
            return language
    known = ", ".join(language.code for language in among)
    raise UnknownLanguage(f"no voice speaks {name[:40]!r}; languages are {known}")


def language_of_voice(name: str, among: Sequence[Language] = LANGUAGES) -> Language | None:
    """Return the language of the voice `name` by its first letter, None if it names none."""
    return next((lang for lang in among if name[:1] == lang.letter), None)


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice as it is offered to clients."""

    name: str
    """What a client sends: `af_heart`, `v0.19/af_bella`, or a configured blend's name."""

    language: Language

    female: bool | None
    """None where the name does not tell."""

    description: str
    """For people: `Heart (US English, female)`."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked for, besides the text itself."""

    voice: str | None = None
    """Name, blend or speed suffix, just as the client wrote it; None for the default voice."""

    language: str | None = None
    """Language code as the client wrote it; chooses the voice where `voice` is None."""

    text_format: str = "text"
    """`text` or `ssml`."""

    seed: int = 0
    """Chooses the noise of the harmonic source; the same seed gives the same speech."""

    rate: float = 1.0
    """Factor on the speed of the voice, and of those that markup asks for."""

    paced: bool = True
    """Whether the listener plays what comes, and should have it only so much ahead. Otherwise it is
    sent as soon as it is made."""

    fallback: bool = True
    """Whether the default voice may speak where `voice` does not exist, if the settings allow it.
    Not for a voice that markup asks for: that of the request is nearer."""


@dataclass(frozen=True, slots=True)
class Phonemes:
    """How a sentence is pronounced."""

    symbols: str
    """One character a phoneme, in the notation of the model version that is to speak it."""

    text: str
    """The words that are spoken, markup gone and numbers written out."""

    language: Language


@dataclass(frozen=True, slots=True)
class Tokens:
    """Phonemes as the model's numbers, at most `MAX_PHONEMES` of them, without padding.

    An engine that speaks from text (`Engine.reads == "text"`) gets no ids, only `phonemes.text`.
    """

    ids: tuple[int, ...]
    phonemes: Phonemes
    symbols: str = ""
    """The symbol of each id: `phonemes.symbols` less those that the model does not know."""


@dataclass(frozen=True, slots=True, eq=False)
class Style:
    """How a voice speaks: the row of a voice pack that fits the sentence's length."""

    vector: "npt.NDArray[np.float32]"
    """Shape (256,): timbre, then prosody. Zeros for an engine that speaks from text."""

    language: Language
    female: bool

    voice: str = ""
    """Tells the voice pack, or blend of them, from others: a digest of its values."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A whole sentence, decided but not yet voiced. Engines add what they need in a subclass."""

    tokens: Tokens

    frames: int
    """Length of the sentence; 1 frame = 600 samples = 25 ms."""

    durations: "npt.NDArray[np.int64]"
    """Frames of each token, the padding before and after included: shape (len(ids) + 2,), sum
    `frames`. Empty where the engine knows none."""

    f0: "npt.NDArray[np.float32]"
    """Pitch in hertz, shape (2 * frames,); 0 where unvoiced."""

    energy: "npt.NDArray[np.float32]"
    """Loudness in the engine's own scale, shape (2 * frames,)."""

    @property
    def divisible(self) -> bool:
        """Whether a part of the sentence sounds as it does in the whole: where it does not, all of
        it has to be voiced at once."""
        return True
