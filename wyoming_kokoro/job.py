"""What is asked for in a job, and what there is to tell of one: both travel as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from wyoming_kokoro.speech import Request

State = Literal["pending", "processing", "completed", "failed"]

MEDIA_TYPES = {
    "mp3": "audio/mpeg",
    "opus": "audio/ogg",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "pcm": "audio/pcm",
    "m4b": "audio/mp4",
}
"""Of the kinds of files that a job can make, by the endings of their names."""


@dataclass(frozen=True, slots=True)
class Part:
    """A text with a name: a chapter, or a text of its own."""

    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a job is to make."""

    parts: tuple[Part, ...]
    voice: str | None = None
    language: str | None = None
    """As a client wrote it; chooses the voice where `voice` is None."""
    speed: float = 1.0
    format: str = "mp3"
    joined: bool = True
    """Whether the parts are chapters of one file, or files of their own."""
    user_id: str = ""
    title: str = ""
    """Of the whole, where the file has room for it."""

    @property
    def request(self) -> Request:
        """Who is to speak, and how fast."""
        return Request(self.voice, self.language, rate=self.speed, paced=False, fallback=False)

    @property
    def characters(self) -> int:
        """Of all texts together."""
        return sum(len(part.text) for part in self.parts)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "parts": [[part.title, part.text] for part in self.parts],
            "voice": self.voice,
            "language": self.language,
            "speed": self.speed,
            "format": self.format,
            "joined": self.joined,
            "user_id": self.user_id,
            "title": self.title,
        }

    @staticmethod
    def from_json(fields: Mapping[str, Any]) -> "Ask":
        """Return what `to_json` has written."""
        parts = tuple(Part(text, title) for title, text in fields["parts"])
        return Ask(**{**fields, "parts": parts})


@dataclass(frozen=True, slots=True)
class Result:
    """A file that a job has made."""

    name: str
    """In the job's folder."""
    size: int
    """In bytes."""
    seconds: float
    chapters: Sequence[Mapping[str, Any]]
    """`title`, `start` and `end` of each, in seconds."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is known of a job."""

    id: str
    state: State
    progress: float
    """The share of the text that is spoken, 0 to 1."""
    created: float
    """Seconds of the epoch."""
    ended: float | None
    ask: Ask
    """Without its texts where many jobs are listed."""
    voice: str = ""
    """Who speaks, in canonical form; "" before that is settled."""
    reason: str = ""
    """Why it failed."""
    results: Sequence[Result] = ()
