"""Stages are built once, found again, and built anew when they are stale or damaged."""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("kokoro", reason="synthetic checkpoints take their shapes from kokoro")

import torch

from tests.support import synthetic
from wyoming_kokoro.engines.onnx.compiled.stages import Stages, builder_sources, prepared_stages
from wyoming_kokoro.errors import BadModelFile, DownloadFailed, ModelUnavailable

pytestmark = pytest.mark.torch

VERSION, SHA256 = "v0.19", "0123456789abcdef" * 4
ARCHITECTURE = synthetic.architecture(VERSION, small=True)

Prepare = Callable[..., Stages]


@pytest.fixture
def checkpoint(checkpoints: Callable[[str, bool], Path]) -> Path:
    return checkpoints(VERSION, True)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def builds(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], int]]:
    """Call to get how often stages were built since the last call."""

    def count() -> int:
        built = sum(record.message.startswith("compiled ") for record in caplog.records)
        caplog.clear()
        return built

    with caplog.at_level(logging.INFO):
        yield count


def test_stages_are_built_once_and_again_only_when_they_are_not_as_written(
    checkpoint: Path, cache: Path, builds: Callable[[], int]
) -> None:
    def prepare() -> Stages:
        return prepared_stages(checkpoint, SHA256, ARCHITECTURE, cache)

    weights = prepare().path("text").with_suffix(".weights")
    assert builds() == 1
    assert prepare().path("generator").is_file()
    assert builds() == 0

    os.utime(weights)
    prepare()
    assert builds() == 0, "another time alone is no damage"

    with weights.open("r+b") as file:
        file.truncate(1000)
    prepare()
    assert builds() == 1
    assert weights.stat().st_size > 1000

    with weights.open("r+b") as file:
        file.write(b"damaged!")
    os.utime(weights, (0, 0))
    prepare()
    assert builds() == 1

    (cache / weights.parent.name / "stages.json").write_text("{")
    prepare()
    assert builds() == 1


def test_two_that_start_at_once_build_once(
    checkpoint: Path, tmp_path: Path, builds: Callable[[], int]
) -> None:
    found: list[Stages] = []
    threads = [
        threading.Thread(
            target=lambda: found.append(prepared_stages(checkpoint, SHA256, ARCHITECTURE, tmp_path))
        )
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert builds() == 1
    assert found[0].folder == found[1].folder
    assert {path.name for path in tmp_path.iterdir()} == {".lock", found[0].folder.name}


def test_stages_of_another_builder_are_replaced(checkpoint: Path, tmp_path: Path) -> None:
    stale = tmp_path / f"{SHA256[:16]}-00000000"
    of_another_checkpoint = tmp_path / "ffffffffffffffff-00000000"
    for folder in (stale, of_another_checkpoint):
        folder.mkdir()
    prepared_stages(checkpoint, SHA256, ARCHITECTURE, tmp_path)
    assert not stale.exists()
    assert of_another_checkpoint.exists()


def test_the_networks_definition_and_what_writes_it_are_the_builder() -> None:
    sources = {"/".join(path.parts[-2:]) for path in builder_sources()}
    assert {"graph/generator.py", "graph/layers.py", "compiled/build.py"} <= sources


def test_a_checkpoint_of_another_architecture_names_what_does_not_fit(
    checkpoint: Path, tmp_path: Path
) -> None:
    other = {**ARCHITECTURE, "n_token": 9}
    with pytest.raises(BadModelFile, match=r"bert\.embeddings\.word_embeddings\.weight has shape"):
        prepared_stages(checkpoint, SHA256, other, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_a_missing_weight_is_named(tmp_path: Path, checkpoint: Path) -> None:
    content = torch.load(checkpoint, weights_only=True, mmap=True)
    del content["net"]["bert"]["module.embeddings.LayerNorm.bias"]
    decoder = content["net"]["decoder"]
    content["net"]["decoder"] = dict(list(decoder.items())[:1])  # not to write 200 MB
    path = tmp_path / "model.pth"
    torch.save(content, path)
    with pytest.raises(BadModelFile, match=r"has no bert\.embeddings\.LayerNorm\.bias"):
        prepared_stages(path, SHA256, ARCHITECTURE, tmp_path / "cache")


def test_what_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.pth"
    path.write_text("<html>")
    with pytest.raises(BadModelFile, match="is no PyTorch file"):
        prepared_stages(path, SHA256, ARCHITECTURE, tmp_path / "cache")


def test_a_builder_that_breaks_is_reported(tmp_path: Path, checkpoint: Path) -> None:
    broken = {**ARCHITECTURE, "plbert": {}}
    with pytest.raises(ModelUnavailable, match="could not be compiled: KeyError"):
        prepared_stages(checkpoint, SHA256, broken, tmp_path)


def test_a_folder_that_cannot_be_written_is_named_as_what_keeps_it_from_being_compiled(
    tmp_path: Path, checkpoint: Path
) -> None:
    (tmp_path / "file").touch()
    cache = tmp_path / "file" / "cache"
    told = rf"{checkpoint.name} could not be compiled: {cache} cannot be written: .*--data-dir"
    with pytest.raises(ModelUnavailable, match=told) as refused:
        prepared_stages(checkpoint, SHA256, ARCHITECTURE, cache)
    assert not isinstance(refused.value, DownloadFailed)


class _StopError(Exception):
    """Raised by a caller that does not want to wait any longer."""


def test_waiting_can_be_ended_and_leaves_nothing(checkpoint: Path, tmp_path: Path) -> None:
    def stop() -> None:
        raise _StopError

    with pytest.raises(_StopError):
        prepared_stages(checkpoint, SHA256, ARCHITECTURE, tmp_path, stop)
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]
