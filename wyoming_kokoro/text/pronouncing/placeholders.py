"""Spans of a passage in, one text out that rules can run over, and the spans again afterwards.

Markup of a text runs across its spans: `**[Niamh](/niːv/)**`. So it is cleaned as one text, in
which each span that is more than text is two letters of Linear A. Nobody can read those, so what
a user may have written in them is not missed.
"""

import re
from collections.abc import Sequence

from wyoming_kokoro.text.passage import Span

_FIRST = 0x10600
_LETTERS = 256
_UNREADABLE = re.compile("[\U00010600-\U0001077f]")
_PLACE = re.compile("([\U00010600-\U000106ff])([\U00010600-\U000106ff])")


def with_placeholders(spans: Sequence[Span]) -> str:
    """Return the text of `spans`, with letters to keep the place of those that are not plain."""
    return "".join(
        _UNREADABLE.sub("", span.text) if span.plain else _place(number)
        for number, span in enumerate(spans)
    )


def without_placeholders(text: str, spans: Sequence[Span]) -> list[Span]:
    """Return `text`, which `with_placeholders` made of `spans`, as spans again."""
    parts, end = [], 0
    for place in _PLACE.finditer(text):
        parts += [Span(text[end : place.start()]), spans[_number(place)]]
        end = place.end()
    return [part for part in (*parts, Span(text[end:])) if part.text]


def _place(number: int) -> str:
    high, low = divmod(number, _LETTERS)
    return chr(_FIRST + high) + chr(_FIRST + low)


def _number(place: re.Match[str]) -> int:
    high, low = (ord(letter) - _FIRST for letter in place.groups())
    return high * _LETTERS + low
