"""The table of how loud the released voices are."""

import pytest

from tests.support.places import SHARED_DIR
from wyoming_kokoro.models.catalog import VERSIONS
from wyoming_kokoro.voices.formats import read_voice
from wyoming_kokoro.voices.loudness import released_loudness
from wyoming_kokoro.voices.packs import pack_key


def test_every_voice_of_v1_0_has_a_loudness_that_speech_can_have() -> None:
    table = released_loudness()
    assert len(table) == len(VERSIONS[0].voices)
    assert all(-35 < lufs < -15 for lufs in table.values())


def test_voices_are_found_by_their_packs() -> None:
    folder = SHARED_DIR / "voices" / "v1.0"
    if not folder.exists():
        pytest.skip("no real voice packs at ../shared/voices")
    keys = {pack_key(read_voice(file, 4 << 20)) for file in sorted(folder.glob("*.pt"))}
    assert keys <= set(released_loudness())
