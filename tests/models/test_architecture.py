"""A `config.json` beside a checkpoint, whole and broken."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.places import SHARED_DIR
from wyoming_kokoro.errors import BadModelFile
from wyoming_kokoro.models import catalog
from wyoming_kokoro.models.architecture import read_config

FACTS = SHARED_DIR / "models"


def config(**changes: Any) -> dict[str, Any]:
    """Return v1.0's configuration with some keys changed, or left out where None."""
    vocabulary = dict(catalog.vocabulary("v1.0"))
    whole = {**catalog.architecture("v1.0"), "vocab": vocabulary, **changes}
    return {key: value for key, value in whole.items() if value is not None}


def write(folder: Path, content: Any) -> Path:
    path = folder / "config.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.skipif(not FACTS.is_dir(), reason="the released configs (../shared) are not at hand")
@pytest.mark.parametrize("name", ["v1.0", "v1.1-zh"])
def test_the_released_config_reads_as_the_catalog_has_it(name: str) -> None:
    vocabulary, architecture = read_config(FACTS / f"config-{name}.json")
    assert vocabulary == catalog.vocabulary(name)
    assert architecture == catalog.architecture(name)


def test_without_vocabulary_and_plbert_it_is_v0_19s(tmp_path: Path) -> None:
    path = write(tmp_path, config(vocab=None, plbert=None, max_dur=60))
    vocabulary, architecture = read_config(path)
    assert vocabulary == catalog.vocabulary("v0.19")
    assert architecture["plbert"] == catalog.architecture("v0.19")["plbert"]
    assert architecture["max_dur"] == 60


@pytest.mark.parametrize("key", ["n_token", "hidden_dim", "istftnet", "plbert", "vocab"])
def test_a_missing_key_is_named_with_the_file(tmp_path: Path, key: str) -> None:
    path = write(tmp_path, config(**{key: None}))
    with pytest.raises(BadModelFile, match=f"{re.escape(str(path))} lacks '{key}'; use the config"):
        read_config(path)


def test_a_key_missing_in_a_block_is_named_with_the_block(tmp_path: Path) -> None:
    path = write(tmp_path, config(istftnet={"gen_istft_hop_size": 5}))
    with pytest.raises(BadModelFile, match="lacks 'gen_istft_n_fft' in 'istftnet'"):
        read_config(path)


@pytest.mark.parametrize("value", ["178", 0, -1, 1.5, True, [178]])
def test_a_dimension_that_is_no_count_is_named(tmp_path: Path, value: Any) -> None:
    with pytest.raises(BadModelFile, match=r"'n_token' is .*, not a count"):
        read_config(write(tmp_path, config(n_token=value)))


@pytest.mark.parametrize("vocabulary", [{"ab": 1}, {"": 1}, {"a": 178}, {"a": -1}, {"a": "1"}])
def test_a_vocabulary_that_does_not_fit_the_network_is_refused(
    tmp_path: Path, vocabulary: dict[str, Any]
) -> None:
    with pytest.raises(BadModelFile, match=r"'vocab' gives .*count from 0 to 177"):
        read_config(write(tmp_path, config(vocab=vocabulary)))


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"[]", b"null"])
def test_a_file_that_is_no_json_object_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(content)
    with pytest.raises(BadModelFile, match=f"{re.escape(str(path))} is not"):
        read_config(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadModelFile, match=r"config\.json cannot be read: No such file"):
        read_config(tmp_path / "config.json")
