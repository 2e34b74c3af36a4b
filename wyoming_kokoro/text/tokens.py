"""Phonemes in, the model's token numbers out, in windows that the model can take."""

import logging
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from wyoming_kokoro.speech import MAX_PHONEMES, Phonemes, Tokens

_LOGGER = logging.getLogger(__name__)

_CUTS = tuple(re.compile(rf"[{marks}]+[)”\"]*\s*") for marks in ("!.?…", ":;", ",—", " "))
"""What an over-long sentence may be cut after, best first: the waterfall of hexgrad/kokoro
(`KPipeline.waterfall_last`)."""


def tokenize(phonemes: Phonemes, vocabulary: Mapping[str, int]) -> list[Tokens]:
    """Return the tokens of `phonemes`, in as few windows of at most `MAX_PHONEMES` as will do.

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
    while len(symbols) > MAX_PHONEMES:
        pieces = math.ceil(len(symbols) / MAX_PHONEMES)
        end = _best_cut(symbols, round(len(symbols) / pieces))
        yield symbols[:end].rstrip()
        symbols = symbols[end:].lstrip()
    if symbols:
        yield symbols


def _best_cut(symbols: str, target: int) -> int:
    """Return where to cut near `target`: at the best mark there is, the nearest of its kind."""
    nearest, farthest = target // 2, MAX_PHONEMES
    for cut in _CUTS:
        places = [found.end() for found in cut.finditer(symbols, nearest, farthest)]
        if places:
            return min(places, key=lambda place: abs(place - target))
    return target
