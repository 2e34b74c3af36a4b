"""An ONNX file comes in; what it says of itself comes out: metadata, nodes, and constants as views.

Reads the few protocol buffers that this takes straight from the mapped file, where `onnx` would
bring all its weights, a third of a gigabyte, into memory first. What the file claims is held
against its size before memory is taken.
"""

import math
import mmap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.errors import BadModelFile

MAX_PARTS = 1 << 16
"""Nodes, and constants, that a file may have: exports of Kokoro have some 5,000 and 2,500."""

_MAX_OPERANDS = 1 << 10
"""Inputs, outputs and attributes of a node, each."""

_MAX_TEXT_BYTES = 1 << 12
"""Of a name."""

_MAX_METADATA_BYTES = 1 << 20
"""Of one entry."""

_MAX_AXES = 8

_MAX_LISTED = 1 << 16
"""Values of a constant that are listed one by one, instead of as they lie in memory: of scales
and zero points, never of large weights."""

_MAX_VARINT_BYTES = 10

_Message = memoryview
_Field = tuple[int, int | memoryview]

# Numbers of fields in onnx.proto of github.com/onnx/onnx, by message.
_MODEL_GRAPH, _MODEL_METADATA = 7, 14
_ENTRY_KEY, _ENTRY_VALUE = 1, 2
_GRAPH_NODE, _GRAPH_INITIALIZER = 1, 5
_NODE_INPUT, _NODE_OUTPUT, _NODE_NAME, _NODE_OP, _NODE_ATTRIBUTE = 1, 2, 3, 4, 5
_ATTRIBUTE_NAME, _ATTRIBUTE_INT, _ATTRIBUTE_TENSOR, _ATTRIBUTE_INTS = 1, 3, 5, 8
_TENSOR_DIMS, _TENSOR_TYPE, _TENSOR_NAME, _TENSOR_RAW = 1, 2, 8, 9

_DTYPES: Mapping[object, np.dtype[Any]] = {
    1: np.dtype("<f4"),
    2: np.dtype("u1"),
    3: np.dtype("i1"),
    6: np.dtype("<i4"),
    7: np.dtype("<i8"),
    10: np.dtype("<f2"),
    11: np.dtype("<f8"),
}
"""Of `TensorProto.DataType`: those that are of use here."""

_FLOAT_DATA, _INT32_DATA, _INT64_DATA, _DOUBLE_DATA = 4, 5, 7, 10
_LISTS: Mapping[int, np.dtype[Any] | None] = {
    _FLOAT_DATA: np.dtype("<f4"),
    _INT32_DATA: None,
    _INT64_DATA: None,
    _DOUBLE_DATA: np.dtype("<f8"),
}
"""Fields that list values, with their type where they have a fixed width; else they are varints."""

_VARINT, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5
"""Wire types of protocol buffers."""

Constant = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Node:
    """One operation of the graph."""

    op: str
    inputs: tuple[str, ...]
    """Names of values; an optional one that is left out is empty."""
    outputs: tuple[str, ...]
    name: str = ""
    numbers: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """The attributes that are whole numbers, one or several."""


@dataclass(frozen=True, slots=True, eq=False)
class OnnxFile:
    """What was read of an ONNX file."""

    metadata: dict[str, str] = field(default_factory=dict)
    nodes: list[Node] = field(default_factory=list)
    """In the order in which they run; but for those that only hold a constant."""
    weights: dict[str, Constant] = field(default_factory=dict)
    """Constants by name, read-only views of the file; none of other types, nor of values that are
    kept in other files."""


def read_onnx(path: Path) -> OnnxFile:
    """Read the ONNX file at `path`. It is mapped: large constants cost memory only while in use.

    Raises:
        BadModelFile: it cannot be read, or is no ONNX file.
    """
    found = OnnxFile()
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        _read_model(memoryview(mapped), found)
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
            key, text = entry[_ENTRY_KEY], entry.get(_ENTRY_VALUE, _NOTHING)
            found.metadata[_text(key)] = _text(text, _MAX_METADATA_BYTES)


def _read_graph(graph: _Message, found: OnnxFile) -> None:
    for parts, (number, value) in enumerate(_fields(graph)):
        if parts > 2 * MAX_PARTS:
            raise ValueError("a graph of too many parts")
        if number == _GRAPH_NODE:
            _read_node(_message(value), found)
        elif number == _GRAPH_INITIALIZER:
            name, values = _constant(_message(value))
            if values is not None:
                found.weights[name] = values


