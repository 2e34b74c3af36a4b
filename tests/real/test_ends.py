"""Where the real voice begins and ends to a listener: short replies and a long sentence."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from script.tables.loudness import Speaker, heard_of
from tests.support.hearing import error_rate
from tests.support.recogniser import Recogniser
from wyoming_kokoro.audio import AUDIBLE
from wyoming_kokoro.speech import SAMPLE_RATE, Pcm

VOICES = ("af_heart", "af_bella", "bf_emma", "am_adam", "am_michael", "bm_george")
"""bf_emma clicks after short words."""

SAID = (
    "Done.",
    "Yes.",
    "What?",
    "The kitchen light is off.",
    "Tomorrow will be cloudy, with a little rain in the afternoon.",
)

Take = tuple[Pcm, Pcm]
"""A sentence as the engine makes it, and what is heard of it."""


@pytest.fixture(scope="module")
def takes(near_real: Path, native: None) -> Callable[[str], list[Take]]:
    """Call with a voice to get what it says, sentence by sentence, in the numbers that most
    listeners hear."""
    folder = near_real.parent
    speaker = Speaker(near_real, folder / "voices", folder, "native", "int16")

    @cache
    def speak(voice: str) -> list[Take]:
        if voice not in speaker.names():
            pytest.skip("no real voice packs at ../shared/voices")
        made = [speaker.make(voice, text) for text in SAID]
        return [(whole, heard_of(plan, whole)) for plan, whole in made]

    return speak


@pytest.mark.slow
@pytest.mark.parametrize("voice", VOICES)
def test_little_silence_is_before_the_first_word_and_after_the_last(
    voice: str, takes: Callable[[str], list[Take]]
) -> None:
    for (_, heard), text in zip(takes(voice), SAID, strict=True):
        audible = np.flatnonzero(np.abs(heard) > AUDIBLE)
        assert audible[0] / SAMPLE_RATE <= 0.06, text
        assert 0.15 <= (len(heard) - 1 - audible[-1]) / SAMPLE_RATE <= 0.35, text


@pytest.mark.slow
@pytest.mark.parametrize("voice", VOICES)
def test_hardly_anything_of_the_sound_is_cut_off(
    voice: str, takes: Callable[[str], list[Take]]
) -> None:
    for (whole, heard), text in zip(takes(voice), SAID, strict=True):
        assert np.sum(heard**2) >= (1 - 1e-3) * np.sum(whole**2), text


@pytest.mark.slow
@pytest.mark.parametrize("voice", ["af_heart", "bf_emma", "am_michael"])
def test_no_last_sound_is_lost(
    voice: str, takes: Callable[[str], list[Take]], recogniser: Recogniser
) -> None:
    """All in one, because the recogniser takes as long for a word as for half a minute."""
    silent = np.zeros(SAMPLE_RATE // 2, np.float32)
    whole = np.concatenate([pcm for made, _ in takes(voice) for pcm in (made, silent)])
    heard = np.concatenate([pcm for _, kept in takes(voice) for pcm in (kept, silent)])
    before, after = (
        error_rate(" ".join(SAID), recogniser.hear(pcm, "en"), "en") for pcm in (whole, heard)
    )
    assert after <= before + 0.05  # a word
