"""Replies and what people say for them, from a file; and what is heard of phonemes."""

import re
from pathlib import Path

from tests.support.places import ROOT
from wyoming_kokoro.speech import language_named
from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd

_UNHEARD = re.compile(r"[\s.,;:!?…—–\-\"'“”‘’()ˈˌ¡¿]")


def misread(code: str) -> tuple[list[str], int]:
    """Return the replies of a language that sound otherwise than people say them, and their number.

    A reply is right when its phonemes are those of one of its spoken forms, without marks,
    spaces and stress.
    """
    language, front_end = language_named(code), FrontEnd()
    rows = [
        row.split("\t") for row in _lines(ROOT / "tests/text/normalize" / f"replies.{code[:2]}.tsv")
    ]
    wrong = []
    for text, forms in rows:
        heard, *wanted = (
            _UNHEARD.sub("", front_end.phonemize(said, language, "misaki").symbols)
            for said in (text, *forms.split("||"))
        )
        if heard not in wanted:
            wrong.append(f"{text} -> {front_end.spoken(text, language)}")
    return wrong, len(rows)


def _lines(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]
