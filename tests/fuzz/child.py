"""Texts in, one a line, what is wrong with their reading out: the process that may die of it.

A line in is a JSON object of `text`, `language` and `notation`; a line out one of `spent`, in
seconds of the processor, and `wrong`, "" where all is well.
"""

import json
import sys
import time
import traceback

from wyoming_kokoro.models.catalog import Notation
from wyoming_kokoro.speech import Language, Phonemes, language_named
from wyoming_kokoro.text.passage import Passage
from wyoming_kokoro.text.pronouncing.installed import installed_languages
from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd
from wyoming_kokoro.text.reading.reader import TextReader


def main() -> None:
    """Read what comes until nothing does."""
    front_end = FrontEnd()
    for language in installed_languages():  # what is loaded once is not to count
        front_end.phonemize("OK, 5 km @ 7 名。", language, "misaki")
    for line in sys.stdin:
        asked = json.loads(line)
        began = time.process_time()
        try:
            language = language_named(asked["language"])
            wrong = _read(front_end, asked["text"], language, asked["notation"])
        except Exception:
            wrong = "".join(traceback.format_exc().splitlines(keepends=True)[-7:])
        answer = {"spent": time.process_time() - began, "wrong": wrong}
        print(json.dumps(answer), flush=True)


def _read(front_end: FrontEnd, text: str, language: Language, notation: Notation) -> str:
    """Read `text` as a request is read; return what is wrong with it."""
    reader = TextReader()
    for item in (*reader.add(text), *reader.finish()):
        if isinstance(item, Passage):
            pieces = front_end.readable(item.spans, language)
            wrong = _wrong(front_end.phonemize(item.spans, language, notation), pieces)
            if wrong:
                return wrong
    return ""


def _wrong(read: Phonemes, pieces: list[Phonemes]) -> str:
    strings = (read.symbols, read.text, *(piece.text for piece in pieces))
    if not all(isinstance(string, str) for string in strings):
        return "no text came out"
    if controls := [char for string in strings for char in string if char < " "]:
        return f"control characters came out: {controls[:3]!r}"
    return "" if read.symbols == " ".join(read.symbols.split()) else "loose spaces came out"


if __name__ == "__main__":
    main()
