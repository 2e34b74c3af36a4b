"""When words of the real voice are heard, against where forced alignment finds them, in nine
languages."""

import asyncio
import re
import statistics
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tests.support.aligning import aligned
from tests.support.real import SPEAKERS
from wyoming_kokoro.app import wiring
from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.speech import Pcm, Request, language_named
from wyoming_kokoro.synthesis.captions import Word
from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd

pytestmark = [pytest.mark.torch, pytest.mark.slow, pytest.mark.timeout(900)]

SAID = {
    "en_US": "The quick brown fox jumps over the lazy dog, and nobody in the village minded.",
    "en_GB": "She opened the window because the kitchen was full of smoke and called her brother.",
    "es_ES": "La reunión empieza mañana a las nueve, y después vamos a comer todos en el centro.",
    "fr_FR": "Demain matin, le train pour Paris partira avec un grand retard à cause de la neige.",
    "hi_IN": "आज मौसम बहुत अच्छा है, और हम लोग शाम को बगीचे में घूमने जाएंगे।",
    "it_IT": "Domani mattina il treno per Roma partirà con molto ritardo a causa della neve.",
    "ja_JP": "明日の朝は雨が降るので、傘を持って早めに家を出てください。",
    "pt_BR": "Amanhã de manhã o trem para São Paulo vai sair com atraso por causa da chuva.",
    "zh_CN": "明天早上会下雨，请带好雨伞，早一点出门去学校。",
}
NEAR = 0.05
"""Seconds by which a time may be off."""

MOST, MOST_OF_ALL = 0.8, 0.9
"""Shares of times that are as near to those of forced alignment, of a language and of all. Where a
vowel passes into the next, or a voice begins softly, it errs itself."""


@dataclass(frozen=True)
class Said:
    words: list[Word]
    pcm: Pcm


@pytest.fixture(scope="module")
def said(near_real: Path) -> dict[str, Said]:
    """Each sentence as the pipeline speaks it, and what it tells of the words."""

    async def speak() -> dict[str, Said]:
        settings = Settings(data_dir=near_real.parent, checkpoint=(("", near_real),), threads=1)
        parts = wiring.wire(settings, Limits(), here_only=True)
        spoken = {}
        for code, text in SAID.items():
            words: list[Word] = []
            request = Request(SPEAKERS[code], paced=False)
            pieces = [p async for p in parts.pipeline.speak(request, _once(text), words.extend)]
            samples = np.frombuffer(b"".join(pieces), np.int16)
            pcm: Pcm = (samples / 32_768).astype(np.float32)
            spoken[code] = Said(words, pcm)
        await parts.close()
        return spoken

    return asyncio.run(speak())


async def _once(text: str) -> AsyncIterator[str]:
    yield text


def letters(word: str) -> str:
    return re.sub(r"\W", "", word.lower())


@pytest.mark.parametrize("code", SAID)
def test_every_written_word_has_a_time_within_the_speech(code: str, said: dict[str, Said]) -> None:
    words, pcm = said[code].words, said[code].pcm
    assert "".join(letters(word.text) for word in words) == letters(SAID[code])
    times = [time for word in words for time in (word.start, word.end)]
    assert times == sorted(times)
    assert all(word.exact and word.end > word.start for word in words)
    assert 0 <= times[0] < 0.2
    assert len(pcm) / 24_000 - 0.6 < times[-1] <= len(pcm) / 24_000


@pytest.fixture(scope="module")
def off(said: dict[str, Said]) -> dict[str, list[float]]:
    """By language: by how much each word begins and ends later than forced alignment finds."""
    front_end, found = FrontEnd(), {}
    for code, spoken in said.items():
        language = language_named(code)
        phonemes = [front_end.phonemize(w.text, language, "misaki").symbols for w in spoken.words]
        times = aligned(phonemes, spoken.pcm)
        found[code] = [
            told - heard
            for word, pair in zip(spoken.words, times, strict=True)
            for told, heard in zip((word.start, word.end), pair, strict=True)
        ]
    return found


@pytest.mark.parametrize("code", SAID)
def test_words_begin_and_end_where_forced_alignment_finds_them(
    code: str, off: dict[str, list[float]]
) -> None:
    assert statistics.median(map(abs, off[code])) < NEAR / 2
    assert statistics.mean(abs(one) <= NEAR for one in off[code]) >= MOST


def test_of_all_words_nine_times_in_ten_are_within_50_ms(off: dict[str, list[float]]) -> None:
    every = [one for some in off.values() for one in some]
    assert statistics.mean(abs(one) <= NEAR for one in every) >= MOST_OF_ALL
    assert abs(statistics.median(every)) < NEAR / 5  # neither early nor late as a rule
