"""A word in, its entry in a lexicon file out, found where it lies without reading the whole."""

import json
import mmap
from pathlib import Path

Entry = str | dict[str, str | None]
"""Phonemes of a word, or of each part of speech it can be."""

_START = b'\n  "'
"""Before the word of an entry; what is within an entry stands further in."""
_MIDDLE = b'": '


class SortedEntries:
    """A JSON object in the order of its words, with one line, or more, for each entry.

    Such a file is searched by halves, so that it takes neither time to load nor memory of its own.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._decoder = json.JSONDecoder()

    def find(self, word: str) -> Entry | None:
        """Return the entry of `word`, None if it has none."""
        wanted = json.dumps(word, ensure_ascii=False)[1:-1].encode(errors="replace")
        low, high = 0, len(self._data)
        while (start := self._start_near((low + high) // 2, low, high)) >= 0:
            end = self._data.find(_MIDDLE, start)
            found = self._data[start + len(_START) : end]
            if found == wanted:
                return self._value_at(end + len(_MIDDLE))
            low, high = (end, high) if found < wanted else (low, start)
        return None

    def _start_near(self, middle: int, low: int, high: int) -> int:
        """Return where an entry between `low` and `high` begins, -1 if none does."""
        start = self._data.rfind(_START, low, middle)
        return start if start >= 0 else self._data.find(_START, low, high)

    def _value_at(self, position: int) -> Entry:
        end = self._data.find(_START, position)
        text = self._data[position : end if end >= 0 else len(self._data)].decode()
        value: Entry = self._decoder.raw_decode(text)[0]
        return value
