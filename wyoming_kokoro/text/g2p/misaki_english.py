"""misaki's English module, imported without spaCy, and its lexicon, loaded without the wait:
an entry is found where it lies in its file, without reading the whole.
"""

import importlib
import json
import mmap
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import as_file, files
from operator import attrgetter
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, cast

Entry = str | dict[str, str | None]
"""Phonemes of a word, or of each part of speech it can be."""

_START = b'\n  "'
"""Before the word of an entry; what is within an entry stands further in."""
_MIDDLE = b'": '

_MOST_KEPT = 4096
"""Entries of a file, less one, whose places are kept: those of the first twelve halves."""


class MisakiLexicon(Protocol):
    """What is used here of misaki's class of that name. Methods return phonemes and a rating."""

    golds: "EitherCase"
    """Its entries that were made by hand."""

    def __call__(self, token: object, context: object) -> tuple[str | None, int | None]:
        """Look a token up, its endings taken off where it is not there itself."""

    def get_NNP(self, word: str) -> tuple[str | None, int | None]:  # noqa: N802 misaki's name
        """Spell a word."""


@cache
def import_misaki() -> ModuleType:
    """Import `misaki.en` with stand-ins for what it imports and does not need, or not yet.

    spaCy is never used here, and where it is installed it would load torch; numpy serves what spaCy
    finds; number words of many languages are loaded when a number comes that normalizing has left.
    """
    numbers = ModuleType("num2words")
    vars(numbers)["num2words"] = _say_number
    stand_ins = {name: ModuleType(name) for name in ("spacy", "numpy")} | {"num2words": numbers}
    absent = stand_ins.keys() - sys.modules.keys()
    sys.modules.update({name: stand_ins[name] for name in absent})
    try:
        misaki: Any = importlib.import_module("misaki.en")
    finally:
        for name in absent:
            del sys.modules[name]
    misaki.MToken.Underscore = Notes
    misaki.replace = _changed
    misaki.subtokenize = lru_cache(maxsize=4096)(misaki.subtokenize)
    return cast(ModuleType, misaki)


def _changed(token: Any, **changes: object) -> Any:  # noqa: ANN401 misaki's token
    """Return a copy of `token` with `changes`, as `dataclasses.replace` does in four times the
    time: a dozen of them are made for a sentence."""
    copy = object.__new__(type(token))
    copy.__dict__ = token.__dict__ | changes
    return copy


@dataclass(slots=True)
class Notes:
    """What misaki notes about a word, in place of its own class for it, a dictionary that is
    created and asked dozens of times a sentence."""

    is_head: bool | None = None
    num_flags: str | None = None
    prespace: bool | None = None
    stress: float | None = None
    alias: str | None = None
    currency: str | None = None
    rating: int | None = None


def _say_number(number: object, **options: object) -> str:
    """Return the words of `number`; digit by digit where there is no word that large."""
    from num2words import num2words

    try:
        return str(num2words(number, **options))
    except OverflowError:
        return " ".join(num2words(int(digit)) for digit in str(number) if digit.isdecimal())


def load_lexicon(misaki: ModuleType, british: bool) -> MisakiLexicon:
    """Return misaki's `Lexicon` over its own data.

    Its constructor reads and checks each of 180,000 entries and doubles them for their capitals,
    which costs half a second and 60 MB; what it would have set is set here.
    """
    lexicon: Any = object.__new__(misaki.Lexicon)
    lexicon.british = british
    lexicon.cap_stresses = (0.5, 2)
    country = "gb" if british else "us"
    lexicon.golds = EitherCase(f"{country}_gold.json")
    lexicon.silvers = EitherCase(f"{country}_silver.json")
    return cast(MisakiLexicon, lexicon)


LookUp = Callable[[Any, Any], tuple[str | None, int | None]]
"""What a `MisakiLexicon` does when it is called."""


