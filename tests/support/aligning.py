"""Where words are in speech: their phonemes and samples in, times out, by forced alignment.

pocketsphinx's model of US English finds the sounds of other languages too, where each is named by
the English one that is nearest to it.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from tests.support.recogniser import at_16_khz
from wyoming_kokoro.speech import Pcm

_NEAREST = {
    "AA": "aɑ",
    "AE": "æ",
    "AH": "ɐəᵊʌɤ",
    "AO": "ɒɔ",
    "AW": "W",
    "AY": "I",
    "B": "b",
    "CH": "ʧʨꭧc",
    "D": "dɾɽɖT",
    "DH": "ð",
    "EH": "ɛøœ",
    "ER": "ɚɜ",
    "EY": "eA",
    "F": "f",
    "G": "ɡgɣ",
    "HH": "xhɦχ",
    "IH": "ɪᵻɨ",
    "IY": "iy",
    "JH": "ʤʥɟ",
    "K": "kq",
    "L": "lɫʎɭ",
    "M": "m",
    "N": "nɲɴɳ\u0303",
    "NG": "ŋ",
    "OW": "oOQ",
    "OY": "Y",
    "P": "p",
    "R": "rɹʁ",
    "S": "s",
    "SH": "ʃʂɕç",
    "T": "tʈ",
    "TH": "θ",
    "UH": "ʊ",
    "UW": "uɯ",
    "V": "vʋ",
    "W": "wβɸ",
    "Y": "jɥ",
    "Z": "z",
    "ZH": "ʒʐʑ",
    "T S": "ʦ",
    "D Z": "ʣ",
    "": "ʔ",
}
"""Sounds of ARPAbet, each with the symbols of Kokoro's that it stands for; a nasal vowel is one
with an N behind it."""

_ARPABET = {symbol: sound for sound, symbols in _NEAREST.items() for symbol in symbols}

_EDGE = 3_200
"""Samples of silence that the decoder hears around the speech: 0.2 s."""


def aligned(words: Sequence[str], pcm: Pcm) -> list[tuple[float, float]]:
    """Return the seconds at which each of `words`, in Kokoro's phonemes, begins and ends in `pcm`,
    24 kHz. Fewer where the decoder does not get to the end."""
    from pocketsphinx import Decoder

    # Of what is 80 powers of ten less likely than the best, something is right at times.
    decoder = Decoder(samprate=16_000, bestpath=False, loglevel="FATAL", beam=1e-80, pbeam=1e-80)
    names = [f"zqx{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(len(words))]
    for name, word in zip(names, words, strict=True):
        decoder.add_word(name, " ".join(_sounds(word)), update=name == names[-1])
    decoder.set_align_text(" ".join(names))
    _decode(decoder, pcm)
    found = [one for one in decoder.seg() if one.word in names]
    lead = _EDGE / 16_000
    return [(one.start_frame / 100 - lead, (one.end_frame + 1) / 100 - lead) for one in found]


def _decode(decoder: Any, pcm: Pcm) -> None:
    silence, heard = np.zeros(_EDGE, np.float32), at_16_khz(pcm)
    noise = np.random.default_rng(0).normal(0, 1e-4, 2 * _EDGE + len(heard))
    samples = np.concatenate([silence, heard, silence]) + noise
    decoder.start_utt()
    decoder.process_raw((samples * 32_767).astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()


def _sounds(word: str) -> Iterator[str]:
    for symbol in word:
        sound = _ARPABET.get(symbol, "")
        is_mark = unicodedata.category(symbol) != "Ll" or symbol == "ʔ"
        assert sound or is_mark, f"no English sound is named for {symbol} in {word}"
        yield from sound.split()
