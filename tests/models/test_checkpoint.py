"""A checkpoint in any of the released layouts is understood, and anything else refused."""

import collections
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wyoming_kokoro.errors import BadModelFile
from wyoming_kokoro.models.checkpoint import COMPONENTS, read_checkpoint

pytestmark = pytest.mark.torch

torch = pytest.importorskip("torch")


def _components(prefix: str = "module.") -> dict[str, Any]:
    return {
        name: collections.OrderedDict({f"{prefix}weight": torch.full((2, 3), float(number))})
        for number, name in enumerate(COMPONENTS)
    }


def _saved(content: object, folder: Path) -> Path:
    path = folder / "model.pth"
    torch.save(content, path)
    return path


@pytest.mark.parametrize("prefix", ["module.", ""])
@pytest.mark.parametrize("level", [False, True])
def test_every_released_layout_gives_the_same_names(
    tmp_path: Path, prefix: str, level: bool
) -> None:
    components = _components(prefix)
    weights = read_checkpoint(_saved({"net": components} if level else components, tmp_path))
    assert list(weights) == [f"{name}.weight" for name in COMPONENTS]
    assert np.array_equal(weights["predictor.weight"], np.full((2, 3), 2, np.float32))


@pytest.mark.parametrize("missing", COMPONENTS)
def test_a_missing_component_is_named(tmp_path: Path, missing: str) -> None:
    components = _components()
    del components[missing]
    with pytest.raises(BadModelFile, match=f"no component '{missing}'"):
        read_checkpoint(_saved(components, tmp_path))


@pytest.mark.parametrize("content", [[], {}, {"net": {}}, 5, {"bert": 1}])
def test_a_file_of_something_else_is_no_checkpoint(tmp_path: Path, content: object) -> None:
    with pytest.raises(BadModelFile, match="no Kokoro checkpoint"):
        read_checkpoint(_saved(content, tmp_path))


def test_what_is_no_archive_is_refused_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "model.pth"
    path.write_text("<html>not found</html>")
    with pytest.raises(BadModelFile, match=r"model\.pth is no PyTorch file.*fetch it again"):
        read_checkpoint(path)


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    path = _saved(_components(), tmp_path)
    whole = path.read_bytes()
    for length in (0, 1, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(BadModelFile):
            read_checkpoint(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadModelFile, match=r"none\.pth cannot be read"):
        read_checkpoint(tmp_path / "none.pth")


def test_any_changed_byte_is_refused_or_harmless(tmp_path: Path) -> None:
    path = _saved(_components(), tmp_path)
    whole = path.read_bytes()
    random = np.random.default_rng(0)
    for place in random.integers(0, len(whole), 150):
        damaged = bytearray(whole)
        damaged[place] ^= int(random.integers(1, 256))
        path.write_bytes(bytes(damaged))
        try:
            read_checkpoint(path)
        except BadModelFile:
            continue


def test_an_archive_compressed_inside_is_refused(tmp_path: Path) -> None:
    path = _saved(_components(), tmp_path)
    again = tmp_path / "again.pth"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    with pytest.raises(BadModelFile, match="compressed"):
        read_checkpoint(again)
