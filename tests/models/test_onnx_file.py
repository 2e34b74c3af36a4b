"""What an ONNX file says of itself, read without `onnx`, against what `onnx` wrote."""

from pathlib import Path

import pytest

from tests.support.exports import write_export
from wyoming_kokoro.errors import BadModelFile
from wyoming_kokoro.models import catalog
from wyoming_kokoro.models.installed import local_checkpoint
from wyoming_kokoro.models.onnx_file import MAX_PARTS, Node, read_onnx

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


def field(number: int, content: bytes | int) -> bytes:
    """One field of a protocol buffer: a number, or bytes."""
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    return varint(number << 3 | 2) + varint(len(content)) + content


def varint(value: int) -> bytes:
    more, value = bytearray(), value & (1 << 64) - 1
    while value > 0x7F:
        more.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(more) + bytes([value])


NODE = field(4, b"Relu")
TENSOR = field(2, 1) + field(8, b"w")


@pytest.mark.parametrize(
    "graph",
    [
        pytest.param(field(1, NODE) * (2 * MAX_PARTS + 2), id="nodes without end"),
        pytest.param(field(1, field(1, b"x") * 5_000), id="inputs without end"),
        pytest.param(field(1, field(3, b"x" * 5_000)), id="a name without end"),
        pytest.param(field(1, field(5, field(8, 1) * 2_000)), id="an attribute without end"),
        pytest.param(field(1, b"\x08" + b"\xff" * 11), id="a number without end"),
        pytest.param(field(5, TENSOR + field(1, 1 << 62) + field(9, b"1234")), id="a huge axis"),
        pytest.param(field(5, TENSOR + field(1, -1) + field(9, b"1234")), id="a negative axis"),
        pytest.param(field(5, TENSOR + field(1, 1) + field(9, b"12345")), id="half a value"),
        pytest.param(field(5, field(1, 1) * 70_000), id="axes without end"),
        pytest.param(field(5, field(2, 6) + field(5, varint(1) * 70_000)), id="a list without end"),
        pytest.param(field(1, field(3, b"\xff\xfe")), id="a name that is no text"),
        pytest.param(field(1, b"\x0b"), id="a wire type that is none"),
    ],
)
def test_a_file_made_to_deceive_is_refused(graph: bytes, tmp_path: Path) -> None:
    path = tmp_path / "hostile.onnx"
    path.write_bytes(field(7, field(1, NODE) + graph))
    with pytest.raises(BadModelFile, match=r"hostile\.onnx is no ONNX file, or a damaged one"):
        read_onnx(path)


def test_what_is_listed_value_by_value_is_read_like_what_lies_as_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "listed.onnx"
    halves = field(5, field(2, 10) + field(1, 1) + field(8, b"h") + field(5, 15360))
    small = field(5, field(2, 3) + field(1, 2) + field(8, b"z") + field(5, varint(-3) + varint(7)))
    scale = field(5, field(2, 1) + field(8, b"s") + field(4, b"\x00\x00\x00\x3f"))
    path.write_bytes(field(7, field(1, NODE) + small + scale + halves))
    found = read_onnx(path).weights
    assert found["z"].tolist() == [-3, 7]
    assert (found["s"].shape, float(found["s"])) == ((), 0.5)
    assert "h" not in found


def test_a_constant_cannot_be_written_to(tmp_path: Path) -> None:
    found = read_onnx(write_export(tmp_path / "any.onnx"))
    with pytest.raises(ValueError, match="read-only"):
        found.weights["ones"][0] = 2


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
