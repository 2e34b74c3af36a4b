"""Kokoro itself, in nine languages, through the server, heard by a speech recogniser.

Sound and pictures are kept for people to look at.
"""

import asyncio
import wave
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import mean

import numpy as np
import pytest

from tests.support.hearing import error_rate, spectrogram, words_of, write_png
from tests.support.process import Program, running
from tests.support.real import SPEAKERS
from tests.support.recogniser import Recogniser
from wyoming_kokoro.network.client import speak
from wyoming_kokoro.speech import SAMPLE_RATE, Pcm, Request

pytestmark = [pytest.mark.torch, pytest.mark.slow, pytest.mark.timeout(900)]

SAID = {
    "en_US": "The lamp in the kitchen is on, and the front door has been locked since noon.",
    "en_GB": "Tomorrow will be cloudy, with a little rain in the afternoon, so take an umbrella.",
    "es_ES": "La luz de la cocina está encendida, y la puerta está cerrada desde esta mañana.",
    "fr_FR": "La lumière de la cuisine est allumée, et la porte est fermée depuis ce matin.",
    "hi_IN": "रसोई की बत्ती जल रही है, और सामने का दरवाज़ा सुबह से बंद है।",
    "it_IT": "La luce della cucina è accesa, e la porta è chiusa da questa mattina.",
    "ja_JP": "台所の電気がついていて、玄関の鍵は朝から閉まっています。",
    "pt_BR": "A luz da cozinha está acesa, e a porta está fechada desde a manhã.",
    "zh_CN": "厨房的灯开着，前门从早上起就已经锁好了。",
}
"""Long enough for several breaths."""

RELEASED = {
    "af_heart": ("en", "The lamp in the kitchen is on, and the front door is locked."),
    "v0.19/af_bella": ("en", "The washing machine has finished."),
    "v1.1-zh/zf_001": ("zh", "今天天气很好，适合出去走走。"),
}
"""What voices of the released weights say, and in which language a recogniser should listen."""

MANNERS = {
    "breaths": ("--engine", "native"),
    "whole": ("--engine", "onnx", "--precision", "fp32", "--breaths", "off"),
}
"""How the servers speak: natively, in the numbers that are quickest here, from left to right; and
as the model itself does, on ONNX Runtime."""

MORE = 0.05
"""By how much the share of wrong words may be higher in breaths, in the mean of nine languages; in
one of them it may be a single word."""

LETTERS = {"hi": 2, "ja": 2, "zh": 2}
"""Of a word, about, in languages that are compared by letters. Where breaths end, and so which word
is taken for another, depends on how fast the machine is at the moment."""

WRONG = {"en": 0.15, "zh": 0.3}
"""Share of words, or characters, that may be wrong of the released weights."""


@pytest.fixture(scope="module")
def servers(near_real: Path, native: None) -> Iterator[dict[str, Program]]:
    """A server that voices in breaths, and one that voices whole sentences."""
    model = ("--offline", "--no-stand-in", "--checkpoint", str(near_real))
    with ExitStack() as stack:
        yield {
            manner: stack.enter_context(running(near_real.parent, *model, *flags))
            for manner, flags in MANNERS.items()
        }


@pytest.fixture(scope="module")
def rates() -> dict[str, dict[str, float]]:
    """Shares of wrong words, by language and manner, of the tests that have run."""
    return {}


@pytest.mark.parametrize("code", SAID)
def test_in_breaths_the_words_are_heard_as_in_whole_sentences(
    code: str,
    servers: dict[str, Program],
    recogniser: Recogniser,
    kept: Path,
    rates: dict[str, dict[str, float]],
) -> None:
    language, text = code[:2], SAID[code]
    heard = {}
    for manner, server in servers.items():
        pcm = asyncio.run(spoken(server.uri, text, SPEAKERS[code]))
        assert len(pcm) > SAMPLE_RATE, f"hardly anything was said:\n{server.log[-2000:]}"
        heard[manner] = recogniser.hear(pcm, language)
        keep(kept / f"{SPEAKERS[code]}-{manner}", pcm, text, heard[manner])
    rates[code] = {manner: error_rate(text, words, language) for manner, words in heard.items()}
    word = LETTERS.get(language, 1) / len(words_of(text, language))
    assert rates[code]["breaths"] <= rates[code]["whole"] + max(MORE, word) + 1e-9, heard


def test_over_nine_languages_breaths_cost_no_words(
    servers: dict[str, Program], rates: dict[str, dict[str, float]]
) -> None:
    assert rates, "run the whole file: this is about what was heard in it"
    breaths, whole = (mean(rate[manner] for rate in rates.values()) for manner in MANNERS)
    assert breaths <= whole + MORE, rates
    assert whole <= 0.15, rates


@pytest.mark.parametrize("voice", RELEASED)
def test_the_released_weights_are_understood(
    voice: str, models: Path, recogniser: Recogniser, kept: Path
) -> None:
    language, text = RELEASED[voice]
    with running(models, "--offline", "--no-stand-in") as program:
        pcm = asyncio.run(spoken(program.uri, text, voice))
    heard = recogniser.hear(pcm, language)
    keep(kept / f"released-{voice.replace('/', '-')}", pcm, text, heard)
    assert error_rate(text, heard, language) <= WRONG[language], heard


async def spoken(uri: str, text: str, voice: str) -> Pcm:
    """Return what the server at `uri` says."""
    request = Request(voice=voice)
    async with speak(uri, text, request, streaming=True, silence_seconds=300) as speech:
        sound = b"".join([chunk async for chunk in speech])
    return np.frombuffer(sound, "<i2").astype(np.float32) / np.float32(32768)


def keep(path: Path, pcm: Pcm, said: str, heard: str) -> None:
    """Write sound, picture and texts for people."""
    with wave.open(f"{path}.wav", "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE)
        out.writeframes((pcm * 32767).astype("<i2").tobytes())
    write_png(path.with_suffix(".png"), spectrogram(pcm))
    path.with_suffix(".txt").write_text(f"said:  {said}\nheard: {heard}\n", encoding="utf-8")
