"""A passage in, what is to be read aloud of it out, stretch by stretch: cleaned, users' own
pronunciations put in, numbers written out.

Markup of a text runs across its spans: `**[Niamh](/niːv/)**`. So it is cleaned as one text, in
which a span that is more than text has a placeholder: two letters of Linear A. Nobody can read
those, so what a user may have written in them is not missed.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from unicodedata import category

from wyoming_kokoro.speech import LANGUAGES, Language, language_named
from wyoming_kokoro.text.foreign import in_known_letters, runs
from wyoming_kokoro.text.normalize import normalize
from wyoming_kokoro.text.passage import SENTENCE_END, Span
from wyoming_kokoro.text.pronouncing.clean import clean
from wyoming_kokoro.text.pronouncing.lexicon import UserLexicon
from wyoming_kokoro.text.pronouncing.say_as import written

_ENDED = re.compile(r"[.!?…,;:—。！？，；：、।॥][\"'”’»)\]」』）]*\s*$")
"""The end of a sentence that needs no full stop before the next."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_SIGN = re.compile(r"[^\w\s]|_")

_CLOSING = ".!?…,;:\"'”’»)]」』） "
"""What may stand between what was said of a sentence and its rest, and belongs to the former."""

_UNSPACED = "\u0e00"
"""The first letter, about, of the scripts that have no spaces between words."""

_FIRST = 0x10600
_LETTERS = 256
_UNREADABLE = re.compile("[\U00010600-\U0001077f]")
_PLACE = re.compile("([\U00010600-\U000106ff])([\U00010600-\U000106ff])")


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch that is read in one way. The space around it counts."""

    text: str
    """Words, as they are spoken."""

    language: Language
    ipa: str = ""
    """How it is pronounced, where that is not left to the reader."""
    emphatic: bool = False


def lines(
    spans: Sequence[Span],
    language: Language,
    lexicon: UserLexicon | None,
    has_reader: Callable[[Language], bool],
    languages: Sequence[Language] = LANGUAGES,
) -> Iterator[Line]:
    """Yield what is spoken of a passage by a voice of `language`; nothing where it has no words.

    `has_reader` tells whether the packages that read a language are installed; spans may name any
    of `languages`.
    """
    lines_of = partial(
        _lines_of,
        language=language,
        lexicon=lexicon,
        has_reader=has_reader,
        languages=languages,
    )
    before: list[Line] = []
    for sentence in _sentences(spans):
        said = _rest_of(sentence, lines_of)
        if before and said:
            yield Line(" " if _ENDED.search(before[-1].text) else ". ", language)
        yield from said
        before = said or before


def _sentences(spans: Sequence[Span]) -> Iterator[list[Span]]:
    for is_end, sentence in groupby(spans, key=SENTENCE_END.__eq__):
        if not is_end:
            yield list(sentence)


def _rest_of(
    spans: Sequence[Span], lines_of: Callable[[Sequence[Span]], Iterator[Line]]
) -> list[Line]:
    """Return what is spoken of a sentence, less the words of its spans that were said before.

    Those are read again with the rest: after "See example." the rest of `example.com` is "dot
    com". Where that makes other words of them, the rest is read alone.
    """
    said = [replace(span, said=False) for span in spans if span.said]
    rest = [span for span in spans if not span.said]
    if not said:
        return list(lines_of(rest))
    words = "".join(line.text for line in lines_of(said))
    return _less(list(lines_of([*said, *rest])), words) or list(lines_of(rest))


def _less(whole: Sequence[Line], said: str) -> list[Line]:
    """Return `whole` without the words `said`, empty where it does not begin with them."""
    text = "".join(line.text for line in whole)
    end = _end_of(said, text)
    if end is None:
        return []
    end += len(text[end:]) - len(text[end:].lstrip(_CLOSING))
    left = []
    for line in whole:
        if rest := line.text[max(0, end) :]:
            left.append(replace(line, text=rest))
        end -= len(line.text)
    return left


def _end_of(words: str, text: str) -> int | None:
    """Return where `words` end that `text` begins with, whatever the signs between them."""
    places = (place for place, char in enumerate(text) if _is_letter(char))
    end = 0
    for letter in filter(_is_letter, words):
        place = next(places, None)
        if place is None or text[place].lower() != letter.lower():
            return None
        end = place + 1
    following = text[end : end + 1]
    return None if following < _UNSPACED and _is_letter(following) else end


def _is_letter(char: str) -> bool:
    """Tell whether a character is a letter, a digit, or joined to one, like most Indic vowels."""
    return char.isalnum() or (char > "\x7f" and category(char).startswith("M"))


def _lines_of(
    spans: Sequence[Span],
    language: Language,
    lexicon: UserLexicon | None,
    has_reader: Callable[[Language], bool],
    languages: Sequence[Language],
) -> Iterator[Line]:
    """Yield what is spoken of one sentence."""
    spans = [_simplified(span, language) for span in spans]
    for span in without_placeholders(clean(with_placeholders(spans)), spans):
        read_in = language_named(span.language, languages) if span.language else language
        for part in _parts(span, read_in, lexicon):
            if part.ipa:
                yield Line(part.text, read_in, part.ipa, span.emphatic)
                continue
            for text, reader in runs(in_known_letters(part.text), read_in, has_reader):
                words = _within(text, partial(_words, reader))
                yield Line(words, reader, emphatic=span.emphatic)


def _simplified(span: Span, language: Language) -> Span:
    """Return `span` in the plain, where that makes no difference: it is read in its context then.

    A language without its country is the voice's own kind of it.
    """
    if not (span.whole or any(map(str.isalnum, span.text))):
        return Span(span.text)
    if span.whole:
        span = replace(span, text=_CONTROLS.sub(" ", span.text))
    if span.language and span.language.lower() in (_bare(language), language.code.lower()):
        return replace(span, language=None)
    return span


def _bare(language: Language) -> str:
    return language.code.partition("_")[0]


def _parts(span: Span, language: Language, lexicon: UserLexicon | None) -> list[Span]:
    """Return `span` in plain text and text with IPA."""
    if span.ipa:
        return [span]
    if span.say_as:
        return [Span(written(span, language))]
    text = span.text if span.plain else _within(span.text, clean)
    return lexicon.spans(text, language) if lexicon else [Span(text)]


def _words(language: Language, text: str) -> str:
    return _SIGN.sub(_named, normalize(text, language))


def _named(sign: re.Match[str]) -> str:
    """Return a sign as it is, or a space if espeak-ng would say what it is called."""
    char = sign.group()
    return " " if char in "*#_|`\\/／·•¶†‡¦" or category(char) in ("So", "Sk") else char


def _within(text: str, change: Callable[[str], str]) -> str:
    """Return `text` changed, with a space on the sides where it has one."""
    before, after = (" " * side.isspace() for side in (text[:1], text[-1:]))
    return before + change(text.strip()).strip() + after


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
