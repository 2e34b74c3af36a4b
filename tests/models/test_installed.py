"""What is known of a model on this machine, released or the user's own."""

import json
from pathlib import Path

import pytest

from tests.support.hub import made_up, release
from wyoming_kokoro.errors import BadModelFile, ModelUnavailable
from wyoming_kokoro.models import catalog
from wyoming_kokoro.models.folder import ModelFolder
from wyoming_kokoro.models.installed import installed, local_checkpoint

WEIGHTS = made_up(10_000, seed=5)


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    path = tmp_path / "mine.pth"
    path.write_bytes(WEIGHTS)
    return path


def write_config(folder: Path, version: str, **more_symbols: int) -> None:
    vocabulary = {**catalog.vocabulary(version), **more_symbols}
    config = {**catalog.architecture(version), "vocab": vocabulary}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")


@pytest.mark.parametrize("name", ["v1.0", "v1.1-zh", "v0.19"])
def test_a_fine_tuned_model_follows_the_version_of_its_vocabulary(
    checkpoint: Path, name: str
) -> None:
    write_config(checkpoint.parent, name, ħ=98)
    model = local_checkpoint(checkpoint)
    assert model.version.name == name
    assert not model.official
    assert model.vocabulary["ħ"] == 98
    assert (model.checkpoint, model.voices) == (checkpoint, checkpoint.parent / "voices")


def test_a_released_checkpoint_is_recognized_wherever_it_lies(
    checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog, "VERSIONS", (release({"kokoro-v1_0.pth": WEIGHTS}),))
    model = local_checkpoint(checkpoint)
    assert model.official
    assert model.vocabulary == catalog.vocabulary("v1.0")


def test_the_size_of_a_released_checkpoint_is_not_enough(
    checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog, "VERSIONS", (release({"kokoro-v1_0.pth": bytes(10_000)}),))
    write_config(checkpoint.parent, "v1.0")
    assert not local_checkpoint(checkpoint).official


def test_a_checkpoint_without_its_config_is_refused(checkpoint: Path) -> None:
    with pytest.raises(BadModelFile, match=r"config\.json cannot be read: No such file"):
        local_checkpoint(checkpoint)


@pytest.mark.parametrize("name", ["missing.pth", "."])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelUnavailable, match="is not a file; give --checkpoint"):
        local_checkpoint(tmp_path / name)


def test_a_downloaded_model_is_described(tmp_path: Path) -> None:
    folder = ModelFolder(tmp_path, release({"kokoro-v1_0.pth": WEIGHTS}))
    with pytest.raises(ModelUnavailable, match="is not there"):
        installed(folder)
    folder.path.mkdir(parents=True)
    folder.checkpoint.write_bytes(WEIGHTS)
    model = installed(folder)
    assert model.official
    assert model.checkpoint == tmp_path / "models" / "v1.0" / "kokoro-v1_0.pth"
    assert model.voices == tmp_path / "models" / "v1.0" / "voices"
    assert model.architecture["n_token"] == 178
