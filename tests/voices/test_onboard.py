"""The voices on board: one for each language, used where nothing else has them."""

import logging
from pathlib import Path

import numpy as np
import pytest

from tests.support.voice_files import SHARED, npy, pack, write_pt
from wyoming_kokoro.config import Limits
from wyoming_kokoro.models.catalog import describe, version_named
from wyoming_kokoro.speech import LANGUAGES
from wyoming_kokoro.voices.formats import read_voice
from wyoming_kokoro.voices.onboard import FOLDER, NAMES, on_board
from wyoming_kokoro.voices.packs import pack_key
from wyoming_kokoro.voices.store import VoiceStore

VERSION = version_named("v1.0")


def store(released: Path, *user_folders: Path) -> VoiceStore:
    return VoiceStore(
        "v1.0", VERSION.voices, 510, released, user_folders, on_board=on_board("v1.0")
    )


def test_there_is_one_for_each_language_of_the_release_in_two_and_a_half_megabytes() -> None:
    voices = [describe(name) for name in NAMES]
    assert {voice.language for voice in voices if voice} == set(LANGUAGES)
    assert set(NAMES) <= set(VERSION.voices)
    assert sorted(path.stem for path in FOLDER.glob("*.npy")) == sorted(NAMES)
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 2.5e6
    told = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert "hexgrad/Kokoro-82M" in told
    assert VERSION.revision in told
    assert "Apache-2.0" in told


@pytest.mark.parametrize("name", NAMES)
def test_each_is_a_pack_of_the_release(name: str, tmp_path: Path) -> None:
    voices = store(tmp_path)
    assert voices.pack(voices.resolve(name)).shape == (VERSION.pack_rows, 256)


@pytest.mark.parametrize("name", NAMES)
def test_each_is_the_released_one_rounded_and_has_its_key(name: str, tmp_path: Path) -> None:
    released = next(SHARED.glob(f"{name}.*"), None)
    if released is None:
        pytest.skip("no real voice packs at ../shared/voices, or not this one")
    voices, limit = store(tmp_path), Limits().voice_file_bytes
    ours, theirs = voices.pack(voices.resolve(name)), read_voice(released, limit, 510)
    assert np.array_equal(ours, theirs.astype(np.float16))
    assert pack_key(ours) == pack_key(theirs)


def test_without_a_hub_exactly_these_are_offered(tmp_path: Path) -> None:
    assert sorted(store(tmp_path).offered(fetched=False)) == sorted(NAMES)
    assert set(store(tmp_path).offered()) == set(VERSION.voices)
    assert store(tmp_path).resolve("af_heart+bf_emma").missing == ()
    assert store(tmp_path).resolve("am_adam").missing == ("am_adam",)


def test_a_pack_from_the_hub_or_of_a_user_is_used_before_them(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    released, mine = tmp_path / "released", tmp_path / "mine"
    released.mkdir()
    mine.mkdir()
    voices = store(released, mine)
    before = voices.pack(voices.resolve("af_heart"))
    (mine / "bf_emma.npy").write_bytes(npy(pack(2)))
    write_pt(released / "af_heart.pt", pack(1))
    with caplog.at_level(logging.WARNING):
        assert np.array_equal(voices.pack(voices.resolve("af_heart")), pack(1))
        assert np.array_equal(voices.pack(voices.resolve("bf_emma")), pack(2))
    assert "af_heart" not in caplog.text, "the released one is what is meant"
    (released / "af_heart.pt").unlink()
    assert np.array_equal(voices.pack(voices.resolve("af_heart")), before)


def test_a_combined_archive_is_all_there_is_where_it_is_asked_for(tmp_path: Path) -> None:
    voices = VoiceStore(
        "v1.0", VERSION.voices, 510, tmp_path, source="combined", on_board=on_board("v1.0")
    )
    assert voices.names() == ()


def test_other_versions_have_none() -> None:
    assert on_board("v0.19") is on_board("v1.1-zh") is None
