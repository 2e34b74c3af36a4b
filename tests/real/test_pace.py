"""How long the real voice takes to say text, beside the table that newcomers are planned by."""

from pathlib import Path

import pytest

from script.tables.loudness import Speaker
from script.tables.pace import seconds_a_character
from wyoming_kokoro.speech import language_named
from wyoming_kokoro.synthesis.pace import SECONDS_A_CHARACTER


@pytest.mark.slow
def test_the_table_of_pace_is_what_its_script_makes_of_the_real_voice(
    near_real: Path, native: None
) -> None:
    folder = near_real.parent
    speaker = Speaker(near_real, folder / "voices", folder, "native")
    measured = seconds_a_character(speaker, language_named("hi_IN"))
    assert measured == pytest.approx(SECONDS_A_CHARACTER["hi_IN"], rel=0.2)
