"""Phonemes in, the model's token numbers out, in windows that the model can take."""

import logging
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from wyoming_kokoro.speech import MAX_PHONEMES, Phonemes, Tokens

_LOGGER = logging.getLogger(__name__)

UNHURRIED = 300
"""Tokens, about twenty seconds of speech, up to which the model keeps its pace: longer sentences
come out hurried and fade at their end. Kokoro-FastAPI aims at 250 for that reason."""

_CLAUSES = tuple(re.compile(rf"[{marks}]+[)”\"]*\s*") for marks in ("!.?…", ":;", ",—"))
"""What an over-long sentence may be cut after, best first: the waterfall of hexgrad/kokoro
(`KPipeline.waterfall_last`)."""

_ANYWHERE = (*_CLAUSES, re.compile(r" \s*"))


def tokenize(phonemes: Phonemes, vocabulary: Mapping[str, int]) -> list[Tokens]:
    """Return the tokens of `phonemes`, in windows of at most `MAX_PHONEMES`: one for a sentence
    that the model can speak without haste, else as few as there are places to cut at.

    Symbols that `vocabulary` lacks get no token, as in the reference. A window's `phonemes` keep
    the whole sentence's text. No phonemes, or none that is known, give no window.
    """
    windows = []
    for symbols in _windows(phonemes.symbols.strip()):
        known = "".join(symbol for symbol in symbols if symbol in vocabulary)
        ids = tuple(vocabulary[symbol] for symbol in known)
        if len(ids) < len(symbols):
            unknown = "".join(sorted(set(symbols) - vocabulary.keys()))
            _LOGGER.debug("%d phonemes unknown: %r", len(symbols) - len(ids), unknown)
        if ids:
            windows.append(Tokens(ids, replace(phonemes, symbols=symbols), known))
    return windows


def _windows(symbols: str) -> Iterator[str]:
    """Cut `symbols` into pieces of nearly equal length, each within the limit."""
    while symbols:
        end = _end_of_window(symbols)
        yield symbols[:end].rstrip()
        symbols = symbols[end:].lstrip()


def _end_of_window(symbols: str) -> int:
    """Return where to cut: at a clause if they are many, between words if they are too many."""
    for longest, cuts in ((UNHURRIED, _CLAUSES), (MAX_PHONEMES, _ANYWHERE)):
        if len(symbols) <= longest:
            return len(symbols)
        target = round(len(symbols) / math.ceil(len(symbols) / longest))
        for cut in cuts:
            places = [found.end() for found in cut.finditer(symbols, target // 2, longest)]
            if places:
                return min(places, key=lambda place: abs(place - target))
    return target
