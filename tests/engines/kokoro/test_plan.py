from typing import Any

import numpy as np
import pytest

from wyoming_kokoro.engines.kokoro.plan import KokoroPlan, voiced_pitch
from wyoming_kokoro.speech import US_ENGLISH, Phonemes, Tokens

FRAMES = 100


@pytest.fixture
def plan() -> KokoroPlan:
    """A plan in which every value tells the frame it belongs to."""

    def frames(steps: int) -> Any:
        return (np.arange(steps * FRAMES) / steps).astype(np.float32)

    return KokoroPlan(
        tokens=Tokens((), Phonemes("", "", US_ENGLISH)),
        frames=FRAMES,
        durations=np.array([10, 80, 10]),
        f0=frames(2),
        energy=frames(2),
        hidden=np.tile(frames(2), (512, 1)),
        source=lambda frames: np.zeros((22, 120 * len(frames) + 1), np.float32),
        style=np.arange(256, dtype=np.float32),
        voice="",
        covariates=np.zeros(1029, np.float32),
        statistics=None,
    )


def test_the_generator_reads_the_columns_of_its_own_frames(plan: KokoroPlan) -> None:
    hidden = plan.hidden_of(range(25, 75))
    assert (hidden[0, 0], hidden[-1, -1]) == (25, 74.5)
    assert plan.timbre.tolist() == list(range(128))


def test_a_plan_without_statistics_cannot_be_divided(plan: KokoroPlan) -> None:
    assert not plan.divisible


def test_pitch_of_ten_hertz_or_less_is_unvoiced() -> None:
    curve = np.array([-80, 0, 10, 10.5, 220], np.float32)
    assert voiced_pitch(curve).tolist() == [0, 0, 0, 10.5, 220]
