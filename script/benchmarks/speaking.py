"""What the real voice says in benchmarks: sentences of a file, and weights that are made once."""

from collections.abc import Sequence
from pathlib import Path

from script.benchmarks.weights import prepare_real
from tests.support.real import SPEAKERS
from tests.support.speaking import RealVoice, Sentence
from wyoming_kokoro.speech import language_of_voice

SENTENCES = Path(__file__).with_name("sound.tsv")

OTHERS = ("am_michael", "bm_george", "af_bella", "am_adam", "af_sky")
"""Voices besides the one of each language, where they are at hand."""


def real_voice(threads: int) -> RealVoice:
    """Return near-real weights and voices; made once."""
    return RealVoice(prepare_real(export=False) / "kokoro-v1_0.pth", threads)


def sentences(voice: RealVoice, voices: int, each: int, skipped: int = 0) -> list[Sentence]:
    """Return `each` sentences of the file, after so many `skipped`, for as many voices as are at
    hand, at most `voices`: one of each language first."""
    here = [name for name in (*SPEAKERS.values(), *OTHERS) if name in voice.voices()]
    return [one for name in here[:voices] for one in of_language(name)[skipped:][:each]]


def of_language(voice: str) -> list[Sentence]:
    """Return the file's five sentences of the language of `voice`, for it to say."""
    language = language_of_voice(voice)
    assert language
    return [Sentence(voice, language.code, text) for text in _texts(language.code)]


def _texts(language: str) -> Sequence[str]:
    lines = SENTENCES.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [text for code, text in rows if code == language]
