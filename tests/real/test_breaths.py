"""Sentences in breaths, and in faster numbers, against the same ones made whole in fp32, by the
measures of `check`, on the real voice. `script/bench sound` measures the same over many more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import mean

import pytest

from tests.support.real import SPEAKERS
from tests.support.speaking import RealVoice, Sentence, whole
from wyoming_kokoro.check.bounds import REDUCED
from wyoming_kokoro.check.findings import findings
from wyoming_kokoro.check.measures import Silence
from wyoming_kokoro.check.trial import OTHER_NOISE, Difference, Sound, Take, Trial, compared
from wyoming_kokoro.engines.base import Engine
from wyoming_kokoro.engines.native.library import usable_library
from wyoming_kokoro.engines.precision import Native
from wyoming_kokoro.engines.verdict import BREATHS

pytestmark = [pytest.mark.torch, pytest.mark.slow, pytest.mark.timeout(900)]

SAID = {
    "en_US": "The parcel for your neighbors came this afternoon, so I put it behind the shed.",
    "it_IT": "Il pacco per i vicini è arrivato oggi pomeriggio, e l'ho messo nel garage.",
    "zh_CN": "邻居的包裹今天下午送到了，我把它放在车库里。",
}
"""Mandarin and Italian were misheard when each breath was normalized by itself."""

FARTHEST: dict[Native, float] = {"fp32": 0.02, "int16": 0.15, "int8": 0.65}
"""Mean log-mel distance of whole sentences, in dB."""


@dataclass(frozen=True)
class Spoken:
    """How far a sentence in breaths is from the whole one, and the steps at its joins in dB; and
    at the same places of the whole sentence with another noise."""

    breaths: Difference
    steps: list[float]
    noise: list[float]


@pytest.fixture(scope="module")
def takes(real_voice: RealVoice) -> dict[str, Take]:
    """The sentences as ONNX Runtime makes them whole, by language."""
    found = {code: real_voice.take(_sentence(code)) for code in SAID}
    assert all(take.plan.divisible for take in found.values()), "a voice is not calibrated"
    return found


@pytest.fixture(scope="module")
def engines(real_voice: RealVoice, native: None) -> Iterator[dict[str, Engine]]:
    """The native engine, by its numbers."""
    found: dict[str, Engine] = {}
    for numbers in FARTHEST:
        engine = real_voice.native(numbers)
        assert engine
        found[numbers] = engine
    yield found
    for engine in found.values():
        engine.close()


@pytest.fixture(scope="module")
def spoken(
    request: pytest.FixtureRequest, real_voice: RealVoice, takes: dict[str, Take]
) -> dict[str, Spoken]:
    """What breaths are, as a user hears them: natively, else on ONNX Runtime, whose parts are the
    same whole (`tests/engines/onnx/test_engine.py`)."""
    engine = real_voice.engine
    if usable_library():
        engine = request.getfixturevalue("engines")["int16"]
    return {code: _spoken(real_voice, engine, code, take) for code, take in takes.items()}


def _sentence(code: str) -> Sentence:
    return Sentence(SPEAKERS[code], code, SAID[code])


def _spoken(voice: RealVoice, engine: Engine, code: str, take: Take) -> Spoken:
    other = take.heard_of(whole(voice.engine, voice.plan(_sentence(code), seed=1)))
    breaths = take.in_breaths(engine)
    return Spoken(take.difference(breaths), take.steps(breaths), take.steps(other))


@pytest.mark.parametrize("numbers", FARTHEST)
def test_the_native_engine_is_near_to_onnx_runtime(
    numbers: Native, engines: dict[str, Engine], takes: dict[str, Take]
) -> None:
    """Another noise makes 0.5 dB; `check` allows faster numbers 0.75."""
    made = {
        code: take.difference(take.heard_of(whole(engines[numbers], take.plan)))
        for code, take in takes.items()
    }
    distances = {code: difference.distance for code, difference in made.items()}
    assert mean(distances.values()) <= FARTHEST[numbers], distances
    assert max(distances.values()) <= REDUCED.distance, distances
    assert all(abs(difference.level) <= 1 for difference in made.values())


def test_what_check_asks_of_numbers_int8_keeps_whole_and_in_breaths(
    engines: dict[str, Engine], takes: dict[str, Take]
) -> None:
    """The Mandarin sentence is the one that it is worst at."""
    nothing = Difference(0, 0, 0)  # which no other noise allows more than
    differences, take = {OTHER_NOISE: nothing, BREATHS: nothing}, takes["zh_CN"]
    sound = Sound(1, 0, 1, Silence(0, 0, 0), 5)
    trial = Trial("", "zh_CN", "", sound, len(take.breaths) - 1, differences, take=take)
    made = compared([trial], "int8", engines["int8"], lambda _: None, breaths=True)
    found = findings(made).comparisons
    assert found.keys() == {BREATHS, "int8", "int8-breaths"}
    assert all(one.passed for one in found.values()), found


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
