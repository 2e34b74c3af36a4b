"""Which phonemes say which written word: the phonemes of a passage and those of its words alone in,
a span of the former for each word out, in any language.

A sentence is not read word by word: numbers become several words, "of the" becomes one, and a word
may sound otherwise among others. So each written word is read alone as well, and what comes of that
is aligned with the phonemes of the sentence: the cheapest way to edit one sequence into the other
(Needleman and Wunsch, 1970), in which a vowel costs less for a vowel than for a consonant.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.speech import Language

_VOWELS = frozenset("aeiouyæɐɑɒɔəɘɚɛɜɝɞɤɨɪɯɵøœɶʉʊʌᵊᵻAIOQWY")
_STRESS = frozenset("ˈˌ")
_LENGTH_AND_TONE = frozenset("ː→↗↘↓ʰʲ\u0303")
"""Marks that say how the symbol behind them, or before them, sounds."""

_OTHER, _OTHER_KIND = 0.7, 1.3
"""What it costs to have another sound of the same kind, or of the other kind, for one."""
_MISSING, _SPACE = 0.8, 0.15
"""What it costs to have a sound, or a space, that the other sequence does not have."""

_UNSPACED = frozenset({"zh_CN", "ja_JP"})
_CJK = "\u3005\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_UNIT = re.compile(rf"[{_CJK}][ーぁぃぅぇぉっゃゅょァィゥェォッャュョ]*|[^\s{_CJK}]+")


def written_words(text: str, language: Language) -> list[str]:
    """Return the words of `text` as they are written, with the marks at them; of languages without
    spaces the characters, and runs of what are none."""
    if language.code not in _UNSPACED:
        return text.split()
    words: list[str] = []
    for unit in _UNIT.findall(text):
        if words and not is_spoken(unit):
            words[-1] += unit
        else:
            words.append(unit)
    return words


def is_spoken(word: str) -> bool:
    """Return whether `word` has anything that is said: a letter, a digit, a sign such as %."""
    return any(unicodedata.category(char)[0] in "LNS" for char in word)


def spans_of_words(alone: Sequence[str], symbols: str) -> list[range]:
    """Return for each word the places in `symbols`, the phonemes of all of them together, that say
    it: `alone` has the phonemes of each word by itself. Empty for a word that is not heard."""
    owners = [number for number, word in enumerate(alone) for _ in _sounds(word)]
    places = [place for place, symbol in enumerate(symbols) if is_sound(symbol) or symbol == " "]
    sounds = [symbols[place] for place in places]
    edges = set(accumulate(len(_sounds(word)) for word in alone))
    owner_of = _aligned([symbol for word in alone for symbol in _sounds(word)], sounds, edges)
    owned: list[list[int]] = [[] for _ in alone]
    said = [owners[one] if one is not None else None for one in owner_of]
    for place, symbol, owner in zip(places, sounds, _filled(said, sounds), strict=True):
        if symbol != " " and owner is not None:
            owned[owner].append(place)
    return [_with_marks(its, symbols) for its in owned]


def _with_marks(places: Sequence[int], symbols: str) -> range:
    """Return from the first to the last of `places`, with the marks that belong to the symbols."""
    if not places:
        return range(0)
    start, stop = places[0], places[-1] + 1
    while start and symbols[start - 1] in _STRESS:
        start -= 1
    while stop < len(symbols) and symbols[stop] in _LENGTH_AND_TONE:
        stop += 1
    return range(start, stop)


def in_words(spans: Sequence[range], symbols: str, words: Sequence[str]) -> list[tuple[str, range]]:
    """Return the characters `words` joined to the words that the spaces in `symbols` make, each
    with its span: for languages that write none."""
    joined: list[tuple[str, range]] = []
    for word, span in zip(words, spans, strict=True):
        if joined and (not span or " " not in symbols[joined[-1][1].start : span.stop]):
            before, said = joined[-1]
            joined[-1] = before + word, range(said.start, max(said.stop, span.stop))
        else:
            joined.append((word, span))
    return joined


def is_unspaced(language: Language) -> bool:
    """Return whether `language` is written without spaces."""
    return language.code in _UNSPACED


def is_sound(symbol: str) -> bool:
    """Return whether a phoneme `symbol` is a sound, not a mark of how one is said, nor a sign."""
    return symbol not in _STRESS | _LENGTH_AND_TONE and unicodedata.category(symbol)[0] == "L"


def _sounds(symbols: str) -> list[str]:
    return [symbol for symbol in symbols if is_sound(symbol)]


def _aligned(words: Sequence[str], sounds: Sequence[str], edges: set[int]) -> list[int | None]:
    """Return for each of `sounds` the place in `words` that it is aligned with, None for none.

    A space is cheap between two words, at `edges`, and dear within one.
    """
    costs = _substitutions(words, sounds)
    inserted = np.array([_SPACE if sound == " " else _MISSING for sound in sounds])
    before = np.concatenate([[0.0], np.cumsum(inserted)])
    table = np.empty((len(words) + 1, len(sounds) + 1))
    table[0] = before
    for row, cost in enumerate(costs, start=1):
        step = np.minimum(table[row - 1, 1:] + _MISSING, table[row - 1, :-1] + cost)
        step = np.concatenate([[table[row - 1, 0] + _MISSING], step])
        insert = before if row in edges else before + _within(sounds)
        table[row] = np.minimum.accumulate(step - insert) + insert
    return _traced(table, costs, len(sounds))


def _within(sounds: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return what spaces cost more up to each place, where they stand within a word."""
    dear = np.array([_MISSING if sound == " " else 0.0 for sound in sounds])
    return np.concatenate([[0.0], np.cumsum(dear)])


def _substitutions(words: Sequence[str], sounds: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return what it costs to have each of `sounds` for each of `words`, (words, sounds)."""
    mine, theirs = (np.array([ord(one) for one in them], int) for them in (words, sounds))
    my_kind, their_kind = (np.array([_kind(one) for one in them], int) for them in (words, sounds))
    costs = np.where(my_kind[:, None] == their_kind[None, :], _OTHER, _OTHER_KIND)
    costs = np.where(mine[:, None] == theirs[None, :], 0.0, costs)
    never = np.where(their_kind[None, :] == _SPACE_KIND, np.inf, costs)
    return np.asarray(never, float)


_SPACE_KIND = 2


def _kind(sound: str) -> int:
    return _SPACE_KIND if sound == " " else int(sound in _VOWELS)


def _traced(
    table: npt.NDArray[np.float64], costs: npt.NDArray[np.float64], columns: int
) -> list[int | None]:
    """Follow the cheapest way back through the table."""
    found: list[int | None] = [None] * columns
    row, column = len(costs), columns
    while row and column:
        here = table[row, column]
        if np.isclose(here, table[row - 1, column - 1] + costs[row - 1, column - 1]):
            row, column = row - 1, column - 1
            found[column] = row
        elif np.isclose(here, table[row - 1, column] + _MISSING):
            row -= 1
        else:
            column -= 1
    return found


def _filled(owners: Sequence[int | None], sounds: Sequence[str]) -> list[int | None]:
    """Give sounds that no word has to the one before them, or, after a space, to the one behind."""
    filled = list(owners)
    known = [-1, *(place for place, owner in enumerate(owners) if owner is not None), len(owners)]
    for left, right in pairwise(known):
        spaces = [place for place in range(left + 1, right) if sounds[place] == " "]
        border = spaces[0] if spaces else right
        for place in range(left + 1, right):
            is_before = (place < border or right == len(owners)) and left >= 0
            filled[place] = owners[left] if is_before or right == len(owners) else owners[right]
    return filled
