"""An ONNX file comes in; what it says of itself comes out: metadata, nodes, and small weights.

Reads the few protocol buffers that this takes straight from the mapped file, where `onnx` would
bring all its weights, a third of a gigabyte, into memory first.
"""

import mmap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.errors import BadModelFile

SMALL_BYTES = 1 << 16
"""Weights up to this size are read."""

_Message = memoryview
_Field = tuple[int, int | memoryview]

# Numbers of fields in onnx.proto of github.com/onnx/onnx, by message.
_MODEL_GRAPH, _MODEL_METADATA = 7, 14
_ENTRY_KEY, _ENTRY_VALUE = 1, 2
_GRAPH_NODE, _GRAPH_INITIALIZER = 1, 5
_NODE_INPUT, _NODE_OUTPUT, _NODE_OP = 1, 2, 4
_TENSOR_DIMS, _TENSOR_TYPE, _TENSOR_NAME, _TENSOR_RAW = 1, 2, 8, 9

_DTYPES: dict[int | _Message | None, np.dtype[np.floating[Any]]] = {
    1: np.dtype("<f4"),
    10: np.dtype("<f2"),
}
"""Of `TensorProto.DataType`: those that are of use here."""

_VARINT, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5
"""Wire types of protocol buffers."""


@dataclass(frozen=True, slots=True)
class Node:
    """One operation of the graph."""

    op: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class OnnxFile:
    """What was read of an ONNX file."""

    metadata: dict[str, str] = field(default_factory=dict)
    nodes: list[Node] = field(default_factory=list)
    weights: dict[str, npt.NDArray[np.floating[Any]]] = field(default_factory=dict)
    """Initializers of at most `SMALL_BYTES`, in float32 or float16, by name."""


def read_onnx(path: Path) -> OnnxFile:
    """Read the ONNX file at `path`.

    Raises:
        BadModelFile: it cannot be read, or is no ONNX file.
    """
    found = OnnxFile()
    try:
        with (
            path.open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
            memoryview(mapped) as content,
        ):
            _read_model(content, found)
    except OSError as error:
        raise BadModelFile(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, IndexError, KeyError, TypeError) as error:
        raise BadModelFile(f"{path} is no ONNX file, or a damaged one: fetch it again") from error
    if not found.nodes:
        raise BadModelFile(f"{path} is no ONNX file: give the .onnx file as it was published")
    return found


def _read_model(content: _Message, found: OnnxFile) -> None:
    for number, value in _fields(content):
        if number == _MODEL_GRAPH:
            _read_graph(_message(value), found)
        elif number == _MODEL_METADATA:
            entry = dict(_fields(_message(value)))
            found.metadata[_text(entry[_ENTRY_KEY])] = _text(entry.get(_ENTRY_VALUE, _NOTHING))


def _read_graph(graph: _Message, found: OnnxFile) -> None:
    for number, value in _fields(graph):
        if number == _GRAPH_NODE:
            found.nodes.append(_node(_message(value)))
        elif number == _GRAPH_INITIALIZER and len(_message(value)) <= SMALL_BYTES:
            found.weights.update(_weight(_message(value)))


def _node(message: _Message) -> Node:
    texts: dict[int, list[str]] = {_NODE_INPUT: [], _NODE_OUTPUT: [], _NODE_OP: []}
    for number, value in _fields(message):
        if number in texts:
            texts[number].append(_text(value))
    return Node("".join(texts[_NODE_OP]), tuple(texts[_NODE_INPUT]), tuple(texts[_NODE_OUTPUT]))


def _weight(message: _Message) -> Mapping[str, npt.NDArray[np.floating[Any]]]:
    """Return the tensor by its name; nothing where it is of another type or kept elsewhere."""
    dims: list[int] = []
    facts: dict[int, int | _Message] = {}
    for number, value in _fields(message):
        if number == _TENSOR_DIMS:
            dims += [value] if isinstance(value, int) else _numbers(value)
        else:
            facts[number] = value
    dtype, raw = _DTYPES.get(facts.get(_TENSOR_TYPE)), facts.get(_TENSOR_RAW)
    if dtype is None or raw is None:
        return {}
    values = np.frombuffer(bytes(_message(raw)), dtype).reshape(dims)
    return {_text(facts[_TENSOR_NAME]): values}


def _fields(message: _Message) -> Iterator[_Field]:
    """Yield number and value of each field: a whole number, or bytes."""
    place = 0
    while place < len(message):
        key, place = _varint(message, place)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            value, place = _varint(message, place)
            yield number, value
            continue
        if kind == _BYTES:
            size, place = _varint(message, place)
        else:
            size = {_EIGHT_BYTES: 8, _FOUR_BYTES: 4}.get(kind, -1)
        if not 0 <= size <= len(message) - place:
            raise ValueError("a field that is longer than its message")
        yield number, message[place : place + size]
        place += size


def _varint(message: _Message, place: int) -> tuple[int, int]:
    """Return the number at `place`, seven bits a byte, and where it ends."""
    value = shift = 0
    while True:
        byte = message[place]
        place += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, place


def _numbers(packed: _Message) -> list[int]:
    numbers, place = [], 0
    while place < len(packed):
        number, place = _varint(packed, place)
        numbers.append(number)
    return numbers


def _message(value: int | _Message) -> _Message:
    if isinstance(value, int):
        raise TypeError("a number where a message belongs")
    return value


def _text(value: int | _Message) -> str:
    return bytes(_message(value)).decode()


_NOTHING = memoryview(b"")
