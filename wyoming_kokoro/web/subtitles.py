"""Words with times in, SubRip or WebVTT out: lines as long as a reader can follow."""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Literal

from wyoming_kokoro.web.service import TimedWord

LONGEST_CHARACTERS = 84
"""Of a cue: two lines of 42 characters, the usual limit of broadcasters and Netflix."""

LONGEST_SECONDS = 7.0
PAUSE_SECONDS = 0.6
"""Without a word, after which another cue begins."""

_SENTENCE_ENDS = tuple(".!?…。！？।")


def bare(word: str) -> str:
    """Return a written word without the marks around it; a word of marks as it is."""
    stripped = word
    while stripped and _is_mark(stripped[0]):
        stripped = stripped[1:]
    while stripped and _is_mark(stripped[-1]):
        stripped = stripped[:-1]
    return stripped or word


def _is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] in "PZ" and char not in "%&@#§"


def subtitles(words: Sequence[TimedWord], kind: Literal["srt", "vtt"]) -> str:
    """Return the cues of `words` as a file of that kind."""
    mark = "," if kind == "srt" else "."
    blocks = ["WEBVTT"] if kind == "vtt" else []
    for number, cue in enumerate(_cues(words), start=1):
        times = f"{_time(cue[0].start, mark)} --> {_time(cue[-1].end, mark)}"
        blocks.append(f"{number}\n{times}\n{_shown(_joined(cue), kind)}")
    return "\n\n".join(blocks) + "\n"


def _cues(words: Sequence[TimedWord]) -> Iterator[list[TimedWord]]:
    cue: list[TimedWord] = []
    for word in words:
        if cue and _is_full(cue, word):
            yield cue
            cue = []
        cue.append(word)
    if cue:
        yield cue


def _is_full(cue: Sequence[TimedWord], word: TimedWord) -> bool:
    length = len(_joined([*cue, word]))
    return (
        cue[-1].text.endswith(_SENTENCE_ENDS)
        or length > LONGEST_CHARACTERS
        or word.end - cue[0].start > LONGEST_SECONDS
        or word.start - cue[-1].end > PAUSE_SECONDS
    )


def _joined(cue: Sequence[TimedWord]) -> str:
    """Return words as they are written: without spaces between characters of scripts that have
    none."""
    text = ""
    for word in cue:
        tight = text and _is_unspaced(text[-1]) and _is_unspaced(word.text[0])
        text += word.text if tight or not text else f" {word.text}"
    return text


def _is_unspaced(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"


def _shown(text: str, kind: str) -> str:
    """Return a text in which nothing can be taken for markup or for the end of the cue."""
    text = " ".join(text.split()).replace("-->", "→")
    return text.replace("&", "&amp;").replace("<", "&lt;") if kind == "vtt" else text


def _time(seconds: float, mark: str) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}{mark}{rest % 1000:03}"
