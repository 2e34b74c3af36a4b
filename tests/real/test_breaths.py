"""Sentences in breaths against the same ones made whole, by the measures of `check`, on the real
voice. `script/bench sound` measures the same over many more.
"""

from dataclasses import dataclass
from statistics import mean

import pytest

from tests.support.real import SPEAKERS
from tests.support.speaking import RealVoice, Sentence, whole
from wyoming_kokoro.check.trial import Difference

pytestmark = [pytest.mark.torch, pytest.mark.slow, pytest.mark.timeout(900)]

SAID = {
    "en_US": "The parcel for your neighbors came this afternoon, so I put it behind the shed.",
    "it_IT": "Il pacco per i vicini è arrivato oggi pomeriggio, e l'ho messo nel garage.",
    "zh_CN": "邻居的包裹今天下午送到了，我把它放在车库里。",
}
"""Mandarin and Italian were misheard when each breath was normalized by itself."""


@dataclass(frozen=True)
class Spoken:
    """How far a sentence in breaths is from the whole one, and the steps at its joins in dB; and
    at the same places of the whole sentence with another noise."""

    breaths: Difference
    steps: list[float]
    noise: list[float]


@pytest.fixture(scope="module")
def spoken(real_voice: RealVoice) -> dict[str, Spoken]:
    return {code: _spoken(real_voice, Sentence(SPEAKERS[code], code, SAID[code])) for code in SAID}


def _spoken(voice: RealVoice, sentence: Sentence) -> Spoken:
    take = voice.take(sentence)
    assert take.plan.divisible, f"{sentence.voice} is not calibrated"
    other = take.heard_of(whole(voice.engine, voice.plan(sentence, seed=1)))
    breaths = take.in_breaths(voice.engine)
    return Spoken(take.difference(breaths), take.steps(breaths), take.steps(other))


def test_breaths_are_near_the_whole_sentence(spoken: dict[str, Spoken]) -> None:
    distances = {code: found.breaths.distance for code, found in spoken.items()}
    assert max(distances.values()) <= 1.6, distances


def test_their_joins_make_hardly_more_of_a_step_than_another_noise(
    spoken: dict[str, Spoken],
) -> None:
    breaths = [step for found in spoken.values() for step in found.steps]
    noise = [step for found in spoken.values() for step in found.noise]
    assert len(breaths) == len(noise) >= len(SAID)
    assert mean(breaths) <= mean(noise) + 0.3
    assert max(breaths) <= 1, "one is noticed"


@pytest.mark.parametrize("code", SAID)
def test_they_are_as_loud(code: str, spoken: dict[str, Spoken]) -> None:
    assert abs(spoken[code].breaths.level) <= 1
