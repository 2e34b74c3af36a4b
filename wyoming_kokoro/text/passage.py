"""What a text is spoken as: passages and pauses, and how each stretch of a passage is read."""

import re
from dataclasses import dataclass
from typing import Literal

SayAs = Literal[
    "characters", "digits", "cardinal", "ordinal", "date", "time", "telephone", "fraction"
]
"""What a stretch of text is, where its author says so (SSML's `interpret-as`)."""

LONGEST_PAUSE_SECONDS = 10.0

_DURATION = re.compile(r"\+?(\d{0,6}(?:\.\d{1,6})?)\s?(ms|s)?", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a passage. One that is nothing but text is read together with its neighbors."""

    text: str

    ipa: str = ""
    """How it is pronounced, whatever it is written like; "" where that is to be found out."""

    say_as: SayAs | None = None

    date_format: str = ""
    """The order of a date's parts, `dmy` or the like, where `say_as` is `date`."""

    language: str | None = None
    """Code of what it is read in, `fr` or `fr_FR`; None for the language of the voice."""

    emphatic: bool = False

    said: bool = False
    """Whether it was said in the passage before, and only tells how the sentence goes on."""

    @property
    def plain(self) -> bool:
        """Whether it is nothing but text."""
        return not (
            self.ipa
            or self.say_as
            or self.date_format
            or self.language
            or self.emphatic
            or self.said
        )

    @property
    def whole(self) -> bool:
        """Whether it stands or falls as one, so that no sentence may end within it."""
        return bool(self.ipa or self.say_as)


@dataclass(frozen=True, slots=True)
class Manner:
    """Who speaks, and how fast."""

    voice: str | None = None
    """Name of a voice as the author wrote it, None for the voice of the request."""

    language: str | None = None
    """Code of what the voice must speak, where the author asked for a voice by its language."""

    rate: float = 1.0
    """Factor on the speed of the voice, 0.5 to 2."""


AS_REQUESTED = Manner()

SENTENCE_END = Span("\n")
"""Between the sentences of a passage, where it has more than one: each is read for itself."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What is planned and spoken as one: a sentence or several short ones, or as much of it as has
    one manner."""

    spans: tuple[Span, ...]
    manner: Manner = AS_REQUESTED

    @property
    def text(self) -> str:
        """What is written, markup left out."""
        return "".join(span.text for span in self.spans if not span.said)


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence."""

    seconds: float
    """More than 0, at most `LONGEST_PAUSE_SECONDS`."""


def seconds_named(duration: str) -> float | None:
    """Return the seconds that `1.5s`, `500ms` or `2` mean, None where it is no duration."""
    found = _DURATION.fullmatch(duration.strip())
    if not found or not found.group(1):
        return None
    return float(found.group(1)) / (1000 if (found.group(2) or "").lower() == "ms" else 1)
