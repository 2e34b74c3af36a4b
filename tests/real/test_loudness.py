"""How loud the real voices are, and that the listener does not hear the difference."""

from pathlib import Path
from statistics import mean

import numpy as np
import pytest

from script.tables.loudness import Speaker, heard_of
from wyoming_kokoro.audio.limiter import CEILING
from wyoming_kokoro.audio.loudness import loudness
from wyoming_kokoro.synthesis.loudness import Loudness
from wyoming_kokoro.voices.loudness import released_loudness
from wyoming_kokoro.voices.packs import pack_key

SAID = {
    "am_michael": (
        "The front door has been open for more than ten minutes.",
        "I have added milk and butter to your shopping list.",
        "The bedroom is two degrees colder than you have asked for.",
    ),
    "if_sara": (
        "La porta di casa è aperta da più di dieci minuti.",
        "Ho aggiunto latte e burro alla lista della spesa.",
        "In camera ci sono due gradi in meno di quanto richiesto.",
    ),
}
"""What two voices say that are 10 dB apart; none of it was said to make the table."""


@pytest.fixture(scope="module")
def speaker(near_real: Path) -> Speaker:
    speaker = Speaker(near_real, near_real.parent / "voices", near_real.parent)
    if not set(SAID) <= set(speaker.names()):
        pytest.skip("no real voice packs at ../shared/voices")
    return speaker


@pytest.mark.slow
def test_the_table_is_what_its_script_makes_of_the_real_voice(speaker: Speaker) -> None:
    table = released_loudness()[pack_key(speaker.pack("if_sara"))]
    assert speaker.loudness("if_sara") == pytest.approx(table, abs=0.5)


@pytest.mark.slow
def test_two_voices_that_are_10_db_apart_are_heard_equally_loud_and_do_not_clip(
    speaker: Speaker, tmp_path: Path
) -> None:
    levels, natural = Loudness(-23, tmp_path / "loudness.json"), []
    for voice, texts in SAID.items():
        gain = levels.of(speaker.pack(voice), "", released=True).gain
        made = [speaker.make(voice, text) for text in texts]
        heard = [heard_of(plan, whole, gain) for plan, whole in made]
        assert mean(map(loudness, heard)) == pytest.approx(-23, abs=1)
        louder = [heard_of(plan, whole, 4 * gain) for plan, whole in made]
        assert max(np.abs(pcm).max() for pcm in louder) <= CEILING + 1e-6
        natural.append(mean(loudness(whole) for _, whole in made))
    assert abs(natural[0] - natural[1]) > 8