def remembering(misaki: ModuleType, lexicon: MisakiLexicon) -> LookUp:
    """Return what looks words up in `lexicon`, and the most frequent ones but once: nothing that
    it answers depends on more of a token and its context than what is asked for here."""

    @lru_cache(maxsize=4096)
    def look_up(
        text: str, tag: str, noted: tuple[Any, ...], vowel: bool | None, before_to: bool
    ) -> tuple[str | None, int | None]:
        is_head, num_flags, stress, alias, currency = noted
        notes = Notes(is_head, num_flags, None, stress, alias, currency)
        token = misaki.MToken(text=text, tag=tag, whitespace="", _=notes)
        return lexicon(token, misaki.TokenContext(future_vowel=vowel, future_to=before_to))

    def ask(token: Any, context: Any) -> tuple[str | None, int | None]:  # noqa: ANN401 misaki's
        return look_up(
            token.text, token.tag, _noted(token._), context.future_vowel, context.future_to
        )

    return ask


_noted = attrgetter("is_head", "num_flags", "stress", "alias", "currency")


class EitherCase:
    """Entries found in lower case and capitalized, whichever of the two is written down.

    Single letters are looked up as they are: `a` is not the letter `A`.
    """

    def __init__(self, file: str) -> None:
        """`file` is the name of one of misaki's own."""
        with as_file(files("misaki") / "data" / file) as path:
            self._find = lru_cache(maxsize=8192)(SortedEntries(path).find)

    def __contains__(self, word: str) -> bool:
        return self.get(word) is not None

    def __getitem__(self, word: str) -> Entry:
        found = self._find(word)
        if found is None:
            raise KeyError(word)
        return found

    def get(self, word: str) -> Entry | None:
        """Return the entry of `word`, or of its other case where it has none of its own."""
        found = self._find(word)
        if found is None and len(word) > 1:
            lower = word.lower()
            if word == lower:
                found = self._find(lower.capitalize())
            elif word == lower.capitalize():
                found = self._find(lower)
        return found


class SortedEntries:
    """A JSON object in the order of its words, with one line, or more, for each entry.

    Such a file is searched by halves, so that it takes neither time to load nor memory of its own
    but for the first halves, which are the same for all words.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._decoder = json.JSONDecoder()
        self._encode = json.JSONEncoder(ensure_ascii=False).encode
        self._first: dict[int, tuple[int, int, bytes]] = {}

    def find(self, word: str) -> Entry | None:
        """Return the entry of `word`, None if it has none."""
        wanted = self._encode(word)[1:-1].encode(errors="replace")
        low, high, place = 0, len(self._data), 1
        while (middle := self._between(low, high, place)) is not None:
            start, end, found = middle
            if found == wanted:
                return self._value_at(end + len(_MIDDLE))
            if found < wanted:
                low, place = end, 2 * place + 1
            else:
                high, place = start, 2 * place
        return None

    def _between(self, low: int, high: int, place: int) -> tuple[int, int, bytes] | None:
        """Return begin, end and word of an entry in the middle between `low` and `high`, None if
        there is none between them; `place` numbers the middles from the first on."""
        known = self._first.get(place)
        if known is not None:
            return known
        start = self._start_near((low + high) // 2, low, high)
        if start < 0:
            return None
        end = self._data.find(_MIDDLE, start)
        entry = (start, end, self._data[start + len(_START) : end])
        if place < _MOST_KEPT:
            self._first[place] = entry
        return entry

    def _start_near(self, middle: int, low: int, high: int) -> int:
        """Return where an entry between `low` and `high` begins, -1 if none does."""
        start = self._data.rfind(_START, low, middle)
        return start if start >= 0 else self._data.find(_START, low, high)

    def _value_at(self, position: int) -> Entry:
        end = self._data.find(_START, position)
        text = self._data[position : end if end >= 0 else len(self._data)].decode()
        value: Entry = self._decoder.raw_decode(text)[0]
        return value
