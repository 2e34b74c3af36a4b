"""Replies and what people say for them, from a file; and what is heard of phonemes."""

import re
from pathlib import Path

from tests.support.languages import ALL
from tests.support.places import ROOT
from wyoming_kokoro.speech import Language, language_named
from wyoming_kokoro.text.passage import Passage
from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd
from wyoming_kokoro.text.reading.reader import TextReader

_UNHEARD = re.compile(r"[\s.,;:!?…—–\-\"'“”‘’()ˈˌ¡¿]")
_END = ". ”)"


def misread(code: str) -> tuple[list[str], int]:
    """Return the replies of a language that sound otherwise than people say them, and their number.

    A reply is right when its phonemes are those of one of its spoken forms, without marks,
    spaces and stress.
    """
    language, front_end = language_named(code, ALL), FrontEnd()
    replies = rows(ROOT / "tests/text/normalize" / f"replies.{code[:2]}.tsv")
    wrong = []
    for text, forms in replies:
        heard, *wanted = (
            unmarked(front_end.phonemize(said, language, "misaki").symbols)
            for said in (text, *forms.split("||"))
        )
        if heard not in wanted:
            wrong.append(f"{text} -> {front_end.spoken(text, language)}")
    return wrong, len(replies)


def heard(front_end: FrontEnd, text: str, language: Language) -> str:
    """Return the phonemes of a whole `text`, read as one that streams in."""
    reader = TextReader(language=language)
    parts = (*reader.add(text), *reader.finish())
    passages = (part for part in parts if isinstance(part, Passage))
    return " ".join(
        front_end.phonemize(passage.spans, language, "misaki").symbols for passage in passages
    )


def unmarked(symbols: str) -> str:
    """Return phonemes without marks, spaces and stress."""
    return _UNHEARD.sub("", symbols)


def stops_within(symbols: str) -> int:
    """Return how many full stops are in the middle of phonemes."""
    return symbols.rstrip(_END).count(".")


def rows(path: Path) -> list[list[str]]:
    """Return the columns of each row of a table, comments left out."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
