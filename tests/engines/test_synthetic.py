"""Synthetic checkpoints are worth testing with only if they are laid out like the released ones."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.support import synthetic
from tests.support.places import SHARED_DIR
from wyoming_kokoro.models.architecture import read_config

pytestmark = pytest.mark.torch

torch = pytest.importorskip("torch", reason="the extra torch is not installed")
pytest.importorskip("kokoro", reason="the extra torch is not installed")

TENSORS = SHARED_DIR / "models" / "tensors-v1.0.tsv"

Checkpoints = Callable[[str, bool], Path]


def test_names_shapes_and_types_are_those_of_the_released_file(checkpoints: Checkpoints) -> None:
    if not TENSORS.exists():
        pytest.skip("no list of the released tensors at ../shared/models")
    content = torch.load(checkpoints("v1.0", False), weights_only=True, mmap=True)
    found = {
        f"{component}.{key}\t{tuple(tensor.shape)}\t{tensor.dtype}"
        for component, state in content.items()
        for key, tensor in state.items()
    }
    assert found == set(TENSORS.read_text(encoding="utf-8").splitlines())


def test_v0_19_has_one_level_more_and_a_configuration_without_two_blocks(
    checkpoints: Checkpoints,
) -> None:
    path = checkpoints("v0.19", True)
    content = torch.load(path, weights_only=True, mmap=True)
    assert list(content) == ["net"]
    assert tuple(content["net"]) == synthetic.COMPONENTS
    published = json.loads((path.parent / "config.json").read_text(encoding="utf-8"))
    assert not {"plbert", "vocab"} & published.keys()


@pytest.mark.parametrize(("version", "small"), [("v0.19", True), ("v1.1-zh", True)])
def test_the_configuration_beside_it_reads_as_the_architecture_that_engines_get(
    checkpoints: Checkpoints, version: str, small: bool
) -> None:
    _, read = read_config(checkpoints(version, small).parent / "config.json")
    assert read == synthetic.architecture(version, small)


def test_it_is_an_uncompressed_archive_of_a_pickle_and_its_tensors(
    checkpoints: Checkpoints,
) -> None:
    with zipfile.ZipFile(checkpoints("v1.1-zh", True)) as archive:
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        assert any(name.endswith("/data.pkl") for name in archive.namelist())


def test_the_seed_decides_every_value() -> None:
    first, again, other = (
        synthetic.checkpoint_tensors("v1.1-zh", seed, small=True)["bert"] for seed in (1, 1, 2)
    )
    assert all(torch.equal(first[key], again[key]) for key in first)
    assert not any(torch.equal(first[key], other[key]) for key in first)


@pytest.mark.parametrize(("version", "rows"), [("v0.19", 511), ("v1.0", 510)])
def test_voices_are_packs_of_the_versions_rows(tmp_path: Path, version: str, rows: int) -> None:
    paths = synthetic.write_voices(tmp_path, ["af_one", "bm_two"], version)
    assert [path.name for path in paths] == ["af_one.pt", "bm_two.pt"]
    one, two = (torch.load(path, weights_only=True).numpy() for path in paths)
    assert one.shape == two.shape == (rows, 1, 256)
    assert one.dtype == np.float32
    assert not np.array_equal(one, two)
    assert np.abs(np.diff(one, axis=0)).max() < 0.01