def _read_node(message: _Message, found: OnnxFile) -> None:
    """Note a node; one that holds a constant as that constant."""
    texts: dict[int, list[str]] = {number: [] for number in (1, 2, 3, 4)}
    numbers: dict[str, tuple[int, ...]] = {}
    held: Constant | None = None
    for parts, (number, value) in enumerate(_fields(message)):
        if parts > 3 * _MAX_OPERANDS:
            raise ValueError("a node of too many parts")
        if number in texts:
            texts[number].append(_text(value))
        elif number == _NODE_ATTRIBUTE:
            name, whole, tensor = _attribute(_message(value))
            numbers[name] = whole
            held = tensor if name == "value" else held
    op, outputs = "".join(texts[_NODE_OP]), tuple(texts[_NODE_OUTPUT])
    if op == "Constant" and held is not None:
        found.weights[outputs[0]] = held
        return
    name = "".join(texts[_NODE_NAME])
    found.nodes.append(Node(op, tuple(texts[_NODE_INPUT]), outputs, name, numbers))


def _attribute(message: _Message) -> tuple[str, tuple[int, ...], Constant | None]:
    """Return the attribute's name, its whole numbers, and the constant that it is, if it is one."""
    name, numbers, tensor = "", list[int](), None
    for number, value in _fields(message):
        if number == _ATTRIBUTE_NAME:
            name = _text(value)
        elif number in (_ATTRIBUTE_INT, _ATTRIBUTE_INTS):
            numbers += _numbers(value)
        elif number == _ATTRIBUTE_TENSOR:
            _, tensor = _constant(_message(value))
        if len(numbers) > _MAX_OPERANDS:
            raise ValueError("an attribute of too many numbers")
    return name, tuple(numbers), tensor


def _constant(message: _Message) -> tuple[str, Constant | None]:
    """Return the tensor's name and values; None where it is of another type or kept elsewhere."""
    dims: list[int] = []
    listed: list[Constant] = []
    facts: dict[int, int | _Message] = {}
    for parts, (number, value) in enumerate(_fields(message)):
        if parts > _MAX_LISTED:
            raise ValueError("a constant of too many parts")
        if number == _TENSOR_DIMS:
            dims += _numbers(value)
        elif number in _LISTS:
            listed.append(_listed(value, _LISTS[number]))
        else:
            facts[number] = value
    name = _text(facts.get(_TENSOR_NAME, _NOTHING))
    dtype, raw = _DTYPES.get(facts.get(_TENSOR_TYPE)), facts.get(_TENSOR_RAW)
    if dtype is None or len(dims) > _MAX_AXES:
        return name, None
    if raw is not None:
        return name, _shaped(np.frombuffer(_message(raw), dtype), dims)
    if not listed or dtype == np.float16:  # which are listed as the numbers of their bits
        return name, None
    return name, _shaped(np.concatenate(listed).astype(dtype), dims)


def _shaped(values: Constant, dims: list[int]) -> Constant:
    if any(size < 0 for size in dims) or math.prod(dims) != len(values):
        raise ValueError("a constant of another size than its shape has")
    values = values.reshape(dims)
    values.flags.writeable = False
    return values


def _listed(value: int | _Message, dtype: np.dtype[Any] | None) -> Constant:
    """Return values that are listed, one or several, packed."""
    if dtype is not None:
        return np.frombuffer(_message(value), dtype)
    return np.array(_numbers(value), np.int64)


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
    value = message[place]
    if value < 0x80:
        return value, place + 1
    value = 0
    for index in range(_MAX_VARINT_BYTES):
        byte = message[place + index]
        value |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            return value, place + index + 1
    raise ValueError("a number without an end")


def _numbers(value: int | _Message) -> list[int]:
    """Return a number, or several that are packed, as the signed ones of 64 bits that they are."""
    if isinstance(value, int):
        return [_signed(value)]
    numbers, place = list[int](), 0
    while place < len(value):
        if len(numbers) >= _MAX_LISTED:
            raise ValueError("a list of too many numbers")
        number, place = _varint(value, place)
        numbers.append(_signed(number))
    return numbers


def _signed(number: int) -> int:
    number &= (1 << 64) - 1
    return number - (1 << 64) if number >> 63 else number


def _message(value: int | _Message) -> _Message:
    if isinstance(value, int):
        raise TypeError("a number where a message belongs")
    return value


def _text(value: int | _Message, limit: int = _MAX_TEXT_BYTES) -> str:
    if len(_message(value)) > limit:
        raise ValueError("a text that is too long")
    return bytes(_message(value)).decode()


_NOTHING = memoryview(b"")
