"""The course of one job on a page: its texts in, sentence by sentence to the shelf, files out.

Everything that costs something is a step, which whoever runs the course remembers: where a course
is run again after a crash, its steps return what they did. A sentence that was made and not
remembered any more lies on the shelf, under the digest of what decides its sound.
"""

import logging
import os
import tempfile
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from wyoming_kokoro import audio
from wyoming_kokoro.errors import KokoroError
from wyoming_kokoro.job import Ask
from wyoming_kokoro.jobs import container
from wyoming_kokoro.jobs.shelf import Shelf, ShelfFailed, description_of
from wyoming_kokoro.speech import SAMPLE_RATE
from wyoming_kokoro.synthesis.narration import Narrator, Spoken, Terms
from wyoming_kokoro.text.passage import Passage, Pause

log = logging.getLogger(__name__)

T = TypeVar("T")

CHAPTER_SECONDS = 1.0
"""Of silence between two chapters of a file."""

_NOTHING_SAID = audio.silence(0.1)
"""What a file holds of which nothing is said, so that it is a sound file all the same."""

_SAMPLE_BYTES = 2

_LEAST_PRIORITY = 19


class Steps(Protocol):
    """Who runs a course, and remembers what it did."""

    async def once(self, name: str, work: Callable[[], Awaitable[T]]) -> T:
        """Do `work`, which returns JSON, unless it was done in a run before; return what it did."""

    async def always(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do `work`."""


class Elsewhere(Protocol):
    """Runs a call off the event loop."""

    def __call__(self, work: Callable[[], T]) -> Awaitable[T]:
        """Return what `work` does."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What all courses share."""

    narrator: Narrator
    shelf: Shelf
    elsewhere: Elsewhere
    scratch: Path
    """Where files are made before they are kept: it has room for the largest."""


Tell = Callable[[float, str], Awaitable[None]]
"""Is told the share of the text that is spoken, and by whom."""


async def run(job: str, ask: Ask, tools: Tools, steps: Steps, tell: Tell) -> dict[str, Any]:
    """Speak the texts of a job; return the voice and the files, as JSON.

    Raises:
        KokoroError: it cannot be spoken.
    """
    course = _Course(job, ask, tools)
    texts = [await steps.always(partial(course.passages, part.text)) for part in ask.parts]
    terms = await steps.once("settle", partial(course.settle, texts))
    parts: list[list[dict[str, Any]]] = []
    done = 0
    for part, items in zip(ask.parts, texts, strict=True):
        parts.append([])
        before = done
        for item in items:
            if isinstance(item, Pause):
                parts[-1].append({"silence": item.seconds})
                continue
            speak = partial(course.speak, terms, item)
            parts[-1].append(await steps.once("sentence", speak))
            done += len(item.text)
            share = partial(tell, min(done / ask.characters, 0.999), terms["voice"])
            await steps.always(share)
        done = before + len(part.text)
    results = await steps.once("files", partial(course.write, parts))
    await steps.once("tidy", course.tidy)
    return {"voice": terms["voice"], "results": results}


class _Course:
    """The steps of one job."""

    def __init__(self, job: str, ask: Ask, tools: Tools) -> None:
        self._job = job
        self._ask = ask
        self._narrator = tools.narrator
        self._shelf = tools.shelf
        self._elsewhere = tools.elsewhere
        self._scratch = tools.scratch

    async def passages(self, text: str) -> list[Passage | Pause]:
        return await self._narrator.passages(text, self._ask.request)

    async def settle(self, texts: Sequence[Sequence[Passage | Pause]]) -> dict[str, Any]:
        said = [item for items in texts for item in items if isinstance(item, Passage)]
        terms = await self._narrator.settle(self._ask.request, said)
        return {"voice": terms.voice, "gains": dict(terms.gains)}

    async def speak(self, terms: dict[str, Any], passage: Passage) -> dict[str, Any]:
        """Make a passage, unless its piece is there."""
        settled = Terms(terms["voice"], terms["gains"])
        with ExitStack() as uses:
            prepare = self._narrator.prepare(self._ask.request, settled, passage, uses)
            prepared = await prepare
            piece = await self._elsewhere(partial(self._shelf.piece, self._job, prepared.key))
            if piece is None:
                piece = await self._narrator.speak(prepared)
                keep = partial(self._shelf.put_piece, self._job, prepared.key, piece)
                await self._elsewhere(keep)
                log.debug("a sentence was made: %s", prepared.key)
        return {"key": prepared.key, "samples": len(piece.pcm) // _SAMPLE_BYTES}

    async def write(self, parts: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
        """Write the files; a piece that is gone meanwhile fails the job."""
        files = [parts] if self._ask.joined else [[part] for part in parts]
        titles = [part.title for part in self._ask.parts]
        results = []
        for number, chapters in enumerate(files):
            named = titles if self._ask.joined else titles[number : number + 1]
            work = partial(self._write_file, number, chapters, named)
            results.append(await self._elsewhere(work))
        return results

    async def tidy(self) -> None:
        try:
            await self._elsewhere(partial(self._shelf.remove_pieces, self._job))
        except ShelfFailed as error:  # the job is done all the same; they go with it
            log.warning("pieces of a job stay for now: %s", error)

    def _write_file(
        self, number: int, parts: list[list[dict[str, Any]]], titles: Sequence[str]
    ) -> dict[str, Any]:
        _give_way()
        chapters = _chapters(parts, titles)
        kind = container.KINDS[self._ask.format]
        words: list[dict[str, Any]] = []
        name = f"{number}.{self._ask.format}"
        with tempfile.TemporaryDirectory(dir=self._scratch) as folder:
            path = Path(folder) / name
            container.write(path, kind, self._sound(parts, words), chapters, self._ask.title)
            self._shelf.put_file(self._job, name, path)
            told = path.with_suffix(".json")
            told.write_bytes(description_of(words, chapters))
            self._shelf.put_file(self._job, told.name, told)
            return {
                "name": name,
                "size": path.stat().st_size,
                "seconds": chapters[-1]["end"],
                "chapters": chapters,
            }

    def _sound(
        self, parts: list[list[dict[str, Any]]], words: list[dict[str, Any]]
    ) -> Iterator[bytes]:
        """Yield the samples of chapters, and note when their words are heard."""
        samples = 0
        for number, part in enumerate(parts):
            for item in _with_silence(part, last=number == len(parts) - 1):
                spoken = self._piece(item)
                words += [_word(word, samples / SAMPLE_RATE) for word in spoken.words]
                samples += len(spoken.pcm) // _SAMPLE_BYTES
                yield spoken.pcm

    def _piece(self, item: dict[str, Any]) -> Spoken:
        if "silence" in item:
            return Spoken(audio.to_int16(audio.silence(item["silence"])), ())
        piece = self._shelf.piece(self._job, item["key"])
        if piece is None:
            raise PieceGone("a sentence that was spoken is not on the shelf any more; ask again")
        return piece


def _give_way() -> None:
    """Have the processor, in this thread, only as far as nobody else wants it: a book takes minutes
    to encode."""
    with suppress(OSError):  # not every container allows it
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LEAST_PRIORITY)


class PieceGone(KokoroError):
    """Somebody has removed what was kept of a job that goes on."""

    code = "piece-gone"


def _with_silence(part: list[dict[str, Any]], *, last: bool) -> list[dict[str, Any]]:
    """Return what a chapter consists of, with the silence behind it."""
    if not part:
        return [{"silence": len(_NOTHING_SAID) / SAMPLE_RATE}]
    return part if last else [*part, {"silence": CHAPTER_SECONDS}]


def _chapters(parts: list[list[dict[str, Any]]], titles: Sequence[str]) -> list[dict[str, Any]]:
    """Return the chapters of a file, with their seconds."""
    chapters: list[dict[str, Any]] = []
    at = 0
    for number, (part, title) in enumerate(zip(parts, titles, strict=True)):
        start = at
        for item in _with_silence(part, last=number == len(parts) - 1):
            at += item["samples"] if "key" in item else round(item["silence"] * SAMPLE_RATE)
        times = {"start": round(start / SAMPLE_RATE, 3), "end": round(at / SAMPLE_RATE, 3)}
        chapters.append({"title": title or f"{number + 1}", **times})
    return chapters


def _word(word: Any, at: float) -> dict[str, Any]:  # noqa: ANN401 a word of any engine
    times = {"start": round(at + word.start, 3), "end": round(at + word.end, 3)}
    return {"word": word.text, **times, "exact": word.exact}
