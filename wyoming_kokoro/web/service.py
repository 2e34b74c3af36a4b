"""What the pages and requests over HTTP need of the rest, and who owns it: `app` wires it."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from wyoming_kokoro.config import Limits
from wyoming_kokoro.job import Ask, Job
from wyoming_kokoro.models.languages import NOTHING_DECLARED, Declared
from wyoming_kokoro.speech import Language, Request, Voice

T = TypeVar("T")


class TimedWord(Protocol):
    """A word as it is written, and when it is heard."""

    @property
    def text(self) -> str:
        """The word, with the marks at it."""

    @property
    def start(self) -> float:
        """Seconds from the beginning of the speech."""

    @property
    def end(self) -> float:
        """The same."""

    @property
    def exact(self) -> bool:
        """False where it is an estimate."""


class Speaker(Protocol):
    """Who makes speech."""

    def speak(
        self,
        request: Request,
        text: AsyncIterator[str],
        on_words: Callable[[Sequence[TimedWord]], None] | None = None,
    ) -> AsyncGenerator[bytes, None]:
        """Speak `text` as `request` says.

        Yields int16 little-endian mono PCM at 24 kHz, nothing where the text holds nothing to say.
        `on_words` is told the words of a sentence before its sound. Closing it cancels the work.

        Raises:
            KokoroError: the speech cannot be made; the message is for the client.
        """


class Elsewhere(Protocol):
    """Runs a call off the event loop."""

    def __call__(self, work: Callable[[], T]) -> Awaitable[T]:
        """Return what `work` does."""


class JobKeeper(Protocol):
    """Who keeps jobs, and sees to it that they are spoken. All raise a `KokoroError` where that is
    not done here, or cannot be done now."""

    async def add(self, ask: Ask) -> Job:
        """Take a job."""

    async def get(self, job: str) -> Job | None:
        """Return a job, None where there is none."""

    async def latest(self, user: str | None, limit: int) -> Sequence[Job]:
        """Return the latest jobs, of one user or of all, without their texts."""

    async def remove(self, job: str) -> bool:
        """Stop a job and remove it; return whether there was one."""

    async def read(self, job: str, name: str) -> tuple[int, AsyncGenerator[bytes, None]] | None:
        """Return how many bytes a file of a job has, and their pieces; None where it is gone."""


@dataclass(frozen=True, slots=True)
class OwnFiles:
    """What users have added, and may change here."""

    lexicon: Path
    voices: Path
    """The folder of their voices."""
    pack_rows: int | None
    """Rows of a voice of the model; None where any number will do."""
    declared: Declared = NOTHING_DECLARED
    """Languages that they may speak besides those of the released models."""


@dataclass(frozen=True, slots=True)
class Service:
    """What all requests share."""

    speaker: Speaker
    limits: Limits
    voices: Callable[[], Sequence[Voice]]
    """Those that are offered. Looks at folders: not for the event loop."""
    versions: Mapping[str, str]
    """Names of the model versions, and the voice of each that speaks where none is named; the first
    is the version of voices which name none."""
    languages: Sequence[Language]
    """Those that there may be voices of."""
    status: Callable[[], dict[str, Any]]
    """What the server does now, for people and programs: JSON."""
    is_ready: Callable[[], bool]
    """Whether a request would be spoken by the model, or by whoever stands in as the settings
    want it."""
    metrics: Callable[[], bytes]
    """The figures in the text format of Prometheus."""
    elsewhere: Elsewhere
    """Reads and writes files."""
    encoding: Elsewhere
    """Encodes sound."""
    own: OwnFiles
    jobs: JobKeeper
