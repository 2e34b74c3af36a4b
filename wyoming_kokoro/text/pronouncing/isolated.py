"""The front end in a process of its own: passages in, their phonemes out, whatever happens there.

It runs patterns and native code over what clients send. A passage that kills it, or that it cannot
read in time, is read once more in the plain, and skipped if that fails too; the next one meets a
new process.
"""

import json
import logging
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import fields
from operator import attrgetter
from pathlib import Path
from typing import Any

from wyoming_kokoro.isolation.process import Handler
from wyoming_kokoro.isolation.worker import Worker, WorkerFailed
from wyoming_kokoro.models.catalog import Notation
from wyoming_kokoro.speech import LANGUAGES, Language, Phonemes
from wyoming_kokoro.text.passage import Span

log = logging.getLogger(__name__)

MEMORY_BYTES = 2 * 1024**3
"""Address space of the process. The dictionaries of all languages together take a third of it."""

_LONGEST_PLAIN_WORD = 30

# `dataclasses.astuple` copies deeply, which takes longer than sending.
_span_fields = attrgetter(*(field.name for field in fields(Span)))
_language_fields = attrgetter(*(field.name for field in fields(Language)))


class IsolatedFrontEnd:
    """A `FrontEnd` whose faults cost one passage. Safe for use by threads; they take turns."""

    def __init__(
        self, lexicon: Path, seconds: float, languages: Sequence[Language] = LANGUAGES
    ) -> None:
        """`lexicon` is the file of what users want to be said in another way, and `seconds` the
        most that reading a passage may take, not counting the loading of its languages. A text may
        name any of `languages`."""
        service, known = f"{__name__}:service", json.dumps([*map(_language_fields, languages)])
        self._worker = Worker(service, str(lexicon), known, memory_bytes=MEMORY_BYTES)
        self._seconds = seconds

    def phonemize(
        self, text: str | Sequence[Span], language: Language, notation: Notation
    ) -> Phonemes:
        """Return how `text`, one passage, is pronounced; no symbols where nothing is spoken.

        Raises:
            UnknownLanguage, EspeakUnavailable: as `FrontEnd.phonemize`.
            SynthesisFailed: the process does not start.
            ShuttingDown: it was closed.
        """
        answer = self._ask(_spans(text), language, notation)
        return _phonemes(*answer[0]) if answer else Phonemes("", "", language)

    def readable(self, text: str | Sequence[Span], language: Language) -> list[Phonemes]:
        """Return what an engine that reads text is to say; see `FrontEnd.readable`.

        Raises:
            SynthesisFailed, ShuttingDown: as for `phonemize`.
        """
        return [_phonemes(*piece) for piece in self._ask(_spans(text), language, None)]

    def start(self) -> None:
        """Start the process already, without waiting for it."""
        self._worker.start()

    def close(self) -> None:
        """End the process."""
        self._worker.close()

    def _ask(
        self, spans: Sequence[Span], language: Language, notation: Notation | None
    ) -> list[list[Any]]:
        length = sum(len(span.text) for span in spans)
        for attempt, remedy in ((spans, "read in the plain"), ((_plain(spans),), "skipped")):
            request = [
                [_span_fields(span) for span in attempt],
                _language_fields(language),
                notation,
            ]
            try:
                pieces: list[list[Any]] = self._worker.ask(request, self._seconds)
            except WorkerFailed as failure:
                log.warning("a passage of %d characters is %s: %s", length, remedy, failure)
            else:
                return pieces
        return []


def service(busy: Callable[[], None], lexicon: str, known: str) -> Handler:
    """Return what reads passages, for a `Worker`; `lexicon` is the path of the user's file, `known`
    the languages that may be named, as JSON."""
    from wyoming_kokoro.text.pronouncing.lexicon import UserLexicon
    from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd

    languages = tuple(map(_language, json.loads(known)))
    front_end = FrontEnd(UserLexicon(Path(lexicon), languages), busy, languages)

    def read(request: Any) -> list[tuple[str, str, tuple[Any, ...]]]:  # noqa: ANN401 JSON
        spans, fields_of_language, notation = request
        passage, language = tuple(Span(*span) for span in spans), _language(fields_of_language)
        if notation is None:
            pieces = front_end.readable(passage, language)
        else:
            pieces = [front_end.phonemize(passage, language, notation)]
        return [(one.symbols, one.text, _language_fields(one.language)) for one in pieces]

    return read


def _spans(text: str | Sequence[Span]) -> Sequence[Span]:
    return (Span(text),) if isinstance(text, str) else text


def _phonemes(symbols: str, text: str, language: Sequence[Any]) -> Phonemes:
    return Phonemes(symbols, text, _language(language))


def _language(values: Sequence[Any]) -> Language:
    """Return a language of its fields, as JSON has them."""
    code, letter, name, espeak, locale, notation, replaced = values
    table = tuple((old, new) for old, new in replaced)
    return Language(code, letter, name, espeak, locale, notation, table)


def _plain(spans: Sequence[Span]) -> Span:
    """Return the letters and digits of `spans` in words that are not too long, each digit a word
    of its own: nothing that a pattern could be slow at, or a reader stumble over."""
    shown = "".join(map(_plain_sign, "".join(span.text for span in spans if not span.said)))
    size = _LONGEST_PLAIN_WORD
    words = (word[at : at + size] for word in shown.split() for at in range(0, len(word), size))
    return Span(" ".join(words))


def _plain_sign(char: str) -> str:
    """Return a letter, or what is written above or below one, as it is; a digit as a word."""
    kind = unicodedata.category(char)
    return char if kind[0] in "LM" else f" {char} " if kind == "Nd" else " "
