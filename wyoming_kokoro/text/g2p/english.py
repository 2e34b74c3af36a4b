"""English text in, Kokoro's English phonemes out: misaki's lexicon and rules on our own grammar.

misaki asks spaCy for words and parts of speech, which would bring a gigabyte of packages and a
model that the package index does not have. `words` and `tagger` answer instead.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, Protocol, cast

from wyoming_kokoro.text.g2p.heteronyms import respell, settle
from wyoming_kokoro.text.g2p.misaki_english import (
    import_misaki,
    load_lexicon,
    remembering,
)
from wyoming_kokoro.text.g2p.tagger import choose_tagger
from wyoming_kokoro.text.g2p.words import WrittenWord, split_words

Fallback = Callable[[str, bool], str | None]
"""Phonemes of a word that the lexicon lacks: `(word, british)`; None where it has none either."""

_PARTS = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+(?:['’][^\W\d_]+)*|(?:^-)?\d+(?:[.,]\d+)*|\S")
_STRUCTURAL = frozenset([".", ",", ":", "-LRB-", "-RRB-", "``", "''", "$", "#", "NFP"])
_SYMBOL_WORDS = {
    "°": "degrees",
    "=": "equals",
    "×": "times",
    "÷": "divided by",
    "±": "plus or minus",
}
_ADDRESS_WORDS = {".": "dot", "/": "slash", "-": "dash"}
_MARKS = ' ;:,.!?—…"()“”'
_OWN_LETTERS = "ɐT"
"""What misaki's rules write beyond the alphabets it declares for its lexicons."""

MOST_GLUED = 16
"""Parts without a space between them that are read as one. misaki looks every run of them up in
the lexicon, which takes the cube of their number."""

LONGEST_PART = 60
"""Characters of a part, a word or a number; one that is longer is cut."""


class EnglishG2P:
    """Reads US or British English. The lexicon is loaded when the first sentence is read.

    A word that the lexicon lacks goes to `fallback`; when that has nothing either it is spelled.
    Not safe for use by several threads at once.
    """

    def __init__(self, british: bool, fallback: Fallback) -> None:
        self._british = british
        self._fallback = fallback
        self._misaki: _Misaki | None = None

    def phonemize(self, text: str) -> str:
        """Return the phonemes of `text`, in misaki's notation."""
        if self._misaki is None:
            self._misaki = _Misaki(self._british, self._fallback)
        return self._misaki.phonemize(text)


class _Token(NamedTuple):
    """A word under the names that spaCy gives its parts, which misaki reads."""

    text: str
    tag_: str
    whitespace_: str


class _Unread(Protocol):
    """What is read here of misaki's token."""

    text: str
    tag: str


class _Misaki:
    """misaki's English rules, with words and tags from here and no unknown word left over."""

    def __init__(self, british: bool, fallback: Fallback) -> None:
        self._british = british
        self._fallback = fallback
        self._tagger = choose_tagger()
        self._en = import_misaki()
        self._lexicon = load_lexicon(self._en, british)
        self._letters = self._en.US_VOCAB | self._en.GB_VOCAB | {*_MARKS, *_OWN_LETTERS}
        self._g2p = self._assemble()

    def _assemble(self) -> Callable[..., tuple[str, object]]:
        """Return misaki's G2P without running its constructor, which would look for spaCy."""
        g2p: Any = object.__new__(self._en.G2P)
        g2p.version = None
        g2p.british = self._british
        g2p.nlp = self._read_words
        g2p.lexicon = remembering(self._en, self._lexicon)
        g2p.fallback = self._read_unknown
        g2p.unk = ""
        return cast(Callable[..., tuple[str, object]], g2p)

    def phonemize(self, text: str) -> str:
        phonemes, _ = self._g2p(text, preprocess=False)
        return " ".join(phonemes.split())

    def _read_words(self, text: str) -> list[_Token]:
        words = split_words(respell(text))
        tags = settle(words, _of_words(words, self._tagger.tag(words)), self._lexicon.golds.get)
        tokens = [_Token(word.text, tag, word.space) for word, tag in zip(words, tags, strict=True)]
        return _apart(tokens, self._en.subtokenize)

    def _read_unknown(self, token: _Unread) -> tuple[str, int]:
        """Read a run of writing that the lexicon has no entry for, part by part."""
        parts = (self._read_part(part, token.tag) for part in _PARTS.findall(token.text))
        return " ".join(phonemes for phonemes in parts if phonemes), 1

    def _read_part(self, part: str, tag: str) -> str:
        if not part[-1].isalnum():
            spoken = _SYMBOL_WORDS.get(part) or (tag == "ADD" and _ADDRESS_WORDS.get(part)) or ""
            return " ".join(self._look_up(word, "NN") for word in spoken.split())
        return self._look_up(part, tag) or self._ask_fallback(part) or self._spell(part)

    def _look_up(self, word: str, tag: str) -> str:
        details = self._en.MToken.Underscore(is_head=True, num_flags="", prespace=False)
        token = self._en.MToken(text=word, tag=tag, whitespace="", _=details)
        phonemes, _ = self._lexicon(token, self._en.TokenContext())
        return phonemes or ""

    def _ask_fallback(self, word: str) -> str:
        if not all(_is_latin(letter) for letter in word):
            return ""
        phonemes = self._fallback(word, self._british) or ""
        return "".join(symbol for symbol in phonemes if symbol in self._letters).strip()

    def _spell(self, word: str) -> str:
        plain = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
        letters = "".join(letter for letter in plain if letter.isalpha())
        return (self._lexicon.get_NNP(letters)[0] or "") if letters else ""


def _of_words(words: Sequence[WrittenWord], tags: Sequence[str]) -> list[str]:
    """Return the tags, by the writing where it decides, and no word taken for a mark."""
    return [
        word.tag or ("NN" if tag in _STRUCTURAL and word.text[:1].isalnum() else tag)
        for word, tag in zip(words, tags, strict=True)
    ]


def _apart(tokens: Iterable[_Token], parts_of: Callable[[str], Sequence[str]]) -> list[_Token]:
    """Return `tokens` with a space wherever too many parts would have none between them.

    `parts_of` cuts a word as misaki does; one in which it finds nothing has no sound.
    """
    apart: list[_Token] = []
    glued = 0
    for token in tokens:
        parts = parts_of(token.text)
        if apart and glued + len(parts) > MOST_GLUED:
            apart[-1] = apart[-1]._replace(whitespace_=" ")
            glued = 0
        if len(token.text) > LONGEST_PART or len(parts) > MOST_GLUED:
            apart += _cut(token, parts)
        elif parts:
            apart.append(token)
        glued = 0 if token.whitespace_ else glued + len(parts)
    return apart


def _cut(token: _Token, parts: Sequence[str]) -> list[_Token]:
    """Return `token` in pieces of which none is too long or has too many of its `parts`."""
    cut: list[str] = []
    held = 0
    for part in parts:
        for start in range(0, len(part), LONGEST_PART):
            piece = part[start : start + LONGEST_PART]
            if held == MOST_GLUED or not cut or len(cut[-1]) + len(piece) > LONGEST_PART:
                cut.append("")
                held = 0
            cut[-1] += piece
            held += 1
    return [token._replace(text=text, whitespace_=" ") for text in cut]


def _is_latin(letter: str) -> bool:
    name = unicodedata.name(letter, "")
    return name.startswith(("LATIN", "COMBINING", "DIGIT")) or letter in "'’"
