"""Sample voices: chosen far apart, and fetched where that may be."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import huggingface_hub
import pytest

from tests.support.hub import Fault, Hub, release
from tests.support.voice_files import npy, pack, write_bin
from wyoming_kokoro.config import Settings
from wyoming_kokoro.models import catalog
from wyoming_kokoro.models.download import fetch
from wyoming_kokoro.models.folder import ModelFolder
from wyoming_kokoro.models.installed import InstalledModel
from wyoming_kokoro.synthesis import sample_voices as module
from wyoming_kokoro.synthesis.sample_voices import (
    MAX_SAMPLE_VOICES,
    fetch_sample_voices,
    sample_voices,
    voices_of,
)

NAMES = ("af_heart", "am_adam", "bf_emma", "ef_dora", "em_alex")


@pytest.fixture(autouse=True)
def no_voices_on_board(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wyoming_kokoro.voices.onboard._VERSION", "none")


@pytest.mark.parametrize("version", catalog.VERSIONS, ids=lambda version: version.name)
def test_of_every_version_there_are_women_and_men_of_as_many_languages_as_it_has(
    version: catalog.ModelVersion,
) -> None:
    chosen = sample_voices(version.voices, version.default_voice)
    assert chosen[0] == version.default_voice
    assert len(set(chosen)) == len(chosen) == MAX_SAMPLE_VOICES
    languages = {name[0] for name in version.voices}
    assert len({name[0] for name in chosen}) == min(MAX_SAMPLE_VOICES, len(languages))
    sexes = [name[1] for name in chosen]
    assert min(sexes.count("f"), sexes.count("m")) >= 3


def test_of_few_names_all_are_taken_and_a_first_one_that_is_not_there_is_not() -> None:
    assert sample_voices(("mine", "af_heart"), "af_heart") == ("af_heart", "mine")
    assert sample_voices(("mine", "bm_george"), "af_heart") == ("bm_george", "mine")
    assert sample_voices((), "af_heart") == ()


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setenv("NO_PROXY", "*")
    with Hub() as hub:
        monkeypatch.setattr(module, "fetch", partial(fetch, endpoint=hub.url))
        yield hub
    huggingface_hub.close_session()


@pytest.fixture
def model(hub: Hub, tmp_path: Path) -> InstalledModel:
    """A released model, of whose voices only the default one is here."""
    voice = npy(pack())  # what a file is, its first bytes tell
    contents = {"kokoro-v1_0.pth": b"weights", **{f"voices/{name}.pt": voice for name in NAMES}}
    version = release(contents)
    hub.publish(version, contents)
    folder = ModelFolder(tmp_path / "data", version)
    fetch(folder, version.files(["af_heart"]), endpoint=hub.url)
    hub.asked.clear()
    return InstalledModel(version, folder.checkpoint, folder.voices, {}, {}, official=True)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


def test_a_released_model_gets_what_is_missing_and_tells_of_each(
    model: InstalledModel, settings: Settings
) -> None:
    told: list[str] = []
    assert fetch_sample_voices(model, settings, told.append) == ""
    assert set(voices_of(model, settings).names()) == set(NAMES)
    names = ("em_alex", "bf_emma", "am_adam", "ef_dora")
    assert told == [f"fetching the voice {name}, {n} of 4" for n, name in enumerate(names, 1)]
    assert fetch_sample_voices(model, settings, told.append) == ""
    assert len(told) == 4, "all are here"


def test_offline_nothing_is_asked_and_what_is_missing_is_told(
    model: InstalledModel, settings: Settings, hub: Hub
) -> None:
    trouble = fetch_sample_voices(model, replace(settings, offline=True), lambda _: None)
    assert "is not there; run `wyoming-kokoro download`" in trouble
    assert not hub.asked


def test_a_hub_that_does_not_answer_is_told_and_what_came_stays(
    model: InstalledModel, settings: Settings, hub: Hub
) -> None:
    hub.spoil(model.version, "voices/am_adam.pt", Fault("status", status=503))
    trouble = fetch_sample_voices(model, settings, lambda _: None)
    assert "am_adam" in trouble
    assert "503" in trouble
    assert set(voices_of(model, settings).names()) == {"af_heart", "em_alex", "bf_emma"}


@pytest.mark.parametrize(
    "own", [{"official": False}, {"source": "combined"}], ids=["own model", "combined archive"]
)
def test_neither_for_an_own_model_nor_beside_an_archive_is_anything_fetched(
    own: dict[str, bool | str], model: InstalledModel, settings: Settings, hub: Hub
) -> None:
    if "official" in own:
        model = replace(model, official=False)
    else:
        settings = replace(settings, voice_source="combined")
    assert fetch_sample_voices(model, settings, lambda _: None) == ""
    assert not hub.asked


def test_voices_beside_an_own_checkpoint_and_those_that_were_fetched_both_count(
    model: InstalledModel, settings: Settings, tmp_path: Path
) -> None:
    write_bin(tmp_path / "bm_mine.bin", pack())
    own = replace(model, voices=tmp_path)
    assert set(voices_of(own, settings).names()) == {"af_heart", "bm_mine"}
