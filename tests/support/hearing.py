"""What was said against what was heard: error rates, and pictures of the sound."""

import re
import struct
import unicodedata
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
from num2words import num2words
from pypinyin import lazy_pinyin

UNSPACED = ("ja", "zh")
"""Languages that are counted by characters, because they write no spaces between words."""

_CHINESE_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")

_CONSONANTS = {
    letter: sound
    for sound, letters in {
        "k": "कख" + "کقخ" + "kqc",
        "g": "गघ" + "گغ" + "g",
        "c": "चछ" + "چ",
        "j": "जझ" + "جزذضظژ" + "jz",
        "t": "टठतथ" + "ٹتط" + "t",
        "d": "डढदध" + "ڈد" + "d",
        "r": "र" + "رڑ" + "r",
        "p": "पफ" + "پف" + "pf",
        "b": "बभ" + "ب" + "b",
        "m": "म" + "م" + "m",
        "n": "नणञङंँ" + "نں" + "n",
        "l": "ल" + "ل" + "l",
        "s": "शषस" + "سشصث" + "s",
    }.items()
    for letter in letters
}
"""Hindi's consonants in the letters of Hindi, of Urdu, and of English words: those that both
alphabets tell alike, so without vowels, half-vowels and breath."""


def words_of(text: str, language: str) -> list[str]:
    """Return the words, or characters, without case, punctuation and marks of layout; numbers are
    words. Of Hindi, which is heard in Urdu's letters, the consonants; of Mandarin, which is heard
    in simplified characters and in others, how they sound, without tones."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    if language == "hi":
        return _consonants(plain)
    if language in UNSPACED:
        plain = plain.translate(_CHINESE_DIGITS)
    else:
        plain = re.sub(r"\d+", lambda found: num2words(int(found[0]), lang=language), plain)
    letters = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in plain)
    if language == "zh":
        return lazy_pinyin(letters.replace(" ", ""))
    return list(letters.replace(" ", "")) if language in UNSPACED else letters.split()


def _consonants(hindi: str) -> list[str]:
    flapped = hindi.replace("ड़", "र").replace("ढ़", "र")
    return [_CONSONANTS[letter] for letter in flapped if letter in _CONSONANTS]


def error_rate(said: str, heard: str, language: str) -> float:
    """Return insertions, deletions and replacements, over the number of words that were said (of
    characters in Japanese and Mandarin, of consonants in Hindi)."""
    wanted, got = words_of(said, language), words_of(heard, language)
    row = list(range(len(got) + 1))
    for number, word in enumerate(wanted, 1):
        diagonal, row[0] = row[0], number
        for column, other in enumerate(got, 1):
            cost = min(row[column] + 1, row[column - 1] + 1, diagonal + (word != other))
            diagonal, row[column] = row[column], cost
    return row[-1] / max(len(wanted), 1)


PICTURE_HOP = 240
"""Samples from one column of a picture to the next."""


def spectrogram(samples: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """Return a picture of the sound, time to the right and 0 to 12 kHz upwards: (256, frames).

    Power of Hann windows of 512 samples every 240, from 80 dB below the loudest (black) to it.
    """
    padded = np.pad(samples, (0, 512))
    frames = np.lib.stride_tricks.sliding_window_view(padded, 512)[::PICTURE_HOP] * np.hanning(512)
    power = np.abs(np.fft.rfft(frames, axis=1)[:, :256]) ** 2
    level = 10 * np.log10(power / max(power.max(), 1e-12) + 1e-12)
    picture: npt.NDArray[np.uint8] = (255 * np.clip(level / 80 + 1, 0, 1)).astype(np.uint8)
    return picture.T[::-1].copy()


def write_png(path: Path, picture: npt.NDArray[np.uint8]) -> None:
    """Write a gray picture, (rows, columns)."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)

    rows, columns = picture.shape
    header = struct.pack(">IIBBBBB", columns, rows, 8, 0, 0, 0, 0)
    lines = b"".join(b"\0" + line.tobytes() for line in picture)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
