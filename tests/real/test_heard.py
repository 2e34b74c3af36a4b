"""Kokoro itself, in nine languages, through the server, heard by a speech recogniser.

Sound and pictures are kept for people to look at.
"""

import asyncio
import wave
from collections.abc import Callable, Iterator
from functools import cache
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
    "ja_JP": "台所の電気がついています。玄関の鍵は朝から閉まっています。",
    "pt_BR": "A luz da cozinha está acesa, e a porta está fechada desde a manhã.",
    "zh_CN": "厨房的灯开着，前门从早上起就已经锁好了。",
}
"""Long enough for several breaths."""

RELEASED = {
    "v1.0/af_heart": ("en", "The lamp in the kitchen is on, and the front door is locked."),
    "v0.19/af_bella": ("en", "The washing machine has finished."),
    "v1.1-zh/zf_001": ("zh", "今天天气很好，适合出去走走。"),
}
"""What voices of the released weights say, and in which language a recogniser should listen."""

ALLOWED = 0.05
"""By how much the share of wrong words may be higher in breaths."""

Heard = Callable[[str], str]
Say = Callable[[str, str, str], str]


@pytest.fixture(scope="module")
def say(recogniser: Recogniser, kept: Path) -> Say:
    """Call with a server's address, a voice and a text; get what is heard."""

    def said(uri: str, voice: str, text: str) -> str:
        pcm = asyncio.run(_spoken(uri, text, voice))
        language = next(code for code, name in SPEAKERS.items() if name[0] == voice.split("/")[-1][0])
        heard = recogniser.hear(pcm, language)
        _keep(kept / f"{voice.replace('/', '-')}-{len(list(kept.iterdir()))}", pcm, text, heard)
        return heard

    return said
