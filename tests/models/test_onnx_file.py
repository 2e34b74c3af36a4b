"""What an ONNX file says of itself, read without `onnx`, against what `onnx` wrote."""

from pathlib import Path

import pytest

from tests.support.exports import write_export
from wyoming_kokoro.errors import BadModelFile
from wyoming_kokoro.models import catalog
from wyoming_kokoro.models.installed import local_checkpoint
from wyoming_kokoro.models.onnx_file import Node, read_onnx

MORE = {"ħ": 98}


def test_metadata_nodes_and_constants_are_those_that_were_written(tmp_path: Path) -> None:
    found = read_onnx(write_export(tmp_path / "any.onnx", metadata={"vocab": MORE}))
    assert found.metadata == {"kokoro_config": '{"vocab": {"\\u0127": 98}}'}
    assert found.nodes[0] == Node("Cast", ("input_ids",), ("levels",), "", {"to": (1,)})
    assert len(found.nodes) == 14
    assert found.weights["ones"].shape == (1, 1200)
    assert found.weights["flat"].tolist() == [-1]


@pytest.mark.parametrize("content", [b"\xff" * 99, b"", b"PK\x03\x04 a zip archive", b"\x08\x08"])
def test_what_is_no_onnx_file_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other.onnx"
    path.write_bytes(content)
    with pytest.raises(BadModelFile, match=r"other\.onnx is no ONNX file"):
        read_onnx(path)


def test_a_file_cut_short_anywhere_is_refused_or_read(tmp_path: Path) -> None:
    content = write_export(tmp_path / "any.onnx").read_bytes()
    short = tmp_path / "short.onnx"
    for end in range(0, len(content) - 8, 37):
        short.write_bytes(content[:end])
        with pytest.raises(BadModelFile, match=r"short\.onnx"):
            read_onnx(short)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadModelFile, match=r"none\.onnx cannot be read: No such file"):
        read_onnx(tmp_path / "none.onnx")


def test_the_vocabulary_of_a_single_file_is_the_embedded_one_before_the_one_beside_it(
    tmp_path: Path,
) -> None:
    vocabulary = dict(catalog.vocabulary("v1.1-zh"))
    (tmp_path / "config.json").write_text('{"vocab": {"a": 43}}')
    path = write_export(tmp_path / "any.onnx", metadata={"vocab": vocabulary | MORE})
    model = local_checkpoint(path)
    assert (model.version.name, model.vocabulary["ħ"]) == ("v1.1-zh", 98)
    beside = local_checkpoint(write_export(tmp_path / "plain.onnx"))
    assert beside.vocabulary == {"a": 43}


def test_without_any_it_is_that_of_the_version_it_is_taken_for(tmp_path: Path) -> None:
    path = write_export(tmp_path / "plain.onnx")
    model = local_checkpoint(path, catalog.version_named("v0.19"))
    assert model.version.name == "v0.19"
    assert model.vocabulary == catalog.vocabulary("v0.19")
    assert not model.official


@pytest.mark.parametrize("config", [{}, {"vocab": {"ab": 1}}, {"vocab": {"a": 999}}, [1]])
def test_an_embedded_vocabulary_that_is_none_is_refused(config: object, tmp_path: Path) -> None:
    path = write_export(tmp_path / "any.onnx", metadata=config)  # type: ignore[arg-type] # on purpose
    with pytest.raises(BadModelFile, match=r"any\.onnx"):
        local_checkpoint(path)
